"""What is played stands beside what is heard by the clock, however unevenly the sound card asks and brings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.hearing import RATE_HZ
from assistant.hearing.played import KEPT_S, OLDER_S, PLAYED_BLOCKS, SLIP_QUIET_S, SLIP_S, Played

PLAYED_S, HEARD_S = 0.01, 0.032
"""A block of the loudspeaker, and one of the microphone."""
ECHO_S = 0.1
"""So long after it was handed over a sound is heard."""
LATE_S = st.lists(st.floats(0.0, 0.25), min_size=1, max_size=40)
"""How late a busy computer lets blocks come, one after the other; the rest of them come in time."""


class Room:
    """A loudspeaker that plays a number that rises by one each 10 ms, and a microphone. Time is exact.

    `late_s`: how late the blocks of each are handed over. `fast`: how much too fast the loudspeaker's clock is.
    """

    def __init__(self, late_s: Callable[[], float] = lambda: 0.0, fast: float = 0.0) -> None:
        self.played = Played()
        self._late_s = late_s
        self._block_s = PLAYED_S / (1 + fast)
        self._put_s = self._taken_s = self._handed_s = 0.0
        self._put = 0

    def run(self, seconds: float) -> Iterator[tuple[float, int, bool]]:
        """Of each block of the microphone: when the number beside its end was played, if all is well, the number, and
        whether they moved.
        """
        end_s = self._taken_s + seconds
        beside = np.zeros(round(ECHO_S * RATE_HZ))
        while self._taken_s + HEARD_S < end_s:
            self._taken_s += HEARD_S
            now_s = self._handed_s = max(self._handed_s, self._taken_s + self._late_s())
            while self._put_s <= now_s:
                self._put += 1
                at_s = self._put_s + (self._late_s() if self._put % PLAYED_BLOCKS else 0.0)
                block = np.full(round(PLAYED_S * RATE_HZ), self._put, np.float32)
                self.played.put(block, RATE_HZ, at_s)
                self._put_s += self._block_s
            sound, moved = self.played.take(round(HEARD_S * RATE_HZ), now_s)
            beside = np.concatenate([beside, np.frombuffer(sound, "<i2")])[-round((ECHO_S - OLDER_S) * RATE_HZ) - 1 :]
            yield self._taken_s - ECHO_S, int(beside[0]), moved

    def silence(self, seconds: float) -> None:
        """The loudspeaker was made silent, plays nothing for so long, and then the next number."""
        self.played.cut(0.0)
        blocks = round(seconds / PLAYED_S)
        self._put_s += seconds
        self._put += blocks


def delays_s(room: Room, seconds: float) -> list[float]:
    """How much older than what is heard the number beside it is."""
    return [at_s - number * PLAYED_S for at_s, number, _ in room.run(seconds)]


def test_a_stream_that_comes_in_time_stands_where_the_clock_puts_it() -> None:
    found = delays_s(Room(), 5)
    assert max(found[5:]) - min(found[5:]) <= PLAYED_S + 1e-6


@settings(max_examples=50)
@given(LATE_S, LATE_S)
def test_blocks_that_come_late_move_nothing_for_long(first: list[float], second: list[float]) -> None:
    """However late some were: a second after the last of them the echo is where it was."""
    late = iter([*first, *([0.0] * 200), *second])
    room = Room(lambda: next(late, 0.0))
    for _ in room.run(2):
        pass
    usual = float(np.median(delays_s(Room(), 4)[-20:]))
    again = delays_s(room, 6)
    assert abs(np.median(again[-20:]) - usual) < SLIP_S + PLAYED_S


def test_after_a_silence_it_stands_where_it_stood() -> None:
    """A stream that is aborted begins anew later than its samples say."""
    room = Room()
    before = float(np.median(delays_s(room, 3)[-20:]))
    room.silence(0.37)
    after = [at_s - number * PLAYED_S for at_s, number, _ in room.run(0.6) if number > 300]
    assert len(after) >= 3
    assert max(abs(delay - before) for delay in after) < SLIP_QUIET_S


def test_clocks_that_do_not_agree_are_followed_and_it_is_told() -> None:
    """Ten times as far apart as those of cheap sound cards: 0.3 s in five minutes."""
    fast = 1e-3
    blocks = list(Room(fast=fast).run(300))
    found = [at_s - number * PLAYED_S / (1 + fast) for at_s, number, _ in blocks]
    assert max(found[50:]) - min(found[50:]) < 2 * SLIP_S + PLAYED_S
    assert 5 <= sum(moved for _, _, moved in blocks[50:]) <= 20


def test_what_was_cut_off_was_not_played() -> None:
    played = Played()
    for block in range(40):
        played.put(np.full(160, 100, np.float32), RATE_HZ, block * PLAYED_S)
    played.cut(0.05)
    heard = b"".join(played.take(512, (at + 1) * HEARD_S)[0] for at in range(13))
    assert np.count_nonzero(np.frombuffer(heard, "<i2")) == round(0.35 * RATE_HZ)


@given(
    st.lists(st.integers(1, 2_000), min_size=1, max_size=20),
    st.sampled_from([8_000, 16_000, 22_050, 44_100, 48_000]),
)
def test_as_much_is_taken_as_was_played_whatever_the_blocks(sizes: list[int], rate_hz: int) -> None:
    played, total = Played(), 0
    for size in sizes:
        played.put(np.full(size, 100, np.float32), rate_hz, total / rate_hz)
        total += size
    out = np.frombuffer(played.take(3 * RATE_HZ, 3.0)[0], "<i2")
    assert abs(np.count_nonzero(out) - min(total * RATE_HZ / rate_hz, KEPT_S * RATE_HZ)) <= 1
    assert set(out.tolist()) <= {0, 100}


@given(st.lists(st.tuples(st.sampled_from("pct"), st.integers(1, 4_000), st.floats(0, 1e6)), max_size=40))
def test_any_moments_are_survived(does: list[tuple[str, int, float]]) -> None:
    """Sleep, a clock that jumps, nothing at all: as much comes as was asked for."""
    played = Played()
    for what, count, at_s in does:
        if what == "p":
            played.put(np.ones(count, np.float32), RATE_HZ, at_s)
        elif what == "c":
            played.cut(count / RATE_HZ)
        else:
            assert len(played.take(count, at_s)[0]) == 2 * count


def test_nothing_played_is_silence() -> None:
    assert Played().take(512, 0.0) == (bytes(1024), True)

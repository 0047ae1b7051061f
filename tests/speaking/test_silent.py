from __future__ import annotations

import queue
import time

import pytest

from assistant.speaking.bell import Bell
from assistant.speaking.silent import SilentPlayer
from assistant.speaking.sound import Sound, Word, silence

RATE_HZ = 8_000


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def a_sound(seconds: float, *words: Word) -> Sound:
    return Sound(silence(seconds, RATE_HZ), RATE_HZ, words)


def test_sounds_take_their_time_one_after_the_other_on_each_output() -> None:
    clock, calls = Clock(), list[object]()
    player = SilentPlayer(calls.append, lambda n, w: calls.append((n, w.text)), clock=clock)
    player.play(1, a_sound(2.0, Word("one", 0.0, 0), Word("two", 1.0, 4)))
    player.play(2, a_sound(1.0))
    player.play(3, a_sound(2.5), "cue")
    seen = []
    for clock.now_s in (100.5, 101.5, 102.0, 102.6, 103.0):
        player.ring()
        seen.append(list(calls))
    player.close()
    assert calls == [(1, "one"), (1, "two"), 1, 3, 2]
    assert [len(s) for s in seen] == [1, 2, 3, 4, 5]


def test_hush_forgets_and_the_next_sound_begins_at_once() -> None:
    clock, calls = Clock(), list[int]()
    player = SilentPlayer(calls.append, clock=clock)
    player.play(1, a_sound(5.0))
    player.play(2, a_sound(1.0), repeating=True)
    player.hush()
    player.play(3, a_sound(1.0))
    clock.now_s += 1.0
    player.ring()
    player.close()
    assert calls == [3]


def test_without_being_asked_it_calls_in_real_time() -> None:
    calls: queue.SimpleQueue[int] = queue.SimpleQueue()
    player = SilentPlayer(calls.put)
    began_s = time.monotonic()
    player.play(1, a_sound(0.2))
    assert calls.get(timeout=5) == 1
    assert time.monotonic() - began_s >= 0.2
    player.close()


def test_a_call_that_fails_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    done: queue.SimpleQueue[int] = queue.SimpleQueue()
    bell = Bell()
    bell.at(0.0, lambda: {"": None}["missing"])
    bell.at(0.1, lambda: done.put(1))
    assert done.get(timeout=5) == 1
    bell.close()
    assert "missing" in caplog.text


def test_a_closed_bell_rings_no_more() -> None:
    calls: list[int] = []
    bell = Bell()
    bell.at(time.monotonic() + 0.05, lambda: calls.append(1))
    bell.close()
    time.sleep(0.1)
    assert calls == []

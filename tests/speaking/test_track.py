from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.speaking.sound import Sound, Word
from assistant.speaking.track import Notice, Track

RATE_HZ = 1_000


def ramp(frames: int, words: tuple[Word, ...] = (), rate_hz: int = RATE_HZ) -> Sound:
    return Sound(np.arange(1, frames + 1, dtype=np.int16).tobytes(), rate_hz, words)


@given(st.lists(st.integers(0, 40), max_size=5), st.integers(1, 17))
def test_sounds_follow_one_another_without_a_sample_lost(lengths: list[int], block: int) -> None:
    track = Track()
    for number, length in enumerate(lengths):
        track.put(number, ramp(length), RATE_HZ)
    out: list[float] = []
    ended: list[tuple[int, int]] = []
    while track.busy:
        samples, notices = track.take(block)
        ended += [(n.number, len(out) + n.frame) for n in notices]
        out += samples.tolist()
    expected = [float(i) for length in lengths for i in range(1, length + 1)]
    assert out[: len(expected)] == expected
    assert not any(out[len(expected) :])
    assert ended == [(number, sum(lengths[: number + 1])) for number in range(len(lengths))]


def test_words_are_noticed_at_their_sample_and_before_the_end() -> None:
    track = Track()
    words = (Word("a", 0.0, 0), Word("b", 0.015, 2), Word("late", 9.0, 4))
    track.put(7, ramp(20, words), RATE_HZ)
    assert track.take(10)[1] == [Notice(7, words[0], 0)]
    assert track.take(15)[1] == [Notice(7, words[1], 5), Notice(7, words[2], 10), Notice(7, None, 10)]


def test_volumes_multiply_and_silence_comes_after_the_last_sound() -> None:
    track = Track(volume=0.5)
    track.put(1, ramp(4), RATE_HZ, volume=0.5)
    assert track.take(6)[0].tolist() == [0.25, 0.5, 0.75, 1.0, 0, 0]


def test_a_repeating_sound_goes_on_until_it_is_cleared() -> None:
    track = Track()
    track.put(1, ramp(3), RATE_HZ, repeating=True)
    samples, notices = track.take(8)
    assert samples.tolist() == [1, 2, 3, 1, 2, 3, 1, 2]
    assert notices == []
    assert track.clear() == [1]
    assert track.take(3)[0].tolist() == [0, 0, 0]


def test_an_empty_repeating_sound_ends() -> None:
    track = Track()
    track.put(1, ramp(0), RATE_HZ, repeating=True)
    assert track.take(3)[1] == [Notice(1, None, 0)]


def test_another_rate_keeps_its_length_and_pitch() -> None:
    track = Track()
    wave = (np.sin(np.arange(2_000) * 0.1) * 9_000).astype(np.int16)
    track.put(1, Sound(wave.tobytes(), 2_000), RATE_HZ)
    samples, notices = track.take(1_200)
    assert notices == [Notice(1, None, 1_000)]
    np.testing.assert_allclose(samples[:1_000], wave[::2], atol=1)

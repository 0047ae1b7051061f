from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.hearing.pauses import AFTER_STEPS, BEFORE_STEPS, LEAD_STEPS, REACH_STEPS, STEP_S, PauseShortener
from tests.hearing.sounds import flite, noise

KEPT_S = (AFTER_STEPS + BEFORE_STEPS) * STEP_S
BLUR_S = 2 * (REACH_STEPS + 1) * STEP_S
"""Where a pause begins and ends is seen to so much."""
LOUD, RATE_HZ = 3000, 16_000


def spoken(seconds: float, seed: int) -> bytes:
    """Something voice-like that is loud throughout."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    hum = np.sign(np.sin(2 * np.pi * (110 + seed % 50) * time_s)) * 2 * LOUD
    return bytes((hum + np.random.default_rng(seed).normal(0, 300, len(hum))).astype("<i2").tobytes())


def loud(sound: bytes) -> list[int]:
    samples = np.frombuffer(sound, "<i2")
    return [int(sample) for sample in samples[np.abs(samples) > LOUD]]


def shortened(sound: bytes, piece: int = 1024) -> bytes:
    pauses = PauseShortener()
    parts = [pauses.take(sound[at : at + piece]) for at in range(0, len(sound), piece)]
    return b"".join([*parts, pauses.end()])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.15, 0.6), st.floats(0.0, 1.5)), min_size=1, max_size=5),
    st.sampled_from([-75.0, -60.0, -45.0]),
    st.floats(0.2, 2.5),
)
def test_all_that_is_said_passes_and_no_pause_is_long(
    words: list[tuple[float, float]], floor_dbfs: float, before_s: float
) -> None:
    sound = noise(before_s, floor_dbfs)
    expected_s = min(before_s, LEAD_STEPS * STEP_S)
    for number, (said_s, pause_s) in enumerate(words):
        sound += spoken(said_s, number) + noise(pause_s, floor_dbfs, number)
        expected_s += said_s + min(pause_s, KEPT_S)
    left = shortened(sound)
    assert loud(left) == loud(sound)
    assert abs(len(left) / 2 / RATE_HZ - expected_s) <= BLUR_S * (len(words) + 1)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 40_000), min_size=1, max_size=30), st.integers(0, 2**32 - 1))
def test_it_does_not_matter_how_the_sound_is_cut(lengths: list[int], seed: int) -> None:
    sound = noise(0.5) + spoken(0.3, 1) + noise(0.9) + spoken(0.4, seed) + noise(0.7) + b"\1"
    pauses, parts, at = PauseShortener(), [], 0
    for length in lengths:
        parts.append(pauses.take(sound[at : at + length]))
        at += length
    assert b"".join([*parts, pauses.take(sound[at:]), pauses.end()]) == shortened(sound)


def test_what_has_no_long_pause_passes_as_it_is() -> None:
    for sound in (b"", b"\1", noise(0.005), noise(2.0), spoken(2.0, 1), noise(0.2) + spoken(1.0, 1) + noise(0.05)):
        assert shortened(sound) == sound


def test_an_utterance_that_begins_in_the_middle_of_a_word_is_whole() -> None:
    sound = spoken(1.0, 1) + noise(1.0) + spoken(0.5, 2)
    left = shortened(sound)
    assert left[: len(spoken(1.0, 1))] == spoken(1.0, 1)
    assert loud(left) == loud(sound)


def test_silence_is_told_while_it_lasts() -> None:
    pauses = PauseShortener()
    pauses.take(noise(0.5))
    assert pauses.silent_s == 0
    pauses.take(flite("good morning"))
    before = pauses.silent_s
    pauses.take(noise(0.5))
    assert abs(pauses.silent_s - before - 0.5) < 0.02
    pauses.take(spoken(0.2, 1))
    assert pauses.silent_s == 0
    pauses.start()
    assert pauses.take(noise(0.5)) == b""
    assert pauses.silent_s == 0

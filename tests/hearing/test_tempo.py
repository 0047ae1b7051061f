from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.hearing.tempo import PIECE, SEEK, Tempo
from tests.hearing.sounds import flite

SPEED = 1.25
RATE_HZ = 16_000


def faster(sound: bytes, lengths: tuple[int, ...] = (1024,)) -> bytes:
    tempo, parts, at, number = Tempo(SPEED), [], 0, 0
    while at < len(sound):
        length = lengths[number % len(lengths)]
        parts.append(tempo.take(sound[at : at + length]))
        at, number = at + length, number + 1
    return b"".join([*parts, tempo.end()])


def tone(hz: float, seconds: float) -> bytes:
    return (8000 * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)).astype("<i2").tobytes()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 9000), min_size=1, max_size=9))
def test_it_does_not_matter_how_the_sound_is_cut(lengths: list[int]) -> None:
    sound = flite("What does riluzole do?")
    assert faster(sound, tuple(lengths)) == faster(sound)


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=20_000))
def test_any_sound_becomes_shorter_and_never_breaks(sound: bytes) -> None:
    left = faster(sound)
    spare = 2 * (PIECE + 2 * SEEK)
    assert abs(len(left) - len(sound) / SPEED) <= spare
    assert len(left) % 2 == 0


@pytest.mark.parametrize("hz", [90.0, 140.0, 230.0, 1000.0])
def test_the_pitch_stays(hz: float) -> None:
    samples = np.frombuffer(faster(tone(hz, 2.0)), "<i2").astype(np.float64)
    assert len(samples) == pytest.approx(2.0 * RATE_HZ / SPEED, rel=0.03)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    assert np.argmax(spectrum) * RATE_HZ / len(samples) == pytest.approx(hz, abs=2)
    # Pieces that do not fit would click: neighbouring samples would differ by more than in the tone itself.
    assert np.abs(np.diff(samples)).max() < 1.2 * 8000 * 2 * np.pi * hz / RATE_HZ + 2


def test_each_utterance_begins_anew() -> None:
    tempo = Tempo(SPEED)
    tempo.take(tone(200, 0.5))
    tempo.start()
    sound = tone(300, 0.5)
    assert tempo.take(sound) + tempo.end() == faster(sound, (len(sound),))

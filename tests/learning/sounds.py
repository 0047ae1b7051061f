"""Words by a synthetic voice, never twice quite alike: faster or slower, louder or softer, in a noisier room."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from assistant.hearing.wav import read_wav
from assistant.learning.features import Pattern, pattern
from tests.real_sound.spoken import RATE_HZ, say_to_file


@cache
def clear(text: str, voice: str = "flite:rms") -> bytes:
    with TemporaryDirectory() as folder:
        return read_wav(say_to_file(text, voice, Path(folder, "word.wav")))


def tried(text: str, take: int, voice: str = "flite:rms") -> bytes:
    dice = np.random.default_rng([take, len(text)])
    samples = np.frombuffer(clear(text, voice), "<i2").astype(float)
    at = np.arange(0, len(samples) - 1, dice.uniform(0.93, 1.07))
    said = np.interp(at, np.arange(len(samples)), samples) * dice.uniform(0.3, 1.0)
    quiet = np.zeros(int(dice.uniform(0.1, 1.5) * RATE_HZ))
    sound = np.concatenate([quiet, said, quiet])
    return np.clip(sound + dice.normal(0, 10, len(sound)), -32768, 32767).astype("<i2").tobytes()


def heard(text: str, take: int, voice: str = "flite:rms") -> Pattern:
    found = pattern(tried(text, take, voice))
    assert found is not None
    return found

"""Real speech for the tests of hearing: espeak-ng and flite as the person, with the noise every microphone has."""

from __future__ import annotations

import importlib.metadata
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement

from assistant.hearing.wav import read_wav
from assistant.hearing.whisper_model import PACKAGE, find_model
from tests.vosk_fixture.speech import Line, say

NOISE_DBFS = -70.0


def noise(seconds: float, dbfs: float = NOISE_DBFS, seed: int = 1) -> bytes:
    samples = np.random.default_rng(seed).normal(0, 32767 * 10 ** (dbfs / 20), round(16_000 * seconds))
    return samples.round().clip(-32768, 32767).astype("<i2").tobytes()


def on_noise(sound: bytes, before_s: float = 0.4, after_s: float = 0.5) -> bytes:
    """The sound at half of full scale, with quiet around it and a noise floor under all of it."""
    samples = np.frombuffer(sound, "<i2").astype(np.float64)
    samples *= 16_000 / max(1.0, float(np.abs(samples).max()))
    padded = np.pad(samples, (round(16_000 * before_s), round(16_000 * after_s)))
    floor = np.frombuffer(noise(len(padded) / 16_000), "<i2")[: len(padded)]
    return bytes((padded + floor).round().clip(-32768, 32767).astype("<i2").tobytes())


@cache
def flite(text: str, voice: str = "rms") -> bytes:
    """`text` by flite; the test is skipped, aloud, where flite is not installed."""
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed: apt install flite")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "said.wav")
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True)
        return on_noise(trimmed(read_wav(path)))


@cache
def espeak(text: str, voice: str = "en-us", pause_10ms: int = 0, rate_wpm: int = 150) -> bytes:
    return on_noise(trimmed(say([Line(text, voice, rate_wpm=rate_wpm, pause_10ms=pause_10ms)], noise=0)[0]))


def trimmed(sound: bytes) -> bytes:
    samples = np.frombuffer(sound, "<i2")
    loud = np.flatnonzero(np.abs(samples) > 100)
    return samples[loud[0] : loud[-1] + 1].tobytes() if len(loud) else b""


def whisper_model() -> Path:
    """Whisper's folder; the test is skipped, aloud, only on computers for which there is none."""
    folder = find_model()
    if folder is not None:
        return folder
    needed = map(Requirement, importlib.metadata.requires("askaloud") or ())
    (marker,) = [one.marker for one in needed if one.name.replace("-", "_") == PACKAGE]
    if marker is None or marker.evaluate():
        pytest.fail("Whisper's model or ctranslate2 is not installed, though there is one for this computer")
    pytest.skip("there is no Whisper for this kind of computer")

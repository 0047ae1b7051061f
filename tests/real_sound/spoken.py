"""Questions as sound files, by the synthetic voices of flite and espeak-ng."""

from __future__ import annotations

import shutil
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest

from assistant.hearing.wav import read_wav

RATE_HZ = 16_000
NOISE_PEAK = 8
"""About -70 dBFS: exact digital silence, which no microphone gives, upsets recognisers."""


def say_to_file(text: str, speaker: str, path: Path, *, gap_s: float = 0.0) -> Path:
    """Let `speaker` ("flite:rms", "espeak-ng:en-us") say `text`, with silence of `gap_s` between words if wanted."""
    program, _, voice = speaker.partition(":")
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed: no second voice to ask with")
    parts = [_one(part, program, voice, path) for part in (text.split() if gap_s else [text])]
    gap = np.zeros(int(gap_s * RATE_HZ), np.int16)
    quiet = np.zeros(RATE_HZ // 4, np.int16)
    sound = np.concatenate([quiet, *(piece for part in parts for piece in (part, gap)), quiet])
    noise = np.random.default_rng(7).integers(-NOISE_PEAK, NOISE_PEAK + 1, len(sound))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(np.clip(sound + noise, -32768, 32767).astype("<i2").tobytes())
    return path


def _one(text: str, program: str, voice: str, path: Path) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    made = path.with_suffix(".part.wav")
    spoken = ["flite", "-voice", voice, "-t", text, "-o", str(made)]
    if program == "espeak-ng":
        spoken = ["espeak-ng", "-v", voice, "-s", "150", "-w", str(made), text]
    subprocess.run(spoken, check=True, capture_output=True, timeout=60)
    samples = np.frombuffer(read_wav(made), np.int16)
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 200)
    made.unlink()
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples

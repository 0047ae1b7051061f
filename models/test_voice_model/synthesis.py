"""Sentences spoken by the voices of espeak-ng and flite, in varied speed, pitch, loudness and noise."""

import io
import re
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.test_voice_model.aligner import TimedPhone
from models.test_voice_model.features import SAMPLE_RATE_HZ, Sound
from models.test_voice_model.phones import FLITE_NAMES, SILENCE

FLITE_VOICES = ("kal16", "awb", "rms", "slt")
ESPEAK_VOICES = (
    *("en-us", "en-us+f2", "en-us+m3", "en-us+f4", "en-us+m7"),
    *("en-gb", "en-us", "en-us+klatt2", "en-us+Annie", "en-gb-scotland"),
)


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, and how. `pause_10ms` is the quiet between words in units of 10 ms (espeak-ng only)."""

    engine: str
    name: str
    rate_wpm: int = 150
    stretch: float = 1.0
    pitch: int = 50
    pause_10ms: int = 0


@dataclass(frozen=True, slots=True)
class Recording:
    """Sound at SAMPLE_RATE_HZ; `phones` with their times where the engine tells them."""

    sound: Sound
    phones: tuple[TimedPhone, ...] = ()


def some_voice(turn: int, random: np.random.Generator) -> Voice:
    """The voice whose turn it is, with a speed and pitch drawn by lot."""
    names = [("flite", name) for name in FLITE_VOICES] + [("espeak", name) for name in ESPEAK_VOICES]
    engine, name = names[turn % len(names)]
    if engine == "flite":
        pitch_hz = int(random.choice([0, 90, 110, 130, 160, 190]))
        return Voice(engine, name, stretch=round(float(random.uniform(0.85, 1.35)), 2), pitch=pitch_hz)
    return Voice(
        engine,
        name,
        rate_wpm=int(random.integers(105, 196)),
        pitch=int(random.integers(25, 76)),
        pause_10ms=int(random.choice([0, 0, 0, 2, 4, 15, 40])),
    )


def speak(text: str, voice: Voice) -> Recording:
    """Let `voice` say `text`. CalledProcessError if the engine refuses."""
    return _flite(text, voice) if voice.engine == "flite" else _espeak(text, voice)


def _flite(text: str, voice: Voice) -> Recording:
    command = ["flite", "-voice", voice.name, "--setf", f"duration_stretch={voice.stretch}"]
    if voice.pitch:
        command += ["--setf", f"int_f0_target_mean={voice.pitch}"]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "speech.wav"
        command += ["-psdur", "-t", text, "-o", str(target)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        sound = _samples(target.read_bytes())
    phones = [TimedPhone(FLITE_NAMES.get(p, p), float(end)) for p, end in re.findall(r"(\S+):([\d.]+)", told)]
    return Recording(sound, tuple(phones))


def _espeak(text: str, voice: Voice) -> Recording:
    command = ["espeak-ng", "-v", voice.name, "-s", str(voice.rate_wpm), "-p", str(voice.pitch)]
    command += ["-g", str(voice.pause_10ms), "--stdout", text]
    return Recording(_samples(subprocess.run(command, capture_output=True, check=True).stdout))


def _samples(wav: bytes) -> Sound:
    """The samples of a mono 16-bit WAV at SAMPLE_RATE_HZ (a piped one of espeak-ng tells no true length)."""
    with wave.open(io.BytesIO(wav)) as reader:
        rate_hz = reader.getframerate()
    data = wav[wav.index(b"data") + 8 :]
    return resampled(np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.float64), rate_hz)


def resampled(sound: Sound, rate_hz: int) -> Sound:
    """`sound` at SAMPLE_RATE_HZ: its spectrum cut off, or filled up with nothing, at the new limit."""
    if rate_hz == SAMPLE_RATE_HZ:
        return sound
    length = round(len(sound) * SAMPLE_RATE_HZ / rate_hz)
    return np.fft.irfft(np.fft.rfft(sound)[: length // 2 + 1], length) * length / len(sound)


def in_a_room(recording: Recording, random: np.random.Generator) -> Recording:
    """The recording louder or softer, with quiet around it and some noise; now and then none at all.

    Synthetic voices leave exact zeros in their pauses. A model that never met them hears words there.
    """
    lead_s, tail_s = random.uniform(0, 0.3), random.uniform(0.1, 0.7)
    sound = recording.sound * 10 ** (random.uniform(-14, 3) / 20)
    sound = np.pad(sound, (int(lead_s * SAMPLE_RATE_HZ), int(tail_s * SAMPLE_RATE_HZ)))
    level = float(np.sqrt(np.mean(sound**2))) + 1.0
    faint = float(random.choice([0.0, 0.0, 0.0, 0.3, 1.0, 3.0]))
    noise = level * 10 ** (-random.uniform(18, 45) / 20) if random.random() < 0.5 else faint
    sound = (sound + noise * random.standard_normal(len(sound))).clip(-32768, 32767)
    if not recording.phones:
        return Recording(sound)
    moved = [TimedPhone(p.phone, p.end_s + lead_s) for p in recording.phones]
    return Recording(sound, (TimedPhone(SILENCE, lead_s), *moved, TimedPhone(SILENCE, float("inf"))))

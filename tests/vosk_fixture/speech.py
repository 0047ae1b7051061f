"""Speech for the tests, from the espeak-ng inside the espeakng-loader wheel: no system package is needed.

The library keeps its state in the process, and other tests use it too: every batch runs in a process of its
own.
"""

import ctypes
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from models.test_voice_model.features import SAMPLE_RATE_HZ
from models.test_voice_model.synthesis import resampled

SYNCHRONOUS_OUTPUT = 2
RATE_PARAMETER, PITCH_PARAMETER, PAUSE_PARAMETER = 1, 3, 7
UTF8 = 1
QUIET_S = 0.3


@dataclass(frozen=True, slots=True)
class Line:
    """What to say, and how. `pause_10ms` is the quiet between words in units of 10 ms."""

    text: str
    voice: str = "en-us"
    rate_wpm: int = 150
    pitch: int = 50
    pause_10ms: int = 0


def say(lines: Iterable[Line], noise: float = 2.0, seed: int = 1) -> list[bytes]:
    """16-bit mono PCM at 16 kHz for each line, with quiet at both ends and noise (its standard deviation)."""
    asked = json.dumps([asdict(line) for line in lines])
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "tests.vosk_fixture.speech"]
    done = subprocess.run(command, input=asked.encode(), capture_output=True, check=True, cwd=root)
    random, told, sounds = np.random.default_rng(seed), done.stdout, []
    while told:
        length, told = int.from_bytes(told[:4], "little"), told[4:]
        sound = np.frombuffer(told[:length], "<i2").astype(np.float64)
        sound = np.pad(sound, int(QUIET_S * SAMPLE_RATE_HZ))
        sound += noise * random.standard_normal(len(sound))
        sounds.append(sound.clip(-32768, 32767).astype("<i2").tobytes())
        told = told[length:]
    return sounds


def _speak_all(lines: list[Line]) -> Iterable[bytes]:
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    heard: list[bytes] = []
    callback_type = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

    def collect(samples: int | None, count: int, _: object) -> int:
        if samples and count > 0:
            heard.append(ctypes.string_at(samples, 2 * count))
        return 0

    callback = callback_type(collect)  # The library keeps only its address: it must outlive the calls.

    rate_hz = library.espeak_Initialize(SYNCHRONOUS_OUTPUT, 0, espeakng_loader.get_data_path().encode(), 0)
    library.espeak_SetSynthCallback(callback)
    for line in lines:
        heard.clear()
        if library.espeak_SetVoiceByName(line.voice.encode()):
            raise ValueError(f"espeak-ng has no voice called '{line.voice}'.")
        library.espeak_SetParameter(RATE_PARAMETER, line.rate_wpm, 0)
        library.espeak_SetParameter(PITCH_PARAMETER, line.pitch, 0)
        library.espeak_SetParameter(PAUSE_PARAMETER, line.pause_10ms, 0)
        text = line.text.encode()
        library.espeak_Synth(text, len(text) + 1, 0, 0, 0, UTF8, None, None)
        sound = np.frombuffer(b"".join(heard), "<i2").astype(np.float64)
        yield resampled(sound, rate_hz).clip(-32768, 32767).astype("<i2").tobytes()


if __name__ == "__main__":
    for pcm in _speak_all([Line(**line) for line in json.load(sys.stdin)]):
        sys.stdout.buffer.write(len(pcm).to_bytes(4, "little") + pcm)

"""Is this answer in that recording? Judged by the sound alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.speaking.sound import Sound
from tests.real_sound.virtual_card import RECORDING_HZ

COMPARED_S = 4.0
LEAST = 0.1
"""What is softer than this share of the answer is silence, and like nothing."""


def likeness(recorded: NDArray[np.int16], expected: Sound) -> float:
    """Largest normalised correlation of the first seconds of `expected` anywhere in `recorded`; 1 is the same."""
    target = resampled(expected)[: int(COMPARED_S * RECORDING_HZ)]
    sound = recorded.astype(np.float64)
    size = 1 << (len(sound) + len(target)).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.conj(np.fft.rfft(target, size))
    correlation = np.fft.irfft(spectrum, size)[: max(1, len(sound) - len(target))]
    energy = np.concatenate([[0.0], np.cumsum(sound**2)])
    window = np.sqrt(np.maximum(0.0, energy[len(target) :] - energy[: -len(target)]))[: len(correlation)]
    loud = np.linalg.norm(target)
    return float(np.max(correlation / (np.maximum(window, LEAST * loud) * loud)))


def resampled(sound: Sound) -> NDArray[np.float64]:
    """At the rate of recordings."""
    samples = np.frombuffer(sound.pcm, np.int16).astype(np.float64)
    at = np.arange(int(sound.seconds * RECORDING_HZ)) * sound.rate_hz / RECORDING_HZ
    return np.interp(at, np.arange(len(samples)), samples)

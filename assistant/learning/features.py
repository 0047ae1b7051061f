"""How an utterance sounds, as few numbers as it takes to know it again.

Mel-frequency cepstra and their slopes (Davis and Mermelstein 1980; Furui 1986), each levelled over the utterance, so
that loudness, microphone and room count for little; silence is dropped and the rest is brought to one length, because
the same person says the same word slowly and fast, with and without pauses. The sound itself is not kept and can not
be played back from these numbers. Sizes and weights are those that did best in tests/bench/bench_learning.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

RATE_HZ = 16_000
STEP = 160
"""Samples from frame to frame: 10 ms."""
WINDOW = 400
FFT = 512
MELS = 26
LOWEST_HZ, HIGHEST_HZ = 80.0, 5_500.0
"""Unclear speech holds little above, noise does."""
CEPSTRA = 16
"""Without the one for loudness."""
LIFTER = 22
PRE_EMPHASIS = 0.97
SLOPE_FRAMES = 3
LOUDNESS = 0.1
"""Weight of the loudness, in decibels, before it is levelled."""
QUIET_DB = 40.0
"""Frames so far below the loudest are silence."""
ABOVE_ROOM_DB = 6.0
"""And so are those not so far above the quietest tenth."""
LENGTH = 48
"""Frames of a pattern."""
WIDTH = 2 * (CEPSTRA + 1)
SHORTEST, LONGEST = 12, 500
"""Frames of sound, silence dropped: a click is no word, and what lasts more than 5 s is no trigger."""


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """One utterance."""

    rows: Floats
    """`LENGTH` rows of `WIDTH` numbers."""
    frames: int
    """How long it was, silence dropped, in frames of 10 ms."""


def pattern(sound: bytes) -> Pattern | None:
    """The pattern of an utterance; None: too short or too long to be a trigger.

    `sound` is 16 kHz, one channel, 16 bit, with any silence around and in it.
    """
    samples = np.frombuffer(sound[: len(sound) // 2 * 2], "<i2").astype(np.float64) / 32768
    if len(samples) < WINDOW + SHORTEST * STEP:
        return None
    energies = _energies(samples)
    loudness_db = 10 * np.log10(energies.sum(axis=1))
    spoken = _spoken(loudness_db)
    if not SHORTEST <= np.count_nonzero(spoken) <= LONGEST:
        return None
    first, last = np.flatnonzero(spoken)[[0, -1]]
    cepstra = np.log(energies) @ _cosines().T
    parts = np.hstack([cepstra, LOUDNESS * loudness_db[:, None]])[first : last + 1]
    rows = np.hstack([_levelled(part[spoken[first : last + 1]]) for part in (parts, _slopes(parts))])
    return Pattern(_at_length(rows), len(rows))


def _energies(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Energy in each mel band, a row a frame."""
    sharpened = np.append(samples[0], samples[1:] - PRE_EMPHASIS * samples[:-1])
    frames = np.lib.stride_tricks.sliding_window_view(sharpened, WINDOW)[::STEP]
    power = np.abs(np.fft.rfft(frames * np.hamming(WINDOW), FFT)) ** 2
    return np.asarray(np.maximum(power @ _bands().T, 1e-10))


def _spoken(loudness_db: NDArray[np.float64]) -> NDArray[np.bool_]:
    room_db = np.percentile(loudness_db, 10)
    return np.asarray(loudness_db > max(loudness_db.max() - QUIET_DB, room_db + ABOVE_ROOM_DB))


def _slopes(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The straight line through `SLOPE_FRAMES` to either side."""
    reach, count = SLOPE_FRAMES, len(rows)
    padded = np.pad(rows, ((reach, reach), (0, 0)), mode="edge")
    at = [(far, padded[reach + far : reach + far + count]) for far in range(-reach, reach + 1)]
    return np.asarray(sum(far * shifted for far, shifted in at) / sum(far * far for far, _ in at))


def _levelled(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((rows - rows.mean(axis=0)) / (rows.std(axis=0) + 1e-6))


def _at_length(rows: NDArray[np.float64]) -> Floats:
    """`LENGTH` rows, between the given ones where need be."""
    places = np.linspace(0, len(rows) - 1, LENGTH)
    low = np.floor(places).astype(int)
    share = (places - low)[:, None]
    between = (1 - share) * rows[low] + share * rows[np.minimum(low + 1, len(rows) - 1)]
    return np.asarray(between, np.float32)


@cache
def _bands() -> NDArray[np.float64]:
    """Triangles on the mel scale, one a row, over the bins of the Fourier transform."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in (LOWEST_HZ, HIGHEST_HZ))
    edges_hz = 700 * (10 ** (np.linspace(low, high, MELS + 2) / 2595) - 1)
    bins_hz = np.fft.rfftfreq(FFT, 1 / RATE_HZ)
    left, middle, right = (edges_hz[at : at + MELS, None] for at in range(3))
    rising, falling = (bins_hz - left) / (middle - left), (right - bins_hz) / (right - middle)
    return np.asarray(np.maximum(0, np.minimum(rising, falling)))


@cache
def _cosines() -> NDArray[np.float64]:
    """From band energies to cepstra, the higher ones lifted."""
    order = np.arange(1, CEPSTRA + 1)
    cosines = np.cos(np.pi * order[:, None] * (np.arange(MELS) + 0.5) / MELS) * np.sqrt(2 / MELS)
    lift = 1 + LIFTER / 2 * np.sin(np.pi * order / LIFTER)
    return np.asarray(cosines * lift[:, None])

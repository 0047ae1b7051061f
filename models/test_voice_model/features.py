"""From sound to the numbers the network sees: log mel filter banks, as Kaldi's `fbank` computes them.

The sums follow Kaldi's feature-fbank.cc and mel-computations.cc with dither off: frames of 25 ms every 10 ms,
the mean taken off, pre-emphasis 0.97, Povey window, power spectrum, triangular filters evenly spaced on the
mel scale.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Sound = npt.NDArray[np.float64]
"""Samples at SAMPLE_RATE_HZ, in the range of 16-bit integers."""

SAMPLE_RATE_HZ = 16_000
FRAME_SAMPLES = 400
SHIFT_SAMPLES = 160
FFT_SAMPLES = 512
BANDS = 40
LOWEST_HZ = 20.0
PRE_EMPHASIS = 0.97
CONTEXT_FRAMES = 9
"""The network sees this many frames before and after the one it judges."""

FRAMES_PER_OUTPUT = 3
"""The decoder asks the network about every third frame."""


def _mel(hz: npt.NDArray[np.float64] | float) -> npt.NDArray[np.float64]:
    return np.asarray(1127.0 * np.log1p(np.asarray(hz) / 700.0))


def _filters() -> npt.NDArray[np.float64]:
    """The triangular filters, (FFT_SAMPLES / 2 + 1) x BANDS."""
    edges = np.linspace(float(_mel(LOWEST_HZ)), float(_mel(SAMPLE_RATE_HZ / 2)), BANDS + 2)
    width = edges[1] - edges[0]
    bins = _mel(np.arange(FFT_SAMPLES // 2) * SAMPLE_RATE_HZ / FFT_SAMPLES)[:, None]
    rising = (bins - edges[:-2]) / width
    falling = (edges[2:] - bins) / width
    filters = np.zeros((FFT_SAMPLES // 2 + 1, BANDS))
    filters[:-1] = np.clip(np.minimum(rising, falling), 0.0, None)
    return filters


FILTERS = _filters()
POVEY_WINDOW = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME_SAMPLES) / (FRAME_SAMPLES - 1))) ** 0.85
SMALLEST_ENERGY = float(np.finfo(np.float32).eps)


def filter_banks(sound: Sound) -> Floats:
    """Log filter-bank energies, frames x BANDS; `sound` must last at least one frame (25 ms)."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME_SAMPLES)[::SHIFT_SAMPLES]
    frames = frames - frames.mean(axis=1, keepdims=True)
    # The first sample of a frame has none before it: Kaldi lets it stand in for its own predecessor.
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    spectrum = np.fft.rfft((frames - PRE_EMPHASIS * before) * POVEY_WINDOW, FFT_SAMPLES)
    energies = np.abs(spectrum) ** 2 @ FILTERS
    return np.log(np.maximum(energies, SMALLEST_ENERGY)).astype(np.float32)


def with_context(features: Floats, at: npt.NDArray[np.intp]) -> Floats:
    """Each frame of `at` with its neighbours in one row; first and last frame are repeated at the ends."""
    rows = at[:, None] + np.arange(-CONTEXT_FRAMES, CONTEXT_FRAMES + 1)
    rows = np.clip(rows, 0, len(features) - 1)
    return np.asarray(features[rows].reshape(len(at), -1), np.float32)

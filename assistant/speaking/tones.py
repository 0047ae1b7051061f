"""Sounds that are no speech."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.speaking.sound import Sound

HIGH_HZ, LOW_HZ = 960.0, 770.0
"""Two pitches in turn stand out from household noise, and neither is too high for ageing ears."""
TONE_S, REST_S = 0.25, 0.5
PEAK = 30_000
FADE_S = 0.005


def alarm(rate_hz: int) -> Sound:
    """One round of a loud call for attention, to be played repeatedly."""
    tones = [_tone(hz, rate_hz) for hz in (HIGH_HZ, LOW_HZ, HIGH_HZ, LOW_HZ)]
    rest = np.zeros(round(REST_S * rate_hz), np.int16)
    return Sound(np.concatenate([*tones, rest]).tobytes(), rate_hz)


def _tone(hz: float, rate_hz: int) -> NDArray[np.int16]:
    at_s = np.arange(round(TONE_S * rate_hz)) / rate_hz
    # Without a fade each tone would begin and end with a click.
    fade = np.clip(np.minimum(at_s, at_s[::-1]) / FADE_S, 0, 1)
    samples: NDArray[np.int16] = (np.sin(2 * np.pi * hz * at_s) * fade * PEAK).astype(np.int16)
    return samples

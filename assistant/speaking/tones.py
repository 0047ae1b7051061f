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
QUIET_PEAK = 9_000
CHIMES: dict[str, tuple[tuple[float, float], ...]] = {
    "select": ((660.0, 0.06), (990.0, 0.09)),
    "undo": ((990.0, 0.06), (660.0, 0.09)),
    "wrap": ((440.0, 0.12),),
    "up": ((550.0, 0.06), (440.0, 0.09)),
    "rest": ((440.0, 0.08), (330.0, 0.14)),
    "hold": ((550.0, 0.2),),
    "ignored": ((220.0, 0.04),),
}
"""Short sounds of scanning: pitch in Hz and seconds of each note. Up is good, down is back, low is "not this"."""


def alarm(rate_hz: int) -> Sound:
    """One round of a loud call for attention, to be played repeatedly."""
    tones = [_tone(hz, TONE_S, PEAK, rate_hz) for hz in (HIGH_HZ, LOW_HZ, HIGH_HZ, LOW_HZ)]
    rest = np.zeros(round(REST_S * rate_hz), np.int16)
    return Sound(np.concatenate([*tones, rest]).tobytes(), rate_hz)


def chime(name: str, rate_hz: int) -> Sound:
    """A short sound that tells what scanning did; empty for a name there is none for."""
    notes = [_tone(hz, seconds, QUIET_PEAK, rate_hz) for hz, seconds in CHIMES.get(name, ())]
    return Sound(b"".join(note.tobytes() for note in notes), rate_hz)


def _tone(hz: float, seconds: float, peak: int, rate_hz: int) -> NDArray[np.int16]:
    at_s = np.arange(round(seconds * rate_hz)) / rate_hz
    # Without a fade each tone would begin and end with a click.
    fade = np.clip(np.minimum(at_s, at_s[::-1]) / FADE_S, 0, 1)
    samples: NDArray[np.int16] = (np.sin(2 * np.pi * hz * at_s) * fade * peak).astype(np.int16)
    return samples

"""A model of the way from the loudspeaker to the microphone, so that what comes back can be computed and subtracted.

The filter is cut in pieces of 16 ms, each a spectrum, and is followed by a Kalman filter in the frequency domain
(Enzner and Vary 2006; in pieces: Kuech, Mabande and Enzner 2014). It weighs what it knows of the room against all that
it cannot explain, so a person who speaks over it hardly disturbs what it has learned: no detector is needed for that.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
Spectra = NDArray[np.complex128]

HOP = 256
BINS = HOP + 1
PIECES = 20
"""0.32 s: what is left of an echo then is the suppressor's."""
BEFORE = 4
"""Pieces before the delay that was found."""
ROOM_STAYS = 0.9995
"""How much of the room is the same 16 ms later."""
UNEXPLAINED_S = 0.9
"""Smoothing of the power that is not explained."""
FIRST_DOUBT = 0.3
"""Variance of each coefficient before anything was heard."""


class EchoFilter:
    """Follows one loudspeaker in one microphone, 256 samples at a time."""

    def __init__(self, history: int) -> None:
        self._played: Spectra = np.zeros((history, BINS), np.complex128)  # newest first
        self._last = np.zeros(HOP)
        self._first = 0
        self._forget()

    def _forget(self) -> None:
        self._way: Spectra = np.zeros((PIECES, BINS), np.complex128)
        self._doubt = np.full((PIECES, BINS), FIRST_DOUBT)
        self._unexplained = np.full(BINS, 1e-2)

    def follow(self, delay_hops: int) -> None:
        """The echo comes so late. When that is outside of what the filter spans, it begins anew."""
        if not self._first <= delay_hops - 1 <= self._first + PIECES // 2:
            self._first = max(0, delay_hops - BEFORE)
            self._forget()

    def subtract(self, heard: Samples, played: Samples) -> Samples:
        """`heard` without the echo, as far as it is known."""
        self._played = np.roll(self._played, 1, axis=0)
        self._played[0] = np.fft.rfft(np.concatenate([self._last, played]))
        self._last = played
        now = self._played[self._first : self._first + PIECES]
        if not now.any():
            return heard
        echo = np.fft.irfft((self._way[: len(now)] * now).sum(axis=0))[HOP:]
        left: Samples = heard - echo
        self._learn(now, np.fft.rfft(np.concatenate([np.zeros(HOP), left])))
        return left

    def _learn(self, now: Spectra, left: Spectra) -> None:
        power = np.abs(now) ** 2
        doubt = self._doubt[: len(now)]
        self._unexplained += (1 - UNEXPLAINED_S) * (np.abs(left) ** 2 - self._unexplained)
        gain = doubt / ((power * doubt).sum(axis=0) + 2 * self._unexplained + 1e-10)
        moved = np.fft.irfft(self._way[: len(now)] + gain * now.conj() * left)
        moved[:, HOP:] = 0
        self._way[: len(now)] = np.fft.rfft(moved)
        still = ROOM_STAYS**2
        known = np.maximum(0.0, 1 - 0.5 * gain * power)
        self._doubt[: len(now)] = still * known * doubt + (1 - still) * np.abs(self._way[: len(now)]) ** 2

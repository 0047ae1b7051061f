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
"""0.19 s: what is left of an echo then is the suppressor's. More would be learned more slowly."""
BEFORE = 3
"""Pieces before the delay that was found."""
ROOM_STAYS = 0.999
"""How much of the room is the same 16 ms later."""
UNEXPLAINED_S = 0.9
"""Smoothing of the power that is not explained."""
WORSE, JUDGED_HOPS = 1.05, 6
"""What is left must not be louder than what was heard, in power, over about so many hops: then the way has changed."""
LEAST_WORSE = 1e-3
"""Energy of a hop, full scale being 1: -54 dB. Less than that is noise."""
LEAST_HEARD = 0.1
"""The echo is looked for where so much of the power that is expected is heard: what was cut off never comes back."""
TRIES = 4
ABSENT = 0.3
"""When so small a share of the expected power is heard, what was played was cut off and never came back."""
UNKNOWN = 0.1
"""Amplitude left while the way has changed and is not known: the own voice must not be taken for somebody's."""
SHIFTED_HOPS, MOST_SHIFT, LEAST_ALIKE = 16, 1_600, 0.3
"""Then the echo of the last 0.26 s is looked for up to 0.1 s earlier or later; so alike must it be (1: the same)."""
FIRST_DOUBT = 0.3
"""Variance of each coefficient before anything was heard."""
DOUBT_MOVED = 0.3
"""And after the echo has moved, which it seldom does by whole samples: so much of the coefficient's power."""


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
        self._power_heard = self._power_left = 0.0
        self._tries = 0
        self._latest = np.zeros((2, 0))  # what was heard, and what was expected of it, since the way has changed
        self._changed = False

    def follow(self, delay_hops: int) -> None:
        """The echo comes so late. When that is outside of what the filter spans, it begins anew."""
        if not self._first <= max(0, delay_hops - 1) <= self._first + PIECES // 2:
            self._first = max(0, delay_hops - BEFORE)
            self._forget()

    def moved(self) -> None:
        """The echo may come somewhat earlier or later from now on: it has to be looked for."""
        self._changed = bool(self._way.any())
        self._latest = self._latest[:, :0]

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
        if self._changed or self._worse(heard, left):
            self._look_for(heard, echo)
            return UNKNOWN * heard
        self._learn(now, np.fft.rfft(np.concatenate([np.zeros(HOP), left])))
        return heard if heard @ heard < ABSENT * (echo @ echo) else left

    def _worse(self, heard: Samples, left: Samples) -> bool:
        """Whether subtracting has made it louder: a stream that was opened anew comes earlier or later than before."""
        self._power_heard += (float(heard @ heard) - self._power_heard) / JUDGED_HOPS
        self._power_left += (float(left @ left) - self._power_left) / JUDGED_HOPS
        return self._power_left > WORSE * self._power_heard + LEAST_WORSE

    def _look_for(self, heard: Samples, expected: Samples) -> None:
        """Gather what is heard for a moment, then move what is known of the way to where the echo is now."""
        self._changed = True
        if expected @ expected > LEAST_WORSE and heard @ heard > LEAST_HEARD * (expected @ expected):
            self._latest = np.concatenate([self._latest, [heard, expected]], axis=1)
        if self._latest.shape[1] >= SHIFTED_HOPS * HOP:
            self._shift(*self._latest)

    def _shift(self, heard: Samples, expected: Samples) -> None:
        """Begin anew where the echo is not found; where it is, but not elsewhere, all was well."""
        size = 2 * len(heard)
        alike = np.fft.irfft(np.fft.rfft(heard, size) * np.fft.rfft(expected, size).conj(), size)
        near = np.concatenate([alike[-MOST_SHIFT:], alike[: MOST_SHIFT + 1]])
        later = int(np.argmax(near)) - MOST_SHIFT
        if near.max() < LEAST_ALIKE * np.linalg.norm(heard) * np.linalg.norm(expected):
            self._tries += 1
            self._latest = self._latest[:, SHIFTED_HOPS * HOP // 2 :]
            if self._tries == TRIES:
                self._forget()
            return
        self._found()
        if later == 0:
            return
        way = np.fft.irfft(self._way)[:, :HOP].ravel()
        moved = np.zeros_like(way)
        if later > 0:
            moved[later:] = way[:-later]
        else:
            moved[:later] = way[-later:]
        pieces = np.concatenate([moved.reshape(PIECES, HOP), np.zeros((PIECES, HOP))], axis=1)
        self._way = np.fft.rfft(pieces)
        self._doubt = np.maximum(self._doubt, DOUBT_MOVED * np.abs(self._way) ** 2)

    def _found(self) -> None:
        self._changed, self._tries = False, 0
        self._latest = self._latest[:, :0]
        self._power_heard = self._power_left = 0.0

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

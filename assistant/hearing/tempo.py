"""Make speech faster and leave its pitch alone, while it streams through.

Overlapping pieces are put closer together, each taken where it goes on best from the one before (WSOLA: Verhelst and
Roelands 1993).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PIECE = 480
"""Samples of a piece, 30 ms: more than two periods of a deep voice."""
HOP = PIECE // 2
SEEK = 128
"""So many samples earlier or later than due a piece may be taken: a period of most voices lies within."""
FADE_IN = np.hanning(PIECE + 1)[:HOP]
FULL = 32_767


class Tempo:
    """Makes one utterance after another `speed` times as fast; 16 kHz, one channel, 16 bit."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self.start()

    def start(self) -> None:
        """Begin an utterance."""
        self._rest = b""
        self._sound: NDArray[np.float64] = np.empty(0)
        self._begin = 0
        """Where in the utterance `_sound` begins."""
        self._next = 0
        """Where in the utterance the sound would go on that was passed on last."""
        self._number = 0

    def take(self, frames: bytes) -> bytes:
        """What is passed on now that `frames`, of any length, have come."""
        data = self._rest + frames
        whole = len(data) // 2 * 2
        self._rest = data[whole:]
        self._sound = np.concatenate([self._sound, np.frombuffer(data[:whole], "<i2")])
        made = []
        while self._due + SEEK + PIECE <= self._begin + len(self._sound):
            made.append(self._piece())
        return b"".join(made)

    def end(self) -> bytes:
        """The rest of the utterance, as it is: a few hundredths of a second."""
        rest = self._sound[self._next - self._begin :]
        self._sound = np.empty(0)
        return _pcm(rest)

    @property
    def _due(self) -> int:
        return int(self._number * HOP * self._speed)

    def _piece(self) -> bytes:
        """Half a piece: the end of the last one faded into the beginning of the one that fits it best."""
        goes_on = self._sound[self._next - self._begin :][:PIECE]
        first = max(self._begin, self._due - SEEK)
        around = self._sound[first - self._begin : self._due + SEEK + PIECE - self._begin]
        best = first + _best_fit(around, goes_on) if self._number else 0
        taken = self._sound[best - self._begin :][:HOP]
        mixed = (1 - FADE_IN) * goes_on[:HOP] + FADE_IN * taken
        self._number += 1
        self._next = best + HOP
        needless = max(0, min(self._next, self._due - SEEK) - self._begin)
        self._sound, self._begin = self._sound[needless:], self._begin + needless
        return _pcm(mixed)


def _best_fit(around: NDArray[np.float64], wanted: NDArray[np.float64]) -> int:
    """Where in `around` the sound is most like `wanted`, whatever its loudness."""
    energy = np.cumsum(np.concatenate([[0.0], around**2]))
    strength = np.sqrt(energy[len(wanted) :] - energy[: -len(wanted)] + 1.0)
    return int(np.argmax(np.correlate(around, wanted, "valid") / strength))


def _pcm(samples: NDArray[np.float64]) -> bytes:
    return np.clip(samples, -FULL, FULL).round().astype("<i2").tobytes()

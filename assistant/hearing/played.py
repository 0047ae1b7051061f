"""What the loudspeaker plays, handed from its thread to the ear's, which tells its own voice from others by it."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from assistant.hearing import RATE_HZ

LONGEST_S = 0.4
"""More than this is waiting only when the microphone has stopped meanwhile: then the oldest is of no use."""
READY_S = 0.05
"""So much must be waiting before any is taken: both sides come in bursts, and a gap would tear the sound apart."""
SPARE_S, LEFT_S = 0.06, 0.01
"""What was never needed for a second makes all that follows late; when it is more than the first, the second is left of
it. An echo must not be heard before its sound is known."""
LOOKED_AT = 32
"""Blocks taken between two looks at that."""


class Played:
    """Samples in the order in which they are played, at the microphone's rate. Thread-safe; nothing waits.

    Loudspeaker and microphone take and give sound in blocks of their own size, so what is taken may be some hundredths
    of a second older or newer than what is heard. Who uses it has to look for the delay anyway.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = np.zeros(0, np.float32)
        self._ready = False
        self._place = 0.0
        self._taken = 0
        self._least = 0

    def put(self, samples: NDArray[np.float32], rate_hz: int) -> None:
        """The loudspeaker has been given these samples (16-bit scale), silence included."""
        at = np.arange(self._place, len(samples), rate_hz / RATE_HZ)
        self._place = max(0.0, at[-1] + rate_hz / RATE_HZ - len(samples)) if len(at) else self._place - len(samples)
        new = np.interp(at, np.arange(len(samples)), samples).astype(np.float32)
        with self._lock:
            waiting = np.concatenate([self._waiting, new])
            self._waiting = waiting[-round(LONGEST_S * RATE_HZ) :]

    def take(self, count: int) -> bytes:
        """The next `count` samples, 16 bit, with silence where nothing was played."""
        with self._lock:
            taken = self._next(count)
        out = np.zeros(count, "<i2")
        out[: len(taken)] = np.clip(taken, -32768, 32767)
        return out.tobytes()

    def _next(self, count: int) -> NDArray[np.float32]:
        """Nothing until enough is waiting, and again once it has run out."""
        if not self._ready:
            if len(self._waiting) < READY_S * RATE_HZ:
                return self._waiting[:0]
            self._waiting = self._waiting[-round(READY_S * RATE_HZ) - count :]
            self._ready, self._taken = True, 0
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        self._ready = len(taken) == count
        self._catch_up()
        return taken

    def _catch_up(self) -> None:
        """Drop what has been waiting longer than is of use."""
        self._least = len(self._waiting) if self._taken == 0 else min(self._least, len(self._waiting))
        self._taken += 1
        if self._taken % LOOKED_AT == 0:
            if self._least > SPARE_S * RATE_HZ:
                self._waiting = self._waiting[self._least - round(LEFT_S * RATE_HZ) :]
            self._least = len(self._waiting)

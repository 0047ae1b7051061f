"""What the loudspeaker plays, handed from its thread to the ear's, which tells its own voice from others by it."""

from __future__ import annotations

import threading
from collections import deque

import numpy as np
from numpy.typing import NDArray

from assistant.hearing import RATE_HZ

KEPT_S = 1.0
"""The ear takes what was played while it heard; a busy computer lets it come later than that."""
PLAYED_BLOCKS, HEARD_BLOCKS = 20, 30
"""Of so many blocks the earliest tells how late a stream is: a loudspeaker asks every 10 ms, a microphone may bring
40 ms at once, and both are waited for by a busy computer."""
SLIP_QUIET_S, SLIP_S = 0.012, 0.03
"""So much may a stream be away from the clock before it is set right, in silence and in the middle of speech."""

OLDER_S = 0.04
"""Beside what is heard stands what was played so long before, for what is playing now may not be known yet. No echo
comes sooner: that long and longer a sound card keeps a sound before it is heard."""


class Played:
    """Samples by the clock, at the microphone's rate. Thread-safe; nothing waits.

    Streams are counted in samples, which does not jitter as the moments do in which blocks come; but a loudspeaker
    that is made silent begins anew, somewhat later each time, and no two clocks agree. So both streams are set right
    by the clock from time to time, and the ear is told when what it hears has moved against what was played.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sound = np.zeros(0, np.float32)
        self._end = self._heard = 0
        """By the clock, in samples: of what was played last, and of what was heard last."""
        self._playing, self._hearing = Pace(PLAYED_BLOCKS), Pace(HEARD_BLOCKS)
        self._fraction = 0.0
        self._moved = True

    def put(self, samples: NDArray[np.float32], rate_hz: int, at_s: float) -> None:
        """The loudspeaker has been given these samples (16-bit scale), silence included, at this moment."""
        at = np.arange(self._fraction, len(samples), rate_hz / RATE_HZ)
        self._fraction += len(at) * rate_hz / RATE_HZ - len(samples)
        new = np.interp(at, np.arange(len(samples)), samples).astype(np.float32)
        with self._lock:
            shift = self._playing.shift(at_s - self._end / RATE_HZ, quiet=not new.any())
            if shift:
                self._end += shift
                self._moved = True
            gap = np.zeros(min(max(0, shift), round(KEPT_S * RATE_HZ)), np.float32)
            kept = self._sound[: max(0, len(self._sound) + min(0, shift))]
            self._sound = np.concatenate([kept, gap, new])[-round(KEPT_S * RATE_HZ) :]
            self._end += len(new)

    def cut(self, unheard_s: float) -> None:
        """The last of it will never be heard: the loudspeaker was made silent, and begins anew with what comes next."""
        with self._lock:
            self._playing = Pace(PLAYED_BLOCKS)
            self._sound[max(0, len(self._sound) - round(unheard_s * RATE_HZ)) :] = 0

    def take(self, count: int, at_s: float) -> tuple[bytes, bool]:
        """What was played `OLDER_S` before `count` samples were heard that are complete at this moment, 16 bit.

        And whether it has moved against what is heard since the last time, by some thousandths of a second or more.
        """
        with self._lock:
            older = round(OLDER_S * RATE_HZ)
            quiet = not self._between(self._heard - older, count).any()
            shift = self._hearing.shift(at_s - (self._heard + count) / RATE_HZ, quiet=quiet)
            moved, self._moved = self._moved or shift != 0, False
            taken = self._between(self._heard + shift - older, count)
            self._heard += shift + count
        return np.clip(taken, -32768, 32767).astype("<i2").tobytes(), moved

    def _between(self, first: int, count: int) -> NDArray[np.float32]:
        """Silence where nothing was played, or nothing is known of it."""
        out = np.zeros(count, np.float32)
        begin = self._end - len(self._sound)
        low, high = max(first, begin), min(first + count, self._end)
        if low < high:
            out[low - first : high - first] = self._sound[low - begin : high - begin]
        return out


class Pace:
    """How far a stream that is counted in samples is from the clock: a block may come late, but never early."""

    def __init__(self, blocks: int) -> None:
        self._late_s: deque[float] = deque(maxlen=blocks)
        self._begun = False

    def shift(self, late_s: float, *, quiet: bool) -> int:
        """Samples by which its count has to be moved now; `late_s`: how far the clock is ahead of it."""
        self._late_s.append(late_s)
        least_s = min(self._late_s)
        full = len(self._late_s) == self._late_s.maxlen
        slip_s = SLIP_QUIET_S if quiet else SLIP_S
        if self._begun and least_s > -slip_s and (least_s < slip_s or not full):
            return 0
        self._begun = True
        self._late_s.clear()
        return round(least_s * RATE_HZ)

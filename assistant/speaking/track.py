"""Sounds waiting to be heard one after the other on one output. Knows no device, thread or clock."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.speaking.sound import Sound, Word

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something became audible within a block of samples."""

    number: int
    word: Word | None
    """The word that begins, or None when the sound has come to its end."""
    frame: int
    """Where in the block, in samples."""


@dataclass(slots=True)
class _Waiting:
    number: int
    samples: Samples
    words: deque[tuple[int, Word]]
    repeating: bool
    position: int = 0


@dataclass(slots=True)
class Track:
    """First in, first out."""

    volume: float = 1.0
    """0 to 1."""
    _waiting: deque[_Waiting] = field(default_factory=deque)

    @property
    def busy(self) -> bool:
        """Whether any sound is being played or waits."""
        return bool(self._waiting)

    def put(
        self,
        number: int,
        sound: Sound,
        rate_hz: int,
        *,
        volume: float = 1.0,
        repeating: bool = False,
    ) -> None:
        """Queue a sound for an output of `rate_hz`."""
        heard = np.frombuffer(sound.pcm, dtype=np.int16).astype(np.float32) * volume
        samples = _at_rate(heard, sound.rate_hz, rate_hz)
        words = deque((round(word.start_s * rate_hz), word) for word in sound.words)
        self._waiting.append(_Waiting(number, samples, words, repeating and len(samples) > 0))

    def take(self, frames: int) -> tuple[Samples, list[Notice]]:
        """The next `frames` samples, with silence after the last sound, and what begins in them."""
        out = np.zeros(frames, np.float32)
        notices: list[Notice] = []
        filled = 0
        while self._waiting and (filled < frames or not len(self._waiting[0].samples)):
            now = self._waiting[0]
            piece = now.samples[now.position : now.position + frames - filled]
            out[filled : filled + len(piece)] = piece
            end = now.position + len(piece)
            while now.words and now.words[0][0] < end:
                at, word = now.words.popleft()
                notices.append(Notice(now.number, word, filled + at - now.position))
            filled += len(piece)
            now.position = end
            if end >= len(now.samples):
                notices += self._ended(now, filled)
        return out * self.volume, notices

    def clear(self) -> list[int]:
        """Drop everything; the numbers of what was dropped."""
        numbers = [waiting.number for waiting in self._waiting]
        self._waiting.clear()
        return numbers

    def _ended(self, now: _Waiting, frame: int) -> list[Notice]:
        if now.repeating:
            now.position = 0
            return []
        self._waiting.popleft()
        late = [Notice(now.number, word, frame) for _, word in now.words]
        return [*late, Notice(now.number, None, frame)]


def _at_rate(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """Straight lines between samples: used only when a voice changes its rate while another still plays."""
    if from_hz == to_hz or not len(samples):
        return samples
    count = round(len(samples) * to_hz / from_hz)
    at = np.arange(count) * (from_hz / to_hz)
    converted: Samples = np.interp(at, np.arange(len(samples)), samples).astype(np.float32)
    return converted

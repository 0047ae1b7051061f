"""Is it the one word that must not be missed? PocketSphinx's keyword search beside the word list, for short sounds.

A word list must choose between all its phrases, and "shut up" or a row of single sounds often beats a short "stop". The
keyword search asks one thing only: how much better the word explains a stretch of sound than any single sounds do. In
running speech that is right far too often, so it counts only for a sound that holds nothing else.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FRAMES_A_SECOND = 100
LEAST_NATS = -70.0
"""Of "stop" by seven voices the worst scores -54; of 437 other short sayings, the neighbours "start", "stock", "stuff"
and "stomach" score as high."""
SURE_NATS = 10.0
"""A score at which the word counts also inside other sound."""
CLEAR_NATS = -55.0
"""A score at which the word counts although a word list took the same sound for another of its phrases."""
LATEST_START, LATEST_END = 70, 45
"""Where the word must lie to be all that was said, in hundredths of a second: it begins so soon after the turn's sound,
which holds half a second from before the voice was noticed, and ends so shortly before now, a pause having begun."""
SHORT_BASE = 1e-4
"""PocketSphinx counts in this logarithm to the base 1.0001, shifted by ten bits, from 1500 on."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the word may have been."""

    nats: float
    """How much better it explains the sound than single sounds do."""
    start: int
    """Hundredths of a second from the beginning of the utterance."""
    end: int


class Spotter:
    """A keyword search on a decoder of its own. Used from one thread.

    Args:
        decoder: without any search; words are added to its dictionary by its owner.
    """

    def __init__(self, decoder: Any) -> None:  # noqa: ANN401 - PocketSphinx has no types
        self._decoder = decoder
        self._room = decoder.get_cmn(False)  # noqa: FBT003 - as it is, not brought up to date
        self._names: dict[str, str] = {}
        self._at_work = False

    def begin(self, phrase: str) -> None:
        """Start an utterance in which to look for `phrase`, every word of which is in the dictionary."""
        self.stop()
        if phrase not in self._names:
            self._names[phrase] = f"spot{len(self._names)}"
            with tempfile.TemporaryDirectory(prefix="askaloud-") as folder:
                path = Path(folder) / "phrase"
                path.write_text(f"{phrase} /{math.exp(LEAST_NATS)}/\n", "utf-8")
                self._decoder.add_kws(self._names[phrase], str(path))
        self._decoder.activate_search(self._names[phrase])
        self._decoder.set_cmn(self._room)  # what it got used to from short words makes the next one unlike itself
        self._decoder.start_utt()
        self._at_work = True

    def accept(self, frames: bytes) -> None:
        """Take more sound."""
        if self._at_work and frames:
            self._decoder.process_raw(frames)

    def stop(self) -> None:
        """End the utterance."""
        if self._at_work:
            self._decoder.end_utt()
            self._at_work = False

    def spots(self) -> Iterator[Spot]:
        """Everywhere in the utterance."""
        for part in self._decoder.seg() or ():
            score = (math.log(max(part.prob, 1e-300)) / SHORT_BASE + 1500) * SHORT_BASE * 1024
            yield Spot(score, part.start_frame, part.end_frame)

    def alone(self) -> float | None:
        """The score, if the word is all that was said until now, or is beyond doubt; None: it is not."""
        now = int(self._decoder.n_frames())
        found = [
            spot.nats
            for spot in self.spots()
            if spot.nats >= SURE_NATS or (spot.start <= LATEST_START and spot.end >= now - LATEST_END)
        ]
        return max(found, default=None)

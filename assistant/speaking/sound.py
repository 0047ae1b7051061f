"""What a voice makes: samples, and the time at which each word begins."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

BYTES_A_SAMPLE = 2


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the text shown, and when it is heard."""

    text: str
    start_s: float
    """Seconds from the beginning of the sound."""
    offset: int
    """Index of the word's first character in the text that is shown."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Speech ready to be played."""

    pcm: bytes
    """16-bit signed samples in this machine's byte order, one channel."""
    rate_hz: int
    words: tuple[Word, ...] = ()
    """In order of time. Where an engine gives no time for a word, it is estimated from its neighbours."""

    @property
    def seconds(self) -> float:
        """How long the sound lasts."""
        return len(self.pcm) / BYTES_A_SAMPLE / self.rate_hz


def silence(seconds: float, rate_hz: int) -> bytes:
    """Samples of nothing, for a pause."""
    return bytes(round(seconds * rate_hz) * BYTES_A_SAMPLE)


@dataclass(frozen=True, slots=True)
class Mark:
    """An engine's report that the character at `offset` of the text shown is spoken at `at_s`."""

    offset: int
    at_s: float


def timed_words(text: str, marks: Iterable[Mark], start_s: float, end_s: float) -> tuple[Word, ...]:
    """Give every word of `text` a time.

    Engines run small words together and report only the first of them. Words without a mark are placed
    between their neighbours by their position in the text. `start_s` and `end_s` bound the speech.
    """
    found = [match for match in re.finditer(r"\S+", text) if re.search(r"\w", match.group())]
    if not found:
        return ()
    ordered = sorted(marks, key=lambda mark: mark.at_s)
    known: list[tuple[int, float]] = [(found[0].start(), start_s)]
    for match in found[1:]:
        at_s = next((m.at_s for m in ordered if match.start() <= m.offset < match.end()), None)
        if at_s is not None and known[-1][1] <= at_s <= end_s:
            known.append((match.start(), at_s))
    known.append((len(text), max(end_s, known[-1][1])))
    return tuple(Word(match.group(), round(_between(known, match.start()), 4), match.start()) for match in found)


def _between(known: list[tuple[int, float]], offset: int) -> float:
    """Time at `offset`, by straight lines between the known points."""
    for (left, left_s), (right, right_s) in pairwise(known):
        if left <= offset < right:
            return left_s + (right_s - left_s) * (offset - left) / (right - left)
    return known[-1][1]

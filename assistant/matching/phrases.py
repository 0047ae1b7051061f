"""How like a question is to every phrase we know, by spelling: all phrases at once, in a few milliseconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SHORTEST_PIECE, LONGEST_PIECE = 2, 4
"""Letters in a piece of a word, its borders counted: the lengths that did best in `docs/benchmarks-matching.md`."""


def pieces(text: str) -> list[str]:
    """Runs of two to four letters of each word, with a space at its borders."""
    found: list[str] = []
    for word in text.split():
        edged = f" {word} "
        for size in range(SHORTEST_PIECE, LONGEST_PIECE + 1):
            found += [edged[i : i + size] for i in range(max(1, len(edged) - size + 1))]
    return found


def words_and_pairs(text: str) -> list[str]:
    """Words, and neighbouring words together."""
    words = text.split()
    return words + [f"{a} {b}" for a, b in pairwise(words)]


class PhraseIndex:
    """TF-IDF vectors of phrases, kept by feature, so that a question touches only the features it has.

    Weights are (1 + log count) times log((1 + phrases) / (1 + phrases with the feature)) + 1, vectors have length one.
    """

    def __init__(self, phrases: Sequence[str], features_of: Callable[[str], list[str]]) -> None:
        self._features_of = features_of
        self._count = len(phrases)
        self._ids: dict[str, int] = {}
        bags = [Counter(features_of(phrase)) for phrase in phrases]
        feature = np.array([self._ids.setdefault(name, len(self._ids)) for bag in bags for name in bag], dtype=np.int64)
        phrase = np.repeat(np.arange(self._count), [len(bag) for bag in bags])
        times = np.array([times for bag in bags for times in bag.values()], dtype=np.float32)
        held = np.bincount(feature, minlength=len(self._ids))
        self._idf: list[float] = (np.log((1 + self._count) / (1 + held)) + 1).tolist()
        self._unknown_idf = float(np.log(1 + self._count) + 1)
        weight = (1 + np.log(times)) * np.array(self._idf)[feature] if len(feature) else times
        length = np.sqrt(np.bincount(phrase, weight**2, minlength=self._count))
        order = np.argsort(feature, kind="stable")
        self._phrases = phrase[order].astype(np.int32)
        self._weights = (weight / np.maximum(length, 1e-9)[phrase])[order].astype(np.float32)
        ends = np.cumsum(held)
        self._spans = [slice(int(end - size), int(end)) for end, size in zip(ends, held, strict=True)]

    def likeness(self, text: str) -> Floats:
        """Cosine, 0 to 1, between `text` and each phrase. Features no phrase has count in its length."""
        squares = 0.0
        places: list[NDArray[np.int32]] = []
        shares: list[Floats] = []
        for name, times in Counter(self._features_of(text)).items():
            feature = self._ids.get(name)
            weight = (1 + log(times)) * (self._unknown_idf if feature is None else self._idf[feature])
            squares += weight**2
            if feature is not None:
                places.append(self._phrases[self._spans[feature]])
                shares.append(self._weights[self._spans[feature]] * np.float32(weight))
        if not places:
            return np.zeros(self._count, dtype=np.float32)
        total = np.bincount(np.concatenate(places), np.concatenate(shares), minlength=self._count)
        return (total / sqrt(squares)).astype(np.float32)

    def weight(self, name: str) -> float:
        """How telling a feature is: the fewer phrases have it, the more."""
        return self._idf[self._ids[name]] if name in self._ids else self._unknown_idf

    def knows(self, name: str) -> bool:
        """Whether any phrase has this feature."""
        return name in self._ids

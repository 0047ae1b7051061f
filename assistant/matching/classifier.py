"""What was learned from many ways to ask that are not shipped: a linear model for the topics it was fitted on.

It looks at the meaning of the whole question, and at its words and pairs of words by their hash. Topics that came
later, in a family's pack, are not among its classes and are found by likeness alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.matching.phrases import words_and_pairs

Floats = NDArray[np.float32]

TABLE = Path(__file__).with_name("classifier.npz")
NONE = "(none)"
"""The class of questions about none of our topics."""
SLOTS = 4096
"""Hashes of words and pairs. Two features in one slot are rare enough, and the fit copes."""
WORDS_WEIGHT = 0.5
"""Length of the part for words; that for meaning has length one."""


def slots(text: str) -> NDArray[np.int64]:
    """The slots of the words and pairs of `text`, each once."""
    return np.unique([zlib.crc32(feature.encode()) % SLOTS for feature in words_and_pairs(text)]).astype(np.int64)


class Classifier:
    """Log-probabilities of the classes it knows."""

    def __init__(self, classes: Sequence[str], meaning: Floats, words: Floats, bias: Floats) -> None:
        """`meaning`: classes by dimensions, `words`: `SLOTS` by classes, `bias`: classes."""
        self.places: Mapping[str, int] = {name: place for place, name in enumerate(classes)}
        self.none = self.places[NONE]
        self._meaning, self._words, self._bias = meaning, words, bias

    @classmethod
    def read(cls, path: Path = TABLE) -> Classifier:
        """Read the table at `path`. Raises OSError or KeyError where it is missing or not such a table."""
        with np.load(path) as table:
            classes = table["classes"].tobytes().decode().split("\n")
            words = table["words"].astype(np.float32) * table["scale"].astype(np.float32)
            return cls(classes, table["meaning"].astype(np.float32), words, table["bias"].astype(np.float32))

    @classmethod
    def empty(cls, dimensions: int) -> Classifier:
        """One that has learned nothing."""
        return cls(
            [NONE], np.zeros((1, dimensions), np.float32), np.zeros((SLOTS, 1), np.float32), np.zeros(1, np.float32)
        )

    @property
    def weights(self) -> tuple[Floats, Floats, Floats]:
        """For meaning, for words, and the bias, shaped as they were given."""
        return self._meaning, self._words, self._bias

    def judge(self, text: str, direction: Floats) -> Floats:
        """Natural logarithm of each class's probability, for a text and its direction in meaning."""
        used = slots(text)
        scores = self._bias + self._meaning @ direction
        if len(used):
            scores = scores + WORDS_WEIGHT / np.sqrt(len(used)) * self._words[used].sum(axis=0)
        highest = scores.max()
        return np.asarray(scores - highest - np.log(np.exp(scores - highest).sum()), dtype=np.float32)


@cache
def shipped_classifier() -> Classifier:
    """The model that comes with the product, read once."""
    return Classifier.read()

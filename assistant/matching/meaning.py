"""What words mean, as numbers: a small table distilled from a sentence model (see `models/build_word_vectors.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

TABLE = Path(__file__).with_name("words.npz")
ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "er", "ness")
SHORTEST_STEM = 4
"""Letters that must remain of an unknown word before an ending is taken off."""


class WordVectors:
    """A vector for each word. Frequent words have short vectors, so that telling ones decide."""

    def __init__(self, words: Sequence[str], vectors: NDArray[np.int8], scale: Floats) -> None:
        self._places = {word: place for place, word in enumerate(words)}
        self._vectors, self._scale = vectors, scale
        self.dimensions: int = vectors.shape[1]

    @classmethod
    def read(cls, path: Path = TABLE) -> WordVectors:
        """Read the table at `path`. Raises OSError or KeyError where it is missing or not such a table."""
        with np.load(path) as table:
            words = table["words"].tobytes().decode().split("\n")
            return cls(words, table["vectors"], table["scale"].astype(np.float32))

    def knows(self, word: str) -> bool:
        """Whether there is a vector for `word`, or for it without its ending."""
        return self._place(word) is not None

    def of(self, text: str) -> Floats:
        """The mean direction of the words of `text`, length one; zeros when none is known."""
        places = [place for place in map(self._place, text.split()) if place is not None]
        if not places:
            return np.zeros(self.dimensions, dtype=np.float32)
        total = self._scale[places] @ self._vectors[places].astype(np.float32)
        return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), dtype=np.float32)

    def of_all(self, texts: Sequence[str]) -> Floats:
        """One row for each text."""
        rows = [self.of(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimensions), dtype=np.float32)

    def _place(self, word: str) -> int | None:
        if word in self._places:
            return self._places[word]
        for ending in ENDINGS:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) >= SHORTEST_STEM:
                for form in (stem, f"{stem}e", stem[:-1] if stem[-1] == stem[-2] else stem):
                    if form in self._places:
                        return self._places[form]
        return None


@cache
def shipped_vectors() -> WordVectors:
    """The table that comes with the product, read once."""
    return WordVectors.read()

"""What a recogniser may make of a text: words in place of others that sound alike, small words lost.

For teaching only: what is learned from should be as damaged as what will be asked.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from assistant.matching.sounds import Sounds

SWAPPED = 0.25
"""Share of words taken for others."""
LOST = 0.1
"""Share of words of up to three letters that are lost."""
NEAR = 0.5
"""Share of a word's sounds that may differ."""
MOST = 6
"""Other words looked at for each."""


class Mishearing:
    """Knows which words are taken for which."""

    def __init__(self, words: Iterable[str], heard: Iterable[str], sounds: Sounds, seed: int) -> None:
        """`words`: those that are said; `heard`: those that a recogniser may write."""
        self._rng = np.random.default_rng(seed)
        said, written = sorted(set(words)), sorted(set(heard))
        forms = [sounds.of(word) for word in written]
        self._others: dict[str, list[str]] = {}
        for word in said:
            far = process.cdist([sounds.of(word)], forms, scorer=Levenshtein.normalized_distance)[0]
            order = np.argsort(far, kind="stable")[: MOST + 1]
            self._others[word] = [written[i] for i in order if far[i] <= NEAR and written[i] != word]

    def of(self, text: str) -> str:
        """`text` as it may be heard; never nothing."""
        heard = [self._word(word) for word in text.split()]
        return " ".join(filter(None, heard)) or text

    def _word(self, word: str) -> str:
        if len(word) <= 3 and self._rng.random() < LOST:
            return ""
        others = self._others.get(word, [])
        if others and self._rng.random() < SWAPPED:
            return others[int(self._rng.integers(len(others)))]
        return word

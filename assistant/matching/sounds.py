"""How words sound, one sign a speech sound, so that what was misheard is still near what was said."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

TABLE = Path(__file__).with_name("sounds.npz")
# The sounds of ARPAbet, each as one sign.
SIGNS: Mapping[str, str] = {
    "AA": "a", "AE": "A", "AH": "e", "AO": "o", "AW": "W", "AY": "Y", "B": "b", "CH": "C", "D": "d", "DH": "D",
    "EH": "E", "ER": "R", "EY": "y", "F": "f", "G": "g", "HH": "h", "IH": "i", "IY": "I", "JH": "j", "K": "k",
    "L": "l", "M": "m", "N": "n", "NG": "G", "OW": "O", "OY": "Q", "P": "p", "R": "r", "S": "s", "SH": "S",
    "T": "t", "TH": "T", "UH": "u", "UW": "U", "V": "v", "W": "w", "Y": "J", "Z": "z", "ZH": "Z",
}  # fmt: skip
# Letters of a word that is in no dictionary, roughly as English says them; longest first.
_LETTERS = {
    "tch": "C", "igh": "Y", "ch": "C", "sh": "S", "th": "T", "ph": "f", "ck": "k", "ng": "G", "qu": "kw", "ee": "I",
    "ea": "I", "oo": "U", "ou": "W", "ow": "O", "ai": "y", "ay": "y", "oa": "O", "er": "R", "ir": "R", "ur": "R",
    "a": "A", "b": "b", "c": "k", "d": "d", "e": "E", "f": "f", "g": "g", "h": "h", "i": "i", "j": "j", "k": "k",
    "l": "l", "m": "m", "n": "n", "o": "a", "p": "p", "q": "k", "r": "r", "s": "s", "t": "t", "u": "e", "v": "v",
    "w": "w", "x": "ks", "y": "I", "z": "z",
}  # fmt: skip


class Sounds:
    """Turns words into sounds."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = dict(table)

    @classmethod
    def read(cls, path: Path = TABLE) -> Sounds:
        """Read the table at `path`. Raises OSError or KeyError where it is missing or not such a table."""
        with np.load(path) as table:
            words, sounds = (table[name].tobytes().decode().split("\n") for name in ("words", "sounds"))
        return cls(dict(zip(words, sounds, strict=True)))

    @property
    def words(self) -> list[str]:
        """Words whose sounds were looked up or guessed so far."""
        return list(self._table)

    def of(self, text: str) -> str:
        """The sounds of all words of `text` in one string: where a word ends is often misheard too."""
        return "".join(map(self._word, text.split()))

    def _word(self, word: str) -> str:
        if word not in self._table:
            self._table[word] = guess(word)
        return self._table[word]


def guess(word: str) -> str:
    """Roughly how a word sounds that is in no dictionary."""
    sounds, rest = "", word
    while rest:
        size = next((size for size in (3, 2, 1) if rest[:size] in _LETTERS), 0)
        sounds += _LETTERS.get(rest[:size], "")
        rest = rest[max(size, 1) :]
    return sounds


@cache
def shipped_sounds() -> Sounds:
    """The table that comes with the product, read once."""
    return Sounds.read()

"""Telephone numbers, which are stored as they are spoken, in figures: what a frightened person reads fastest."""

from __future__ import annotations

import re

FIGURES = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13",
    "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
    "twenty": "20",
}  # fmt: skip
TIMES = {"double": 2, "triple": 3}
_WORD = "|".join((*FIGURES, *TIMES))
_NUMBER = re.compile(rf"\b(?:{_WORD})(?:,? (?:{_WORD}))+\b")
"""Two words and more: a word alone, as in "one of them", is no telephone number."""


def in_figures(spoken: str) -> str:
    """`spoken` with its telephone numbers as figures; a comma inside a number becomes a space.

    >>> in_figures("call the Samaritans on one one six, one two three")
    'call the Samaritans on 116 123'
    """
    return _NUMBER.sub(lambda found: " ".join(_group(part) for part in found[0].split(", ")), spoken)


def _group(words: str) -> str:
    figures, times = "", 1
    for word in words.split():
        if word in TIMES:
            times = TIMES[word]
        else:
            figures += FIGURES[word] * times
            times = 1
    return figures

"""One spelling for what is typed, what is written in the content and what a recogniser hears."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain, zip_longest

# Whole words that typed without their apostrophe are still clear, and those where "'s" is "is".
_SHORT = {
    "can't": "can not", "cannot": "can not", "cant": "can not", "won't": "will not", "wont": "will not",
    "shan't": "shall not", "dont": "do not", "doesnt": "does not", "didnt": "did not", "isnt": "is not",
    "arent": "are not", "wasnt": "was not", "couldnt": "could not", "wouldnt": "would not", "shouldnt": "should not",
    "havent": "have not", "hasnt": "has not", "im": "i am", "ive": "i have", "youre": "you are", "theyre": "they are",
    "whats": "what is", "wheres": "where is", "hows": "how is", "thats": "that is", "hes": "he is", "shes": "she is",
    "what's": "what is", "where's": "where is", "how's": "how is", "that's": "that is", "who's": "who is",
    "he's": "he is", "she's": "she is", "it's": "it is", "there's": "there is", "here's": "here is",
    "when's": "when is", "why's": "why is", "let's": "let us", "gonna": "going to", "wanna": "want to",
}  # fmt: skip
_ENDINGS = (
    ("n't", " not"), ("'re", " are"), ("'ll", " will"), ("'ve", " have"), ("'d", " would"), ("'m", " am"),
    ("s'", "s"), ("'s", ""),
)  # fmt: skip
# Spelled letter by letter after the word "a": "a p e g tube" is not an "apeg".
_SPELLED = frozenset({"peg", "niv", "fvc", "mri", "emg", "bipap", "bpap", "cpap", "aac", "ftd", "pba", "sod", "mnd"})
_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u00b4\u0060\uff07", "'"))
_DOTTED = re.compile(r"\b(?:[^\W\d_][.\-] ?){1,}[^\W\d_]\b(?!')\.?")
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]*)*|\d+")

LONGEST_LETTERS = 2000
"""Two minutes of speech. What comes after that is left out: no text may make the assistant slow."""


def normalise(text: str) -> str:
    """`text` in small letters, words only, single spaces.

    "A.L.S.", "A L S" and "A-L-S" are all "als"; "can't" is "can not"; "3" is "three"; what is no word is left out.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST_LETTERS]).translate(_APOSTROPHES).lower()
    plain = _DOTTED.sub(lambda spelled: re.sub(r"[.\-]", " ", spelled[0]), plain)
    words = [word for token in _TOKEN.findall(plain) for word in _words(token).split()]
    return " ".join(_join_letters(words))


def by_turns(*lists: Iterable[str]) -> tuple[str, ...]:
    """Hypotheses of several recognisers as one list: the best of each, then the next of each; each text once."""
    return tuple(dict.fromkeys(text for text in chain.from_iterable(zip_longest(*lists)) if text))


def _words(token: str) -> str:
    if token[0].isdigit():
        return number_words(token)
    if token in _SHORT:
        return _SHORT[token]
    for ending, words in _ENDINGS:
        if token.endswith(ending) and len(token) > len(ending):
            return (token.removesuffix(ending) + words).replace("'", "")
    return token.replace("'", "")


def number_words(digits: str) -> str:
    """Digits as they are said: "35" is "thirty five", "988" and other long ones are said digit by digit."""
    if not digits.isdecimal():
        return ""
    if len(digits) > 2 or (len(digits) == 2 and digits[0] == "0"):
        return " ".join(_ONES[int(digit)] for digit in digits)
    number = int(digits)
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (f" {_ONES[ones]}" if ones else "")


def _join_letters(words: list[str]) -> list[str]:
    """Join runs of single letters into one word, but not the words "a" and "i" with their neighbours."""
    joined: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        if len(word) == 1:
            run.append(word)
            continue
        joined += _spelled(run)
        run = []
        if word:
            joined.append(word)
    return joined


def _spelled(run: list[str]) -> list[str]:
    if len(run) < 2 or not set(run) - {"a", "i"}:
        return run
    if run[0] == "i" and len(run) > 2:
        return ["i", *_spelled(run[1:])]
    if run[0] == "a" and "".join(run[1:]) in _SPELLED:
        return ["a", "".join(run[1:])]
    if len(run) == 2 and run[0] in "ai":  # "i m" and "a d" are no acronyms
        return run
    return ["".join(run)]

"""How long a text takes to hear and how hard it is to follow.

Seconds: fitted to espeak-ng at 120 to 200 words a minute over sixteen answers, largest error 1.3 s (docs in
content/README.md). Grade: Flesch and Kincaid 1975. SMOG: McLaughlin 1969. All three are for English.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from assistant.speaking.sentences import sentences

WORD = re.compile(r"[A-Za-z0-9]+(?:['.-][A-Za-z0-9]+)*")
VOWELS = re.compile(r"[aeiouy]+")
SECONDS_A_WORD = 0.75 * 60
"""Divided by the rate in words a minute."""
PAUSES_S = ((120, 1.02), (140, 0.82), (160, 0.67), (180, 0.56), (200, 0.48))
"""Rate in words a minute, and seconds that each sentence adds."""
USUAL_RATE_WPM = 160


def words(text: str) -> list[str]:
    """The words of a text; one with hyphens counts once."""
    return WORD.findall(text)


def seconds(text: str, rate_wpm: int = USUAL_RATE_WPM) -> float:
    """How long espeak-ng takes to say `text`, estimated."""
    pause = next((pause for rate, pause in PAUSES_S if rate_wpm <= rate), PAUSES_S[-1][1])
    return len(words(text)) * SECONDS_A_WORD / rate_wpm + len(sentences(text)) * pause


class Syllables:
    """Counts syllables by groups of vowels, with a list of words where that is wrong."""

    def __init__(self, exceptions: Mapping[str, int] | None = None) -> None:
        self._exceptions = {word.lower(): count for word, count in (exceptions or {}).items()}

    def of(self, word: str) -> int:
        """Syllables of one word, at least one. Letters spelled out count one each."""
        bare = word.strip("'.-")
        lower = bare.lower()
        if lower in self._exceptions:
            return self._exceptions[lower]
        if lower.endswith("'s") and lower[:-2] in self._exceptions:
            return self._exceptions[lower[:-2]]
        spelled = re.fullmatch(r"(?:[A-Za-z][-.])+[A-Za-z]", bare)
        if spelled or (bare.isupper() and 1 < len(bare) <= 4):
            return sum(letter.isalpha() for letter in bare)
        if "-" in bare:
            return sum(self.of(part) for part in bare.split("-") if part)
        return max(1, _vowel_groups(lower))

    def hard(self, text: str) -> int:
        """Words of three syllables or more. ALS is not counted: nobody who asks finds it hard."""
        return sum(1 for word in _parts(text) if self.of(word) >= 3 and word not in ("ALS", "A-L-S"))

    def grade(self, text: str) -> float:
        """Flesch-Kincaid grade of a text; 0 for an empty one."""
        parts = _parts(text)
        if not parts:
            return 0.0
        total = sum(self.of(word) for word in parts)
        return 0.39 * len(parts) / len(sentences(text)) + 11.8 * total / len(parts) - 15.59

    def smog(self, texts: Iterable[str]) -> float:
        """SMOG grade of many texts together; one block alone is too short for it."""
        every = list(texts)
        count = sum(len(sentences(text)) for text in every)
        hard = sum(self.hard(text) for text in every)
        return 1.0430 * math.sqrt(hard * 30 / count) + 3.1291 if count else 0.0


def _parts(text: str) -> list[str]:
    """Words as they count for the grade: hyphens part them, but letters spelled out stay together."""
    found: list[str] = []
    for word in words(text):
        spelled = re.fullmatch(r"(?:[A-Za-z]-)+[A-Za-z]", word)
        found += [word] if spelled else [part for part in word.split("-") if part]
    return found


ENDINGS = (
    (re.compile(r"(?<=[^aeiouy])e$"), -1),  # make, but not table:
    (re.compile(r"(?<=[^aeiouyl])le$"), 1),
    (re.compile(r"(?<=[^aeiouytd])ed$"), -1),  # helped, but not wanted
    (re.compile(r"(?<=[^aeiouyl])led$"), 1),
    (re.compile(r"(?<=[^aeiouyscxzgh])es$"), -1),  # makes, but not noses
    (re.compile(r"(?<=[^aeiouyl])les$"), 1),
    (re.compile(r"(?<=.)ely$|(?<=.)e(?:ful|less|ment)"), -1),  # safely, careful
    (re.compile(r"(?<=[aeiouy])sm$"), 1),  # spasm
    (re.compile(r"(?<=[aeiouy])ing$"), 1),  # being
)
"""What the end of a word adds to its groups of vowels, or takes away."""
TWO_VOWELS = re.compile(r"i(?:a|o(?!u)|u)|eo(?![pu])|ie(?=nc|nt|t$|ty)|(?<!q)ua(?=[lt])|uous|crea(?=t[ei])")
ONE_VOWEL = re.compile(r"(?:[cstxg]i)(?=a|o|e)")
"""Vowels beside each other that are two sounds, and such as are one: "radio", "nation"."""


def _vowel_groups(word: str) -> int:
    """Syllables by rule."""
    letters = re.sub(r"[^a-z]", "", word)
    count = len(VOWELS.findall(letters))
    count += sum(change for ending, change in ENDINGS if ending.search(letters))
    return count + len(TWO_VOWELS.findall(ONE_VOWEL.sub("x", letters)))

"""The words that steer: "stop", "repeat", "two", and their longer forms."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from assistant.matching import normalise
from assistant.topics import read_phrases

HEARD_DEEP = 3
"""How many hypotheses are looked at; further ones are mostly noise."""
ALIKE = 88.0
"""Least `fuzz.ratio` (0 to 100) at which a longer form counts although a letter or two differ."""
LONG_FORM = 8
"""Shortest form, in letters, that may be misheard by a letter; short words differ by one letter from others."""
POLITE = frozenset({"please", "now", "thanks", "thank", "you", "um", "uh", "er", "ah", "the", "a", "huh", "hm"})
NUMBERS = ("one", "two", "three", "four")


@dataclass(frozen=True, slots=True)
class Commands:
    """Every form of every command, normalised."""

    forms: Mapping[str, str]
    """Form to command."""

    @classmethod
    def read(cls, path: Path) -> Commands:
        """Read `command: words` lines. Raises what `read_phrases` raises."""
        phrases = read_phrases(path)
        return cls({normalise(form): name for name, forms in phrases.items() for form in forms})

    def find(self, hypotheses: Sequence[str], allowed: Collection[str]) -> str | None:
        """The command said, or None. The whole utterance must be the command: "can you stop it" is a question."""
        for text in hypotheses[:HEARD_DEEP]:
            command = self._exact(normalise(text), allowed) or self._near(normalise(text), allowed)
            if command:
                return command
        return None

    def words(self, allowed: Collection[str]) -> tuple[str, ...]:
        """All forms of the `allowed` commands, for a recogniser's word list."""
        return tuple(form for form, name in self.forms.items() if name in allowed)

    def _exact(self, text: str, allowed: Collection[str]) -> str | None:
        for form in (text, _plain(text)):
            name = self.forms.get(form)
            if name in allowed:
                return name
        return None

    def _near(self, text: str, allowed: Collection[str]) -> str | None:
        best, found = ALIKE, None
        for form, name in self.forms.items():
            if name in allowed and len(form) >= LONG_FORM and (score := fuzz.ratio(text, form)) >= best:
                best, found = score, name
        return found


def _plain(text: str) -> str:
    """Without politeness, hesitation and doubled words: "stop stop please" is "stop"."""
    kept: list[str] = []
    for word in text.split():
        if word not in POLITE and word not in kept[-1:]:
            kept.append(word)
    return " ".join(kept)

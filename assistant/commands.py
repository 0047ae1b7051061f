"""The words that steer: "stop", "repeat", "two", and their longer forms."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from assistant.matching import normalise
from assistant.topics import read_phrases
from assistant.urgent import UrgentWords

HEARD_DEEP = 3
"""How many hypotheses are looked at; further ones are mostly noise."""
ALIKE = 88.0
"""Least `fuzz.ratio` (0 to 100) at which a longer form counts although a letter or two differ."""
LONG_FORM = 8
"""Shortest form, in letters, that may be misheard by a letter; short words differ by one letter from others."""
SHARED_BY = 4
"""So many hypotheses that are a longer form and one more word, another one each: the word was a noise."""
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

    def with_own(self, own: Mapping[str, str], need: UrgentWords) -> tuple[Commands, list[str]]:
        """These commands with a person's own phrases beside the usual forms, and a sentence for each that can not be.

        Args:
            own: command to phrase.
            need: cries for help, which no phrase may hold.
        """
        forms, wrong = dict(self.forms), []
        for name, phrase in own.items():
            fault = self._fault(name, normalise(phrase), need) or _taken(forms, name, normalise(phrase))
            if fault:
                wrong.append(f'own-words, "{name}": {fault}')
            else:
                forms[normalise(phrase)] = name
        return Commands(forms), wrong

    def _fault(self, name: str, phrase: str, need: UrgentWords) -> str:
        """Why `phrase` can not be a form of `name`; empty when it can."""
        if name not in self.forms.values():
            return "there is no such command. docs/commands.md lists them."
        if not _plain(phrase):
            return "there are no words in it. Write a word or two."
        if need.find((phrase,)) is not None:
            return f'"{phrase}" is a cry for help and stays one. Choose other words.'
        if name != "stop" and self.find((phrase,), {"stop"}):
            return f'"{phrase}" stops the assistant and must go on doing so. Choose other words.'
        return ""

    def find(self, hypotheses: Sequence[str], allowed: Collection[str]) -> str | None:
        """The command said, or None. The whole utterance must be the command: "can you stop it" is a question."""
        for text in hypotheses[:HEARD_DEEP]:
            command = self._exact(normalise(text), allowed) or self._near(normalise(text), allowed)
            if command:
                return command
        return self._shared([normalise(text).split() for text in hypotheses], allowed)

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

    def _shared(self, hypotheses: Sequence[Sequence[str]], allowed: Collection[str]) -> str | None:
        """The command that all hypotheses begin with when only their last word differs."""
        heads = {" ".join(words[:-1]) for words in hypotheses}
        if len(hypotheses) < SHARED_BY or len(heads) > 1 or " " not in (head := heads.pop()):
            return None
        return self._exact(head, allowed)


def _taken(forms: Mapping[str, str], name: str, phrase: str) -> str:
    other = forms.get(phrase) or forms.get(_plain(phrase)) or name
    return "" if other == name else f'"{phrase}" already means "{other}". Choose other words.'


def _plain(text: str) -> str:
    """Without politeness, hesitation and doubled words: "stop stop please" is "stop"."""
    kept: list[str] = []
    for word in text.split():
        if word not in POLITE and word not in kept[-1:]:
            kept.append(word)
    return " ".join(kept)

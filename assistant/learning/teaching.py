"""Teaching: the person says some words a few times, and hears which of them will be known again.

Pure: what is asked next, and what came of it. Any utterance may stand for a word, clear or not, as long as it is said
alike; a word that is not, or that sounds like another, gets another wording proposed. Every word can be skipped and
teaching ended at any time; what was said until then counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from assistant.choices import World
from assistant.learning.features import Pattern
from assistant.learning.templates import Templates

COMMANDS = ("stop", "yes", "no", "repeat", "more", "menu", "help", "back", "slower", "louder")
"""The ten that steer most."""
FAVOURITES = 10
TRIES = 3
MOST_UNHEARD = 2
"""A word that stayed unheard so often is passed over: asking again tires."""
UNSTEADY = 0.575
"""Tries of one word farther apart than this are not alike enough: .53 is usual, .59 is chance."""
LEAD = 1.05
"""The nearest other word must be so many times as far as the word itself."""


@dataclass(frozen=True, slots=True)
class Word:
    """One thing to teach."""

    item: str
    """What it stands for: "command:stop", "topic:cramps"."""
    say: str
    """What to say for it now."""
    others: tuple[str, ...] = ()
    """Other wordings to propose, best first."""
    tries: tuple[Pattern, ...] = ()
    done: bool = False
    """Said often enough, or skipped."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How well a word will be known again."""

    item: str
    say: str
    kind: Literal["good", "unsteady", "confused"]
    other: str = ""
    """What it is confused with, as it is said."""
    proposal: str = ""
    """Another wording to try; empty: any sound of one's own."""


@dataclass(frozen=True)
class Teaching:
    """A lesson under way. Every answer makes a new one."""

    words: tuple[Word, ...]
    tries: int = TRIES
    unheard: int = 0
    """How often in a row nothing was heard."""

    @property
    def word(self) -> Word | None:
        """What is to be said now; None: the lesson is over."""
        return next((word for word in self.words if not word.done), None)

    def heard(self, pattern: Pattern | None) -> Teaching:
        """The word was said, or nothing usable was heard."""
        word = self.word
        if word is None:
            return self
        if pattern is None:
            unheard = self.unheard + 1
            return self.skip() if unheard >= MOST_UNHEARD else replace(self, unheard=unheard)
        tries = (*word.tries, pattern)
        return self._with(replace(word, tries=tries, done=len(tries) >= self.tries))

    def skip(self) -> Teaching:
        """Leave this word; tries made so far count."""
        return self._with(replace(self.word, done=True)) if self.word else self

    def end(self) -> Teaching:
        """Leave all that is left."""
        return replace(self, words=tuple(replace(word, done=True) for word in self.words), unheard=0)

    def again(self, item: str, say: str = "") -> Teaching:
        """Teach one word anew, in another wording: `say`, or the first proposal, or a sound of one's own."""
        words = []
        for word in self.words:
            if word.item == item:
                wording = say or next(iter(word.others), word.say)
                left = tuple(other for other in word.others if other != wording)
                words.append(replace(word, say=wording, others=left, tries=(), done=False))
            else:
                words.append(word)
        return replace(self, words=tuple(words), unheard=0)

    def templates(self) -> Templates:
        """What was taught."""
        made = Templates()
        for word in self.words:
            for pattern in word.tries:
                made = made.with_try(word.item, pattern, 0.0, taught=True)
        return made

    def findings(self) -> tuple[Finding, ...]:
        """Which words will be known again, which are unsteady, which sound like another; in the order of teaching."""
        known = self.templates()
        return tuple(_finding(word, self.words, known) for word in self.words if word.tries)

    def _with(self, changed: Word) -> Teaching:
        words = tuple(changed if word.item == changed.item else word for word in self.words)
        return Teaching(words, self.tries)


def _finding(word: Word, words: Sequence[Word], known: Templates) -> Finding:
    proposal = next(iter(word.others), "")
    if len(word.tries) > 1 and known.spread(word.item) > UNSTEADY:
        return Finding(word.item, word.say, "unsteady", "", proposal)
    own = known.spread(word.item)
    far: dict[str, float] = {}
    for pattern in word.tries:
        for item, score in known.without(word.item).scores(pattern).items():
            far[item] = far.get(item, 0.0) + score / len(word.tries)
    nearest = min(far, key=lambda item: far[item], default="")
    if nearest and far[nearest] < LEAD * own:
        other = next(w.say for w in words if w.item == nearest)
        return Finding(word.item, word.say, "confused", other, proposal)
    return Finding(word.item, word.say, "good")


def lesson(world: World, favourites: Iterable[str], tries: int = TRIES) -> Teaching:
    """Ten commands and up to ten topics, each with other wordings to propose, longer ones first."""
    words = [Word(f"command:{name}", *_wordings(_forms(world, name))) for name in COMMANDS]
    for topic in [t for t in dict.fromkeys(favourites) if t in world.topics][:FAVOURITES]:
        known = world.topics[topic]
        short = [q.rstrip("?.") for q in known.questions if len(q.split()) <= 3]
        words.append(Word(f"topic:{topic}", *_wordings([known.say, *short])))
    return Teaching(tuple(words), tries)


def _forms(world: World, command: str) -> list[str]:
    forms = [form for form, name in world.commands.forms.items() if name == command]
    return [*forms[:1], *sorted((f for f in forms[1:] if len(f.split()) in (2, 3)), key=len, reverse=True)]


def _wordings(texts: list[str]) -> tuple[str, tuple[str, ...]]:
    first, *rest = dict.fromkeys(texts)
    return first, tuple(rest)


class Ask(Protocol):
    """Says a prompt: `name` and what fills its braces."""

    def __call__(self, name: str, **fields: str) -> None:
        """Return when it is said."""


Answer = Pattern | Literal["skip", "end"] | None
"""What came back: a try, a wish, or nothing usable."""


def teach(teaching: Teaching, say: Ask, listen: Callable[[], Answer], agree: Callable[[], bool]) -> Teaching:
    """Run a lesson to its end: ask, listen, tell what is unsteady or confused, and offer another wording, once each.

    Args:
        teaching: from `lesson`.
        say: says a prompt and returns when it is said.
        listen: waits for one utterance.
        agree: waits for yes or no.
    """
    say("teach begin")
    teaching = _ask_all(teaching, say, listen)
    offered: set[str] = set()
    while finding := next((f for f in teaching.findings() if f.kind != "good" and f.item not in offered), None):
        offered.add(finding.item)
        say(f"teach {finding.kind}", word=finding.say, other=finding.other)
        say("teach propose" if finding.proposal else "teach own", word=finding.say, proposal=finding.proposal)
        if agree():
            teaching = _ask_all(teaching.again(finding.item), say, listen)
    good = sum(finding.kind == "good" for finding in teaching.findings())
    say("teach end", good=str(good), all=str(len(teaching.findings())))
    return teaching


def _ask_all(teaching: Teaching, say: Ask, listen: Callable[[], Answer]) -> Teaching:
    while (word := teaching.word) is not None:
        if teaching.unheard:
            say("teach unheard", word=word.say)
        else:
            say("teach again" if word.tries else "teach word", word=word.say)
        answer = listen()
        if answer == "end":
            return teaching.end()
        teaching = teaching.skip() if answer == "skip" else teaching.heard(answer)
    return teaching

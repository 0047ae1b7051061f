"""Everything that is known of one speaker, asked and taught in one place.

That is words they were heard as, how far the matcher is to be believed for them, and their triggers. Any thread may
call `understand`; the conversation's thread learns. Sound is turned into a pattern at once and let go.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.choices import World
from assistant.events import Learn
from assistant.learning.features import Pattern, pattern
from assistant.learning.fusing import fuse
from assistant.learning.keeping import Profile
from assistant.learning.leaning import OwnLeaning
from assistant.learning.own_voice import OwnVoice
from assistant.learning.own_words import OwnWords, protection
from assistant.learning.templates import Match
from assistant.matching import Matcher, Ranking, by_turns

COMMAND_FROM = 0.92
"""A command is obeyed from this probability on: it is not asked back."""
STOP_FROM = 0.6
"""Silence is cheap, and wanted at once."""
NAMED_FROM = 0.3
"""A trigger's name stands in for missing words where it will at least be offered."""
REMEMBERED_TURNS = 12
"""Turns that may still be confirmed; their patterns are kept in memory until then."""


@dataclass(frozen=True, slots=True)
class LearnedThing:
    """For "what have you learned": a topic or command, how it is known, and whether it is understood at once."""

    item: str
    text: str
    """What was heard; empty: known by its sound."""
    direct: bool


@dataclass(frozen=True, slots=True)
class _Turn:
    given: tuple[str, ...]
    heard: tuple[str, ...]
    pattern: Pattern | None
    ranking: Ranking
    """By the matcher alone."""


class SpeakerMemory:
    """What is known of the person with `profile`.

    Args:
        world: the topics, commands and cries for help there are.
        matcher: from words to topics.
        folder: where everything is remembered.
        profile: whose.
        clock: seconds since 1970.
    """

    def __init__(
        self, world: World, matcher: Matcher, folder: Path, profile: Profile, clock: Callable[[], float]
    ) -> None:
        self._world, self._matcher = world, matcher
        self.words = OwnWords(folder, profile, protection(world), clock)
        self.voice = OwnVoice(folder, profile, clock)
        self.leaning = OwnLeaning(folder, profile, clock)
        self._turns: deque[_Turn] = deque(maxlen=REMEMBERED_TURNS)
        self._last: tuple[str, bool, bool, bool] | None = None
        """The topic learned last, and whether words, triggers and leaning changed."""

    def renew(self, world: World, matcher: Matcher) -> None:
        """From now on there are other topics. What was learned stays."""
        self._world, self._matcher = world, matcher

    @property
    def troubles(self) -> tuple[str, ...]:
        """What could not be read, as sentences."""
        return (*self.words.troubles, *self.voice.troubles, *self.leaning.troubles)

    def understand(
        self, hypotheses: Sequence[str], sound: bytes = b"", others: Sequence[str] = ()
    ) -> tuple[tuple[str, ...], Ranking]:
        """What was said and which topics it may mean; `others`: what another recogniser heard in the sound.

        The hypotheses of both come back as they are, but for two cases: a trigger for a command stands first, and
        where no words were found at all, the likely trigger's name stands in.
        """
        heard = by_turns(hypotheses, others)
        plain = self._matcher.rank(hypotheses, others=others)
        ranking = self.words.apply(self.leaning.apply(plain), heard, self._world.topics)
        if self._world.urgent.find(heard) is not None:
            return heard, ranking
        found = pattern(sound) if sound else None
        match = self.voice.match(found)
        given = self._named(heard, match)
        self._turns.append(_Turn(given, heard, found, plain))
        return given, fuse(ranking, match) if match is None or match.topic in self._world.topics else ranking

    def learn(self, effect: Learn) -> None:
        """After a confirmed or refused turn. Raises LearningTrouble: learned, but not saved."""
        turn = next((t for t in reversed(self._turns) if t.given == effect.hypotheses), None)
        heard = turn.heard if turn else effect.hypotheses
        words = bool(heard) and self.words.learn(Learn(heard, effect.topic, effect.right))
        sound = turn.pattern if turn else None
        voice = sound is not None and self.voice.learn(f"topic:{effect.topic}", sound, right=effect.right)
        leaning = turn is not None and bool(turn.ranking.candidates)
        if turn is not None and leaning:
            self.leaning.learn(turn.ranking, effect.topic, right=effect.right)
        if words or voice or leaning:
            self._last = effect.topic, words, voice, leaning

    def listed(self) -> tuple[LearnedThing, ...]:
        """Triggers first, then words."""
        sounds = (LearnedThing(item, "", direct=True) for item in self.voice.templates.items)
        words = (LearnedThing(f"topic:{one.topic}", one.text, one.direct) for one in self.words.listed())
        return (*sounds, *words)

    def undo(self) -> str:
        """Undo the last thing learned; its topic, or empty. Raises LearningTrouble."""
        if self._last is None:
            return self.words.undo()
        (topic, words, voice, leaning), self._last = self._last, None
        if voice:
            self.voice.undo()
        if words:
            self.words.undo()
        if leaning:
            self.leaning.undo()
        return topic

    def forget(self, topic: str) -> None:
        """Forget all that was learned for `topic`, on the disk too. Raises LearningTrouble."""
        self._last = None
        self.words.forget(topic)
        self.voice.forget(f"topic:{topic}")
        self.leaning.forget(topic)

    def _named(self, heard: tuple[str, ...], match: Match | None) -> tuple[str, ...]:
        if match is None:
            return heard
        if match.command and match.probability >= (STOP_FROM if match.command == "stop" else COMMAND_FROM):
            forms = self._world.commands.forms
            known = self._world.commands.find(heard, frozenset(forms.values()))
            form = next((form for form, name in forms.items() if name == match.command), "")
            return heard if known or not form else (form, *heard)
        if not heard and match.topic in self._world.topics and match.probability >= NAMED_FROM:
            return (self._world.topics[match.topic].say,)
        return heard

"""A conversation in a test: hand in events, read what is said."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.choices import World
from assistant.dialogue import step
from assistant.events import (
    AnyEffect,
    AnyEvent,
    Heard,
    Learn,
    Listen,
    Picked,
    Pressed,
    Say,
    Show,
    Spoken,
    Started,
)
from assistant.matching import Candidate, Ranking
from assistant.places import AnyPlace, Conversation

NOTHING = Ranking((), 1.0)


def meaning(*topics: str, probability: float = 0.97, rest: float = 0.01) -> Ranking:
    """A ranking that puts `topics` in this order, the first with `probability`."""
    first = (Candidate(topics[0], probability),) if topics else ()
    others = tuple(Candidate(topic, rest) for topic in topics[1:])
    return Ranking(first + others, max(0.0, 1 - probability - rest * len(others)))


@dataclass
class Talk:
    """Keeps the conversation and everything it did."""

    world: World
    now: Conversation = field(default_factory=Conversation)
    effects: tuple[AnyEffect, ...] = ()
    past: list[AnyEffect] = field(default_factory=list)

    def do(self, event: AnyEvent) -> Talk:
        self.now, self.effects = step(self.world, self.now, event)
        self.past += self.effects
        return self

    def start(self) -> Talk:
        return self.do(Started()).finish()

    def ask(self, text: str, ranking: Ranking = NOTHING) -> Talk:
        """Spoken into the open listening."""
        return self.do(Heard((text,) if text else (), ranking, "vosk", self.now.listening))

    def finish(self) -> Talk:
        """What is being said comes to its end."""
        return self.do(Spoken(self.now.speaking)) if self.now.speaking else self

    def press(self, item: str = "") -> Talk:
        return self.do(Pressed(item))

    def pick(self, item: str) -> Talk:
        return self.do(Picked(item))

    @property
    def place(self) -> AnyPlace:
        return self.now.place

    @property
    def said(self) -> str:
        return " ".join(effect.text for effect in self.effects if isinstance(effect, Say))

    @property
    def learned(self) -> list[Learn]:
        return [effect for effect in self.past if isinstance(effect, Learn)]

    def last(self, kind: type[AnyEffect]) -> AnyEffect:
        return [effect for effect in self.past if isinstance(effect, kind)][-1]

    @property
    def listen(self) -> Listen:
        found = self.last(Listen)
        assert isinstance(found, Listen)
        return found

    @property
    def view(self) -> Show:
        found = self.last(Show)
        assert isinstance(found, Show)
        return found

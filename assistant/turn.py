"""One turn of the conversation while it is being thought out: what is said, where it leads, what the senses do.

A turn starts from a conversation, is changed by the rules in :mod:`assistant.dialogue`, and settles into the next
conversation and its effects. Settling keeps two promises by construction: something that can wake the conversation is
always pending, and whatever was being said is silenced before anything new is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import msgspec

from assistant.choices import World, items_now, only_words, options_text, screen_words, wanted_words, wants_ear
from assistant.events import (
    Alarm,
    Aloud,
    AnyEffect,
    Hush,
    Ignore,
    Keep,
    Learn,
    Listen,
    Miss,
    Say,
    Show,
    Tone,
    Value,
    Wait,
)
from assistant.partner.script import instead
from assistant.partner.view import aloud_of, heading, tour_text
from assistant.places import Answer, AnyPlace, Asleep, Conversation, Pace, Partner, Reading, Tour, Urgent

SECONDS_A_WORD = 0.75
"""At 80 words a minute, half the default rate: no voice is slower."""
EAR_OPENS, EAR_CLOSES = "select", "rest"
"""Names of tones: one rises, one falls."""
GUARD_S = 10.0
"""A saying that has not ended this long after it must have is taken to be over."""
HISTORY = 8
WORD_PATIENCE_SHARE = 0.6
LONGEST_WORD_PATIENCE_S = 1.8
"""Where only words count less patience will do, but "help ... me" must not fall apart. "Stop" never waits for it."""


@dataclass(slots=True)
class Turn:
    """The next conversation in the making."""

    world: World
    now: Conversation
    text: list[str] = field(default_factory=list)
    effects: list[AnyEffect] = field(default_factory=list)
    hushed: bool = False
    alarm: bool = False
    reopen: bool = False
    """The open listening is used up or unwanted: open a new one."""
    heard: str = ""
    shown: str = ""
    """Words for the screens only, where speaking would break a silence someone asked for."""
    loud: bool = False
    quiet: bool = False
    """A list that is scanned need not be read out as well."""
    slower: float = 1.0
    repeated: bool = False
    large: bool = False
    """What is said fills the screen."""
    before: Conversation = field(init=False)
    """Where the turn started."""

    def __post_init__(self) -> None:
        self.before = self.now

    def change(self, **fields: object) -> None:
        """Remember something new."""
        self.now = msgspec.structs.replace(self.now, **fields)

    def go(self, place: AnyPlace, *, back: bool = True) -> None:
        """Be somewhere else; with `back`, the way back is kept."""
        here = self.now.place
        if back and not isinstance(here, (Asleep, Urgent)) and here != place:
            self.change(before=(*self.now.before[-HISTORY:], here))
        self.change(place=place)

    def prompt(self, name: str, **fields: str) -> str:
        """The next wording of a prompt, filled in; never the one used last when there is another."""
        variants = self.world.content.prompts.variants(name)
        used = dict(self.now.turns)
        turn = (used.get(name, -1) + 1) % len(variants)
        self.change(turns=tuple(sorted({**used, name: turn}.items())))
        return self.fill(variants[turn].format_map(_Braces(fields)))

    def fill(self, text: str) -> str:
        """Put the region's emergency number and crisis line into `text`."""
        return self.world.content.fill(text, self.now.region)

    def say(self, *texts: str) -> None:
        """Say this too."""
        self.text.extend(text.strip() for text in texts if text.strip())

    def ask(self, name: str, **fields: str) -> None:
        """Say a prompt."""
        self.say(self.prompt(name, **fields))

    def show(self, name: str) -> None:
        """Put a prompt on the screens without saying it."""
        self.shown = self.prompt(name)

    def hush(self) -> None:
        """Be silent at once, alarm included."""
        self.hushed = True

    def learn(self, hypotheses: tuple[str, ...], topic: str, *, right: bool) -> None:
        """Note a confirmed or refused meaning."""
        if hypotheses:
            self.effects.append(Learn(hypotheses, topic, right))

    def miss(self, hypotheses: tuple[str, ...], why: Literal["declined", "refused"]) -> None:
        """Note what was not understood, if the person wants that."""
        if hypotheses and self.now.keeps_misses:
            self.effects.append(Miss(hypotheses, why))

    def keep(self, name: str, value: Value) -> None:
        """Note a changed setting."""
        self.effects.append(Keep(name, value))

    def options(self, topics: tuple[str, ...]) -> str:
        """`topics` read out as numbered choices."""
        return options_text(self.world, [self.world.topics[topic].title for topic in topics])

    def read_aloud(self) -> str:
        """The words that someone reads aloud now; empty while nobody does."""
        aloud = aloud_of(self.world, self.now)
        return read_aloud(aloud) if aloud else ""

    def settle(self) -> tuple[Conversation, tuple[AnyEffect, ...]]:
        """The next conversation, and everything to be done, in order."""
        if self.now.reads:
            self._hand_over()
        text = self._whole_text()
        effects: list[AnyEffect] = []
        if self.hushed or (text and self.now.speaking):
            effects.append(Hush())
            self.change(speaking=0)
        effects += self.effects
        if text:
            effects += self._saying(text)
        if self.reopen or not self.now.listening or bool(text) or self.hushed or not wants_ear(self.now):
            effects += self._ear()
        effects.append(self._view(text))
        return self.now, tuple(effects)

    def _hand_over(self) -> None:
        """Someone reads aloud: what was asked for is laid before them, and said only if that was asked for, too."""
        here = self.now.place
        self.change(place=instead(here))
        self.hushed = self.hushed or (self.now.speaking != 0 and self.now.place != self.before.place)
        if not self.repeated and not self.loud:
            self.shown = "" if isinstance(here, Answer) else " ".join(self.text) or self.shown
            self.text.clear()

    def _whole_text(self) -> str:
        """All that is said. The same words twice in a row sound like a machine that does not listen."""
        text = " ".join(self.text)
        if text and text == self.before.last_text and not self.repeated and not self.alarm:
            return self.prompt("once more", text=text)
        return text

    def _next_number(self) -> int:
        self.change(number=self.now.number + 1)
        return self.now.number

    def _saying(self, text: str) -> list[AnyEffect]:
        number, pace = self._next_number(), self.now.pace
        self.change(speaking=number, last_text=text)
        if not self.repeated:
            self.change(repeats=0)
        rate_wpm = round(pace.rate_wpm * self.slower)
        pause_s = pace.pause_s + (0.6 if self.slower < 1 else 0.0)
        volume = 1.0 if self.loud else pace.volume
        longest_s = GUARD_S + SECONDS_A_WORD * len(text.split()) + pause_s * text.count(".")
        effects: list[AnyEffect] = [Say(number, text, rate_wpm, pause_s, volume), Wait(number, longest_s)]
        return [*effects, Alarm(number)] if self.alarm else effects

    def _ear(self) -> list[AnyEffect]:
        """The ear opened anew, or closed where only a press opens it; with a sound, if wanted, when that changes."""
        hears = wants_ear(self.now)
        closing: list[AnyEffect] = [Ignore()] if self.now.listening else []
        if not hears:
            self.change(listening=0, speech_began=False)
        out: list[AnyEffect] = [self._listening()] if hears else closing
        if self.now.tones and _hears_questions(self.before) != _hears_questions(self.now):
            out.append(Tone(EAR_OPENS if _hears_questions(self.now) else EAR_CLOSES))
        return out

    def _listening(self) -> Listen:
        number = self._next_number()
        self.change(listening=number, speech_began=False)
        words = wanted_words(self.world, self.now)
        closed = only_words(self.now)
        patience_s = word_patience_s(self.now.pace) if closed else self.now.pace.patience_s
        return Listen(number, words, closed, patience_s)

    def _view(self, text: str) -> Show:
        place = self.now.place
        shown = text or self.shown or (self.now.last_text if self.now.speaking else "")
        title, idle = screen_words(self.world, place)
        aloud = aloud_of(self.world, self.now)
        if isinstance(place, (Partner, Reading, Tour)):
            title = heading(self.world, place)
            idle = tour_text(self.world, place) if isinstance(place, Tour) else ""
        if aloud and aloud.kind != "plain":
            aloud = msgspec.structs.replace(aloud, note=self.shown)
            shown = text or read_aloud(aloud)
        offered = items_now(self.world, self.now)
        large = self.large or isinstance(place, Tour)
        return Show(self._state(place), title, shown or idle, offered, self.heard, large, aloud)

    def _state(self, place: AnyPlace) -> Literal["listening", "speaking", "resting", "urgent"]:
        if isinstance(place, Urgent):
            return "urgent"
        if isinstance(place, Asleep):
            return "resting"
        return "speaking" if self.now.speaking else "listening"


def read_aloud(aloud: Aloud) -> str:
    """A script's words in one line."""
    return aloud.text if aloud.kind == "card" else f"{aloud.lead} {aloud.text}".replace("\u2026", "").replace("  ", " ")


def _hears_questions(conversation: Conversation) -> bool:
    return conversation.listening != 0 and not only_words(conversation)


def word_patience_s(pace: Pace) -> float:
    """Silence that ends an utterance where only words count."""
    if pace.patience_s is None:
        return LONGEST_WORD_PATIENCE_S
    return min(LONGEST_WORD_PATIENCE_S, WORD_PATIENCE_SHARE * pace.patience_s)


class _Braces(dict[str, str]):
    """Leaves braces it does not know for the region to fill."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"

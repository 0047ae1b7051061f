"""Conversations written down as a play, and a stage they are played on: the real loop, a clock that is set by hand.

A scene begins with `== title`. Each line is `word: rest`, or a word alone. What happens:

    settings: listening = switch    settings that are not the usual ones, before anything else
    person: words                   spoken when the assistant has finished
    hears: words => topic .7, topic .1    the same, with this meaning in place of the matcher's
    over: words                     spoken while the assistant still speaks
    noise                           a voice without words
    types: words    begins    press: item    pick: item    undo    wait: seconds    done    trouble: sense sentence

What must follow, about the last thing that happened:

    says: words / words             all of them were said; [name] is any wording of that prompt
    says not: words    quiet    shows: words    place: Answer topic    ear: open, words or closed
    alarm    no alarm    hush    keeps: name = value    learns: topic yes    missed: why    tone: name
    rate: words a minute    pauses    large    patience: seconds    volume: 0 to 1
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from assistant.app import App
from assistant.choices import World
from assistant.events import (
    AnyEvent,
    Heard,
    Keep,
    Learn,
    Listen,
    Miss,
    Picked,
    Pressed,
    Say,
    Show,
    SpeechBegan,
    Spoken,
    Started,
    Troubled,
    Undone,
)
from assistant.journal import Journal
from assistant.matching import Candidate, Matcher, Ranking
from assistant.places import Asleep
from assistant.profile import Settings

SCENES = Path(__file__).with_name("conversations.txt")


@dataclass
class Senses:
    """Mouth and ear of the stage: they note what they are told."""

    said: list[Say] = field(default_factory=list)
    tones: list[str] = field(default_factory=list)
    hushes: int = 0
    alarms: int = 0
    open: Listen | None = None
    ended: int = 0
    missing: str = ""

    def say(self, order: Say) -> None:
        self.said.append(order)

    def alarm(self, after: int) -> None:
        self.alarms += after > 0

    def tone(self, name: str) -> None:
        self.tones.append(name)

    def hush(self) -> None:
        self.hushes += 1

    def listen(self, order: Listen) -> None:
        self.open = order

    def end_utterance(self) -> None:
        self.ended += 1

    def ignore(self) -> None:
        self.open = None

    def rescan(self) -> None:
        pass

    def look_anew(self) -> None:
        pass

    def close(self) -> None:
        pass


class Stage:
    """One conversation on the real loop."""

    def __init__(self, world: World, matcher: Matcher, folder: Path, settings: Settings) -> None:
        self.senses, self.now_s = Senses(), 0.0
        self.kept: list[Keep] = []
        self.learned: list[Learn] = []
        self.missed: list[Miss] = []
        self.shown: list[Show] = []
        start = settings.conversation()
        self.app = App(
            world,
            start,
            matcher,
            journal=Journal(folder, "off", start),
            keep=self.kept.append,
            learn=self.learned.append,
            clock=lambda: self.now_s,
        )
        self.app.ear = self.app.mouth = self.senses
        self.app.misses = self.missed.append
        self.app.screens.append(self.shown.append)
        self.matcher, self.world = matcher, world
        self.mark: dict[str, int] = {}
        self.all_said: list[str] = []
        self.do(Started())

    # ---- what happens

    def do(self, event: AnyEvent) -> None:
        """Hand in one event and let the loop come to rest."""
        self._remember()
        self.app.put(event)
        self._settle()

    def finish(self) -> None:
        """What is being said comes to its end."""
        if self.app.conversation.speaking:
            self.do(Spoken(self.app.conversation.speaking))

    def speak(self, words: str, ranking: Ranking | None = None) -> None:
        """Into the open ear; where it is closed nobody hears it."""
        if self.senses.open is None:
            self._remember()
            return
        texts = (words,) if words else ()
        found = self.matcher.rank(texts) if ranking is None else ranking
        self.do(Heard(texts, found, "vosk", self.app.conversation.listening))

    def wait(self, seconds: float) -> None:
        """Time passes, and nothing happens."""
        self._remember()
        self.now_s += seconds
        self._settle()

    def _remember(self) -> None:
        senses = self.senses
        self.mark = {
            "said": len(senses.said),
            "tones": len(senses.tones),
            "hushes": senses.hushes,
            "alarms": senses.alarms,
            "kept": len(self.kept),
            "learned": len(self.learned),
            "missed": len(self.missed),
        }

    def _settle(self) -> None:
        for _ in range(10):
            assert self.app.turn(0.0)

    # ---- what followed

    @property
    def said(self) -> str:
        return " ".join(order.text for order in self.senses.said[self.mark["said"] :])

    @property
    def last(self) -> Say:
        return self.senses.said[-1]

    def place(self) -> str:
        place = self.app.conversation.place
        inner = f" {type(place.back_to).__name__}" if isinstance(place, Asleep) else ""
        about = getattr(place, "topic", "") or getattr(place, "group", "")
        return f"{type(place).__name__}{inner} {about}".strip()

    def ear(self) -> str:
        if self.senses.open is None:
            return "closed"
        return "words" if self.senses.open.closed else "open"


def meaning_of(text: str) -> Ranking:
    """`topic .7, topic .1` as a ranking."""
    pairs = [part.split() for part in text.split(",") if part.strip()]
    candidates = tuple(Candidate(topic, float(probability)) for topic, probability in pairs)
    return Ranking(candidates, max(0.0, 1 - sum(c.probability for c in candidates)))


def heard_with_meaning(stage: Stage, rest: str) -> None:
    words, _, meaning = rest.partition("=>")
    stage.finish()
    stage.speak(words.strip(), meaning_of(meaning))


def spoken(stage: Stage, words: str) -> None:
    stage.finish()
    stage.speak(words)


def typed(stage: Stage, words: str) -> None:
    stage.do(Heard((words,), stage.matcher.rank((words,))))


def troubled(stage: Stage, rest: str) -> None:
    sense, _, sentence = rest.partition(" ")
    stage.do(msgspec.convert({"type": "Troubled", "sense": sense, "sentence": sentence}, Troubled))


ACTS: dict[str, Callable[[Stage, str], None]] = {
    "person": spoken,
    "hears": heard_with_meaning,
    "over": lambda stage, rest: stage.speak(rest),
    "noise": lambda stage, _: spoken(stage, ""),
    "types": typed,
    "begins": lambda stage, _: stage.do(SpeechBegan(stage.app.conversation.listening)),
    "press": lambda stage, rest: stage.do(Pressed(rest)),
    "pick": lambda stage, rest: stage.do(Picked(rest)),
    "undo": lambda stage, _: stage.do(Undone()),
    "wait": lambda stage, rest: stage.wait(float(rest)),
    "done": lambda stage, _: stage.finish(),
    "trouble": troubled,
}


def wording(world: World, text: str) -> re.Pattern[str]:
    """Words, or [name] for any wording of a prompt with anything filled in."""
    if not text.startswith("["):
        return re.compile(re.escape(text), re.IGNORECASE)
    variants = world.content.prompts.variants(text.strip("[]"))
    return re.compile("|".join(".+".join(map(re.escape, re.split(r"\{\w+\}", one))) for one in variants), re.DOTALL)


def says(stage: Stage, rest: str) -> bool:
    return all(wording(stage.world, part.strip()).search(stage.said) for part in rest.split(" / "))


def keeps(stage: Stage, rest: str) -> bool:
    name, _, value = rest.partition(" = ")
    return any(k.name == name and str(k.value) == value for k in stage.kept[stage.mark["kept"] :])


def learns(stage: Stage, rest: str) -> bool:
    topic, _, right = rest.partition(" ")
    return any(one.topic == topic and one.right == (right == "yes") for one in stage.learned[stage.mark["learned"] :])


CHECKS: dict[str, Callable[[Stage, str], bool]] = {
    "says": says,
    "says not": lambda stage, rest: not wording(stage.world, rest).search(stage.said),
    "quiet": lambda stage, _: not stage.said,
    "shows": lambda stage, rest: bool(wording(stage.world, rest).search(stage.shown[-1].text)),
    "place": lambda stage, rest: stage.place() == rest,
    "ear": lambda stage, rest: stage.ear() == rest,
    "alarm": lambda stage, _: stage.senses.alarms > stage.mark["alarms"],
    "no alarm": lambda stage, _: stage.senses.alarms == stage.mark["alarms"],
    "hush": lambda stage, _: stage.senses.hushes > stage.mark["hushes"],
    "keeps": keeps,
    "learns": learns,
    "missed": lambda stage, rest: [m.why for m in stage.missed[stage.mark["missed"] :]] == rest.split(),
    "tone": lambda stage, rest: rest in stage.senses.tones[stage.mark["tones"] :],
    "rate": lambda stage, rest: stage.last.rate_wpm == int(rest),
    "pauses": lambda stage, _: stage.last.pause_s > 0,
    "volume": lambda stage, rest: stage.last.volume == float(rest),
    "large": lambda stage, _: stage.shown[-1].large,
    "not large": lambda stage, _: not stage.shown[-1].large,
    "patience": lambda stage, rest: str(stage.app.conversation.pace.patience_s) == rest,
    "ends": lambda stage, _: stage.senses.ended > 0,
}


@dataclass(frozen=True)
class Scene:
    """One conversation as it is written down."""

    title: str
    lines: tuple[tuple[int, str, str], ...]
    """Number of the line in the file, what happens or must follow, and the rest."""

    @property
    def settings(self) -> Settings:
        tables = [tomllib.loads(quoted(rest)) for _, word, rest in self.lines if word == "settings"]
        return msgspec.convert({name: value for table in tables for name, value in table.items()}, Settings)

    def play(self, stage: Stage) -> None:
        """Raises AssertionError naming the line."""
        for number, word, rest in self.lines:
            if word in ACTS:
                ACTS[word](stage, rest)
            elif word in CHECKS:
                heard = f"said {stage.said!r}, is at {stage.place()}, ear {stage.ear()}"
                assert CHECKS[word](stage, rest), f"line {number}: {word}: {rest}\n{heard}"
            else:
                assert word == "settings", f"line {number}: nobody knows what {word!r} is"


def quoted(setting: str) -> str:
    """`listening = switch` as TOML."""
    name, _, value = setting.partition(" = ")
    return f"{name} = {value}" if value in ("true", "false") or value[0].isdigit() else f'{name} = "{value}"'


def read_scenes() -> list[Scene]:
    """Every scene of the file."""
    scenes: list[Scene] = []
    lines: list[tuple[int, str, str]] = []
    for number, text in enumerate(SCENES.read_text("utf-8").splitlines(), 1):
        line = text.strip()
        if line.startswith("== "):
            lines = []
            scenes.append(Scene(line.removeprefix("== "), ()))
        elif line and not line.startswith("#"):
            word, _, rest = line.partition(":")
            lines.append((number, word.strip(), rest.strip()))
            scenes[-1] = Scene(scenes[-1].title, tuple(lines))
    return scenes

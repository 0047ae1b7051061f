"""A day with a family, played fast: the assistant as it is put together, on clocks that are set by hand.

Everything is real but the devices and the time: conversation, matcher, scanner, page server, journal, settings, misses,
counts, what is learned. Voice, switch, mouse and keyboard come mixed, and so do faults; after each of them the
assistant must answer again within five seconds of its own time, and nothing that was kept may be lost.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import os
import queue
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Self
from unittest.mock import patch
from urllib.parse import urlsplit

from assistant import running
from assistant.choices import World, items_now
from assistant.events import (
    Keep,
    Learn,
    Listen,
    Picked,
    Pressed,
    Say,
    Show,
    SpeechBegan,
    Spoken,
    Started,
    Switch,
    Ticked,
    Troubled,
    Undone,
    Value,
)
from assistant.journal import FILE as JOURNAL
from assistant.journal import read_journal, replay
from assistant.learning.own_words import OwnWords, protection
from assistant.matching import Matcher
from assistant.places import Answer, Confirm, Reading
from assistant.pressing.counting import read_counts
from assistant.profile import read_settings, write_setting
from assistant.running import Wanted, build
from assistant.showing.page import Page
from assistant.switches import save_counts

BACK_WITHIN_S = 5.0
QUESTIONS = Path(__file__).parent / "evaluation"
PROBE = "what is als"
KEPT_AT_FIRST: dict[str, Value | list[str]] = {
    "misses": True,
    "scan_counts": True,
    "scanning": "auto",
    "journal": "words",
    "listening": "open",
}


class Clocks:
    """The time since the start, which only goes on, and the time of day, which anyone may set."""

    def __init__(self) -> None:
        self.now_s, self.wall_s = 1000.0, 1_800_000_000.0

    def monotonic(self) -> float:
        return self.now_s

    def wall(self) -> float:
        return self.wall_s

    def go(self, seconds: float) -> None:
        self.now_s += seconds
        self.wall_s += seconds


class Events(queue.SimpleQueue[object]):
    """A queue on these clocks: waiting takes no real time."""

    def __init__(self, clocks: Clocks) -> None:
        super().__init__()
        self._clocks = clocks

    def get(self, block: bool = True, timeout: float | None = None) -> object:  # noqa: FBT001, FBT002 - as in queue
        del block
        if not self.empty():
            return super().get(timeout=5)
        self._clocks.go(timeout or 0.0)
        raise queue.Empty


class Senses:
    """Mouth and ear, which can fail."""

    def __init__(self) -> None:
        self.missing = ""
        self.broken = False
        self.speaking: Say | None = None
        self.open: Listen | None = None

    def _work(self) -> None:
        if self.broken:
            raise OSError(errno.EIO, "Input/output error")

    def say(self, order: Say) -> None:
        self._work()
        if order.output == "answer":
            self.speaking = order

    def alarm(self, after: int) -> None:
        del after
        self._work()

    def tone(self, name: str) -> None:
        del name
        self._work()

    def hush(self) -> None:
        self.speaking = None
        self._work()

    def listen(self, order: Listen) -> None:
        self._work()
        self.open = order

    def end_utterance(self) -> None:
        self._work()

    def ignore(self) -> None:
        self.open = None
        self._work()

    def rescan(self) -> None:
        self._work()

    def look_anew(self) -> None:
        self._work()

    def close(self) -> None:
        self._work()


class Day:
    """One day; `with Day(...) as day: day.live(turns)`.

    Args:
        world, matcher: read once.
        home: where everything is kept.
        seed: the same seed is the same day.
        page: whether the page is served too.
    """

    def __init__(self, world: World, matcher: Matcher, home: Path, *, seed: int = 1, page: bool = True) -> None:
        self.world, self.matcher, self.home, self._page_too = world, matcher, home, page
        self.chance = random.Random(seed)  # noqa: S311 - a test
        self.clocks = Clocks()
        self.done: Counter[str] = Counter()
        self.slowest_s: Counter[str] = Counter()
        """For each fault, the longest time until an answer, of the assistant's own time."""
        self.said: list[str] = []
        """What was told about faults since the last one."""
        self.disk = ""
        """What is wrong with the disk; empty: nothing."""
        self._open = contextlib.ExitStack()
        self._questions = questions()
        self.page: Page | None = None

    def __enter__(self) -> Self:
        open_ = self._open
        open_.enter_context(patch.dict(os.environ, {"ASKALOUD_HOME": str(self.home)}))
        open_.enter_context(patch.object(running, "load_world", lambda _: (self.world, [])))
        open_.enter_context(patch.object(running, "make_matcher", lambda _: self.matcher))
        open_.enter_context(patch.object(running, "time", SimpleNamespace(time=self.clocks.wall)))
        open_.enter_context(patch.object(running, "_tell", lambda *sentences: self.said.extend(sentences)))
        safe, place = os.fsync, os.replace
        open_.enter_context(patch.object(os, "fsync", lambda handle: self._disk("full", safe, handle)))
        open_.enter_context(patch.object(os, "replace", lambda *paths: self._disk("read-only", place, *paths)))
        write_setting(self.home, KEPT_AT_FIRST)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()
        self._open.close()

    def _disk(self, fault: str, do: Callable[..., None], *given: object) -> None:
        if self.disk == fault:
            number = errno.ENOSPC if fault == "full" else errno.EROFS
            raise OSError(number, os.strerror(number))
        do(*given)

    # ---- start and end

    def start(self) -> None:
        """Start as a person does, with what is kept."""
        settings, troubles = read_settings(self.home)
        self.said += troubles
        self.app, self.page = build(settings, Wanted(hears=False, speaks=False, page=self._page_too, browser=False))
        app = self.app
        app._clock = self.clocks.monotonic
        events = Events(self.clocks)
        while not app._events.empty():
            events.put(app._events.get())
        app._events = events  # type: ignore[assignment]  # of the same kind
        self.senses = Senses()
        app.ear = app.mouth = self.senses
        self.shown = ""
        app.screens.append(self._see)
        app.put(Started())
        self.settle()

    def _see(self, view: Show) -> None:
        """Everything on the screen; while someone reads aloud, what is for them too."""
        self.shown = f"{view.text} {view.aloud.text} {view.aloud.note}" if view.aloud else view.text

    def leave(self) -> None:
        """End as a person does."""
        self.app.close()
        save_counts(self.app.scanner, self.home)
        if self.page is not None:
            self.page.close()

    def settle(self, seconds: float = 0.0) -> None:
        """Let the loop turn until nothing is left to do, and `seconds` are over."""
        end_s = self.clocks.now_s + seconds
        while not self.app._events.empty() or self.clocks.now_s < end_s:
            assert self.app.turn(max(0.0, end_s - self.clocks.now_s)), "it ended"
        assert "memory" not in self.app._told, "something went wrong inside the loop: " + self.shown

    # ---- a turn

    def live(self, turns: int) -> None:
        """So many things happen, one in thirty of them a fault."""
        acts = [getattr(self, name) for name in dir(self) if name.startswith("act_")]
        faults = [getattr(self, name) for name in dir(self) if name.startswith("fault_")]
        for turn in range(turns):
            fault = turn % 30 == 29
            do = faults[turn // 30 % len(faults)] if fault else self.chance.choice(acts)
            name = do.__name__.partition("_")[2].replace("_", " ")
            self.done[name] += 1
            self.said.clear()
            do()
            self.settle()
            if fault:
                self.answers_again(name)

    def answers_again(self, fault: str) -> None:
        """Silence on a press, then an answer to a question: within five seconds."""
        begun_s = self.clocks.now_s
        self.app.put(Picked("command:stop"))
        self.settle(0.5)
        if not self.answers():
            self.app.put(Pressed())  # it may be asleep
            self.settle(0.5)
            assert self.answers(), f"after {fault} no answer at {self.app.conversation.place}: {self.shown}"
        self.slowest_s[fault] = max(self.slowest_s[fault], self.clocks.now_s - begun_s)  # type: ignore[assignment]
        assert self.clocks.now_s - begun_s < BACK_WITHIN_S

    def answers(self) -> bool:
        self.app.heard((PROBE,))
        self.settle()
        place = self.app.conversation.place  # on cards where someone reads aloud; asked back where it was refused
        return isinstance(place, Answer | Reading | Confirm) and place.topic == "what-is-als" and "ALS" in self.shown

    def act_types_a_question(self) -> None:
        self.app.heard((self.chance.choice(self._questions),))

    def act_asks_aloud(self) -> None:
        number = self.app.conversation.listening
        self.app.put(SpeechBegan(number))
        words = self.chance.choice(self._questions).split()
        guesses = [" ".join(word for word in words if self.chance.random() < 0.85) for _ in range(3)]
        self.app.heard(guesses, "vosk", number, self.chance.randbytes(16_000), self.chance.random())

    def act_makes_a_noise(self) -> None:
        self.app.heard((), "vosk", self.app.conversation.listening)

    def act_says_a_command(self) -> None:
        known = sorted(form for form, name in self.world.commands.forms.items() if name != "quit")
        self.app.heard((self.chance.choice(known),), "vosk", self.app.conversation.listening)

    def act_says_yes_or_no(self) -> None:
        self.app.heard((self.chance.choice(("yes", "no", "one", "two", "none of these")),))

    def act_calls_for_help(self) -> None:
        self.app.heard((self.chance.choice(self.world.urgent.phrases),))

    def act_presses(self) -> None:
        at_s = self.clocks.now_s
        self.app.put(Switch(down=True, at_s=at_s))
        self.settle(self.chance.choice((0.1, 0.2, 1.5, 4.0)))
        self.app.put(Switch(down=False, at_s=self.clocks.now_s))

    def act_trembles(self) -> None:
        for number in range(8):
            self.app.put(Switch(down=not number % 2, at_s=self.clocks.now_s))
            self.settle(0.03)

    def act_picks(self) -> None:
        shown = [item.id for item in items_now(self.app.world, self.app.conversation) if item.id != "command:quit"]
        self.app.put(Picked(self.chance.choice([*shown, "topic:nowhere", "", "no:thing"])))

    def act_takes_back(self) -> None:
        self.app.put(Undone())

    def act_comes_late(self) -> None:
        self.app.put(Spoken(self.chance.randrange(1, 10_000)))
        self.app.put(Ticked(self.chance.randrange(-10_000, 10_000)))
        self.app.put(SpeechBegan(self.chance.randrange(10_000)))

    def act_hears_to_the_end(self) -> None:
        if self.app.conversation.speaking:
            self.app.put(Spoken(self.app.conversation.speaking))

    def act_waits(self) -> None:
        self.settle(self.chance.choice((0.5, 3.0, 20.0, 90.0)))

    def act_presses_on_the_page(self) -> None:
        if self.page is not None:
            posted(self.page, "/press", b'{"down": true, "shown": "command:stop"}')
            posted(self.page, "/press", b'{"down": false}')

    # ---- faults

    def fault_lost_microphone(self) -> None:
        self._lost("microphone")

    def fault_lost_loudspeaker(self) -> None:
        self._lost("loudspeaker")

    def _lost(self, sense: str) -> None:
        sentence = f"The {sense} is gone. Look at its plug."
        self.app.put(Picked("command:stop"))
        self.settle()
        self.app.put(Troubled(sense, sentence))  # type: ignore[arg-type]  # one of the two
        self.settle()
        assert sentence in self.shown, f"nothing is said of the {sense} at {self.app.conversation.place}: {self.shown}"
        self.act_types_a_question()
        self.settle(2.0)
        self.app.put(Troubled(sense, f"The {sense} works now.", lost=False))  # type: ignore[arg-type]  # as above

    def fault_broken_voice_and_ear(self) -> None:
        self.senses.broken = True
        for _ in range(3):
            self.act_types_a_question()
            self.settle(30.0)
        assert self.app._told & {"voice", "microphone"}
        self.senses.broken = False

    def fault_full_disk(self) -> None:
        self._refusing("full")

    def fault_read_only_disk(self) -> None:
        self._refusing("read-only")

    def _refusing(self, how: str) -> None:
        before = read_settings(self.home)[0].rate_wpm
        self.app._told = {one for one in self.app._told if "settings" not in one}
        self.app.put(Picked("command:stop"))
        self.settle()
        self.disk = how
        try:
            self.app.heard(("slower" if before > 100 else "normal",))
            self.app._learn(Learn(("full disk words",), "hope", right=True))
            self.settle(1.0)
            assert any("could not be saved" in one for one in self.said), self.said
        finally:
            self.disk = ""
        assert read_settings(self.home)[0].rate_wpm == before

    def fault_clock_is_set(self) -> None:
        self.clocks.wall_s += self.chance.choice((-1, 1)) * self.chance.choice((3600, 86_400 * 30, 86_400 * 7000))
        self.clocks.wall_s = max(0.0, self.clocks.wall_s)

    def fault_sleeps_as_linux_does(self) -> None:
        self.clocks.wall_s += 8 * 3600  # the time since the start stands still meanwhile

    def fault_sleeps_as_others_do(self) -> None:
        self.clocks.go(8 * 3600)

    def fault_killed_page_server(self) -> None:
        if self.page is not None:
            first = self.page._serving._server
            first.should_exit = first.force_exit = True
            until(lambda: self.page is None or self.page._serving._server is not first)
            assert posted(self.page, "/press", b'{"down": true}') == 204
            posted(self.page, "/press", b'{"down": false}')

    def fault_started_again(self) -> None:
        before = self.remembered()
        self.leave()
        self.start()
        assert self.remembered() == before

    def fault_killed_without_a_word(self) -> None:
        """What is on the disk is all there is; the rest of the old process is gone."""
        word = f"saying {self.chance.randrange(10_000)}"
        self.app._learn(Learn((word,), "hope", right=True))
        self.app._keep(Keep("cue_wpm", self.chance.randrange(80, 400)))
        self.app.put(Picked("command:stop"))
        self.app.heard(("is there a cure",))
        self.settle()
        counts = self.app.scanner.counts
        assert counts is not None
        assert {day.day: day.topics for day in read_counts(self.home)} == {day.day: day.topics for day in counts.days}
        before = self.remembered()
        if self.page is not None:
            self.page.close()
        for name in ("settings.toml", "learned-person.json"):
            (self.home / f"{name}.part").write_bytes(b"half of what was being wr")
        self.start()
        assert self.remembered() == before

    def fault_damaged_file(self) -> None:
        """One of the files is damaged while it is not running; the copy before is used, and that is said."""
        self.app._keep(Keep("cue_wpm", self.chance.randrange(80, 400)))
        self.app._keep(Keep("cue_wpm", read_settings(self.home)[0].cue_wpm))
        self.app._learn(Learn(("twice kept",), "hope", right=True))
        self.app._learn(Learn(("twice kept",), "hope", right=True))
        self.leave()
        settings = read_settings(self.home)[0]
        name = self.chance.choice(("settings.toml", "learned-person.json"))
        (self.home / name).write_bytes(self.chance.choice((b"", b"\0" * 300, self.chance.randbytes(200), b"[[[[")))
        self.start()
        assert read_settings(self.home)[0] == settings
        assert any(name in one for one in self.said), "nothing was said of it"
        assert any(one.text == "twice kept" for one in self._words().listed())

    def remembered(self) -> tuple[object, object]:
        """Settings and words, as a new start would find them."""
        return read_settings(self.home)[0], {(one.topic, one.text) for one in self._words().listed()}

    def _words(self) -> OwnWords:
        return OwnWords(self.home, "person", protection(self.world), self.clocks.wall)

    # ---- afterwards

    def replayed(self) -> int:
        """Steps of the journal; each must have the same effects when it is gone through again."""
        steps = 0
        for line, effects in replay(self.app.world, read_journal(self.home / JOURNAL)):
            assert effects == line.effects, line
            steps += 1
        return steps


def questions() -> list[str]:
    """Everything people ask in the evaluation, in their own words."""
    lines = [line for path in sorted(QUESTIONS.glob("*.tsv")) for line in path.read_text("utf-8").splitlines()]
    return [line.split("\t")[-1] for line in lines if line.strip() and not line.startswith("#")]


def posted(page: Page, path: str, body: bytes) -> int:
    """What the page answers to a press."""
    parts = urlsplit(page.address)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port or 0, timeout=BACK_WITHIN_S)
    try:
        key = parts.query.partition("=")[2]
        connection.request("POST", path, body, {"authorization": f"Bearer {key}", "content-type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()


def until(true: Callable[[], bool]) -> None:
    """Wait in real time."""
    end_s = time.monotonic() + BACK_WITHIN_S
    while not true():
        assert time.monotonic() < end_s, "it did not come back"
        time.sleep(0.005)


def held() -> Iterator[tuple[str, int]]:
    """What a process may run out of: files, threads, memory in kB."""
    yield "files", len(list(Path("/proc/self/fd").iterdir()))
    yield "threads", threading.active_count()
    yield "memory_kb", int(Path("/proc/self/statm").read_text().split()[1]) * 4

"""The loop with a switch: what scanning asks for is done, on a clock that only the test turns."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from assistant.app import App
from assistant.choices import World
from assistant.events import Picked, Pressed, Say, Show, SpeechBegan, Spoken, Started, Switch
from assistant.journal import Journal
from assistant.matching import Matcher
from assistant.places import Answer, Conversation, Menu, Proposed, Urgent
from assistant.pressing.filters import FilterSettings
from assistant.scan import Light, ScanSettings
from assistant.scanner import Scanner
from tests.switching import AUTO


class Mouth:
    """Takes note; speaks in no time when it is asked to."""

    def __init__(self) -> None:
        self.said: list[Say] = []
        self.tones: list[str] = []
        self.hushed = 0

    def say(self, order: Say) -> None:
        self.said.append(order)

    def tone(self, name: str) -> None:
        self.tones.append(name)

    def alarm(self, after: int) -> None:
        pass

    def rescan(self) -> None:
        pass

    def hush(self) -> None:
        self.hushed += 1

    def close(self) -> None:
        pass


class Desk:
    """An app without a device."""

    def __init__(self, world: World, matcher: Matcher, folder: Path, settings: ScanSettings) -> None:
        self.now_s = 50.0
        self.mouth = Mouth()
        self.views: list[Show] = []
        self.lights: list[Light | None] = []
        self.ticks = 0
        self.taken: list[str] = []
        journal = Journal(folder, "off", Conversation())
        scanner = Scanner(settings, FilterSettings(), test_label="Press now")
        self.app = App(world, Conversation(), matcher, journal=journal, scanner=scanner, clock=lambda: self.now_s)
        self.app.mouth = self.mouth
        self.app.screens.append(self.views.append)
        self.app.lights.append(self.lights.append)
        self.app.ticks.append(self._tick)
        self.app.today = lambda: "2026-11-24"
        self.app.put(Started())
        self.settle()
        self.finish()

    def _tick(self) -> None:
        self.ticks += 1

    def settle(self) -> None:
        """Until nothing more happens at this moment."""
        for _ in range(50):
            self.app.turn(0.0)

    def wait(self, seconds: float) -> Desk:
        for _ in range(round(seconds * 20)):
            self.now_s += 0.05
            self.settle_some()
        return self

    def settle_some(self) -> None:
        for _ in range(6):
            self.app.turn(0.0)

    def finish(self) -> Desk:
        self.app.put(Spoken(self.app.conversation.speaking))
        self.settle()
        return self

    def press(self, held_s: float = 0.1) -> Desk:
        self.app.put(Switch(down=True, at_s=self.now_s))
        self.settle_some()
        self.wait(held_s)
        self.app.put(Switch(down=False, at_s=self.now_s))
        self.settle_some()
        return self.wait(0.1)

    def choose(self, item: str) -> Desk:
        if self.lights[-1] is not None and self.lights[-1].phase == "rest":
            self.press()
        for _ in range(4000):
            light = self.lights[-1]
            if light is not None and light.phase == "scan" and light.item == item:
                return self.wait(0.5).press()
            self.wait(0.05)
        raise AssertionError(item)


@pytest.fixture
def desk(world: World, matcher: Matcher, own_home: Path) -> Desk:
    return Desk(world, matcher, own_home, AUTO)


def test_a_switch_reaches_an_answer_and_it_is_spoken(desk: Desk) -> None:
    topic = desk.app.world.in_group("about")[1]
    desk.choose("group:about").choose(f"topic:{topic.id}")
    assert isinstance(desk.app.conversation.place, Answer)
    assert desk.mouth.said[-1].text.startswith(topic.title)
    assert desk.mouth.said[-1].output == "answer"
    assert len(desk.mouth.said) == 2


def test_cues_go_to_the_private_output_at_their_own_rate(world: World, matcher: Matcher, own_home: Path) -> None:
    desk = Desk(world, matcher, own_home, msgspec.structs.replace(AUTO, auditory=True, cue_wpm=260))
    desk.press()
    cue = desk.mouth.said[-1]
    assert (cue.output, cue.rate_wpm, cue.text) == ("cue", 260, "Further")
    assert cue.number < 0
    before = len(desk.lights)
    desk.app.put(Spoken(cue.number))
    desk.wait(2.5)
    assert len(desk.lights) == before + 1
    desk.choose("group:about")
    assert "select" in desk.mouth.tones


def test_a_refused_press_is_told_to_ear_and_eye(desk: Desk) -> None:
    desk.press().press()
    assert desk.ticks == 1
    assert desk.mouth.tones == ["ignored"]


def test_an_item_of_the_screen_is_the_screens(desk: Desk) -> None:
    desk.app.takes = lambda item: item.startswith("look:") and not desk.taken.append(item)  # type: ignore[func-returns-value]
    place = desk.app.conversation.place
    desk.app.put(Picked("look:size"))
    desk.settle()
    assert desk.taken == ["look:size"]
    assert desk.app.conversation.place == place


def test_a_line_from_a_keyboard_is_the_switch_while_scanning(desk: Desk) -> None:
    desk.app.put(Pressed())
    desk.settle()
    light = desk.lights[-1]
    assert light is not None
    assert light.phase == "scan"


def test_without_scanning_a_switch_is_a_press_and_screens_are_told_that_nothing_is_lit(
    world: World, matcher: Matcher, own_home: Path
) -> None:
    desk = Desk(world, matcher, own_home, ScanSettings())
    desk.press()
    assert isinstance(desk.app.conversation.place, Menu)
    assert set(desk.lights) <= {None}


def test_holding_calls_the_caregiver(desk: Desk) -> None:
    desk.press(3.5)
    assert isinstance(desk.app.conversation.place, Urgent)


def test_the_switch_test_runs_and_its_result_is_asked(desk: Desk) -> None:
    desk.choose("command:settings").choose("command:switch test").wait(3).finish()
    for _ in range(12):
        for _ in range(200):
            light = desk.lights[-1]
            if light is not None and light.item == "test:now":
                break
            desk.wait(0.05)
        desk.wait(0.7).press()
    assert isinstance(desk.app.conversation.place, Proposed)
    assert ("switch_tested", "2026-11-24") in desk.app.conversation.place.found.changes


def test_a_slow_question_is_ended_by_a_press_where_the_switch_ends_it(
    world: World, matcher: Matcher, own_home: Path
) -> None:
    desk = Desk(world, matcher, own_home, msgspec.structs.replace(AUTO, ends_speech=True))
    desk.app.put(SpeechBegan(desk.app.conversation.listening))
    desk.settle()
    before = len(desk.lights)
    desk.press()
    assert not [light for light in desk.lights[before:] if light and light.phase == "scan"]

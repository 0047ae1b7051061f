"""A switch, a screen and the real conversation on a clock that only tests turn."""

from __future__ import annotations

import heapq
from itertools import count

from assistant.choices import World
from assistant.dialogue import step
from assistant.events import (
    AnyEffect,
    AnyEvent,
    Hush,
    Keep,
    Measure,
    Picked,
    Pressed,
    Say,
    Show,
    SpeechBegan,
    Spoken,
    Started,
    Switch,
    Ticked,
    Undone,
    Value,
    Wait,
)
from assistant.places import AnyPlace, Conversation, Place
from assistant.pressing.filters import FilterSettings
from assistant.pressing.switch_test import Measured
from assistant.scan import CallCaregiver, Cue, Light, Press, ScanSettings, Tick, Undo
from assistant.scanner import Done, Felt, Scanner, as_proposal

AUTO = ScanSettings(mode="auto", further="Further")
UNFILTERED = FilterSettings(repeat_s=0.0, release_s=0.0)


class Stage:
    """Runs what `App` runs, but on `now_s`. What is said takes `speech_s`, a cue `cue_s`."""

    def __init__(
        self,
        world: World,
        settings: ScanSettings = AUTO,
        filters: FilterSettings | None = None,
        *,
        speech_s: float = 5.0,
        cue_s: float = 0.6,
    ) -> None:
        self.world, self.scanner = world, Scanner(settings, filters or FilterSettings())
        self.conversation = Conversation()
        self.now_s = 0.0
        self.said: list[str] = []
        self.kept: dict[str, Value] = {}
        self.lights: list[tuple[float, Light]] = []
        self.cues: list[tuple[float, Cue]] = []
        self.presses: list[str] = []
        self.undone = self.ticks = self.calls = 0
        self.answered: list[tuple[float, str]] = []
        """When the answer of which topic began."""
        self._speech_s, self._cue_s = speech_s, cue_s
        self._order = count()
        self._due: list[tuple[float, int, AnyEvent | Switch]] = []
        self._act(Started())
        self.wait_for_rest()

    @property
    def place(self) -> AnyPlace:
        return self.conversation.place

    def is_at(self, place: type[Place]) -> bool:
        return isinstance(self.conversation.place, place)

    @property
    def light(self) -> Light:
        return self.lights[-1][1]

    def at(self, at_s: float, event: AnyEvent | Switch) -> None:
        heapq.heappush(self._due, (at_s, next(self._order), event))

    def until(self, at_s: float) -> Stage:
        while self._due and self._due[0][0] <= at_s:
            self.now_s, _, event = heapq.heappop(self._due)
            self._act(event)
        self.now_s = max(self.now_s, at_s)
        return self

    def next_event(self) -> bool:
        """Let the next thing happen. False: nothing is pending."""
        if not self._due:
            return False
        self.until(self._due[0][0])
        return True

    def press(self, held_s: float = 0.1, switch: str = "1", *, delay_s: float = 0.0, shown: str = "") -> Stage:
        """Press now; the switch tells it `delay_s` later. Back when it has been let go and told."""
        down_s, up_s = self.now_s, self.now_s + held_s
        self.at(down_s + delay_s, Switch(down=True, at_s=down_s, switch=switch, shown=shown))  # type: ignore[arg-type]
        self.at(up_s + delay_s, Switch(down=False, at_s=up_s, switch=switch, shown=shown))  # type: ignore[arg-type]
        return self.until(up_s + delay_s + self.scanner.filters.release_s)

    def wait_for(self, item: str, longest_s: float = 1000.0) -> Stage:
        """Until the moment `item` is lit."""
        end_s = self.now_s + longest_s
        while not (self.light.phase == "scan" and self.light.item == item and self.lights[-1][0] == self.now_s):
            if self.light.phase == "rest":
                self.until(self.now_s + 0.5).press()
            assert self.now_s <= end_s
            assert self.next_event(), f"nothing moves, and {item} is not lit"
        return self

    def wait_for_rest(self) -> Stage:
        while self.scanner.on and self.light.phase != "rest":
            assert self.next_event(), "nothing moves, and there is no rest"
        return self

    def choose(self, item: str) -> Stage:
        """Start if need be, wait until `item` is lit, and press in the middle of its time."""
        if self.light.phase == "rest":
            self.press()
        self.wait_for(item)
        return self.until(self.now_s + self.light.seconds / 2).press()

    def _act(self, event: AnyEvent | Switch) -> None:
        if isinstance(event, Switch) or (isinstance(event, (Ticked, Spoken)) and event.number < 0):
            self._scan(event)
        else:
            self.converse(event)
        if isinstance(event, SpeechBegan):
            self._scan(event)

    def converse(self, event: AnyEvent) -> None:
        """Have something happen in the conversation."""
        self.conversation, effects = step(self.world, self.conversation, event)
        for effect in effects:
            self._do(effect)

    def _do(self, effect: AnyEffect) -> None:
        match effect:
            case Say():
                self.said.append(effect.text)
                self.at(self.now_s + self._speech_s, Spoken(effect.number))
                self._note_answer()
            case Wait():
                self.at(self.now_s + effect.seconds, Ticked(effect.number))
            case Show():
                self._scan(effect)
            case Keep():
                self.kept[effect.name] = effect.value
                self.scanner.keep(effect)
            case Measure():
                for done in self.scanner.begin_test(self.now_s):
                    self._do_scan(done)
            case Hush():
                self._due = [due for due in self._due if not _is_speech(due[2])]
                heapq.heapify(self._due)

    def _note_answer(self) -> None:
        topic = getattr(self.conversation.place, "topic", "")
        if topic:
            self.answered.append((self.now_s, topic))

    def _scan(self, event: Felt) -> None:
        for effect in self.scanner.take(event, self.now_s):
            self._do_scan(effect)

    def _do_scan(self, effect: Done) -> None:
        match effect:
            case Keep():
                self.kept[effect.name] = effect.value
            case Wait():
                self.at(self.now_s + effect.seconds, Ticked(effect.number))
            case Light():
                self.lights.append((self.now_s, effect))
            case Cue():
                self.cues.append((self.now_s, effect))
                if effect.text:
                    self.at(self.now_s + self._cue_s, Spoken(effect.number))
            case Tick():
                self.ticks += 1
            case _:
                self._mean(effect)

    def _mean(self, effect: Done) -> None:
        match effect:
            case Press(item=item):
                self.presses.append(item)
                self.converse(Pressed(item))
            case Undo():
                self.undone += 1
                self.converse(Undone())
            case CallCaregiver():
                self.calls += 1
                self.converse(Picked("command:call"))
            case Measured():
                self.converse(as_proposal(self.world, self.scanner.settings, effect, "2026-11-24"))


def _is_speech(event: AnyEvent | Switch) -> bool:
    return isinstance(event, Spoken) and event.number > 0

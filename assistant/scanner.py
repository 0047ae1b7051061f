"""The switch of one person: filters first, then scanning or the switch test. No thread and no clock of its own."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from assistant.choices import World
from assistant.events import Keep, Pressed, Show, SpeechBegan, Spoken, Switch, Tested, Ticked, Value
from assistant.pressing.counting import Counts
from assistant.pressing.filters import Contacts, FilterSettings, filter_step
from assistant.pressing.switch_test import Measured, SwitchTest, proposal, test_step
from assistant.scan import Press, Scan, ScanEffect, ScanEvent, ScanSettings, Undo, scan_step, usual_grace_s
from assistant.scan.cost import answer_s

Felt = Switch | Pressed | Ticked | Spoken | SpeechBegan | Show
Done = ScanEffect | Measured | Keep
SCAN_FIELDS = {
    "scanning": "mode",
    "scan_rounds": "loops",
    "scan_list": "size",
    "scan_spoken": "auditory",
    "cue_wpm": "cue_wpm",
    "preview_wpm": "preview_wpm",
    "hold_back_s": "hold_back_s",
    "hold_call_s": "hold_call_s",
}
"""Settings by the name they are kept under, to their name here."""
FILTER_FIELDS = {"accept_press_s": "acceptance_s", "repeat_press_s": "repeat_s", "release_press_s": "release_s"}


class Scanner:
    """Keeps where scanning is, and what is known of the switches.

    Args:
        settings: how the person scans.
        filters: how much the hand trembles.
        counts: where presses are counted, if the person wants that.
        test_label: what is written on the thing that lights in the switch test.
    """

    def __init__(
        self, settings: ScanSettings, filters: FilterSettings, *, counts: Counts | None = None, test_label: str = ""
    ) -> None:
        self.settings, self.filters, self.counts, self._test_label = settings, filters, counts, test_label
        self.scan, self._contacts = Scan(), Contacts()
        self._test: SwitchTest | None = None
        self._before: dict[str, Value] = {}

    @property
    def on(self) -> bool:
        """Whether presses are more than presses."""
        return self.settings.mode != "off" or self._test is not None

    def keep(self, change: Keep) -> None:
        """A setting was changed in conversation."""
        name, value = change.name, change.value
        if name in SCAN_FIELDS or name in FILTER_FIELDS:
            own, field = (
                (self.settings, SCAN_FIELDS[name]) if name in SCAN_FIELDS else (self.filters, FILTER_FIELDS[name])
            )
            self._before.setdefault(name, getattr(own, field))
        if name in SCAN_FIELDS:
            self.settings = msgspec.structs.replace(self.settings, **{SCAN_FIELDS[name]: value})
        elif name in FILTER_FIELDS:
            self.filters = msgspec.structs.replace(self.filters, **{FILTER_FIELDS[name]: value})
        elif name == "scan_step_s":
            self.settings = self.settings.paced(float(value))
        elif name == "scan_undo":
            self.settings = msgspec.structs.replace(self.settings, undo_s=self.settings.step_s if value else 0.0)
        elif name == "scan_grace":
            grace_s = usual_grace_s(self.settings.step_s) if value else 0.0
            self.settings = msgspec.structs.replace(self.settings, grace_s=grace_s)

    def _taken_back(self) -> Iterator[Keep]:
        """What was set before the last press, where that changed settings."""
        before, self._before = self._before, {}
        for change in (Keep(name, value) for name, value in before.items()):
            self.keep(change)
            yield change
        self._before = {}

    def begin_test(self, now_s: float) -> Iterator[Done]:
        """Measure how this person presses; ends with `Measured`."""
        if self._test is None:
            self._test = SwitchTest(self._test_label, max(self.settings.hold_call_s, 1.0))
            yield from self._tested(None, now_s)

    def take(self, event: Felt, now_s: float) -> Iterator[Done]:
        """What `event` leads to at `now_s`, in seconds on the clock of `Switch.at_s`.

        Each effect must be done before the next is asked for: what a press leads to may change what the next one means.
        """
        if self._test is not None and isinstance(event, Show) and event.items:
            self._test = None  # the conversation went elsewhere
        match event:
            case Pressed():  # a keyboard that only tells lines, a program: down and up at once
                yield from self._moved(Switch(down=True, at_s=now_s), now_s)
                yield from self._moved(Switch(down=False, at_s=now_s), now_s)
            case Switch():
                yield from self._filtered(event, now_s)
            case Ticked():
                yield from self._filtered(event, now_s)
                yield from self._moved(event, now_s)
            case _:
                yield from self._scanned(event, now_s)

    def _filtered(self, event: Switch | Ticked, now_s: float) -> Iterator[Done]:
        if self._test is not None and isinstance(event, Switch):
            yield from self._tested(event, now_s)  # the test wants to see every tremor
            return
        self._contacts, clean, effects = filter_step(self.filters, self._contacts, event)
        yield from effects
        for move in clean:
            yield from self._moved(move, now_s)

    def _moved(self, event: Switch | Ticked, now_s: float) -> Iterator[Done]:
        if self._test is not None:
            yield from self._tested(event, now_s)
        else:
            yield from self._scanned(event, now_s)

    def _tested(self, event: Switch | Ticked | None, now_s: float) -> Iterator[Done]:
        if self._test is not None:
            self._test, effects = test_step(self._test, event, now_s)
            yield from effects

    def _scanned(self, event: ScanEvent, now_s: float) -> Iterator[Done]:
        before = self.scan
        self.scan, effects = scan_step(self.settings, self.scan, event, now_s)
        if self._test is not None:
            return  # the list is remembered, the light is the test's
        after = self.scan
        for effect in effects:
            if isinstance(effect, Press):
                self._before = {}
            elif isinstance(effect, Undo):
                yield from self._taken_back()
            if self.counts is not None:
                self.counts.saw(before, after, effect, now_s)
            yield effect


def as_proposal(world: World, settings: ScanSettings, measured: Measured, today: str) -> Tested:
    """What the test proposes to the person, with what it would mean in this world."""
    found = proposal(measured)
    if found is None:
        return Tested()
    changes: dict[str, Value] = {**found.changes, "switch_tested": today}
    if settings.mode == "off":
        changes["scanning"] = "auto"
    paced = settings.paced(float(changes["scan_step_s"]))
    return Tested(tuple(changes.items()), found.press_s, answer_s(world, paced, found.press_s))

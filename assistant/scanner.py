"""The switch of one person: filters first, then scanning. No thread and no clock of its own."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.events import Keep, Pressed, Show, SpeechBegan, Spoken, Switch, Ticked
from assistant.pressing.filters import Contacts, FilterSettings, filter_step
from assistant.scan import Scan, ScanEffect, ScanEvent, ScanSettings, scan_step

Felt = Switch | Pressed | Ticked | Spoken | SpeechBegan | Show


class Scanner:
    """Keeps where scanning is, and what is known of the switches."""

    def __init__(self, settings: ScanSettings, filters: FilterSettings) -> None:
        self.settings, self.filters = settings, filters
        self.scan, self._contacts = Scan(), Contacts()

    @property
    def on(self) -> bool:
        """Whether lists are scanned at all."""
        return self.settings.mode != "off"

    def keep(self, change: Keep) -> None:
        """A setting was changed in conversation."""
        if change.name == "scan_step_s":
            self.settings = self.settings.paced(float(change.value))

    def take(self, event: Felt, now_s: float) -> Iterator[ScanEffect]:
        """What `event` leads to at `now_s`, in seconds on the clock of `Switch.at_s`.

        Each effect must be done before the next is asked for: what a press leads to may change what the next one means.
        """
        match event:
            case Pressed():  # a keyboard that only tells lines, a program: down and up at once
                yield from self._scan(Switch(down=True, at_s=now_s), now_s)
                yield from self._scan(Switch(down=False, at_s=now_s), now_s)
            case Switch():
                yield from self._filtered(event, now_s)
            case Ticked():
                yield from self._filtered(event, now_s)
                yield from self._scan(event, now_s)
            case _:
                yield from self._scan(event, now_s)

    def _filtered(self, event: Switch | Ticked, now_s: float) -> Iterator[ScanEffect]:
        self._contacts, clean, effects = filter_step(self.filters, self._contacts, event)
        yield from effects
        for move in clean:
            yield from self._scan(move, now_s)

    def _scan(self, event: ScanEvent, now_s: float) -> Iterator[ScanEffect]:
        self.scan, effects = scan_step(self.settings, self.scan, event, now_s)
        yield from effects

"""The switch of one person: filters first, then scanning. No thread and no clock of its own."""

from __future__ import annotations

from assistant.events import Keep, Pressed, Show, SpeechBegan, Spoken, Switch, Ticked
from assistant.pressing.filters import Contacts, FilterSettings, filter_step
from assistant.scan import Scan, ScanEffect, ScanSettings, scan_step

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

    def take(self, event: Felt, now_s: float) -> list[ScanEffect]:
        """What `event` leads to at `now_s`, in seconds on the clock of `Switch.at_s`."""
        match event:
            case Pressed():  # a keyboard that only tells lines, a program: down and up at once
                moves = (Switch(down=True, at_s=now_s), Switch(down=False, at_s=now_s))
                return [effect for move in moves for effect in self._clean(move, now_s)]
            case Switch():
                return self._filtered(event, now_s)
            case Ticked():
                return [*self._filtered(event, now_s), *self._clean(event, now_s)]
            case _:
                return self._clean(event, now_s)

    def _filtered(self, event: Switch | Ticked, now_s: float) -> list[ScanEffect]:
        self._contacts, clean, effects = filter_step(self.filters, self._contacts, event)
        return [*effects, *(effect for move in clean for effect in self._clean(move, now_s))]

    def _clean(self, event: Switch | Ticked | Spoken | SpeechBegan | Show, now_s: float) -> list[ScanEffect]:
        self.scan, effects = scan_step(self.settings, self.scan, event, now_s)
        return list(effects)

"""The light: what is lit now, when it moves, and what is said and shown with it."""

from __future__ import annotations

import msgspec

from assistant.events import Wait
from assistant.scan.lists import BACK, UNDO, Page, pages_of
from assistant.scan.state import Cue, Light, Lit, Phase, Press, Round, Scan, ScanEffect, ScanSettings, Tone

TRAIL = 8
"""So many changes of the light are remembered, more than two seconds at the quickest step."""
GUARD_S = 3.0
"""A cue that has not ended this long after it must have is taken to be over."""


class Lamp:
    """The next state of scanning in the making; :mod:`assistant.scan.machine` decides, this does."""

    def __init__(self, settings: ScanSettings, scan: Scan, now_s: float, *, by_itself: bool) -> None:
        self.settings, self.now, self.now_s, self._by_itself = settings, scan, now_s, by_itself
        self.effects: list[ScanEffect] = []

    def change(self, **fields: object) -> None:
        """Remember something new."""
        self.now = msgspec.structs.replace(self.now, **fields)

    @property
    def pages(self) -> tuple[Page, ...]:
        """The list, in pages."""
        return pages_of(self.now.items, self.settings.size, self.settings.further)

    @property
    def here(self) -> Page:
        """The page that is shown."""
        return self.pages[min(self.now.page, len(self.pages) - 1)]

    @property
    def timed(self) -> bool:
        """Whether the light moves by itself."""
        held = self.now.held
        return self.settings.mode == "auto" or (self.settings.mode == "inverse" and bool(held and held.aim))

    def next_number(self) -> int:
        """A number for a wait or a cue."""
        self.change(number=self.now.number - 2)
        return self.now.number

    def wait(self, seconds: float) -> int:
        """Wait, and the number of the wait."""
        number = self.next_number()
        self.effects.append(Wait(number, seconds))
        return number

    def begin(self, page: int = 0, index: int = 0, *, seen: bool = False) -> None:
        """Scan the list anew, from here; if it was seen already the first item needs no longer than the others."""
        self.change(loop=0)
        self.light(page, index, first=not seen)

    def light(self, page: int, index: int, *, first: bool = False, tone: Tone = "") -> None:
        """Light one item; it moves on after its time."""
        self.change(page=page, index=index, waiting=0, dwell_s=None)
        if index >= len(self.here):
            self.dark("rest")
            return
        item = self.here[index]
        seconds = self._step_s + (self.settings.first_extra_s if first else 0.0)
        if self.settings.auditory:
            seconds += self._cue(item.spoken or item.label, tone, seconds)
        elif self.timed:
            self.change(waiting=self.wait(seconds))
        self._show(Lit(self.now_s, "scan", item.id, (page, index)), index, seconds if self.timed else 0.0)

    def dark(self, phase: Phase, items: Page | None = None) -> None:
        """No item is lit, and nothing moves."""
        self.change(waiting=0, dwell_s=None, page=0, index=0, loop=0)
        self._show(Lit(self.now_s, phase), -1, 0.0, items)

    def undo_window(self, seconds: float) -> None:
        """For so long a press takes the choice back."""
        self.change(page=0, index=0, dwell_s=None, undo_ends_s=self.now_s + seconds, waiting=self.wait(seconds))
        self._show(Lit(self.now_s, "undo", UNDO), -1, seconds)

    def hold(self, item: str, place: tuple[int, int] | None, seconds: float) -> None:
        """The light stands still while a switch is held; `item` is what letting go means."""
        if place:
            self.change(page=place[0], index=place[1])
        index = place[1] if place else next((i for i, on in enumerate(self.here) if on.id == item), -1)
        self.change(phase="held", waiting=0, dwell_s=None)
        self.effects.append(Light(item, index, self.now.page, self.here, seconds, "held"))

    def tone(self, tone: Tone) -> None:
        """Tell a change to those who do not see it."""
        if self.settings.auditory:
            self.effects.append(Cue(self.next_number(), "", self.settings.cue_wpm, tone))

    def cue_ended(self, dwell_s: float) -> None:
        """The cue was heard; now the person has time to press."""
        self.change(dwell_s=None, waiting=self.wait(dwell_s) if self.timed else 0)

    def move(self, by: int = 1) -> None:
        """Light the next item, of the next page, in the next round; after the last round go to the list above."""
        page, index = self.now.page, self.now.index + by
        if not 0 <= index < len(self.here):
            page = (page + by) % len(self.pages)
            index = 0 if by > 0 else len(self.pages[page]) - 1
        wrapped = (page, index) == (0, 0) and by > 0
        if wrapped:
            self.change(loop=self.now.loop + 1)
            self.effects.append(Round())
        if self.timed and wrapped and self.now.loop >= self.settings.loops:
            self.leave()
        else:
            self.light(page, index, first=wrapped, tone="wrap" if wrapped else "")

    def leave(self) -> None:
        """Nothing was chosen in so many rounds: the list above, or rest."""
        above = any(item.id == BACK for item in self.now.items) and _is_menu(self.now.items)
        self.tone("up" if above else "rest")
        self.dark("rest")
        self.change(goes_on=above, resume=None)
        if self.now.held is not None:
            self.change(held=msgspec.structs.replace(self.now.held, aim=None))
        if above:
            self.effects.append(Press(BACK))

    @property
    def _step_s(self) -> float:
        return self.settings.preview_s if self._previews else self.settings.step_s

    @property
    def _previews(self) -> bool:
        return self.settings.auditory and self.settings.preview_wpm > 0 and self.now.loop == 0

    def _cue(self, text: str, tone: Tone, dwell_s: float) -> float:
        """Speak a cue; how long it is likely to take, in seconds. The light moves `dwell_s` after it."""
        rate_wpm = self.settings.preview_wpm if self._previews else self.settings.cue_wpm
        number, likely_s = self.next_number(), 60 / rate_wpm * len(text.split())
        self.change(waiting=number, dwell_s=dwell_s)
        self.effects += [Cue(number, text, rate_wpm, tone), Wait(number, likely_s + GUARD_S)]
        return likely_s

    def _show(self, lit: Lit, index: int, seconds: float, items: Page | None = None) -> None:
        lit = msgspec.structs.replace(lit, by_itself=self._by_itself)
        self.change(phase=lit.phase, trail=(*self.now.trail[1 - TRAIL :], lit))
        shown = self.here if items is None else items
        self.effects.append(Light(lit.item, index, self.now.page, shown, seconds, lit.phase))


def _is_menu(items: Page) -> bool:
    """Only a list of things to ask about is left by itself; an answer stays until the person acts."""
    return any(item.id.startswith(("topic:", "group:")) for item in items)

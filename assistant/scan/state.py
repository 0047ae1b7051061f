"""What scanning remembers, how a person scans, and what scanning has done."""

from __future__ import annotations

from typing import Literal

import msgspec

from assistant.events import Effect, Show, SpeechBegan, Spoken, Switch, Ticked, Wait
from assistant.scan.lists import Page

Mode = Literal["off", "auto", "step", "inverse", "keys"]
"""off: a press is only a press. auto: the light moves, a press chooses. step: switch 1 moves, switch 2 chooses.
inverse: the light moves while the switch is held, letting go chooses. keys: down, up, right or Enter, left."""
Phase = Literal["rest", "scan", "held", "undo", "paused"]
Tone = Literal["", "wrap", "select", "undo", "up", "rest", "hold"]

FIRST_NUMBER = -10
"""Waits and cues of scanning have even numbers from here down: the conversation's are above zero."""


class ScanSettings(msgspec.Struct, frozen=True):
    """How a person scans."""

    mode: Mode = "off"
    step_s: float = 1.5
    """How long an item stays lit; with spoken cues, from the end of the cue."""
    first_extra_s: float = 0.75
    """How much longer the first item stays."""
    loops: int = 3
    """Rounds through a list before it is left."""
    undo_s: float = 1.5
    """How long a press after a choice takes it back; 0: never."""
    grace_s: float = 0.15
    """A press so soon after the light moved was meant for the item before."""
    hold_back_s: float = 1.0
    """Holding so long means back. 0: holding means nothing, and a press counts as it goes down."""
    hold_call_s: float = 3.0
    """Holding so long calls the caregiver."""
    size: int = 7
    """Most items on a page: with the turner and what ends every page, four things to choose from."""
    auditory: bool = False
    """Each item is spoken on the private output when it is lit."""
    cue_wpm: int = 200
    preview_wpm: int = 0
    """The first round is a quick one at this rate; 0: it is like the others."""
    preview_s: float = 0.3
    """How long a step of the quick round waits after its cue."""
    ends_speech: bool = False
    """At rest, while someone speaks, a press means "I have finished"."""
    further: str = ""
    """Label of the item that turns the page."""

    def paced(self, step_s: float) -> ScanSettings:
        """The same at another speed: what depends on the step goes along."""
        undo_s = self.undo_s * step_s / self.step_s
        grace_s = usual_grace_s(step_s) if self.grace_s else 0.0
        return msgspec.structs.replace(
            self, step_s=step_s, first_extra_s=usual_extra_s(step_s), undo_s=undo_s, grace_s=grace_s
        )


def usual_grace_s(step_s: float) -> float:
    """How late a press may be and still count for the item before: little, or quick people are misread."""
    return min(0.15, 0.15 * step_s)


def usual_extra_s(step_s: float) -> float:
    """How much longer the first item stays: the person must first see where the list begins."""
    return max(0.5, 0.5 * step_s)


class Light(Effect, frozen=True):
    """What every screen lights now."""

    item: str
    """Id of the lit item; empty when none is."""
    index: int
    """Its place on the page; -1 when it is not on it."""
    page: int
    items: Page
    seconds: float
    """Until the light moves by itself, or until holding means more; 0: it waits."""
    phase: Phase


class Cue(Effect, frozen=True):
    """For the private output: a tone, then `text`. `Spoken` with its number ends it."""

    number: int
    text: str
    rate_wpm: int
    tone: Tone = ""


class Tick(Effect, frozen=True):
    """A press was felt and does not count."""


class Round(Effect, frozen=True):
    """Everything was lit once, and nothing was chosen."""


class Press(Effect, frozen=True):
    """For the conversation: pressed while `item` was lit, or while none was."""

    item: str


class Undo(Effect, frozen=True):
    """For the conversation: the last choice is taken back."""


class CallCaregiver(Effect, frozen=True):
    """For the conversation: the switch was held long."""


ScanEvent = Show | Switch | Ticked | Spoken | SpeechBegan
ScanEffect = Light | Cue | Tick | Round | Wait | Press | Undo | CallCaregiver


class Lit(msgspec.Struct, frozen=True):
    """From `at_s` on, this was lit, or nothing was."""

    at_s: float
    phase: Phase
    item: str = ""
    place: tuple[int, int] = (0, 0)
    """Page and index."""
    by_itself: bool = False
    """The light came here with time: the person may have been slow, and meant what was lit before."""


class Held(msgspec.Struct, frozen=True):
    """A switch that is down."""

    switch: str
    at_s: float
    aim: Lit | None = None
    """What it chooses when it is let go; None: nothing, it has already done what it does."""
    backs: bool = True
    """Holding it means back."""
    warned: bool = False
    """It has been held long enough for that."""


class Chosen(msgspec.Struct, frozen=True):
    """The last choice, for taking it back."""

    made_s: float
    items: Page
    place: tuple[int, int]


class Scan(msgspec.Struct, frozen=True):
    """Everything remembered between two events. Only `scan_step` makes new ones."""

    items: Page = ()
    """The whole list, as the conversation shows it."""
    state: str = "listening"
    """What the conversation does, as in `Show`."""
    phase: Phase = "rest"
    page: int = 0
    index: int = 0
    loop: int = 0
    """Rounds through this list so far."""
    number: int = FIRST_NUMBER
    waiting: int = 0
    """Number of the wait or cue after which the light moves; 0: none."""
    dwell_s: float | None = None
    """A cue is being spoken; so long after it the light moves."""
    holding: int = 0
    """Number of the wait after which holding means more; 0: none."""
    held: Held | None = None
    chosen: Chosen | None = None
    undo_ends_s: float = 0.0
    goes_on: bool = False
    """The next list is scanned at once: the switch led to it."""
    resume: tuple[int, int] | None = None
    """Where the list is taken up again after a choice was taken back."""
    someone_speaks: bool = False
    trail: tuple[Lit, ...] = ()
    """What was lit when, latest last."""

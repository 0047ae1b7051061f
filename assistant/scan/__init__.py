"""Scanning: one switch, and a list whose items are lit one after the other.

A pure function from what happened to what is lit, said and meant. It knows lists, not what is in them: what was pressed
goes to the conversation, and what the conversation shows comes back as the next list.

    rest --press--> scan --press--> undo --nothing--> scan of the next list, or paused while it speaks
    scan --so many rounds--> scan of the list above, at the top rest     undo --press--> scan, one item before
    any --held long--> back, held longer--> the caregiver is called      paused --press--> silence

A press counts for what was lit at the moment it happened, however late it arrives. Times come in with the events.
"""

from __future__ import annotations

from assistant.scan.lists import pages_of
from assistant.scan.machine import scan_step
from assistant.scan.state import (
    CallCaregiver,
    Cue,
    Light,
    Mode,
    Press,
    Round,
    Scan,
    ScanEffect,
    ScanEvent,
    ScanSettings,
    Tick,
    Undo,
    usual_extra_s,
    usual_grace_s,
)

__all__ = [
    "CallCaregiver",
    "Cue",
    "Light",
    "Mode",
    "Press",
    "Round",
    "Scan",
    "ScanEffect",
    "ScanEvent",
    "ScanSettings",
    "Tick",
    "Undo",
    "pages_of",
    "scan_step",
    "usual_extra_s",
    "usual_grace_s",
]

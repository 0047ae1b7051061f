"""What scanning tells the page, and the page tells it."""

from __future__ import annotations

from assistant.events import Effect, Event, Item


class Light(Effect, frozen=True):
    """One item is lit."""

    item: str = ""
    index: int = 0
    page: str = ""
    items: tuple[Item, ...] = ()
    seconds: float = 0.0
    phase: str = "scan"


class Switch(Event, frozen=True):
    """A switch went down or came up."""

    down: bool
    at_s: float
    switch: str = "1"
    shown: str = ""

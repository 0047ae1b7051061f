"""How the page looks and how it may be worked: the choices a person has, each with its allowed values."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Size = Literal["large", "larger", "huge", "largest"]
Theme = Literal["day", "night", "paper", "strong"]
WhoSpeaks = Literal["askaloud", "screen reader", "both"]
SIZES: tuple[Size, ...] = ("large", "larger", "huge", "largest")
THEMES: tuple[Theme, ...] = ("day", "night", "paper", "strong")


class Look(msgspec.Struct, frozen=True):
    """What the page looks like for this person."""

    size: Size = "large"
    """Letters of 32, 40, 52 or 64 CSS pixels, more on very wide screens."""
    theme: Theme = "day"
    motion: bool = True
    """False: nothing moves, not even the bar that shows the time left."""
    who_speaks: WhoSpeaks = "askaloud"
    """Who reads the page aloud. Two voices at once are no help to anyone."""
    dwell_s: Annotated[float, Meta(ge=0.0, le=5.0)] = 0.0
    """Seconds a resting pointer takes to choose; 0: it never does."""


class LookTrouble(Exception):
    """A value that the page can not have; the text says which."""


def changed(look: Look, name: str, value: object) -> Look:
    """`look` with one thing changed. Raises LookTrouble, and nothing is changed."""
    if name not in Look.__struct_fields__:
        raise LookTrouble(f'The page has no setting "{name}". It has {", ".join(Look.__struct_fields__)}.')
    try:
        return msgspec.convert({**msgspec.to_builtins(look), name: value}, Look)
    except msgspec.ValidationError as error:
        raise LookTrouble(f'"{name}" can not be set so: {error}.') from None


def next_of(look: Look, name: Literal["size", "theme", "motion"]) -> Look:
    """The next size or theme in turn, or motion the other way: one press each, for scanning."""
    match name:
        case "size":
            return changed(look, name, SIZES[(SIZES.index(look.size) + 1) % len(SIZES)])
        case "theme":
            return changed(look, name, THEMES[(THEMES.index(look.theme) + 1) % len(THEMES)])
        case "motion":
            return changed(look, name, not look.motion)

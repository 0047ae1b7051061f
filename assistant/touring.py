"""The tutorial: two minutes for someone who reads aloud, one for the person who asks; it ends in a real answer.

Each step is said and shown; "next", a press or a yes goes on, "stop" ends it at once, and a question asked on the way
is simply answered.
"""

from __future__ import annotations

from typing import Literal

from assistant import telling
from assistant.partner.view import tour_text
from assistant.places import Reading, Ready, Tour
from assistant.turn import Turn

EXAMPLE = "cramps"
"""The topic it ends with."""
NEXT = frozenset({"next", "yes", "continue"})
WHO: dict[str, Literal["person", "partner"]] = {"one": "person", "two": "partner"}


def steps(turn: Turn, who: str) -> tuple[str, ...]:
    """What is said, step by step."""
    return turn.world.content.prompts.variants(f"tour {who} step")


def begin(turn: Turn) -> None:
    """Ask for whom it shall be."""
    turn.change(reads=False)
    turn.go(Tour())
    turn.ask("tour whom")


def pick(turn: Turn, kind: str, name: str) -> bool:
    """Begin for one of the two. False: that was not chosen."""
    if kind != "tour" or name not in WHO.values():
        return False
    turn.go(Tour(name), back=False)  # type: ignore[arg-type]  # just compared
    _tell(turn)
    return True


def command(turn: Turn, name: str) -> bool:
    """Do a command as it is meant inside the tutorial. False: it means the same as ever, or this is no tutorial."""
    place = turn.now.place
    if not isinstance(place, Tour):
        return False
    if name in ("stop", "cancel", "no"):
        turn.hush()
        turn.go(Ready(), back=False)
        turn.show("tour stopped")
    elif not place.who and name in WHO:
        pick(turn, "tour", WHO[name])
    elif name in NEXT or name == "back":
        _step(turn, place, -1 if name == "back" else 1)
    else:
        return False
    return True


def _step(turn: Turn, place: Tour, by: int) -> None:
    to = place.step + by
    if not place.who or to < 0:
        turn.go(Tour(), back=False)
        turn.ask("tour whom")
    elif to < len(steps(turn, place.who)):
        turn.go(Tour(place.who, to), back=False)
        _tell(turn)
    else:
        _end(turn, place.who)


def _tell(turn: Turn) -> None:
    place = turn.now.place
    if isinstance(place, Tour) and place.who:
        turn.say(turn.fill(tour_text(turn.world, place)))


def _end(turn: Turn, who: str) -> None:
    """The person hears a real answer; who reads aloud has one to read."""
    topic = EXAMPLE if EXAMPLE in turn.world.topics else next(iter(turn.world.topics))
    if who == "person":
        telling.answer(turn, topic)
        return
    turn.change(reads=True, before=(), last_answer=topic)
    turn.go(Reading(topic), back=False)
    turn.reopen = True

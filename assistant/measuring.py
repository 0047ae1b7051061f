"""Making scanning fit a person: the switch test, what it proposes, and settings under a name."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from assistant.events import Measure, Tested, Value
from assistant.pacing import set_pace
from assistant.places import Manner, Proposed, Testing
from assistant.scan.ladder import changes_for, next_down
from assistant.scan.profiles import PROFILES
from assistant.turn import Turn


def begin(turn: Turn) -> None:
    """Say what the test is; it starts when that was said."""
    turn.go(Testing(), back=False)
    turn.ask("test")


def ready(turn: Turn) -> None:
    """Start to measure as soon as it is silent."""
    if isinstance(turn.now.place, Testing) and not turn.now.speaking and not turn.text:
        turn.effects.append(Measure())


def tested(turn: Turn, event: Tested) -> bool:
    """Say in plain words what was found, before anything is kept. False: nobody is being tested."""
    if not isinstance(turn.now.place, Testing):
        return False
    if not event.changes:
        turn.go(Manner(), back=False)
        turn.ask("test few")
        return True
    turn.go(Proposed(event), back=False)
    tell(turn, event)
    return True


def tell(turn: Turn, event: Tested) -> None:
    """What was found."""
    if event.method:
        turn.ask("ladder", way=turn.world.label(event.method))
        return
    step_s = next((value for name, value in event.changes if name == "scan_step_s"), 0.0)
    turn.ask("test result", press=f"{event.press_s:.1f}", step=f"{step_s:.1f}", answer=f"{event.answer_s:.0f}")


def agree(turn: Turn) -> None:
    """The person wants what was proposed."""
    place = turn.now.place
    if isinstance(place, Proposed):
        _take(turn, dict(place.found.changes))
        if place.found.method:
            turn.change(method=place.found.method)
        turn.go(Manner(), back=False)
        turn.ask("test kept")


def refuse(turn: Turn) -> None:
    """All stays as it was."""
    turn.go(Manner(), back=False)
    turn.ask("test left")


def _take(turn: Turn, changes: dict[str, Value]) -> None:
    step_s, usual_s = changes.pop("scan_step_s", None), changes.get("scan_usual_s")
    for name, value in changes.items():
        turn.keep(name, value)
    if isinstance(usual_s, float):
        turn.change(usual=msgspec.structs.replace(turn.now.usual, scan_step_s=usual_s))
    if isinstance(step_s, float):
        set_pace(turn, msgspec.structs.replace(turn.now.pace, scan_step_s=step_s))


def _profile(name: str) -> Callable[[Turn], None]:
    def command(turn: Turn) -> None:
        _take(turn, PROFILES[name](turn.now.usual.scan_step_s))
        turn.ask("profile", way=turn.world.label(name))

    return command


def step_down(turn: Turn) -> None:
    """The way to ask that is in use has become too hard: offer the next one, and change nothing before a yes."""
    method = next_down(turn.now.method)
    found = Tested(tuple(changes_for(method).items()), method=method)
    turn.go(Proposed(found), back=False)
    tell(turn, found)


MEASURING: dict[str, Callable[[Turn], None]] = {
    "switch test": begin,
    "ladder": step_down,
    **{name: _profile(name) for name in PROFILES},
}

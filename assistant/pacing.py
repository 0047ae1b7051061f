"""How the person is spoken to: slower and faster, louder and softer, and how long a pause may last.

Slower means clearer: first pauses between the sentences, then a lower rate (slowed single words are understood no
better; pauses are: Sutton and others, 1995).
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from assistant.places import Pace
from assistant.turn import Turn

SLOWEST_WPM, FASTEST_WPM, RATE_STEP_WPM = 110, 220, 20
USUAL_WPM = 160
"""Above this rate "slower" lowers the rate at once; from here down, pauses come first."""
LONGEST_PAUSE_S, PAUSE_STEP_S = 0.8, 0.4
QUIETEST, LOUDEST, VOLUME_STEP = 0.2, 1.0, 0.2
PATIENCE_S = (0.8, 1.5, 3.0)
QUICKEST_SCAN_S, SLOWEST_SCAN_S, SCAN_FACTOR = 0.3, 15.0, 1.2


def _slower(pace: Pace) -> Pace:
    if pace.rate_wpm <= USUAL_WPM and pace.pause_s < LONGEST_PAUSE_S:
        return msgspec.structs.replace(pace, pause_s=round(min(LONGEST_PAUSE_S, pace.pause_s + PAUSE_STEP_S), 2))
    return msgspec.structs.replace(pace, rate_wpm=max(SLOWEST_WPM, pace.rate_wpm - RATE_STEP_WPM))


def _faster(pace: Pace) -> Pace:
    if pace.pause_s > 0:
        return msgspec.structs.replace(pace, pause_s=round(max(0.0, pace.pause_s - PAUSE_STEP_S), 2))
    return msgspec.structs.replace(pace, rate_wpm=min(FASTEST_WPM, pace.rate_wpm + RATE_STEP_WPM))


def _louder(pace: Pace) -> Pace:
    return msgspec.structs.replace(pace, volume=round(min(LOUDEST, pace.volume + VOLUME_STEP), 2))


def _softer(pace: Pace) -> Pace:
    return msgspec.structs.replace(pace, volume=round(max(QUIETEST, pace.volume - VOLUME_STEP), 2))


def _scan_slower(pace: Pace) -> Pace:
    return _scan_step(pace, pace.scan_step_s * SCAN_FACTOR)


def _scan_faster(pace: Pace) -> Pace:
    return _scan_step(pace, pace.scan_step_s / SCAN_FACTOR)


def _scan_step(pace: Pace, step_s: float) -> Pace:
    return msgspec.structs.replace(pace, scan_step_s=round(min(SLOWEST_SCAN_S, max(QUICKEST_SCAN_S, step_s)), 2))


def _changing(name: str, change: Callable[[Pace], Pace]) -> Callable[[Turn], None]:
    def command(turn: Turn) -> None:
        pace = change(turn.now.pace)
        turn.ask("limit" if pace == turn.now.pace else name, seconds=f"{pace.scan_step_s:.1f}")
        set_pace(turn, pace)

    return command


def _normal(turn: Turn) -> None:
    usual = turn.now.usual
    set_pace(turn, msgspec.structs.replace(turn.now.pace, rate_wpm=usual.rate_wpm, pause_s=usual.pause_s))
    turn.ask("normal")


def set_pace(turn: Turn, pace: Pace) -> None:
    """Take a new pace, and keep what changed for the next start."""
    for name in ("rate_wpm", "pause_s", "volume", "scan_step_s"):
        if (value := getattr(pace, name)) != getattr(turn.now.pace, name):
            turn.keep(name, value)
    turn.change(pace=pace)


def longer_patience(turn: Turn) -> None:
    """Wait longer for the person from now on, until the program ends."""
    patience_s = turn.now.pace.patience_s
    if patience_s is not None:
        longer = next((s for s in PATIENCE_S if s > patience_s), patience_s)
        turn.change(pace=msgspec.structs.replace(turn.now.pace, patience_s=longer))


PACING: dict[str, Callable[[Turn], None]] = {
    "slower": _changing("slower", _slower),
    "faster": _changing("faster", _faster),
    "louder": _changing("louder", _louder),
    "softer": _changing("softer", _softer),
    "scan slower": _changing("scan slower", _scan_slower),
    "scan faster": _changing("scan faster", _scan_faster),
    "normal": _normal,
}

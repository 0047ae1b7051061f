"""How the person is spoken to: slower and faster, louder and softer, and how long a pause may last.

Slower means clearer: first pauses between the sentences, then a lower rate (slowed single words are understood no
better; pauses are: Sutton and others, 1995).
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from assistant.places import PATIENCE_S, Manner, Pace, Patience, PatienceName
from assistant.turn import Turn

SLOWEST_WPM, FASTEST_WPM, RATE_STEP_WPM = 110, 220, 20
USUAL_WPM = 160
"""Above this rate "slower" lowers the rate at once; from here down, pauses come first."""
LONGEST_PAUSE_S, PAUSE_STEP_S = 0.8, 0.4
QUIETEST, LOUDEST, VOLUME_STEP = 0.2, 1.0, 0.2
AT_LIMIT = {"louder": "loudest"}
"""What is said where a change goes no further, in place of "limit": there may be another way."""
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
        turn.ask(AT_LIMIT.get(name, "limit") if pace == turn.now.pace else name, seconds=f"{pace.scan_step_s:.1f}")
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


def longer_patience(turn: Turn) -> bool:
    """Wait longer for the person from now on, until the program ends. False: it waits as long as it can."""
    name = _beside(turn.now.pace.patience_s, longer=True)
    if name is None:
        return False
    turn.change(pace=msgspec.structs.replace(turn.now.pace, patience_s=PATIENCE_S[name]))
    return True


def take_patience(turn: Turn, name: PatienceName) -> None:
    """Wait so long from now on, also after the next start."""
    turn.change(pace=msgspec.structs.replace(turn.now.pace, patience_s=PATIENCE_S[name]))
    turn.keep("patience", name)


def _beside(patience_s: float | None, *, longer: bool) -> PatienceName | None:
    """The next longer or shorter patience that a voice can live with."""
    timed = [(name, s) for name, s in PATIENCE_S.items() if s is not None]
    if patience_s is None:
        return None if longer else timed[-1][0]
    if longer:
        return next((name for name, s in timed if s > patience_s), None)
    return next((name for name, s in reversed(timed) if s < patience_s), None)


def _waiting(prompt: str, *, longer: bool) -> Callable[[Turn], None]:
    def command(turn: Turn) -> None:
        name = _beside(turn.now.pace.patience_s, longer=longer)
        if name is None:
            turn.ask("limit")
        else:
            take_patience(turn, name)
            turn.ask(prompt)

    return command


def _until_switch(turn: Turn) -> None:
    """Only a press ends a question then: who can not press would be left waiting, so it is asked first."""
    propose_patience(turn, "until switch")


def propose_patience(turn: Turn, name: PatienceName) -> None:
    """Ask whether to wait so long from now on."""
    place = turn.now.place
    back_to = Manner() if name == "until switch" else place
    turn.go(Patience(name, back_to), back=False)  # type: ignore[arg-type]  # nothing is proposed while asleep
    tell_patience(turn)


def tell_patience(turn: Turn) -> None:
    """What is proposed."""
    if isinstance(turn.now.place, Patience):
        turn.ask(f"patience {turn.now.place.name}")


def _listening(kind: str, prompt: str) -> Callable[[Turn], None]:
    def command(turn: Turn) -> None:
        turn.change(listens=kind)
        turn.keep("listening", kind)
        turn.ask(prompt)

    return command


PACING: dict[str, Callable[[Turn], None]] = {
    "slower": _changing("slower", _slower),
    "faster": _changing("faster", _faster),
    "louder": _changing("louder", _louder),
    "softer": _changing("softer", _softer),
    "scan slower": _changing("scan slower", _scan_slower),
    "scan faster": _changing("scan faster", _scan_faster),
    "wait longer": _waiting("wait longer", longer=True),
    "wait less": _waiting("wait less", longer=False),
    "until switch": _until_switch,
    "press to talk": _listening("switch", "press to talk"),
    "always listen": _listening("open", "always listen"),
    "normal": _normal,
}

"""How long this person pauses inside a question, and which patience would suit. Proposed once, never taken unasked."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.places import PATIENCE_S, PatienceName

REMEMBERED = 40
"""So many questions back, pauses are remembered."""
FOR_LONGER, FOR_SHORTER = 6, 25
"""Questions needed: being cut off hurts, being waited for does not."""
NEARLY = 0.7
"""A pause of this share of the patience came close to being taken for the end."""
OFTEN = 0.3
"""Share of questions with such a pause at which more patience is proposed."""
ROOM = 2.5
"""A shorter patience must still be so many times the longest pause."""


def remember(pauses_s: Sequence[float], pause_s: float) -> tuple[float, ...]:
    """`pauses_s` with the longest pause of one more question."""
    return (*pauses_s, pause_s)[-REMEMBERED:]


def suited(pauses_s: Sequence[float], patience_s: float | None) -> PatienceName | None:
    """The patience that would suit better than `patience_s`; None: it suits, or too little is known.

    Pauses longer than the patience are never seen whole: they end the question. So pauses that come close to it count.
    """
    if patience_s is None:
        return None
    longer: list[PatienceName] = [name for name, s in PATIENCE_S.items() if s is not None and s > patience_s]
    shorter: list[PatienceName] = [name for name, s in PATIENCE_S.items() if s is not None and s < patience_s]
    close = sum(pause_s >= NEARLY * patience_s for pause_s in pauses_s)
    if len(pauses_s) >= FOR_LONGER and close >= OFTEN * len(pauses_s):
        return longer[0] if longer else None
    if len(pauses_s) < FOR_SHORTER:
        return None
    return next((name for name in shorter if (PATIENCE_S[name] or 0) >= ROOM * max(pauses_s)), None)

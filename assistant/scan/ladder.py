"""From one way of asking to the next, when the one at hand can no longer be used. Pure.

Every step keeps topics, codes and settings; paper is always there. Nobody has to go down in order: each rung can be
chosen by itself.
"""

from __future__ import annotations

from typing import Literal

from assistant.scan.profiles import Changes

Method = Literal["voice", "keys", "two switches", "one switch", "dwell", "partner", "paper"]
LADDER: tuple[Method, ...] = ("voice", "keys", "two switches", "one switch", "dwell", "partner", "paper")
_CHANGES: dict[Method, Changes] = {
    "voice": {"scanning": "off"},
    "keys": {"scanning": "keys"},
    "two switches": {"scanning": "step"},
    "one switch": {"scanning": "auto"},
    "dwell": {"scanning": "off", "dwell_s": 1.0},
    "partner": {"scanning": "off", "dwell_s": 0.0},
    "paper": {},
}


def next_down(method: Method) -> Method:
    """What to use instead of `method`; paper is the last."""
    return LADDER[min(LADDER.index(method) + 1, len(LADDER) - 1)]


def changes_for(method: Method) -> Changes:
    """Settings that make `method` ready to use; what was learned, and every topic, stays."""
    return dict(_CHANGES[method])


def method_of(scanning: str, dwell_s: float) -> Method:
    """What is in use now, as far as the settings tell."""
    by_mode: dict[str, Method] = {
        "keys": "keys",
        "step": "two switches",
        "auto": "one switch",
        "inverse": "one switch",
    }
    if scanning in by_mode:
        return by_mode[scanning]
    return "dwell" if dwell_s else "voice"

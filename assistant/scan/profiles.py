"""Ways to scan under a name: for good hours, for tired ones, for the ear, for a caregiver's hand, and one that is safe.

Each is a set of settings, made from the step that was measured with this person. Names of settings are those of the
settings file.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.events import Value

Changes = dict[str, Value]

EAR_STEP = 0.55
"""With a cue the name of the item has been heard before the wait begins, so the wait is shorter."""
SAFE_STEP_S = 2.5
"""Slow enough for nearly everyone, for when nobody knows what is set."""


def _fresh(usual_s: float) -> Changes:
    return {"scanning": "auto", "scan_step_s": usual_s, "scan_spoken": False, "scan_list": 7, "scan_rounds": 3}


def _tired(usual_s: float) -> Changes:
    return {**_fresh(usual_s), "scan_step_s": round(usual_s * 1.4, 2), "scan_rounds": 4, "hold_back_s": 1.5}


def _ear(usual_s: float) -> Changes:
    return {**_fresh(usual_s), "scan_step_s": round(usual_s * EAR_STEP, 2), "scan_spoken": True, "scan_list": 6}


def _caregiver(_usual_s: float) -> Changes:
    return {"scanning": "off"}


def _safe(_usual_s: float) -> Changes:
    filters: Changes = {"accept_press_s": 0.0, "repeat_press_s": 0.3, "release_press_s": 0.05}
    holding: Changes = {"hold_back_s": 1.0, "hold_call_s": 3.0, "scan_undo": True, "scan_grace": True}
    return {**_fresh(SAFE_STEP_S), **filters, **holding, "scan_rounds": 4}


PROFILES: dict[str, Callable[[float], Changes]] = {
    "fresh": _fresh,
    "tired": _tired,
    "by ear": _ear,
    "caregiver": _caregiver,
    "safe": _safe,
}
"""Name of the command to what it sets, given the seconds that were measured."""

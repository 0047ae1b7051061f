"""The sound server's own echo canceller: found, and used where nothing else was chosen.

PulseAudio and PipeWire have one as a module, which few systems load. It knows exactly what is played and heard, so it
is better than anything done here; but it only takes out what is played through its own sink.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import MutableMapping
from dataclasses import dataclass

ANSWERS_WITHIN_S = 5.0


class NoAnswer(Exception):
    """It can not be known; the text is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Canceller:
    """One echo canceller."""

    source: str
    """Its microphone, as the sound server calls it."""
    sink: str
    """Its loudspeaker."""


def find_canceller() -> Canceller | None:
    """The first echo canceller of the sound server. Nothing is changed.

    Raises:
        NoAnswer: there is no program to ask, or it does not answer.
    """
    if shutil.which("pactl") is None:
        message = (
            "it is not known whether echo is cancelled. With a loudspeaker, interrupt with the switch or a headset."
        )
        raise NoAnswer(message)
    try:
        return canceller_in(_listed("sources"), _listed("sinks"))
    except (OSError, subprocess.SubprocessError) as problem:
        message = "the sound server does not answer, so it is not known whether echo is cancelled."
        raise NoAnswer(message) from problem


def canceller_in(sources: str, sinks: str) -> Canceller | None:
    """The canceller in two listings of the sound server: number, name, module, ... by tabs, a line each."""
    source = next((name for name in _cancelling(sources) if not name.endswith(".monitor")), "")
    sink = next(iter(_cancelling(sinks)), "")
    return Canceller(source, sink) if source and sink else None


def prefer(canceller: Canceller, environment: MutableMapping[str, str]) -> bool:
    """Let streams opened from now on without a name go through the canceller. False: the person chose others."""
    if "PULSE_SOURCE" in environment or "PULSE_SINK" in environment:
        return False
    environment.update(PULSE_SOURCE=canceller.source, PULSE_SINK=canceller.sink)
    return True


def use_canceller(microphone: str, loudspeaker: str) -> Canceller | None:
    """Use the canceller, if there is one and no devices were chosen. To be called before any device is opened."""
    if microphone or loudspeaker:
        return None
    try:
        canceller = find_canceller()
    except NoAnswer:
        return None
    return canceller if canceller is not None and prefer(canceller, os.environ) else None


def _cancelling(listing: str) -> list[str]:
    rows = [line.split("\t") for line in listing.splitlines()]
    return [name for _, name, module, *_ in (row for row in rows if len(row) > 2) if _cancels(name + module)]


def _cancels(words: str) -> bool:
    return "echocancel" in words.replace("-", "").replace("_", "")


def _listed(what: str) -> str:
    done = subprocess.run(
        ["pactl", "list", "short", what],
        capture_output=True,
        check=True,
        timeout=ANSWERS_WITHIN_S,
        env={**os.environ, "LC_ALL": "C"},
    )
    return done.stdout.decode(errors="replace")

"""Looks at each sense of this computer and says what to do about the ones that fail."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.choices import World
from assistant.hearing import RATE_HZ
from assistant.hearing.recogniser import RecogniserUnavailable
from assistant.profile import Settings, home, read_settings
from assistant.startup import load_world, make_recogniser, make_voice


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    well: bool
    sentence: str


def findings(settings: Settings) -> Iterator[Finding]:
    """Look at everything, the quick things first. Nothing raises; a fault is a finding."""
    world, problems = load_world(settings)
    errors = [problem for problem in problems if problem.level == "error"]
    yield Finding("topics", not errors, str(errors[0]) if errors else f"{len(world.topics)} are ready.")
    _, troubles = read_settings(home())
    yield Finding("settings", not troubles, troubles[0] if troubles else f"kept in {home()}.")
    yield _looked("voice", lambda: _voice(settings, world))
    yield _looked("loudspeaker", lambda: _loudspeaker(settings))
    yield _looked("recogniser", lambda: _recogniser(settings, world))
    yield _looked("microphone", lambda: _microphone(settings))
    yield _looked("echo", _echo)
    seen = sys.stdin is not None and sys.stdin.isatty()
    switch = "A switch that sends Enter works in this window." if seen else "No keyboard is connected to this window."
    yield Finding("switch", seen, switch)


def _looked(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())  # noqa: FBT003 - a finding that is well
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a device is what the doctor tells
        return Finding(what, False, str(error) or type(error).__name__)  # noqa: FBT003 - one that is not


def _voice(settings: Settings, world: World) -> str:
    voice = make_voice(settings, world)
    sound = voice.synthesise("I can speak.")
    voice.close()
    return f"{voice.name} speaks ({sound.seconds:.1f} s of sound made)."


def _loudspeaker(settings: Settings) -> str:
    from assistant.speaking.line import NoLoudspeaker  # noqa: PLC0415 - needs PortAudio
    from assistant.speaking.player import Player  # noqa: PLC0415 - needs PortAudio

    player = Player(lambda _: None, answer_device=settings.loudspeaker)
    player.close()
    if player.missing:
        raise NoLoudspeaker(player.missing)
    return "it is there and opens."


def _recogniser(settings: Settings, world: World) -> str:
    broken: list[str] = []
    recogniser = make_recogniser(settings, world, tell=broken.append)
    recogniser.begin()
    recogniser.accept(bytes(2 * RATE_HZ))
    recogniser.finish()  # by now a second one that opens on a thread of its own is ready, or has said what is wrong
    recogniser.close()
    if broken:
        raise RecogniserUnavailable(broken[0])
    better = " One more model can be fetched: askaloud models get." if recogniser.name == "pocketsphinx" else ""
    return f"{recogniser.name} is ready.{better}"


def _microphone(settings: Settings) -> str:
    from assistant.hearing.level import loudness  # noqa: PLC0415 - needs PortAudio

    return loudness(settings.microphone)


def _echo() -> str:
    """Whether the system takes the assistant's own voice out of the microphone."""
    from assistant.hearing.level import echo_canceller  # noqa: PLC0415 - needs PortAudio

    return echo_canceller()

"""A running assistant: opens the senses there are, says what is missing, and lets the loop turn."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from assistant.app import App, Ear
from assistant.events import Keep, Show, Started
from assistant.hearing.recogniser import RecogniserUnavailable
from assistant.journal import Journal, JournalTrouble
from assistant.profile import Settings, SettingsTrouble, home, write_setting
from assistant.startup import load_world, make_matcher, make_recogniser, open_ear, open_mouth
from assistant.terminal import Keyboard, TerminalScreen, standard_lines


def run(settings: Settings, *, hears: bool = True, speaks: bool = True) -> None:
    """Start, talk until someone leaves, give everything back."""
    screen = TerminalScreen(sys.stdout)
    app = build(settings, screen.show, hears=hears, speaks=speaks)
    Keyboard(standard_lines(), lambda text: app.heard((text,)), app.put).start()
    app.put(Started(can_hear=app.ear is not None))
    try:
        app.run()
    except KeyboardInterrupt:
        pass
    finally:
        app.close()


def build(settings: Settings, screen: Callable[[Show], None], *, hears: bool, speaks: bool) -> App:
    """An app with every sense that this computer has; what is missing is told on standard error."""
    world, problems = load_world(settings)
    _tell(*(str(problem) for problem in problems if problem.level == "error"))
    conversation = settings.conversation()
    app = App(world, conversation, make_matcher(world), journal=_journal(settings), keep=keep)
    app.screens.append(screen)
    if speaks:
        app.mouth, troubles = open_mouth(settings, world, app.put)
        _tell(*troubles)
    if hears:
        app.ear = _open_ear(settings, app)
    return app


def _open_ear(settings: Settings, app: App) -> Ear | None:
    offer_model(settings)
    try:
        recogniser = make_recogniser(settings, app.world, tell=_tell)
    except RecogniserUnavailable as missing:
        _tell(str(missing), "You can type your questions.")
        return None
    ear, troubles = open_ear(settings, recogniser, app.put, app.heard)
    _tell(*troubles)
    if ear is None:
        _tell("You can type your questions.")
    return ear


def offer_model(settings: Settings) -> None:
    """Offer the better speech model, once, where someone sits at a keyboard to answer. Never needed to go on."""
    from assistant.models import ModelTrouble, catalogue, find_vosk_model, get  # noqa: PLC0415 - with requests

    if settings.offered_model or not sys.stdin.isatty() or find_vosk_model(settings.language):
        return
    model = catalogue()[0]
    size = f"{model.bytes / 1e6:.0f} MB"
    wanted = click.confirm(f"A better speech model can be fetched once ({size}). Fetch it now?", default=False)
    try:
        write_setting(home(), {"offered_model": True})
        if wanted:
            get(model, progress=lambda done, whole: click.echo(f"\r{done * 100 // max(whole, 1)} %", nl=False))
    except (ModelTrouble, SettingsTrouble) as trouble:
        _tell(str(trouble), "askaloud goes on with PocketSphinx.")


def keep(effect: Keep) -> None:
    """Save a setting changed in conversation; if the disk refuses, it counts until the end."""
    try:
        write_setting(home(), {effect.name: effect.value})
    except SettingsTrouble as trouble:
        _tell(str(trouble))


def _journal(settings: Settings) -> Journal:
    try:
        return Journal(home(), settings.journal, settings.conversation())
    except JournalTrouble as trouble:
        _tell(str(trouble))
        return Journal(home(), "off", settings.conversation())


def _tell(*sentences: str) -> None:
    for sentence in sentences:
        print(sentence, file=sys.stderr, flush=True)

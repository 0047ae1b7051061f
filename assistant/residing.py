"""Commands about living on a computer: moving to another one, starting with it, standing in its menu."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.alone import at_work
from assistant.atomic import write_atomic
from assistant.profile import home
from assistant.sentence import Sentence, told_settings, undisturbed

if TYPE_CHECKING:
    from assistant.autostart import Entry

LONGEST_END_S = 10.0
"""Giving all devices back takes less than a second; a driver may be slow."""
LOOK_AGAIN_S = 0.1


@click.group()
def profile() -> None:
    """Take settings, learned words, your own sounds and your own topics to another computer."""


@profile.command("export")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT.zip")
@click.option("--journal", is_flag=True, help="The journal too, which may hold what was said.")
def profile_export(out: Path, *, journal: bool) -> None:
    """Write everything that is yours to one file: askaloud profile export mine.zip."""
    from assistant.moving.gathering import gathered  # noqa: PLC0415 - rarely needed
    from assistant.moving.packing import BadProfile, packed  # noqa: PLC0415 - rarely needed

    if out.suffix.lower() != ".zip":
        raise Sentence(f"End the name in .zip: {out.with_suffix('.zip').name}.")
    found, troubles = gathered(home(), told_settings().packs, journal=journal)
    for trouble in troubles:
        click.echo(trouble, err=True)
    if not found.files:
        raise Sentence(f"There is nothing to take along yet in {home()}.")
    try:
        write_atomic(out, packed(found))
    except BadProfile as bad:
        raise Sentence(str(bad)) from None
    except OSError as error:
        raise Sentence(f"{out} can not be written: {error.strerror}.") from None
    click.echo(f"{out} holds {_counted(found.files)}, {'with' if journal else 'without'} the journal.")
    click.echo(f"It is as private as what you ask. On the other computer: askaloud profile import {out.name}")


@profile.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="IN.zip")
@undisturbed("askaloud profile import")
def profile_import(file: Path) -> None:
    """Take over a profile from another computer; the one that is here is kept as a copy."""
    from assistant.moving.arriving import MoveTrouble, arrive  # noqa: PLC0415 - rarely needed
    from assistant.moving.packing import BadProfile, unpacked  # noqa: PLC0415 - rarely needed

    try:
        found = unpacked(file)
        copy = arrive(home(), found, date.today().isoformat())  # noqa: DTZ011 - the day where the person is
    except (BadProfile, MoveTrouble) as trouble:
        raise Sentence(str(trouble)) from None
    click.echo(f"{_counted(found.files).capitalize()} are in {home()}.")
    if copy:
        click.echo(f"What was there before is kept in {copy}.")
    click.echo("Devices may have other names here: askaloud doctor tells.")


def _counted(files: Mapping[str, bytes]) -> str:
    topics = sum(name.endswith(".md") for name in files)
    return f"{len(files) - topics} files about you and {topics} of your own topics"


@click.command()
@click.argument("how", required=False, type=click.Choice(["on", "off"]))
def autostart(how: str | None) -> None:
    """Start askaloud when you log in: askaloud autostart on."""
    from assistant.autostart import NotStarted, at_start, itself  # noqa: PLC0415 - rarely needed

    try:
        entries = [at_start(itself(), sys.platform, os.environ, Path.home())]
    except NotStarted as trouble:
        raise Sentence(str(trouble)) from None
    _switch(how, entries, "askaloud starts when you log in.", "askaloud does not start by itself.")


@click.command()
@click.argument("how", required=False, type=click.Choice(["on", "off"]))
def launcher(how: str | None) -> None:
    """Put askaloud into the menu of programs: askaloud launcher on."""
    from assistant.autostart import NotStarted, in_menu, itself  # noqa: PLC0415 - rarely needed

    if not sys.platform.startswith("linux"):
        raise Sentence("This makes entries in the menus of Linux only. docs/installing.md tells what to do here.")
    try:
        entries = in_menu(itself(), os.environ, Path.home())
    except NotStarted as trouble:
        raise Sentence(str(trouble)) from None
    _switch(how, entries, "askaloud is in the menu of programs.", "askaloud is not in the menu of programs.")


def _switch(how: str | None, entries: Sequence[Entry], on: str, off: str) -> None:
    """Switch on or off, or only look, and say how it is now."""
    from assistant.autostart import is_on, switch_off, switch_on  # noqa: PLC0415 - rarely needed

    try:
        if how == "on":
            switch_on(entries)
        elif how == "off":
            switch_off(entries)
        now = is_on(entries)
    except OSError as error:
        raise Sentence(f"{error.filename or entries[0].path} can not be written: {error.strerror}.") from None
    click.echo(on if now else off)
    if now:
        click.echo(f"The entry is {entries[-1].path}. After moving the folder of askaloud, switch it on again.")


@click.command("quit")
def quit_() -> None:
    """End the askaloud that runs on this computer, wherever it was started."""
    holder = at_work(home())
    if holder is None:
        click.echo("askaloud is not running.")
        return
    if holder.doing or not holder.is_here or not holder.pid:
        raise Sentence(f"{holder.sentence} It can not be ended from here: close its window.")
    try:
        os.kill(holder.pid, signal.SIGTERM)
    except OSError as error:
        raise Sentence(f"{holder.sentence} It can not be ended from here: {error.strerror}.") from None
    deadline_s = time.monotonic() + LONGEST_END_S
    while at_work(home()):
        if time.monotonic() > deadline_s:
            raise Sentence("askaloud does not end. Log out, or restart this computer; nothing that was kept is lost.")
        time.sleep(LOOK_AGAIN_S)
    click.echo("askaloud has ended. Start it again with: askaloud")


RESIDING = (profile, autostart, launcher, quit_)

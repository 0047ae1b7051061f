"""What every command needs: errors that are sentences, and the settings with their troubles told."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import click

from assistant.alone import AtWork, holding
from assistant.choices import World
from assistant.matching import Matcher
from assistant.moving.names import READY
from assistant.profile import Settings, home, read_settings
from assistant.startup import load_world, make_matcher
from assistant.textfiles import ContentUnreadable

FAULT_FILE = "fault.txt"


class Sentence(click.ClickException):
    """An error for a person: its sentence, and exit status 1."""

    def show(self, file: object = None) -> None:
        """Print the sentence alone."""
        del file
        click.echo(self.message, err=True)


class Spoken(click.Group):
    """Commands that end in a sentence whatever happens: a damaged file of the program, a fault nobody thought of."""

    def invoke(self, context: click.Context) -> object:
        """Run the command that was asked for."""
        try:
            return super().invoke(context)
        except ContentUnreadable as wrong:
            raise Sentence(f"{wrong} Mend it, or install askaloud again.") from None
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # click has words for these
        except Exception as error:  # noqa: BLE001 - lines for programmers are no help to a person
            raise Sentence(_fault(error)) from None


def _fault(error: Exception) -> str:
    """A sentence about an error that nobody expected; the lines for programmers go into a file."""
    lines = "".join(traceback.format_exception(error))
    path = home() / FAULT_FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(lines, "utf-8", errors="replace")
        where = f"The details are in {path}."
    except OSError:
        where = f"The details: {type(error).__name__}, {error}."
    return f"Something in askaloud itself went wrong. Start it again; if it stays like this, install it again. {where}"


def told_settings() -> Settings:
    """The person's settings; what is wrong in their file is told. A profile that waits to be put in place is, first."""
    moved: list[str] = []
    if (home() / READY).is_dir():
        from assistant.moving.arriving import finish_arrival  # noqa: PLC0415 - almost never needed

        moved = finish_arrival(home())
    settings, troubles = read_settings(home())
    for trouble in (*moved, *troubles):
        click.echo(trouble, err=True)
    return settings


def told_world(settings: Settings) -> tuple[World, Matcher]:
    """Content and matcher; what is wrong with the content is told on standard error."""
    world, problems = load_world(settings)
    for problem in problems:
        click.echo(str(problem), err=True)
    return world, make_matcher(world)


@contextmanager
def undisturbed(doing: str) -> Iterator[None]:
    """Let no askaloud run while the command `doing` changes what that keeps in memory, and would write over it.

    Raises:
        Sentence: one runs.
    """
    try:
        with holding(home(), doing):
            yield
    except AtWork as other:
        raise Sentence(
            f"{other} Close it first (askaloud quit), then run {doing} again. Nothing was changed."
        ) from None

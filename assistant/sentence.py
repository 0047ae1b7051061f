"""What every command needs: errors that are sentences, and the settings with their troubles told."""

from __future__ import annotations

import click

from assistant.choices import World
from assistant.matching import Matcher
from assistant.moving.names import READY
from assistant.profile import Settings, home, read_settings
from assistant.startup import load_world, make_matcher


class Sentence(click.ClickException):
    """An error for a person: its sentence, and exit status 1."""

    def show(self, file: object = None) -> None:
        """Print the sentence alone."""
        del file
        click.echo(self.message, err=True)


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

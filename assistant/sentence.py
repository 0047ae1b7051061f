"""What every command needs: errors that are sentences, and the settings with their troubles told."""

from __future__ import annotations

import click

from assistant.profile import Settings, home, read_settings


class Sentence(click.ClickException):
    """An error for a person: its sentence, and exit status 1."""

    def show(self, file: object = None) -> None:
        """Print the sentence alone."""
        del file
        click.echo(self.message, err=True)


def told_settings() -> Settings:
    """The person's settings; what is wrong in their file is told."""
    settings, troubles = read_settings(home())
    for trouble in troubles:
        click.echo(trouble, err=True)
    return settings

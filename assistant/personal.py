"""Commands about one person: teaching, what was learned, the self-test."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import click

from assistant.profile import home
from assistant.sentence import Sentence, told_settings, told_world, undisturbed


@click.command()
@click.argument("topics", nargs=-1, metavar="[TOPIC]...")
@click.option("--tries", type=click.IntRange(1, 5), default=3, help="How often each word is said.")
@undisturbed("askaloud teach")
def teach(topics: Sequence[str], tries: int) -> None:
    """Teach it your voice: ten commands and the TOPICs you ask most, each said a few times."""
    from assistant.learning.keeping import LearningTrouble  # noqa: PLC0415 - rarely needed
    from assistant.lesson import NoLesson, hold_lesson  # noqa: PLC0415 - needs sound

    settings = told_settings()
    world, _ = told_world(settings)
    unknown = [topic for topic in topics if topic not in world.topics]
    if unknown:
        raise Sentence(f"There is no topic called {unknown[0]}. askaloud topics shows all.")
    try:
        done = hold_lesson(settings, topics, tries, click.echo)
    except (NoLesson, LearningTrouble) as trouble:
        raise Sentence(str(trouble)) from None
    for finding in done.findings():
        like = f", like {finding.other}" if finding.other else ""
        click.echo(f"{finding.kind:9} {finding.say}{like}")


@click.command()
@click.option("--forget", "topic", metavar="TOPIC", help="Forget what was learned for one topic.")
def learned(topic: str | None) -> None:
    """What it has learned of how you say things."""
    from assistant.learning.keeping import LearningTrouble  # noqa: PLC0415 - rarely needed
    from assistant.learning.speaker import SpeakerMemory  # noqa: PLC0415 - rarely needed

    settings = told_settings()
    world, matcher = told_world(settings)
    memory = SpeakerMemory(world, matcher, home(), settings.speaker, time.time)
    for trouble in memory.troubles:
        click.echo(trouble, err=True)
    if topic:
        try:
            with undisturbed(f"askaloud learned --forget {topic}"):
                memory.forget(topic)
        except LearningTrouble as trouble:
            raise Sentence(str(trouble)) from None
        click.echo(f"Forgotten: {topic}.")
    things = memory.listed()
    for thing in things:
        how = f'when it hears "{thing.text}"' if thing.text else "by its sound"
        click.echo(f"{thing.item.partition(':')[2]}  {how}{'' if thing.direct else ', not yet for sure'}")
    if not things:
        click.echo("Nothing yet.")


@click.command()
@click.option("--recordings", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Your own WAV files.")
@click.option("--table", type=click.Path(dir_okay=False, path_type=Path), help="Write the table to this file too.")
@click.option("--number", type=click.IntRange(1, 2000), default=40, help="Questions asked in each way.")
def selftest(recordings: Path | None, table: Path | None, number: int) -> None:
    """How well this computer understands: typed, spoken, slow, in noise, and your own recordings."""
    from assistant.selftest import selftest as measured  # noqa: PLC0415 - rarely needed

    try:
        measured(told_settings(), click.echo, recordings=recordings, table=table, number=number)
    except OSError as error:
        raise Sentence(f"The table can not be written: {error.strerror}.") from None


PERSONAL = (teach, learned, selftest)

"""The command line: the only place that prints for a program and ends the process."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol, TextIO

import click

from assistant import __version__
from assistant.alone import FETCHING, AtWork, at_work, holding
from assistant.asking import Reply, as_json, reply_to
from assistant.choices import World
from assistant.events import AnyEffect, Say, Value
from assistant.hearing.recogniser import Recogniser
from assistant.matching import Matcher
from assistant.personal import PERSONAL
from assistant.profile import Settings, SettingsTrouble, home, write_setting
from assistant.residing import RESIDING
from assistant.sentence import Sentence, Spoken, told_settings, told_world, undisturbed
from assistant.sharing import book, export, import_
from assistant.startup import load_world, make_recogniser, make_voice
from assistant.topics import content_folder, read_content

YES_OR_NO = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}


@click.group(cls=Spoken, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="askaloud")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Where the page is served; 0: any free port.")
@click.option("--no-browser", is_flag=True, help="Do not open the page; its address is printed.")
@click.option("--no-page", is_flag=True, help="No page at all, only this window.")
@click.option("--no-microphone", is_flag=True, help="Do not listen; type instead.")
@click.option("--no-loudspeaker", is_flag=True, help="Do not speak; read instead.")
@click.pass_context
def main(
    context: click.Context, *, port: int, no_browser: bool, no_page: bool, no_microphone: bool, no_loudspeaker: bool
) -> None:
    """Ask about ALS care and stem cells, aloud or typed, and hear a short, honest, sourced answer."""
    if context.invoked_subcommand is None:
        from assistant.running import Wanted, run  # noqa: PLC0415 - questions on the command line need no sound

        run(told_settings(), Wanted(not no_microphone, not no_loudspeaker, not no_page, not no_browser, port))


for command in (book, export, import_, *PERSONAL, *RESIDING):
    main.add_command(command)


@main.command()
@click.argument("text", nargs=-1)
@click.option(
    "--file",
    "file",
    type=click.File("r", encoding="utf-8-sig"),
    help="One question a line; - for standard input.",
)
@click.option("--json", "as_lines", is_flag=True, help="One JSON object a line.")
@click.option("--wav", type=click.Path(dir_okay=False, path_type=Path), help="Write the spoken reply as sound.")
def ask(text: Sequence[str], file: TextIO | None, wav: Path | None, *, as_lines: bool) -> None:
    """Ask in words: askaloud ask what helps with cramps."""
    try:
        questions: list[str] = [line.strip() for line in file or () if line.strip()]
    except UnicodeDecodeError:
        raise Sentence("That file is not plain text. Save it as UTF-8, one question a line.") from None
    # One question without quotes, or several with: askaloud ask "what is ALS" "is there a cure"
    questions += text if any(" " in part for part in text) else [" ".join(text)] if text else []
    if not questions:
        raise Sentence("Ask something: askaloud ask what is ALS, or askaloud ask --file questions.txt")
    settings = told_settings()
    world, matcher = told_world(settings)
    said: list[AnyEffect] = []
    for question in questions:
        reply, effects = reply_to(world, matcher, settings.conversation(), (question,))
        said += effects
        _print_reply(reply, as_lines=as_lines)
    if wav is not None:
        _write_speech(settings, world, said, wav)


@main.command()
@click.argument("wavs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="WAV...")
@click.option("--engine", type=click.Choice(["auto", "vosk", "pocketsphinx"]), default=None, help="The recogniser.")
@click.option("--json", "as_lines", is_flag=True, help="One JSON object a line.")
@click.option("--wav", type=click.Path(dir_okay=False, path_type=Path), help="Write the spoken reply as sound.")
def hear(wavs: Sequence[Path], engine: str | None, wav: Path | None, *, as_lines: bool) -> None:
    """Ask with recorded sound: askaloud hear question.wav."""
    from assistant.hearing.recogniser import RecogniserUnavailable  # noqa: PLC0415 - engines load late
    from assistant.hearing.wav import BadSound  # noqa: PLC0415 - engines load late

    settings = told_settings()
    world, matcher = told_world(settings)
    try:
        recogniser = make_recogniser(settings, world, engine or "", tell=partial(click.echo, err=True))
    except RecogniserUnavailable as missing:
        raise Sentence(str(missing)) from None
    said: list[AnyEffect] = []
    bad = 0
    for path in wavs:
        try:
            reply, effects = _hear_one(path, recogniser, world, matcher, settings)
        except BadSound as trouble:
            click.echo(str(trouble), err=True)
            bad += 1
            continue
        said += effects
        _print_reply(reply, as_lines=as_lines)
    if wav is not None and said:
        _write_speech(settings, world, said, wav)
    if bad:
        sys.exit(1)


def _hear_one(
    path: Path, recogniser: Recogniser, world: World, matcher: Matcher, settings: Settings
) -> tuple[Reply, tuple[AnyEffect, ...]]:
    from assistant.hearing.wav import read_wav  # noqa: PLC0415 - engines load late

    begun = time.perf_counter()
    sound = read_wav(path)
    recogniser.begin()
    recogniser.accept(sound)
    heard = recogniser.finish()
    ms = {"recognise": round((time.perf_counter() - begun) * 1000, 1)}
    start = settings.conversation()
    return reply_to(world, matcher, start, heard.hypotheses, heard.engine, ms, heard.others, heard.likely)


def _print_reply(reply: Reply, *, as_lines: bool) -> None:
    if as_lines:
        click.echo(as_json(reply))
        return
    if reply.engine != "typed":
        click.echo(f"  Heard: {reply.heard[0] if reply.heard else 'no words'}")
    click.echo(reply.say)


def _write_speech(settings: Settings, world: World, effects: Sequence[AnyEffect], path: Path) -> None:
    from assistant.speaking.sound import Sound  # noqa: PLC0415 - voices load late
    from assistant.speaking.voice import VoiceFailed  # noqa: PLC0415 - voices load late
    from assistant.speaking.wav import write_wav  # noqa: PLC0415 - voices load late

    try:
        voice = make_voice(settings, world)
        sounds = [
            voice.synthesise(say.text, rate_wpm=say.rate_wpm, pause_s=say.pause_s)
            for say in effects
            if isinstance(say, Say)
        ]
        voice.close()
        if sounds:
            joined = b"".join(sound.pcm for sound in sounds)
            write_wav(Sound(joined, sounds[0].rate_hz), path)
    except VoiceFailed as failure:
        raise Sentence(str(failure)) from None
    except OSError as error:
        raise Sentence(f"{path} can not be written: {error.strerror}.") from None


@main.group(invoke_without_command=True)
@click.pass_context
def topics(context: click.Context) -> None:
    """List what can be asked, with codes."""
    if context.invoked_subcommand is None:
        world, _ = load_world(told_settings())
        for group in world.groups.values():
            click.echo(f"\n{group.letter}  {group.title}")
            for topic in world.in_group(group.id):
                click.echo(f"  {topic.code:4} {topic.title}")


@topics.command("new")
@click.argument("topic_id")
@click.option("--folder", type=click.Path(path_type=Path), default=None, help="Your own folder of topics.")
def topics_new(topic_id: str, folder: Path | None) -> None:
    """Start a topic of your own: askaloud topics new our-nurse."""
    from assistant.topic_template import start_topic  # noqa: PLC0415 - rarely needed

    place = folder or home() / "topics"
    try:
        path = start_topic(place, topic_id)
    except (OSError, ValueError) as error:
        raise Sentence(str(error)) from None
    click.echo(f"{path} is ready for your words.")
    click.echo(f"Then check it: askaloud check {place}\nAnd use it: askaloud set packs {place}")


@main.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--release", is_flag=True, help="Also what only a release needs: clinician names, fresh sources.")
def check(folder: Path | None, *, release: bool) -> None:
    """Check topics against every rule of the editorial standard."""
    from assistant.checking import check_all  # noqa: PLC0415 - slow to start, rarely needed

    problems = check_all(folder, release=release)
    for problem in problems:
        click.echo(f"{problem.level}: {problem} [{problem.rule}]")
    errors = sum(problem.level == "error" for problem in problems)
    click.echo(f"{errors} to mend, {len(problems) - errors} to look at.")
    if errors:
        sys.exit(1)


@main.command()
def doctor() -> None:
    """Does this computer hear, speak and see the switch, and what to do if not."""
    from assistant.doctor import findings  # noqa: PLC0415 - opens every device

    settings = told_settings()
    all_well = True
    for finding in findings(settings):
        all_well &= finding.well
        click.echo(f"{'ok  ' if finding.well else 'LOOK'}  {finding.what}: {finding.sentence}")
    if not all_well:
        click.echo("askaloud works without what is marked LOOK; it goes on with the rest.")


@main.group()
def models() -> None:
    """Speech models: list, get, remove."""


@models.command("list")
def models_list() -> None:
    """What there is, and what is on this computer."""
    from assistant.models import catalogue, find_vosk_model, installed  # noqa: PLC0415 - with requests

    here = {model.name for model in installed()}
    for model in catalogue():
        mark = "on this computer" if model.name in here else f"{model.bytes / 1e6:.0f} MB to fetch"
        click.echo(f"{model.name}  ({mark})\n    {model.about}")
    used = find_vosk_model()
    click.echo(f"In use: {used.name if used else 'PocketSphinx, which is always there'}")


@models.command("get")
@click.argument("name", required=False)
def models_get(name: str | None) -> None:
    """Fetch a speech model; without a name, the small one."""
    from assistant.models import ModelTrouble, catalogue, get  # noqa: PLC0415 - with requests

    chosen = next((model for model in catalogue() if name in (None, model.name)), None)
    if chosen is None:
        raise Sentence(f"There is no model called {name}. askaloud models list shows all.")
    try:
        with (
            holding(home(), "askaloud models get", FETCHING),
            click.progressbar(length=chosen.bytes, label=chosen.name, file=sys.stderr) as bar,
        ):
            place = get(chosen, progress=_advancing(bar))
    except (ModelTrouble, AtWork) as trouble:
        raise Sentence(str(trouble)) from None
    click.echo(f"{chosen.name} is in {place}. It will be used from now on.")


class _Bar(Protocol):
    def update(self, n_steps: int) -> None: ...


def _advancing(bar: _Bar) -> Callable[[int, int], None]:
    shown = 0

    def advance(done: int, _all: int) -> None:
        nonlocal shown
        bar.update(done - shown)
        shown = done

    return advance


@models.command("remove")
@click.argument("name")
def models_remove(name: str) -> None:
    """Take a speech model off this computer."""
    from assistant.models import ModelTrouble, remove  # noqa: PLC0415 - with requests

    try:
        remove(name)
    except ModelTrouble as trouble:
        raise Sentence(str(trouble)) from None
    click.echo(f"{name} is gone.")


@main.command()
@click.argument("journal", required=False, type=click.Path(path_type=Path))
def replay(journal: Path | None) -> None:
    """Go through a journal step by step; does the conversation still do the same?"""
    from assistant.journal import FILE, Beginning, JournalTrouble, read_journal, told  # noqa: PLC0415
    from assistant.journal import replay as replayed  # noqa: PLC0415

    if journal is None and not (home() / FILE).is_file():
        raise Sentence("There is no journal. askaloud set journal words keeps one, from the next start on.")
    world, _ = load_world(told_settings())
    differing = 0
    try:
        lines = list(read_journal(journal or home() / FILE))
        for line, effects in replayed(world, iter(lines)):
            same = effects == line.effects
            differing += not same
            click.echo(told(line) + ("" if same else "   (today: different)"))
    except JournalTrouble as trouble:
        raise Sentence(str(trouble)) from None
    words = all(line.words for line in lines if isinstance(line, Beginning))
    if not words:
        click.echo("This journal was kept without words, so it can be read but not compared.")
    elif differing:
        raise Sentence(f"{differing} steps differ from today's conversation.")
    else:
        click.echo("Every step is as it was.")


@main.command()
@click.option("--counts", "counts_only", is_flag=True, help="Only the counts of presses and topics.")
@click.confirmation_option(prompt="Forget what askaloud has learned and written about you on this computer?")
@undisturbed("askaloud forget")
def forget(*, counts_only: bool) -> None:
    """Delete journal, learned words, counts and settings."""
    if counts_only:
        from assistant.pressing.counting import delete_counts  # noqa: PLC0415 - rarely needed

        click.echo("The counts are deleted." if delete_counts(home()) else "There were no counts.")
        return
    from assistant.moving.names import KEPT, READY, UNFINISHED  # noqa: PLC0415 - rarely needed
    from assistant.moving.parts import about_the_person  # noqa: PLC0415 - rarely needed

    paths = list(about_the_person(home()))
    for path in paths:
        try:
            path.unlink()
        except OSError as error:
            raise Sentence(f"{path} can not be deleted: {error.strerror}. Delete it yourself.") from None
    for folder in (home() / "cache", home() / READY, home() / UNFINISHED, *home().glob(f"{KEPT}*")):
        shutil.rmtree(folder, ignore_errors=True)
    click.echo(f"Forgotten: {len(paths)} files. Your own topics and speech models are still there.")


@main.command("set")
@click.argument("name")
@click.argument("value")
def set_(name: str, value: str) -> None:
    """Change a setting: askaloud set patience long."""
    _refuse_unknown(name, value)
    try:
        write_setting(home(), {name: _value(name, value)})
    except SettingsTrouble as trouble:
        raise Sentence(str(trouble)) from None
    running = at_work(home())
    click.echo(f"{name} is now {value}{', from the next start of askaloud on' if running else ''}.")


def _refuse_unknown(name: str, value: str) -> None:
    """A language or region that is not there would otherwise be noticed when help is called for."""
    if name not in ("language", "region"):
        return
    folder = content_folder()
    known = {place.name for place in folder.iterdir() if (place / "commands.txt").is_file()}
    if name == "region":
        known = set(read_content(folder)[0].regions)
    if value not in known:
        raise Sentence(f"There is no {name} '{value}'. There is: {', '.join(sorted(known))}.")


def _folder(name: str) -> Path:
    """A folder that is there, as it is found from anywhere: the next start stands in another one."""
    folder = Path(name).expanduser().absolute()
    if not folder.is_dir():
        raise Sentence(f"There is no folder {folder}. Make it first, or check its name.")
    return folder


def _value(name: str, text: str) -> Value | list[str]:
    """`text` as what the setting holds: a device may be called 2, and yes is as good as true."""
    usual = getattr(Settings(), name.replace("-", "_"), "")
    if isinstance(usual, str):
        return text
    if isinstance(usual, bool) and text.lower() in YES_OR_NO:
        return YES_OR_NO[text.lower()]
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        value = text
    if isinstance(usual, tuple):
        folders = value if isinstance(value, list) else [text] if text else []
        return [str(_folder(str(folder))) for folder in folders]
    return value if isinstance(value, (int, float)) else text

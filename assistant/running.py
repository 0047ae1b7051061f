"""A running assistant: opens the senses there are, says what is missing, and lets the loop turn."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial

import click
import msgspec

from assistant.alone import AtWork, Held, Holder, holder_of, holding
from assistant.app import App, Ear
from assistant.choices import World, overhears_itself
from assistant.events import Keep, Learn, Leave, Miss, Pressed, Recall, Recalled, Started
from assistant.family.editing import Editing
from assistant.hearing.cancelling import use_canceller
from assistant.hearing.listener import Utterance
from assistant.hearing.played import Played
from assistant.hearing.recogniser import RecogniserUnavailable
from assistant.hearing.renewable import RenewableRecogniser
from assistant.journal import Journal, JournalTrouble
from assistant.learning.keeping import LearningTrouble
from assistant.learning.speaker import LearnedThing, SpeakerMemory
from assistant.matching import Matcher
from assistant.misses import Misses, MissesTrouble
from assistant.pressing.voiced import is_voiced_press
from assistant.profile import Settings, SettingsTrouble, home, read_settings, write_setting
from assistant.questions import Questions
from assistant.renewing import open_family, renew_words
from assistant.scanner import Scanner
from assistant.showing.browser import open_browser
from assistant.showing.clinic import ClinicList
from assistant.showing.page import Page
from assistant.showing.serving import PageTrouble
from assistant.startup import first_recogniser, load_world, make_matcher, open_ear, open_mouth, second_opinion
from assistant.switches import open_switches, save_counts
from assistant.terminal import Keyboard, TerminalScreen, forgive, standard_lines

Tell = Callable[[str], None]
"""Gets a sentence about what is wrong."""
TOLD_THINGS = 3
"""More than a listener wants to hear; `askaloud learned` shows all."""
LONGEST_START_S = 10.0
"""So long a second start waits for the page of the first: making the recogniser's lists takes 6 s, once."""
LOOK_AGAIN_S = 0.1
BROWSER_S = 5.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is started; all of it unless the command line says otherwise."""

    hears: bool = True
    speaks: bool = True
    page: bool = True
    browser: bool = True
    port: int = 0
    """Where the page is served; 0: any free port."""


def run(settings: Settings, wanted: Wanted = Wanted()) -> None:
    """Start, talk until someone leaves, give everything back. Where one runs already, open that one's page instead."""
    try:
        with holding(home(), "") as held:
            _run(settings, wanted, held)
    except AtWork as other:
        _point_to(other.holder, wanted)


def _point_to(holder: Holder, wanted: Wanted) -> None:
    """Say that another one is at work, and open its page once that is there."""
    _tell(holder.sentence)
    deadline_s = time.monotonic() + LONGEST_START_S
    while holder.page is None and not holder.doing and holder.is_here and time.monotonic() < deadline_s:
        time.sleep(LOOK_AGAIN_S)
        holder = holder_of(home())
    if holder.page and holder.is_here:
        print(holder.page, flush=True)
        if wanted.page and wanted.browser:
            open_browser(holder.page, wait_s=BROWSER_S)
    elif not holder.doing:
        _tell("It has no page: look for its window.")


def _run(settings: Settings, wanted: Wanted, held: Held) -> None:
    _quieten_libraries()
    forgive(sys.stdin)
    use_canceller(settings.microphone, settings.loudspeaker)
    app, page = build(settings, wanted)
    held.tell(page.address if page else "")
    screen = TerminalScreen(sys.stdout)
    app.screens.append(screen.show)
    if page is None:
        app.lights.append(screen.light)
    Keyboard(standard_lines(), partial(_typed, app, page), app.put).start()
    _end_when_told(app)
    app.put(Started(can_hear=app.ear is not None and not app.ear.missing))
    try:
        app.run()
    except KeyboardInterrupt:
        pass
    finally:
        app.close()
        _tell(*filter(None, [save_counts(app.scanner, home())]))
        if page is not None:
            page.close()


def build(settings: Settings, wanted: Wanted) -> tuple[App, Page | None]:
    """An app with every sense that is wanted and there; what is missing is told on standard error."""
    world, problems = load_world(settings)
    _tell(*(str(problem) for problem in problems if problem.level == "error"))
    scanner, world, offer, troubles = open_switches(settings, world, home(), _today())
    conversation = msgspec.structs.replace(settings.conversation(), offer=offer)
    matcher = make_matcher(world)
    memory = _memory(settings, world, matcher)

    def tell(sentence: str) -> None:
        """Not only where a terminal is: said and shown."""
        _tell(sentence)
        app.trouble("memory", sentence)

    def kept(change: Keep) -> None:
        """Saved, and shown where the page has it."""
        keep(change, tell)
        if page is not None:
            page.kept(change.name, change.value)

    page: Page | None = None
    app = App(
        world,
        conversation,
        matcher,
        journal=_journal(settings, troubles),
        keep=kept,
        learn=partial(_learn, memory, tell) if memory else lambda _: None,
        understand=memory.understand if memory else None,
        scanner=scanner,
    )
    if memory:
        app.recall = partial(_recall, memory, world, tell)
        troubles += memory.troubles
    app.today = lambda: _today().isoformat()
    app.counted = partial(_keep_counts, scanner, tell)
    if settings.misses:
        app.misses = partial(_keep_miss, Misses(home(), app.today), tell)
    _tell(*troubles)
    for sentence in (*read_settings(home())[1], *troubles):
        app.trouble("memory", sentence)
    family = open_family(app, settings, memory, lambda change: keep(change, tell))
    if wanted.page:
        page = _open_page(settings, wanted, app, tell, family)
    _open_sound(settings, wanted, app, page)
    return app, page


def _open_sound(settings: Settings, wanted: Wanted, app: App, page: Page | None) -> None:
    """Mouth and ear, as far as they are wanted and there."""
    played = None if settings.barge_in == "full" else Played()  # a headset brings nothing back
    if wanted.speaks and settings.who_speaks != "screen reader":
        announce = page.word if page else lambda *_: None
        app.mouth, troubles = open_mouth(settings, app.world, app.put, announce, partial(_look_anew, app), played)
        _tell(*troubles)
    if wanted.hears:
        app.ear = _open_ear(settings, app, played)


def _look_anew(app: App) -> None:
    """Look for a lost loudspeaker, but not while someone speaks: the microphone has to be closed for it."""
    if app.ear is not None:
        if not app.conversation.speech_began:
            app.ear.look_anew()
    elif app.mouth is not None:
        app.mouth.rescan()


def _open_page(settings: Settings, wanted: Wanted, app: App, tell: Tell, family: Editing) -> Page | None:
    clinic = ClinicList(Questions(home(), app.today), app.world.topics)
    app.gather = clinic.gather
    try:
        page = Page(
            app.put,
            lambda text: app.heard((text,)),
            app.world.content.prompts,
            look=settings.look(),
            looks=lambda name, value: keep(Keep("text_size" if name == "size" else name, value), tell),
            clinic=clinic,
            family=family,
            port=wanted.port,
        )
    except PageTrouble as trouble:
        _tell(str(trouble), "askaloud goes on in this window.")
        return None
    app.world = replace(app.world, look=page.items())
    app.screens.append(page.show)
    app.lights.append(page.light)
    app.ticks.append(page.tick)
    app.takes = page.takes
    print(page.address, flush=True)
    if wanted.browser:
        open_browser(page.address)
    return page


def _typed(app: App, page: Page | None, text: str) -> None:
    """A line from the terminal: `open` opens the page again, anything else is asked."""
    if page is not None and text.lower() == "open":
        print(page.address, flush=True)
        open_browser(page.address)
    else:
        app.heard((text,))


def _open_ear(settings: Settings, app: App, played: Played | None) -> Ear | None:
    offer_model(settings)
    try:
        first = RenewableRecogniser(first_recogniser(settings, app.world, tell=_tell))
    except RecogniserUnavailable as missing:
        _tell(str(missing), "You can type your questions.")
        return None
    app.renewed = partial(renew_words, settings, first)
    recogniser = second_opinion(first, settings, app.world, tell=_tell)

    def voiced() -> None:
        speaks_over = app.conversation.speaking and overhears_itself(app.conversation)
        if settings.sound_switch and not speaks_over:
            app.put(Pressed())

    def heard(turn: Utterance) -> None:
        words = len(turn.heard.hypotheses[0].split()) if turn.heard.hypotheses else 0
        if settings.sound_switch and is_voiced_press(turn.speech_s, words):
            return  # it was the press, not a word
        found = turn.heard
        app.heard(found.hypotheses, found.engine, turn.number, turn.sound, turn.pause_s, found.others, found.likely)

    rescan = app.mouth.rescan if app.mouth else None
    ear, troubles = open_ear(settings, recogniser, app.put, heard, rescan, voiced, played)
    _tell(*troubles)
    if troubles:
        _tell("You can type your questions.")
    return ear


def offer_model(settings: Settings) -> None:
    """Offer one more speech model, once, where someone sits at a keyboard to answer. Never needed to go on."""
    from assistant.models import ModelTrouble, catalogue, find_vosk_model, get  # noqa: PLC0415 - with requests

    if settings.offered_model or not sys.stdin.isatty() or find_vosk_model(settings.language):
        return
    model = catalogue()[0]
    size = f"{model.bytes / 1e6:.0f} MB"
    click.echo(
        f"One more speech model can be fetched once ({size}); with it more may be heard right. Fetch it now? [y/N] ",
        nl=False,
    )
    wanted = sys.stdin.readline().strip().lower() in ("y", "yes")  # `input` asks on the standard error we keep quiet
    try:
        write_setting(home(), {"offered_model": True})
        if wanted:
            get(model, progress=lambda done, whole: click.echo(f"\r{done * 100 // max(whole, 1)} %", nl=False))
    except (ModelTrouble, SettingsTrouble) as trouble:
        _tell(str(trouble), "askaloud goes on with PocketSphinx.")


def _memory(settings: Settings, world: World, matcher: Matcher) -> SpeakerMemory | None:
    if settings.learning == "off":
        return None
    return SpeakerMemory(world, matcher, home(), settings.speaker, time.time)


def _keep_miss(misses: Misses, tell: Tell, effect: Miss) -> None:
    try:
        misses.add(effect)
    except MissesTrouble as trouble:
        tell(str(trouble))


def _keep_counts(scanner: Scanner, tell: Tell) -> None:
    trouble = save_counts(scanner, home())
    if trouble:
        tell(trouble)


def _recall(memory: SpeakerMemory, world: World, tell: Tell, effect: Recall) -> Recalled:
    """Tell what was learned, or undo the last of it. A disk that refuses is told; it counts until the end."""
    if effect.what == "undo":
        topic = ""
        try:
            topic = memory.undo()
        except LearningTrouble as trouble:
            tell(str(trouble))
        title = world.topics[topic].title if topic in world.topics else topic
        return Recalled("unlearned", (("topic", title),)) if topic else Recalled("unlearned none")
    things = memory.listed()
    named = [_named(world, thing) for thing in things[:TOLD_THINGS]]
    fields = (("count", str(len(things))), ("things", ". ".join(named)))
    return Recalled("learned list", fields) if things else Recalled("learned none")


def _named(world: World, thing: LearnedThing) -> str:
    name = thing.item.partition(":")[2]
    name = world.topics[name].title if name in world.topics else name
    kind = "learned words" if thing.text else "learned voice"
    return world.content.prompts.variants(kind)[0].format(topic=name, heard=thing.text)


def _learn(memory: SpeakerMemory, tell: Tell, effect: Learn) -> None:
    try:
        memory.learn(effect)
    except LearningTrouble as trouble:
        tell(str(trouble))


def _end_when_told(app: App) -> None:
    """A system that shuts down and a window that is closed end it as `quit` does: devices and files are given back."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: app.put(Leave()))


def _quieten_libraries() -> None:
    """Sound libraries write lines for programmers straight to standard error; Python's own still gets there."""
    with contextlib.suppress(OSError, ValueError):  # there is no such file: nothing to keep clean
        own = os.fdopen(os.dup(2), "w", encoding="utf-8", errors="replace", buffering=1)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        sys.stderr = own


def keep(effect: Keep, tell: Tell) -> None:
    """Save a setting changed in conversation; if the disk refuses, it counts until the end."""
    try:
        write_setting(home(), {effect.name: effect.value})
    except SettingsTrouble as trouble:
        tell(str(trouble))


def _today() -> date:
    return datetime.now(tz=UTC).astimezone().date()


def _journal(settings: Settings, troubles: list[str]) -> Journal:
    try:
        return Journal(home(), settings.journal, settings.conversation())
    except JournalTrouble as trouble:
        troubles.append(str(trouble))
        return Journal(home(), "off", settings.conversation())


def _tell(*sentences: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # the terminal was closed: nobody reads it
        for sentence in sentences:
            print(sentence, file=sys.stderr, flush=True)

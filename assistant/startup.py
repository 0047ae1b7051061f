"""Puts the assistant together from its settings. What is missing becomes a sentence, never a stop."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from assistant.app import Ear, Mouth
from assistant.book.words import BookWords
from assistant.choices import ONLY_TYPED, World
from assistant.commands import Commands
from assistant.events import AnyEvent, SpeechBegan, Troubled
from assistant.family import Copies
from assistant.hearing.listener import Utterance
from assistant.hearing.misheard import Misheard
from assistant.hearing.played import Played
from assistant.hearing.recogniser import Recogniser, open_recogniser
from assistant.matching import Bands, Matcher
from assistant.models import find_vosk_model
from assistant.profile import FILE, Settings, home
from assistant.speaking.voice import Voice, VoiceFailed, open_voice
from assistant.steering import COMMANDS
from assistant.topics import USUAL_LANGUAGE, ContentUnreadable, Problem, content_folder, read_content
from assistant.urgent import CALL, UrgentWords

Put = Callable[[AnyEvent], None]


def load_world(settings: Settings, *, family: bool = True) -> tuple[World, list[Problem]]:
    """All content, read once, and what is wrong with it. A broken topic is left out; the others stay.

    With `family`, what was added on the family's page is part of it.
    """
    folder = content_folder()
    packs, troubles = _family_pack() if family else ([], [])
    content, problems = read_content(folder, [*map(Path, settings.packs), *packs], language=settings.language)
    problems += [Problem("family", 0, trouble, "family") for trouble in troubles]
    commands = Commands.read(_in_language(folder, settings.language, "commands.txt"))
    urgent = UrgentWords.read(_in_language(folder, settings.language, "urgent.txt"))
    _whole("commands.txt", set(COMMANDS), set(commands.forms.values()))
    _whole("urgent.txt", {CALL, "not"}, {*(topic for topic, _ in urgent.urgent), "not" if urgent.calm else ""})
    commands, wrong = commands.with_own(settings.own_words, urgent)
    problems += [Problem(FILE, 0, sentence, "own-words") for sentence in wrong]
    book = BookWords.read(folder, settings.language)
    return World(content, commands, urgent, Bands(), book=book), problems


def _whole(file: str, needed: set[str], there: set[str]) -> None:
    """A file of which the end is missing still reads well, and nobody would be heard who says "stop"."""
    if needed - there:
        missing = ", ".join(sorted(needed - there))
        raise ContentUnreadable(f"{file}: it has no words for {missing}. A part of it is missing.")


def _family_pack() -> tuple[list[Path], list[str]]:
    """The folder of what the family added, if there is any, and what is wrong with it."""
    copies = Copies(home())
    found, troubles = copies.read()
    return [copies.folder(copy) for copy in found[:1]], troubles


def _in_language(folder: Path, language: str, file: str) -> Path:
    """`file` of a language; of the usual one where that has none: the words for help must work whatever is set."""
    own = folder / language / file
    return own if own.is_file() else folder / USUAL_LANGUAGE / file


def make_matcher(world: World) -> Matcher:
    """A matcher over every way to ask, every title and every menu label."""
    return Matcher({topic.id: (*topic.questions, topic.title, topic.say) for topic in world.topics.values()})


def phrases_of(world: World) -> list[str]:
    """Everything people are likely to say, for the recognisers: ways to ask, names, commands, cries for help."""
    asked = [text for t in world.topics.values() for text in (*t.questions, t.title, t.say)]
    groups = [text for g in world.groups.values() for text in (g.title, g.spoken)]
    commands = [form for form, name in world.commands.forms.items() if name not in ONLY_TYPED]
    return [*asked, *groups, *commands, *world.urgent.phrases]


def make_recogniser(
    settings: Settings, world: World, engine: str = "", tell: Callable[[str], None] = lambda _: None
) -> Recogniser:
    """The recogniser of the settings, or `engine`, with its second opinion; what is wrong with a better one is told.

    Raises RecogniserUnavailable.
    """
    first = first_recogniser(settings, world, engine, tell)
    return second_opinion(first, settings, world, engine, tell)


def second_opinion(
    first: Recogniser,
    settings: Settings,
    world: World,
    engine: str = "",
    tell: Callable[[str], None] = lambda _: None,
) -> Recogniser:
    """`first` with Whisper beside it, where the engine allows that and its model is there; its faults are told."""
    from assistant.hearing.second_opinion import SecondOpinion  # noqa: PLC0415 - engines load late
    from assistant.hearing.whisper import Whisper  # noqa: PLC0415 - engines load late
    from assistant.hearing.whisper_model import find_model, open_model  # noqa: PLC0415 - engines load late

    folder = find_model() if (engine or settings.engine) == "auto" else None
    if folder is None:
        return first
    lines = _in_language(content_folder(), settings.language, "spoken-of.txt").read_text("utf-8").splitlines()
    spoken_of = " ".join(line.strip() for line in lines if not line.startswith("#"))
    cries = Misheard(world.urgent.phrases, world.urgent.words_beside)
    return SecondOpinion(first, Whisper(partial(open_model, folder, spoken_of), tell), cries)


def first_recogniser(
    settings: Settings, world: World, engine: str = "", tell: Callable[[str], None] = lambda _: None
) -> Recogniser:
    """The recogniser of the settings, or `engine`, that hears while the person speaks.

    Raises RecogniserUnavailable.
    """
    return open_recogniser(
        engine or settings.engine,  # type: ignore[arg-type]  # checked by the settings and the command line
        phrases=phrases_of(world),
        vosk_model=find_vosk_model(settings.language),
        cache=home() / "cache",
        tell=tell,
        cries=world.urgent.clearest,
    )


def make_voice(settings: Settings, world: World) -> Voice:
    """The voice of the settings. Raises VoiceFailed."""
    return open_voice(settings.voice.partition(":")[0], world.content.pronunciation)


def open_mouth(
    settings: Settings,
    world: World,
    put: Put,
    announce: Callable[[int, int, int], None] = lambda *_: None,
    on_missing: Callable[[], None] = lambda: None,
    played: Played | None = None,
) -> tuple[Mouth | None, list[str]]:
    """Voice and loudspeaker; `announce` gets number, start and end of each word as it is heard.

    Without a loudspeaker the words are still shown, at the pace of speech; `on_missing` is told while one is missed.
    `played` is given all that is heard from it, for the ear.
    """
    from assistant.speaking.line import NoLoudspeaker  # noqa: PLC0415 - sound loads late
    from assistant.speaking.player import USUAL_RATE_HZ, Player  # noqa: PLC0415 - sound loads late
    from assistant.speaking.silent import SilentPlayer  # noqa: PLC0415 - sound loads late
    from assistant.speaking.speaker import Speaker  # noqa: PLC0415 - sound loads late

    spare: Voice | None = None
    try:
        voice = make_voice(settings, world)
        if voice.name != "espeak-ng":
            spare = open_voice("espeak-ng", world.content.pronunciation)
    except VoiceFailed as failure:
        return None, [str(failure)]
    player = partial(
        Player,
        on_lost=lambda sentence: put(Troubled("loudspeaker", sentence)),
        on_back=lambda: put(Troubled("loudspeaker", "", lost=False)),
        on_missing=on_missing,
        witness=played,
        answer_device=settings.loudspeaker,
        cue_device=settings.cue_loudspeaker,
        cue_volume=settings.cue_volume,
        rate_hz=getattr(voice, "rate_hz", USUAL_RATE_HZ),
    )
    names = {"name": settings.voice.partition(":")[2], "cue_name": settings.cue_voice}
    try:
        mouth = Speaker(voice, spare, player, put, announce=announce, **names)
        troubles = [mouth.missing] if mouth.missing else []
    except NoLoudspeaker as missing:
        mouth = Speaker(voice, spare, SilentPlayer, put, announce=announce, **names)
        troubles = [str(missing)]
    for trouble in troubles:
        put(Troubled("loudspeaker", trouble))
    return mouth, troubles


def open_ear(
    settings: Settings,
    recogniser: Recogniser,
    put: Put,
    heard: Callable[[Utterance], None],
    rescan: Callable[[], None] | None = None,
    voiced: Callable[[], None] = lambda: None,
    played: Played | None = None,
) -> tuple[Ear | None, list[str]]:
    """The microphone and turn taking; a microphone that is not there yet is waited for, and said.

    `rescan` makes the sound system see devices that were plugged in; `voiced` is told of each long enough sound;
    `played` is what the mouth plays, which is taken out of what is heard.
    None without the library for sound.
    """
    from assistant.hearing.ear import MicrophoneEar  # noqa: PLC0415 - needs PortAudio
    from assistant.hearing.microphone import NoMicrophone  # noqa: PLC0415 - needs PortAudio

    def began(number: int) -> None:
        put(SpeechBegan(number))

    def troubled(sense: str, sentence: str, *, lost: bool) -> None:
        put(Troubled("microphone" if sense == "microphone" else "recogniser", sentence, lost))

    try:
        ear = MicrophoneEar(
            recogniser,
            began=began,
            heard=heard,
            troubled=troubled,
            voiced=voiced,
            device=settings.microphone,
            rescan=rescan,
            played=played,
        )
    except NoMicrophone as missing:
        return None, [str(missing)]
    return ear, [ear.missing] if ear.missing else []

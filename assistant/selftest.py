"""How well does this computer understand: what `askaloud selftest` measures and prints.

Questions that the content knows are typed, then spoken by the built-in voice: as usual, slowly with pauses, and in
noise. Sentences about something else must not be answered. A folder of the person's own recordings, named by topic,
says most: it is their voice, their microphone and their room.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.asking import Reply, reply_to
from assistant.choices import World
from assistant.hearing import RATE_HZ
from assistant.hearing.recogniser import Recogniser, RecogniserUnavailable
from assistant.hearing.wav import BadSound, read_wav, resample
from assistant.matching import Matcher
from assistant.profile import Settings
from assistant.speaking.voice import Voice, VoiceFailed
from assistant.startup import load_world, make_matcher, make_recogniser, make_voice

Samples = NDArray[np.float64]
"""Sound, -1 to 1, at `RATE_HZ`."""

NONE = "none"
"""Stands for the topic of what is about none of them, also in the names of recordings."""
OTHER_TALK = (
    "who won the football match", "turn on the radio please", "what is for dinner tonight", "call my sister",
    "is it raining outside", "play the next song", "how do I treat a broken toe", "where did I put my glasses",
    "what is the capital of Portugal", "the dog wants to go out", "how long do I boil an egg",
    "what time is the news on", "my cousin has diabetes", "set an alarm for seven", "close the curtains",
    "do you know a good joke",
)  # fmt: skip
SLOW_WPM, GAP_S = 110, 0.7
"""Slow speech: words one by one, with a pause after each."""
NOISE_DB = (20, 10, 5)
"""How much louder the speech is than the noise."""
FLOOR = 10 ** (-70 / 20)
"""A microphone is never silent, and recognisers break on zeros."""
EDGE_S = 0.3
HEADER = (
    "| how | questions | right at once | among three | answered wrongly | not known | seconds each |",
    "|---|---|---|---|---|---|---|",
)


@dataclass
class Row:
    """What came of the questions asked in one way."""

    name: str
    asked: list[str] = field(default_factory=list)
    """The topic of each question; `NONE` for other talk."""
    replies: list[Reply] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, topic: str, reply: Reply, seconds: float) -> None:
        """Count one question."""
        self.asked.append(topic)
        self.replies.append(reply)
        self.seconds.append(seconds)

    def share(self, true: Callable[[str, Reply], bool]) -> float:
        """Of how many questions something is true, 0 to 1."""
        return sum(map(true, self.asked, self.replies)) / max(1, len(self.asked))

    def line(self) -> str:
        """The row of the table. For other talk there is no right topic: declining or asking back is right."""
        about_us = any(topic != NONE for topic in self.asked)
        first, three = self.share(right_at_once), self.share(among_three)
        shown = f"{100 * first:.0f} % | {100 * three:.0f} %" if about_us else "- | -"
        wrong, unknown = self.share(answered_wrongly), self.share(lambda _, reply: reply.outcome == "decline")
        each = sum(self.seconds) / max(1, len(self.seconds))
        return (
            f"| {self.name} | {len(self.asked)} | {shown} | {100 * wrong:.0f} % | {100 * unknown:.0f} % | {each:.2f} |"
        )


def right_at_once(topic: str, reply: Reply) -> bool:
    """The likeliest topic is the one that was meant."""
    return [found.id for found in reply.topics[:1]] == [topic]


def among_three(topic: str, reply: Reply) -> bool:
    """The topic that was meant is one of the three likeliest."""
    return topic in [found.id for found in reply.topics]


def answered_wrongly(topic: str, reply: Reply) -> bool:
    """Another topic was told without asking back: the worst there is."""
    return reply.outcome in ("answer", "urgent") and bool(reply.topics) and not right_at_once(topic, reply)


class Asking:
    """Puts questions to the whole of askaloud but its microphone and loudspeaker."""

    def __init__(self, world: World, matcher: Matcher, recogniser: Recogniser | None, settings: Settings) -> None:
        self._world, self._matcher, self._recogniser = world, matcher, recogniser
        self._start = settings.conversation()

    def typed(self, row: Row, text: str, topic: str) -> None:
        """Ask in words."""
        begun = time.perf_counter()
        reply, _ = reply_to(self._world, self._matcher, self._start, (text,))
        row.add(topic, reply, time.perf_counter() - begun)

    def spoken(self, row: Row, samples: Samples, topic: str) -> tuple[str, ...]:
        """Ask in sound; what was heard. The seconds counted are those after the last sound, as a person waits."""
        assert self._recogniser is not None  # noqa: S101 - rows of sound are only made with a recogniser
        self._recogniser.begin()
        self._recogniser.accept(as_frames(samples))
        begun = time.perf_counter()
        heard = self._recogniser.finish()
        reply, _ = reply_to(
            self._world,
            self._matcher,
            self._start,
            heard.hypotheses,
            heard.engine,
            others=heard.others,
            likely=heard.likely,
        )
        row.add(topic, reply, heard.decode_ms / 1000 + time.perf_counter() - begun)
        return heard.hypotheses


def as_frames(samples: Samples) -> bytes:
    """16-bit sound for a recogniser."""
    return np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def said(voice: Voice, text: str, *, slowly: bool = False) -> Samples:
    """`text` as a microphone would have it. Raises VoiceFailed."""
    gap = np.zeros(int(GAP_S * RATE_HZ))
    parts: list[Samples] = []
    for part in text.split() if slowly else [text]:
        sound = voice.synthesise(part, rate_wpm=SLOW_WPM if slowly else 160)
        samples = np.frombuffer(sound.pcm, np.int16).astype(np.float64) / 32768
        parts += [trimmed(resample(samples, sound.rate_hz, RATE_HZ)), gap]
    edge = np.zeros(int(EDGE_S * RATE_HZ))
    whole = np.concatenate([edge, *parts[:-1], edge])
    return whole + FLOOR * np.random.default_rng(len(whole)).standard_normal(len(whole))


def trimmed(samples: Samples) -> Samples:
    """Without the silence before and after."""
    loud = np.flatnonzero(np.abs(samples) > 0.006)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples


def noisy(samples: Samples, over_db: float, seed: int) -> Samples:
    """With pink noise, as of fans and traffic, that the speech is `over_db` louder than while it lasts."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(len(samples)))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), len(spectrum) * 50 / RATE_HZ))
    noise = np.fft.irfft(spectrum, len(samples))
    speech = samples[np.abs(samples) > 0.01]
    power = float(np.mean(speech**2)) if len(speech) else 0.0
    mixed = samples + noise * np.sqrt(power / np.mean(noise**2)) * 10 ** (-over_db / 20)
    return np.asarray(mixed / max(1.0, float(np.abs(mixed).max())))


def said_in_noise(voice: Voice, over_db: float, text: str) -> Samples:
    """`text` as a microphone would have it in a noisy room. Raises VoiceFailed."""
    return noisy(said(voice, text), over_db, len(text))


def chosen(world: World, number: int) -> list[tuple[str, str]]:
    """Topics and one of their questions, evenly from all groups and the same each time."""
    topics = list(world.topics.values())
    step = max(1.0, len(topics) / max(1, number))
    some = [topics[int(place * step)] for place in range(min(number, len(topics)))]
    return [(topic.id, topic.questions[place % len(topic.questions)]) for place, topic in enumerate(some)]


def typed_rows(asking: Asking, questions: Iterable[tuple[str, str]]) -> list[Row]:
    """Questions and other talk, typed."""
    known, other = Row("typed"), Row("typed, about other things")
    for topic, text in questions:
        asking.typed(known, text, topic)
    for text in OTHER_TALK:
        asking.typed(other, text, NONE)
    return [known, other]


def spoken_rows(
    asking: Asking, voice: Voice, questions: Sequence[tuple[str, str]], tell: Callable[[str], None]
) -> None:
    """The same, spoken by the built-in voice; each row is told as soon as it is there. Raises VoiceFailed."""
    ways: dict[str, Callable[[str], Samples]] = {
        "spoken by the built-in voice": lambda text: said(voice, text),
        "slowly, with pauses": lambda text: said(voice, text, slowly=True),
    }
    for over_db in NOISE_DB:
        ways[f"noise, {over_db} dB below"] = partial(said_in_noise, voice, over_db)
    for name, way in ways.items():
        row = Row(name)
        for topic, text in questions:
            asking.spoken(row, way(text), topic)
        tell(row.line())
    other = Row("spoken, about other things")
    for text in OTHER_TALK:
        asking.spoken(other, said(voice, text), NONE)
    tell(other.line())


def recorded_rows(asking: Asking, folder: Path, topics: Iterable[str]) -> tuple[list[Row], list[str]]:
    """Recordings named by topic ("riluzole.wav", "riluzole-2.wav", "none-1.wav"); and sentences on what was no use."""
    known, own, other = set(topics), Row("your own recordings"), Row("your own, about other things")
    troubles: list[str] = []
    for path in sorted(folder.glob("*.[wW][aA][vV]")):
        topic = path.stem if path.stem in known else re.sub(r"[-_ ]?\d+$", "", path.stem)
        if topic not in known | {NONE}:
            troubles.append(
                f"{path.name} is named for no topic. Name it like riluzole.wav; askaloud topics lists them."
            )
            continue
        try:
            sound = np.frombuffer(read_wav(path), np.int16).astype(np.float64) / 32768
        except BadSound as problem:
            troubles.append(str(problem))
            continue
        asking.spoken(other if topic == NONE else own, sound, topic)
    if not own.asked and not other.asked:
        troubles.append(f"{folder} holds no recordings named by topic, such as riluzole.wav.")
    return [row for row in (own, other) if row.asked], troubles


def selftest(
    settings: Settings,
    tell: Callable[[str], None],
    *,
    recordings: Path | None = None,
    table: Path | None = None,
    number: int = 40,
) -> None:
    """Measure, telling line by line.

    Args:
        settings: as they are on this computer.
        tell: takes each line as soon as it is known.
        recordings: folder of the person's own WAV files, named by topic.
        table: file that the lines are written to as well.
        number: how many questions are asked in each way.

    Raises OSError where `table` can not be written.
    """
    lines: list[str] = []

    def both(line: str) -> None:
        lines.append(line)
        tell(line)

    _measure(settings, both, recordings, number)
    if table is not None:
        table.write_text("\n".join(lines) + "\n", "utf-8")


def _measure(settings: Settings, tell: Callable[[str], None], recordings: Path | None, number: int) -> None:
    world, _ = load_world(settings)
    recogniser: Recogniser | None = None
    troubles: list[str] = []
    try:
        recogniser = make_recogniser(settings, world, tell=troubles.append)
    except RecogniserUnavailable as missing:
        troubles.append(str(missing))
    asking = Asking(world, make_matcher(world), recogniser, settings)
    questions = chosen(world, number)
    for line in (*HEADER, *(row.line() for row in typed_rows(asking, questions))):
        tell(line)
    if recogniser is not None:
        try:
            voice = make_voice(settings, world)
            spoken_rows(asking, voice, questions, tell)
            voice.close()
        except VoiceFailed as failure:
            troubles.append(str(failure))
        if recordings is not None:
            rows, no_use = recorded_rows(asking, recordings, world.topics)
            troubles += no_use
            for row in rows:
                tell(row.line())
        recogniser.close()
    for trouble in troubles:
        tell(trouble)

"""Cries for help as they are spoken, and ordinary talk that must not sound an alarm.

    python -m tests.bench.bench_urgent KEPT --cries tests/urgent_wordings.txt
    python -m tests.bench.bench_urgent KEPT --talk sentences.txt --noise FOLDER [--hours 2]
    python -m tests.bench.bench_urgent KEPT

Everything heard is added to the file KEPT, one JSON record a line; a run that was broken off goes on where it stopped,
and without further options only the table is printed: hearing takes long, and the words that count can be changed
without hearing again. `--cries` takes lines of topic, tab, words; `--talk` a sentence a line; `--noise` a folder with
sound files that sox can read.

The listener is the one of the product: voice detector, turn taking and recogniser. "open" is how it listens while it
waits for a question, "closed" how it listens while it speaks itself: only for the clearest cries and for commands.
Six synthetic voices say each of the clearest cries; all other cries are said by one voice each, in turn.

Needs the programs flite and espeak-ng, and sox for the noise.
"""

from __future__ import annotations

import argparse
import itertools
import json
import queue
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from assistant.choices import World, wanted_words
from assistant.hearing import RATE_HZ
from assistant.hearing.listener import Listener, Utterance
from assistant.hearing.voice_activity import voice_detector
from assistant.matching import by_turns
from assistant.places import Conversation
from assistant.profile import Settings
from assistant.selftest import FLOOR, Samples
from assistant.startup import load_world, make_recogniser
from assistant.turn import word_patience_s
from tests.bench.bench_spoken import Question, in_noise, normal, slow, spoken

VOICES = ("flite:awb", "flite:kal", "flite:rms", "flite:slt", "espeak-ng:en-us", "espeak-ng:en-gb")
WAYS: dict[str, Callable[[Question], Samples]] = {
    "normal": normal,
    "slow, 0.7 s between words": slow,
    "noise 20 dB below": lambda question: in_noise(20, question),
    "noise 10 dB below": lambda question: in_noise(10, question),
}
BLOCK_S = 60.0
SHARES = {"home": 0.6, "television": 0.25, "noise": 0.15}
"""Of the hours of talk: one person with pauses; voices without any over a bed of sound; sounds without words."""
Mode = Literal["open", "closed"]
Turn = tuple[tuple[str, ...], tuple[str, ...] | None]
"""Guesses, and the cries that it may be too."""
MODES: tuple[Mode, ...] = ("open", "closed")


@dataclass(frozen=True)
class Wanted:
    """How much is to be heard, of what, and listening how."""

    hours: float
    kinds: Sequence[str]
    modes: Sequence[Mode]


class Ears:
    """The listener without a microphone: sound goes in whole, and what was heard comes out."""

    def __init__(self, world: World, settings: Settings) -> None:
        self._reports: queue.SimpleQueue[object] = queue.SimpleQueue()
        recogniser = make_recogniser(settings, world)
        self._listener = Listener(recogniser, voice_detector(), self._reports.put)
        pace = settings.conversation().pace
        self._orders: dict[Mode, tuple[tuple[str, ...], float]] = {
            "open": (wanted_words(world, Conversation()), pace.patience_s or 1.5),
            "closed": (wanted_words(world, Conversation(speaking=1)), word_patience_s(pace)),
        }
        self._numbers = itertools.count(1)

    def hear(self, sound: Samples, mode: Mode) -> list[Turn]:
        """What was heard of every turn in `sound` with words in it."""
        words, patience_s = self._orders[mode]
        number = next(self._numbers)
        self._listener.listen(number, words, patience_s, closed=mode == "closed")
        ending = FLOOR * np.random.default_rng(1).standard_normal(round((patience_s + 0.3) * RATE_HZ))
        self._listener.hear(as_bytes(np.concatenate([sound, ending])))
        self._listener.end_utterance()
        heard: list[Turn] = []
        while True:
            report = self._reports.get()
            if isinstance(report, Utterance) and report.number == number:
                heard.append((by_turns(report.heard.hypotheses, report.heard.others), report.heard.likely))
                if report.why == "switch":
                    return [turn for turn in heard if turn[0]]


def as_bytes(sound: Samples) -> bytes:
    """16 bit."""
    return bytes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def cries(world: World, path: Path, modes: Sequence[Mode]) -> Iterator[tuple[Mode, str, Question]]:
    """Mode, way and question of everything that is cried."""
    lines = [line.split("\t") for line in path.read_text("utf-8").splitlines() if "\t" in line]
    wanted = [(topic, text) for topic, text, *_ in lines if topic != "calm" and not topic.startswith("#")]
    clearest = list(enumerate(itertools.product(world.urgent.clearest, VOICES)))
    # One way after the other: a recogniser gets used to a room, and noise does not come and go with every sentence.
    for (place, way), mode in itertools.product(enumerate(WAYS), modes):
        for number, (text, voice) in clearest:
            yield mode, way, Question(text, "clearest", voice, number)
        for number, (topic, text) in enumerate(wanted if mode == "open" else ()):
            yield mode, way, Question(text, topic, VOICES[(number + place) % len(VOICES)], number)


def hear_cries(world: World, ears: Ears, kept: Path, path: Path, modes: Sequence[Mode]) -> None:
    """Hear every cry that is not in `kept` yet."""
    done = {(r["mode"], r["way"], r["voice"], r["said"]) for r in records(kept) if r["part"] == "cry"}
    for mode, way, question in cries(world, path, modes):
        if (mode, way, question.speaker, question.text) not in done:
            heard = ears.hear(WAYS[way](question), mode)
            entry = {"mode": mode, "way": way, "voice": question.speaker, "topic": question.topic}
            add(kept, {"part": "cry", **entry, "said": question.text, "heard": heard})


def hear_talk(ears: Ears, kept: Path, sentences: Sequence[str], sounds: Sequence[Samples], wanted: Wanted) -> None:
    """Hear so many hours of talk, block by block."""
    done = {(r["kind"], r["block"], r["mode"]) for r in records(kept) if r["part"] == "talk"}
    for kind in wanted.kinds:
        for block in range(round(wanted.hours * SHARES[kind] * 3600 / BLOCK_S)):
            modes = [mode for mode in wanted.modes if (kind, block, mode) not in done]
            said, sound = make_block(kind, block, sentences, sounds) if modes else ([], np.zeros(0))
            for mode in modes:
                began = time.process_time()
                heard = ears.hear(sound, mode)
                spent_s, seconds = time.process_time() - began, len(sound) / RATE_HZ
                entry = {"kind": kind, "block": block, "mode": mode, "seconds": seconds, "cpu_s": spent_s}
                add(kept, {"part": "talk", **entry, "said": said, "heard": heard})


def make_block(kind: str, block: int, sentences: Sequence[str], sounds: Sequence[Samples]) -> tuple[list[str], Samples]:
    """About a minute of one kind, and what is said in it."""
    chance = np.random.default_rng([block, list(SHARES).index(kind)])
    bed = np.concatenate([sounds[int(chance.integers(len(sounds)))] for _ in range(round(BLOCK_S / 5))])
    if kind == "noise":
        return [], bed * chance.uniform(0.05, 0.5)
    said: list[str] = []
    parts: list[Samples] = []
    while sum(map(len, parts)) < BLOCK_S * RATE_HZ:
        said.append(sentences[int(chance.integers(len(sentences)))])
        voice = VOICES[(block + (len(said) if kind == "television" else 0)) % len(VOICES)]
        pause_s = chance.uniform(0.05, 0.4) if kind == "television" else chance.uniform(1.0, 4.0)
        loud = chance.uniform(0.1, 0.9)
        parts += [spoken.__wrapped__(said[-1], voice) * loud, np.zeros(round(pause_s * RATE_HZ))]
    whole = np.concatenate(parts)
    under = np.resize(bed, len(whole)) * (0.05 if kind == "television" else 0.004)
    return said, whole + under + FLOOR * chance.standard_normal(len(whole))


def read_sounds(folder: Path) -> list[Samples]:
    """Every sound file in `folder`, at full loudness."""
    found: list[Samples] = []
    for path in sorted(folder.rglob("*.ogg")) + sorted(folder.rglob("*.wav")):
        command = ["sox", str(path), "-t", "raw", "-r", str(RATE_HZ), "-e", "signed", "-b", "16", "-c", "1", "-"]
        pcm = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout
        samples = np.frombuffer(pcm, "<i2").astype(np.float64)
        found.append(samples / max(1.0, float(np.abs(samples).max())))
    return found


def records(kept: Path) -> list[dict[str, Any]]:
    """All that was heard before."""
    return [json.loads(line) for line in kept.read_text("utf-8").splitlines()] if kept.exists() else []


def add(kept: Path, record: dict[str, Any]) -> None:
    """Keep one more."""
    with kept.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")


def found(world: World, heard: Sequence[Turn]) -> str | None:
    """The first cry in what was heard."""
    cries = (world.urgent.find(guesses, heard=True, likely=likely) for guesses, likely in heard)
    return next((cry for cry in cries if cry), None)


def report(world: World, kept: Path) -> None:
    """Print what the words of today make of what was heard."""
    entries = records(kept)
    print("| cries | listening | way | said | found | share |\n|---|---|---|---|---|---|")
    for clear, mode, way in itertools.product((True, False), MODES, WAYS):
        heard = [r for r in entries if r["part"] == "cry" and r["mode"] == mode and r["way"] == way]
        heard = [r for r in heard if (r["topic"] == "clearest") is clear]
        if heard:
            hits = sum(found(world, r["heard"]) is not None for r in heard)
            name = "the clearest, all voices" if clear else "all wordings"
            print(f"| {name} | {mode} | {way} | {len(heard)} | {hits} | {hits / len(heard):.3f} |")
    for mode, voice in itertools.product(MODES, VOICES):
        heard = [r for r in entries if r["part"] == "cry" and r["mode"] == mode and r["voice"] == voice]
        heard = [r for r in heard if r["topic"] == "clearest"]
        if heard:
            hits = sum(found(world, r["heard"]) is not None for r in heard)
            print(f"| the clearest, {voice} | {mode} | all ways | {len(heard)} | {hits} | {hits / len(heard):.3f} |")
    print("\n| talk | listening | hours | false alarms | an hour | processor s a s |\n|---|---|---|---|---|---|")
    for mode in MODES:
        total = [r for r in entries if r["part"] == "talk" and r["mode"] == mode]
        for kind in (*SHARES, "all"):
            report_talk(world, [r for r in total if kind in ("all", r["kind"])], kind, mode)


def report_talk(world: World, talk: Sequence[dict[str, Any]], kind: str, mode: str) -> None:
    """One line of the table, and what was taken for a cry."""
    seconds = sum(r["seconds"] for r in talk)
    if not seconds:
        return
    alarms = [(cry, turn) for r in talk for turn in r["heard"] if (cry := found(world, [turn]))]
    load = sum(r["cpu_s"] for r in talk) / seconds
    hours = seconds / 3600
    print(f"| {kind} | {mode} | {hours:.2f} | {len(alarms)} | {len(alarms) / hours:.2f} | {load:.2f} |")
    if kind != "all":
        for cry, (guesses, likely) in alarms:
            print(f"    {cry}: {guesses[:3]}, {likely}")


def main() -> None:
    """Hear what is asked for, then print the tables."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("kept", type=Path)
    ask.add_argument("--cries", type=Path)
    ask.add_argument("--talk", type=Path)
    ask.add_argument("--noise", type=Path)
    ask.add_argument("--hours", type=float, default=2.0)
    ask.add_argument("--kinds", nargs="*", choices=list(SHARES), default=list(SHARES))
    ask.add_argument("--modes", nargs="*", choices=MODES, default=MODES)
    wanted = ask.parse_args()
    settings = Settings()
    world, _ = load_world(settings)
    if wanted.cries:
        hear_cries(world, Ears(world, settings), wanted.kept, wanted.cries, wanted.modes)
    if wanted.talk and wanted.noise:
        sentences = wanted.talk.read_text("utf-8").splitlines()
        much = Wanted(wanted.hours, wanted.kinds, wanted.modes)
        hear_talk(Ears(world, settings), wanted.kept, sentences, read_sounds(wanted.noise), much)
    report(world, wanted.kept)


if __name__ == "__main__":
    main()

"""How much learning helps simulated speakers. It compares methods; no figure here is accuracy for people.

    python -m tests.bench.bench_learning triggers CACHE [--noise FOLDER] [--people FOLDER]
    python -m tests.bench.bench_learning turns CACHE

`triggers`: 41 triggers, two and three tries each, by sound alone; what else is taken for one: other speech of the same
speaker, clear speech of other synthetic voices, and if given, household sounds (.ogg, read by sox) and people saying
single words (.wav); and the time a question takes among 300 patterns.

`turns`: six topics, each asked by its short name, through the real recognisers, matcher and bands: what is done at the
first try after 0, 1, 3 and 10 confirmed turns a topic, and after a lesson of three tries.

CACHE keeps sounds and what was heard, so that a second run is short.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from assistant.choices import World
from assistant.events import Learn
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.wav import read_wav
from assistant.learning.features import Pattern, pattern
from assistant.learning.speaker import SpeakerMemory
from assistant.learning.templates import MOST_TRIES, Templates
from assistant.matching import Matcher, decide
from assistant.profile import Settings
from assistant.startup import load_world, make_matcher, make_recogniser
from tests.bench.dysarthria import Grade
from tests.bench.spoken_triggers import (
    COMMANDS,
    OTHERS,
    TESTED_TAKES,
    TOPICS,
    VOICES,
    Spoken,
    clear_speech,
    item_of,
    said,
    utterances,
)

SPEAKERS = (1, 2, 3, 4)
TALKERS = (1, 2, 3)
"""Speakers whose turns are measured with the recogniser, which takes long."""
ANSWERED, ASKED_BACK = 0.92, 0.55
"""The bands of the product."""
ASKED = ("feeding tube", "mask machine", "cramps", "wheelchair", "eye gaze", "living will")
TURN_TAKES = range(31, 41)
STAGES = (0, 1, 3, 10)
TRIED_OTHERS = OTHERS[:10]


# ---- triggers, by sound alone


def triggers(cache: Path, noise: Path | None, people: Path | None) -> None:
    print(
        "| speaker | grade | tries | top-1 | top-3 | answered right | asked back or answered right | answered wrong |"
    )
    print("|---|---|---|---|---|---|---|---|")
    rejected: dict[str, list[float]] = {}
    for grade in ("moderate", "severe"):
        for tries in (2, 3):
            rows = []
            for speaker in SPEAKERS:
                spoken = utterances(speaker, grade, cache)
                known = taught(spoken, tries)
                rows.append(_recognised(known, spoken))
                _told(f"{speaker} | {grade} | {tries}", rows[-1])
                own = [pattern(s.sound) for s in spoken if not s.trigger]
                rejected.setdefault(f"same speaker, other speech, {grade}, {tries} tries", []).extend(
                    _likely(known, own)
                )
                for name, sounds in _foreign(noise, people).items():
                    rejected.setdefault(name, []).extend(_likely(known, sounds))
            _told(f"all | {grade} | {tries}", list(np.mean(rows, axis=0)))
    print("\n| not a trigger | sounds | answered | asked back |\n|---|---|---|---|")
    for name, likely in rejected.items():
        answered, asked = (sum(p >= least for p in likely) / len(likely) for least in (ANSWERED, ASKED_BACK))
        print(f"| {name} | {len(likely)} | {answered:.3f} | {asked - answered:.3f} |")
    _speed()


def taught(spoken: Iterable[Spoken], tries: int) -> Templates:
    known = Templates()
    for one in spoken:
        found = pattern(one.sound) if one.trigger and one.take <= tries else None
        if found is not None:
            known = known.with_try(item_of(one.text), found, 0.0, taught=True)
    return known


def _recognised(known: Templates, spoken: Iterable[Spoken]) -> list[float]:
    first, third, answered, asked, wrong = [], [], [], [], []
    for one in spoken:
        if not one.trigger or one.take not in TESTED_TAKES:
            continue
        found = pattern(one.sound)
        match = known.match(found)
        if found is None or match is None:
            first.append(0.0)
            continue
        scores = known.scores(found)
        best = sorted(scores, key=lambda item: scores[item])[:3]
        right = match.item == item_of(one.text)
        first.append(float(right))
        third.append(float(item_of(one.text) in best))
        answered.append(float(right and match.probability >= ANSWERED))
        asked.append(float(right and match.probability >= ASKED_BACK))
        wrong.append(float(not right and match.probability >= ANSWERED))
    return [float(np.mean(column)) for column in (first, third, answered, asked, wrong)]


def _told(name: str, figures: Iterable[float]) -> None:
    print(f"| {name} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |", flush=True)


def _likely(known: Templates, sounds: Iterable[Pattern | None]) -> list[float]:
    """What could be no trigger for its length counts as rejected."""
    return [match.probability if (match := known.match(sound)) else 0.0 for sound in sounds]


_FOREIGN: dict[str, list[Pattern | None]] = {}


def _foreign(noise: Path | None, people: Path | None) -> dict[str, list[Pattern | None]]:
    """Sounds of others, in pieces of 1.5 s where they are long."""
    if not _FOREIGN:
        for voice in ("flite:kal", "espeak-ng:en-us"):
            clear = clear_speech(voice, OTHERS)
            _FOREIGN[f"other voice, {voice}"] = [pattern((s * 32767).astype("<i2").tobytes()) for _, s in clear]
        if noise:
            _FOREIGN["household sounds"] = [
                pattern(piece) for path in sorted(noise.rglob("*.ogg")) for piece in _pieces(path)
            ]
        if people:
            words = [p for p in sorted(people.rglob("*.wav")) if p.parent.name not in COMMANDS]
            _FOREIGN["people, single words"] = [pattern(read_wav(p)) for p in words[:: max(1, len(words) // 200)]]
    return _FOREIGN


def _pieces(path: Path) -> Iterator[bytes]:
    command = ["sox", str(path), "-t", "raw", "-e", "signed-integer", "-b", "16", "-c", "1", "-r", "16000", "-"]
    sound = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout
    yield from (sound[at : at + 48_000] for at in range(0, len(sound) - 24_000, 48_000))


def _speed() -> None:
    dice = np.random.default_rng(1)
    known = Templates()
    for number in range(60):
        for at in range(MOST_TRIES):
            rows = dice.normal(size=(48, 34)).astype(np.float32)
            known = known.with_try(f"topic:{number}", Pattern(rows, 100), float(at), taught=True)
    loudness = np.repeat([10, 3000, 10, 1500], 8_000)
    sound = (dice.normal(0, 1, len(loudness)) * loudness).astype("<i2").tobytes()
    assert known.match(pattern(sound)) is not None
    times_ms = []
    for _ in range(20):
        begun, worked = time.perf_counter(), time.process_time()
        known.match(pattern(sound))
        times_ms.append((1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - worked)))
    wall, work = np.median(times_ms, axis=0)
    print(f"\n300 patterns, 2 s of sound: {wall:.1f} ms, of which at work {work:.1f} ms (median of 20)")


# ---- first tries, through recogniser, matcher and bands


@dataclass
class Ears:
    """The recognisers, and what they heard before."""

    recogniser: Recogniser
    path: Path
    known: dict[str, list[list[str]]] = field(default_factory=dict)

    def hear(self, sound: bytes) -> tuple[list[str], list[str]]:
        """The guesses of the first, and of the other."""
        name = hashlib.sha256(sound).hexdigest()[:24]
        if name not in self.known:
            self.recogniser.begin()
            self.recogniser.accept(sound)
            heard = self.recogniser.finish()
            self.known[name] = [list(heard.hypotheses), list(heard.others)]
            self.keep()
        first, others = self.known[name]
        return first, others

    def keep(self) -> None:
        """Recognising takes most of the time."""
        self.path.write_text(json.dumps(self.known))


def turns(cache: Path) -> None:
    world, _ = load_world(Settings())
    matcher = make_matcher(world)
    path = cache / "heard-by-both.json"
    known = json.loads(path.read_text()) if path.is_file() else {}
    ears = Ears(make_recogniser(Settings(), world, "auto"), path, known)
    print("| grade | learned | answered | asked back | among three | first try | wrong | other speech answered |")
    print("|---|---|---|---|---|---|---|---|")
    grades: tuple[Grade, ...] = ("moderate", "severe", "mild")
    for grade in grades:
        totals: dict[str, Counter[str]] = {}
        for speaker in TALKERS:
            for name, counted in _talk(world, matcher, ears, cache, speaker, grade).items():
                totals.setdefault(name, Counter()).update(counted)
        for name, counted in totals.items():
            _row(f"{grade} | {name}", counted)


def _row(name: str, counted: Counter[str]) -> None:
    asked = counted["asked"]
    right = [counted[kind] / asked for kind in ("answer", "confirm", "choose")]
    wrong = counted["wrong"] / asked
    others = counted["other answered"] / max(counted["others"], 1)
    print(
        f"| {name} | " + " | ".join(f"{share:.2f}" for share in (*right, sum(right), wrong, others)) + " |", flush=True
    )


def _talk(
    world: World, matcher: Matcher, ears: Ears, cache: Path, speaker: int, grade: Grade
) -> dict[str, Counter[str]]:
    spoken = [s for s in utterances(speaker, grade, cache) if s.text in ASKED or s.text in TRIED_OTHERS]
    clear = clear_speech(VOICES[speaker], ASKED)
    turns_of = {text: [said(sound, text, grade, speaker, take) for take in TURN_TAKES] for text, sound in clear}
    found: dict[str, Counter[str]] = {}
    with TemporaryDirectory() as folder:
        for by_sound in (False, True):
            memory = SpeakerMemory(world, matcher, Path(folder, str(by_sound)), "person", time.time)
            done = 0
            for stage in STAGES:
                for at in range(done, stage):
                    for text, sounds in turns_of.items():
                        _confirm(memory, ears, text, sounds[at], by_sound=by_sound)
                done = stage
                name = f"{stage} turns" + (", words and sound" if by_sound else ", words only")
                found[name] = _first_tries(world, memory, ears, spoken, by_sound=by_sound)
        memory = SpeakerMemory(world, matcher, Path(folder, "lesson"), "person", time.time)
        for text in (*ASKED, *COMMANDS):
            tries = [pattern(s.sound) for s in utterances(speaker, grade, cache) if s.text == text and s.take <= 3]
            memory.voice.taught(item_of(text), tuple(one for one in tries if one is not None))
        found["a lesson of 3 tries"] = _first_tries(world, memory, ears, spoken, by_sound=True)
        for at in range(3):
            for text, sounds in turns_of.items():
                _confirm(memory, ears, text, sounds[at], by_sound=True)
        found["a lesson and 3 turns"] = _first_tries(world, memory, ears, spoken, by_sound=True)
    return found


def _confirm(memory: SpeakerMemory, ears: Ears, text: str, sound: bytes, *, by_sound: bool) -> None:
    heard, others = ears.hear(sound)
    given, _ = memory.understand(heard, sound if by_sound else b"", others)
    memory.learn(Learn(given, TOPICS[text], right=True))


def _first_tries(
    world: World, memory: SpeakerMemory, ears: Ears, spoken: Iterable[Spoken], *, by_sound: bool
) -> Counter[str]:
    counted: Counter[str] = Counter()
    for one in spoken:
        if one.trigger and one.take not in TESTED_TAKES:
            continue
        heard, others = ears.hear(one.sound)
        _, ranking = memory.understand(heard, one.sound if by_sound else b"", others)
        outcome = decide(ranking, world.bands)
        topics = [c.topic for c in outcome.topics]
        if not one.trigger:
            counted["others"] += 1
            counted["other answered"] += outcome.kind == "answer"
            continue
        counted["asked"] += 1
        right = TOPICS[one.text] in topics
        counted[outcome.kind] += right
        counted["wrong"] += outcome.kind == "answer" and not right
    return counted


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("what", choices=["triggers", "turns"])
    parser.add_argument("cache", type=Path)
    parser.add_argument("--noise", type=Path)
    parser.add_argument("--people", type=Path)
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    if options.what == "triggers":
        triggers(options.cache, options.noise, options.people)
    else:
        turns(options.cache)


if __name__ == "__main__":
    main()

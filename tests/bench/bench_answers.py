"""Every answer as the voice says it: how long it takes, and whether a recogniser hears the words that were meant.

    python -m tests.bench.bench_answers lengths            # answers, "more", caregivers blocks, labels, in seconds
    python -m tests.bench.bench_answers lengths --over     # only the topics with something over its limit
    python -m tests.bench.bench_answers heard              # ten answers, recognised from their recording
    python -m tests.bench.bench_answers heard riluzole ... # others
    python -m tests.bench.bench_answers sounds             # words that the voice says unlike a dictionary

Answers are said at 160 words a minute, labels at 175, with the voice that comes with the product. PocketSphinx was made
for human voices and hears that one badly, so `heard` lets flite read the same words too, where it is installed: what
only one voice gets wrong is the voice or the recogniser, what both get wrong is the text or its pronunciation.
"""

from __future__ import annotations

import argparse
import importlib
import re
import shutil
import subprocess
import sys
import tempfile
import wave
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from scipy.signal import resample_poly

from assistant.checking.asking import SAID_AS_WORDS
from assistant.checking.labels import label_timer
from assistant.checking.measures import USUAL_RATE_WPM, seconds
from assistant.checking.menu import MOST_SAY_S
from assistant.checking.passages import MEASURED_REGION, Passage, passages
from assistant.checking.sounds import voice_sounds
from assistant.checking.wording import LIMITS
from assistant.hearing.pocketsphinx import PocketSphinxRecogniser, spoken_form
from assistant.hearing.pronouncing import read_words
from assistant.knowledge import Content, Topic
from assistant.speaking.pronunciation import Pronunciation
from assistant.speaking.sentences import sentences
from assistant.speaking.voice import ESPEAK, Voice, open_voice
from assistant.topics import content_folder, read_content

TEN = (
    "choking", "suicidal-thoughts", "what-is-als", "riluzole", "stem-cell-therapy", "find-a-trial", "breathing-mask",
    "feeding-tube", "letter-board", "hospice",
)  # fmt: skip
"""Answers from every kind of group, urgent ones and stem cells among them."""
RECOGNISER_HZ = 16_000
HISS_PEAK = 8
"""About -70 dBFS."""
LEVEL = 0.3
"""The voice is as loud as numbers can be; no microphone hears anybody so loud."""
UNLIKE = 0.3
MERGED = {"AO": "AA", "IH": "AH", "UH": "UW", "IY": "AH", "EH": "AH"}
Samples = NDArray[np.float64]
Speak = Callable[[str], tuple[Samples, int]]


@dataclass(frozen=True)
class Spoken:
    """A part of a topic and how long it takes."""

    part: str
    spoken_s: float
    most_s: float
    estimated_s: float


def main() -> None:
    """Print the table asked for; end with 1 when something takes too long."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("table", choices=["lengths", "heard", "sounds"])
    ask.add_argument("topics", nargs="*")
    ask.add_argument("--over", action="store_true", help="only what takes longer than it may")
    wanted = ask.parse_args()
    content, _ = read_content(content_folder())
    voice = open_voice(ESPEAK, content.pronunciation)
    chosen = [content.topics[name] for name in wanted.topics] or list(content.topics.values())
    match wanted.table:
        case "lengths":
            sys.exit(lengths(content, voice, chosen, only_over=wanted.over))
        case "heard":
            heard(content, voice, [content.topics[name] for name in wanted.topics or TEN])
        case _:
            unlike_the_dictionary(content)


def lengths(content: Content, voice: Voice, topics: Sequence[Topic], *, only_over: bool) -> int:
    """The table of seconds; 1 when anything is over its limit, else 0."""
    label_s = label_timer(content)
    every: list[Spoken] = []
    over: list[str] = []
    print("| topic | label | short answer | more | for caregivers | over |\n| --- | --- | --- | --- | --- | --- |")
    for topic in topics:
        label = Spoken("label", label_s(topic.say), MOST_SAY_S, 0.0)
        parts = [label, *spoken(content, voice, topic)]
        too_long = [f"{part.part} {part.spoken_s:.1f}" for part in parts if part.spoken_s > part.most_s]
        over += [f"{topic.id}: {part}" for part in too_long]
        every += parts
        if too_long or not only_over:
            print(row(topic, parts, too_long))
    print(summary(every), *over, sep="\n")
    return 1 if over else 0


def spoken(content: Content, voice: Voice, topic: Topic) -> Iterator[Spoken]:
    """Every block of a topic, said once."""
    for passage in passages(content, topic):
        sound = voice.synthesise(passage.text, rate_wpm=USUAL_RATE_WPM)
        yield Spoken(passage.kind, sound.seconds, limit_s(passage), seconds(passage.text))


def limit_s(passage: Passage) -> float:
    """The most seconds a block may take."""
    return LIMITS["urgent" if passage.topic.urgent and passage.kind == "short" else passage.kind].seconds


def row(topic: Topic, parts: Sequence[Spoken], too_long: Sequence[str]) -> str:
    """One line of the table."""
    of = {kind: [p.spoken_s for p in parts if p.part == kind] for kind in ("label", "short", "more", "caregivers")}
    more = " ".join(f"{each:.1f}" for each in of["more"])
    caregivers = " ".join(f"{each:.1f}" for each in of["caregivers"])
    return (
        f"| {topic.id} | {of['label'][0]:.2f} | {of['short'][0]:.1f} | {more} | {caregivers} | {', '.join(too_long)} |"
    )


def summary(every: Sequence[Spoken]) -> str:
    """Least, mean and most of each kind, and how far the estimate of the checks is from what was measured."""
    lines: list[str] = []
    for kind in ("label", "short", "more", "caregivers"):
        found = np.array([part.spoken_s for part in every if part.part == kind])
        over = sum(part.spoken_s > part.most_s for part in every if part.part == kind)
        spread = f"{found.min():.2f} to {found.max():.2f} s, mean {found.mean():.2f}"
        lines.append(f"{kind}: {len(found)}, {spread}, {over} over the limit")
    errors = np.array([part.spoken_s / part.estimated_s - 1 for part in every if part.estimated_s])
    worst = 100 * np.abs(errors).max()
    lines.append(f"estimate of the checks: {100 * errors.mean():+.0f} percent on average, {worst:.0f} at the worst")
    return "\n".join(lines)


def heard(content: Content, voice: Voice, topics: Sequence[Topic]) -> None:
    """What a recogniser makes of the recordings of short answers, with its word error rate.

    It knows the sentences of all topics, and has to tell them apart.
    """
    recogniser = PocketSphinxRecogniser([*ways_to_ask(content), *all_sentences(content)])
    for name, speak in speakers(content, voice).items():
        print(f"\n| {name} | words | errors | rate | meant > heard |\n| --- | --- | --- | --- | --- |")
        words = errors = 0
        for topic in topics:
            text = content.fill(topic.short, MEASURED_REGION)
            meant = spoken_form(text, SAID_AS_WORDS).split()
            wrong = differences(meant, recognised(recogniser, speak, text))
            count = sum(missed for _, missed in wrong)
            words, errors = words + len(meant), errors + count
            shown = "; ".join(what for what, _ in wrong)
            print(f"| {topic.id} | {len(meant)} | {count} | {count / len(meant):.2f} | {shown} |")
        print(f"all: {words} words, {errors} errors, rate {errors / words:.3f}")


def speakers(content: Content, voice: Voice) -> Mapping[str, Speak]:
    """Voices that read one sentence aloud: the product's, and flite with the same pronunciation."""
    written = Pronunciation.of_engine(content.pronunciation)

    def flite(text: str) -> tuple[Samples, int]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "said.wav"
            plain = written.spoken(text).text.replace("-", " ")
            subprocess.run(["flite", "-voice", "rms", "-t", plain, "-o", path], check=True, timeout=60)
            with wave.open(str(path)) as file:
                return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float64), file.getframerate()

    def ours(text: str) -> tuple[Samples, int]:
        sound = voice.synthesise(text, rate_wpm=USUAL_RATE_WPM)
        return np.frombuffer(sound.pcm, "<i2") * LEVEL, sound.rate_hz

    return {voice.name: ours} | ({"flite": flite} if shutil.which("flite") else {})


def ways_to_ask(content: Content) -> list[str]:
    """As the product gives them to its recogniser."""
    return [text for topic in content.topics.values() for text in (*topic.questions, topic.title, topic.say)]


def all_sentences(content: Content) -> list[str]:
    """Every sentence of every answer."""
    texts = [passage.text for topic in content.topics.values() for passage in passages(content, topic)]
    return [sentence.text for text in texts for sentence in sentences(text)]


def recognised(recogniser: PocketSphinxRecogniser, speak: Speak, text: str) -> list[str]:
    """The words heard in the recording of `text`, a sentence at a time."""
    found: list[str] = []
    for sentence in sentences(text):
        recogniser.begin()
        recogniser.accept(as_heard(*speak(sentence.text)))
        hypotheses = recogniser.finish().hypotheses
        found += hypotheses[0].split() if hypotheses else []
    return found


def as_heard(samples: Samples, rate_hz: int) -> bytes:
    """At 16 kHz, in a quiet room: digital silence, which no microphone gives, upsets recognisers."""
    quiet = np.zeros(RECOGNISER_HZ // 4)
    whole = np.concatenate([quiet, resample_poly(samples, RECOGNISER_HZ, rate_hz), quiet])
    hiss = np.random.default_rng(7).integers(-HISS_PEAK, HISS_PEAK + 1, len(whole))
    return np.clip(whole + hiss, -32768, 32767).astype("<i2").tobytes()


def differences(meant: Sequence[str], got: Sequence[str]) -> list[tuple[str, int]]:
    """Where the words differ: "meant > heard", and how many errors that is."""
    found: list[tuple[str, int]] = []
    for edit in Levenshtein.opcodes(meant, got):
        if edit.tag != "equal":
            was, now = meant[edit.src_start : edit.src_end], got[edit.dest_start : edit.dest_end]
            found.append((f"{' '.join(was) or '-'} > {' '.join(now) or '-'}", max(len(was), len(now))))
    return found


def unlike_the_dictionary(content: Content) -> None:
    """Words of all answers that the voice says unlike PocketSphinx's dictionary, the most unlike first.

    Vowels that many speakers do not tell apart count as one. Initials are checked by `askaloud check`.
    """
    sounds = voice_sounds(content)
    assert sounds
    texts = [*ways_to_ask(content), *all_sentences(content)]
    words = sorted({word for text in texts for word in re.findall(r"[A-Za-z]?[a-z]+(?:'[a-z]+)?", text)})
    dictionary = Dictionary()
    found = [(dictionary.unlike(word.lower(), sounds(word)), word, sounds(word)) for word in words]
    print(f"{len(words)} words\n| unlike | word | said | dictionary |\n| --- | --- | --- | --- |")
    for unlike, word, said in sorted(found, reverse=True):
        if unlike >= UNLIKE:
            print(f"| {unlike:.2f} | {word} | {said} | {'; '.join(dictionary.of(word.lower())) or 'not in it'} |")


class Dictionary:
    """How words sound: PocketSphinx's dictionary, and the content's own list."""

    def __init__(self) -> None:
        self._decoder = importlib.import_module("pocketsphinx").Decoder(lm=None, loglevel="FATAL")
        self._own = read_words(content_folder() / "en" / "recogniser-words.txt")

    def of(self, word: str) -> list[str]:
        """Every way to say `word`."""
        names = [word, *(f"{word}({number})" for number in range(2, 5))]
        return [said for name in names if (said := self._decoder.lookup_word(name))] + self._own.get(word, [])

    def unlike(self, word: str, said: str) -> float:
        """Share of sounds that differ from the nearest way to say it; 1 for a word that is not there."""
        ways = self.of(word)
        return min((Levenshtein.distance(alike(said), alike(way)) / len(way.split()) for way in ways), default=1.0)


def alike(sounds: str) -> list[str]:
    """Sounds with vowels that are often merged written as one, and none twice in a row."""
    merged = [MERGED.get(sound, sound) for sound in sounds.replace("IH R", "IY R").replace("ER", "AH R").split()]
    return [sound for at, sound in enumerate(merged) if not at or sound != merged[at - 1]]


if __name__ == "__main__":
    main()

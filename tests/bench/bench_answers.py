"""Every answer as the voice says it: how long it takes, and whether a recogniser hears the words that were meant.

    python -m tests.bench.bench_answers lengths            # every answer, "more", caregivers block and label, in seconds
    python -m tests.bench.bench_answers lengths --over     # only the topics with something over its limit
    python -m tests.bench.bench_answers heard              # ten answers, recognised from their recording
    python -m tests.bench.bench_answers heard riluzole ... # others

Answers are said at 160 words a minute, labels at 175, with the voice that comes with the product.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein
from scipy.signal import resample_poly

from assistant.checking.labels import label_timer
from assistant.checking.measures import USUAL_RATE_WPM, seconds
from assistant.checking.menu import MOST_SAY_S
from assistant.checking.passages import MEASURED_REGION, Passage, passages
from assistant.checking.wording import LIMITS
from assistant.hearing.pocketsphinx import PocketSphinxRecogniser, spoken_form
from assistant.knowledge import Content, Topic
from assistant.speaking.sentences import sentences
from assistant.speaking.sound import Sound
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
    ask.add_argument("table", choices=["lengths", "heard"])
    ask.add_argument("topics", nargs="*")
    ask.add_argument("--over", action="store_true", help="only what takes longer than it may")
    wanted = ask.parse_args()
    content, _ = read_content(content_folder())
    voice = open_voice(ESPEAK, content.pronunciation)
    chosen = [content.topics[name] for name in wanted.topics] or list(content.topics.values())
    if wanted.table == "lengths":
        sys.exit(lengths(content, voice, chosen, only_over=wanted.over))
    heard(content, voice, [content.topics[name] for name in wanted.topics or TEN])


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

    It knows the words of all topics, but not the sentences: general English and the ways to ask say what follows what.
    """
    recogniser = PocketSphinxRecogniser([*ways_to_ask(content), *all_words(content)])
    print("| topic | words | errors | rate | meant > heard |\n| --- | --- | --- | --- | --- |")
    words = errors = 0
    for topic in topics:
        text = content.fill(topic.short, MEASURED_REGION)
        meant = spoken_form(text, read_names(content)).split()
        wrong = differences(meant, recognised(recogniser, voice, text))
        count = sum(missed for _, missed in wrong)
        words, errors = words + len(meant), errors + count
        shown = "; ".join(what for what, _ in wrong)
        print(f"| {topic.id} | {len(meant)} | {count} | {count / len(meant):.2f} | {shown} |")
    print(f"all: {words} words, {errors} errors, rate {errors / words:.3f}")


def ways_to_ask(content: Content) -> list[str]:
    """As the product gives them to its recogniser."""
    return [text for topic in content.topics.values() for text in (*topic.questions, topic.title, topic.say)]


def all_words(content: Content) -> list[str]:
    """Every word of every answer, each alone."""
    texts = [passage.text for topic in content.topics.values() for passage in passages(content, topic)]
    return sorted({word for text in texts for word in spoken_form(text, read_names(content)).split()})


def read_names(content: Content) -> frozenset[str]:
    """Initials that the voice says as a word."""
    return frozenset(word.lower() for word, said in content.pronunciation["all"].items() if said.lower() == "peg")


def recognised(recogniser: PocketSphinxRecogniser, voice: Voice, text: str) -> list[str]:
    """The words heard in the recording of `text`, a sentence at a time."""
    found: list[str] = []
    for sentence in sentences(text):
        sound = voice.synthesise(sentence.text, rate_wpm=USUAL_RATE_WPM)
        recogniser.begin()
        recogniser.accept(at_recogniser_rate(sound))
        hypotheses = recogniser.finish().hypotheses
        found += hypotheses[0].split() if hypotheses else []
    return found


def at_recogniser_rate(sound: Sound) -> bytes:
    """The samples at 16 kHz, with a faint hiss: digital silence, which no microphone gives, upsets recognisers."""
    samples = resample_poly(np.frombuffer(sound.pcm, "<i2").astype(np.float64), RECOGNISER_HZ, sound.rate_hz)
    hiss = np.random.default_rng(7).integers(-HISS_PEAK, HISS_PEAK + 1, len(samples))
    return np.clip(samples + hiss, -32768, 32767).astype("<i2").tobytes()


def differences(meant: Sequence[str], got: Sequence[str]) -> list[tuple[str, int]]:
    """Where the words differ: "meant > heard", and how many errors that is."""
    found: list[tuple[str, int]] = []
    for edit in Levenshtein.opcodes(meant, got):
        if edit.tag != "equal":
            was, now = meant[edit.src_start : edit.src_end], got[edit.dest_start : edit.dest_end]
            found.append((f"{' '.join(was) or '-'} > {' '.join(now) or '-'}", max(len(was), len(now))))
    return found


if __name__ == "__main__":
    main()

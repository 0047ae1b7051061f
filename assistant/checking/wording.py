"""Length and pace, grade, and what a voice can not say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.checking.measures import Syllables, seconds, words
from assistant.checking.passages import Passage, found_in, passages, problem_in
from assistant.knowledge import Content, Topic
from assistant.textfiles import Problem

MOST_WORDS_A_SENTENCE = 16
MOST_WORDS_A_TOPIC = 220
MOST_SECONDS_A_TOPIC = 90.0
GRADE, GRADE_HARD_NAME, GRADE_URGENT = 6.0, 8.0, 4.0
SMOG = 7.0
MOST_TITLE = 40
"""Characters of a title: what fits on a switch."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Least and most of a kind of passage."""

    words: tuple[int, int]
    sentences: tuple[int, int]
    seconds: float
    """Most, at 160 words a minute."""


LIMITS = {
    "short": Limits((20, 35), (2, 5), 13.0),
    "urgent": Limits((15, 32), (2, 6), 13.0),
    "more": Limits((25, 55), (3, 6), 19.0),
    "caregivers": Limits((20, 50), (2, 5), 17.0),
}
UNSAFE = (
    (re.compile(r"\d+[A-Za-z]\w*|\b[A-Za-z]+\d\w*"), "a figure joined to letters. Write the number as a word"),
    (re.compile(r"%"), "a percent sign. Write 'in every one hundred'"),
    (re.compile(r"\S*/\S*"), "a slash. Write 'or' or 'and'"),
    (re.compile(r"&"), "'&'. Write 'and'"),
    (re.compile(r"[()\[\]]"), "a bracket. Make it a sentence of its own"),
    (re.compile(r";"), "a semicolon. Make two sentences"),
    (re.compile(r"(?i)\b(?:https?:|www\.)\S*|\b\w+\.(?:com|org|gov|net|uk)\b"), "a web address. Leave it out"),
    (re.compile(r"(?i)\be\.g\.|\bi\.e\.|\betc\b|\bvs\b"), "a short form. Write it in full"),
    (re.compile("\\d\\s*[-\u2013\u2014]\\s*\\d"), "a dash between numbers. Write 'to'"),
    (re.compile("[\u2013\u2014]|\\s-\\s|--"), "a long dash. Make two sentences"),
    (re.compile(r"\b(?:911|988|999|112|000)\b"), "a bare number. Write {emergency} or {crisis_line}"),
    (re.compile(r"(?i)\bnine one one\b|\bnine eight eight\b"), "one country's number. Write {emergency}"),
    (re.compile(r"\d+\.\d"), "a decimal. Use whole numbers, as words"),
    (re.compile(r"[#@*_=+<>$\u20ac\u00a3]"), "a sign a voice can not say. Write it as a word"),
)  # fmt: skip
"""What voices say wrongly, and what to write in its place."""
FIGURE = re.compile(r"\d[\d,]*")
BRACE = re.compile(r"\{\w+\}")
CAPITALS = re.compile(r"\b(?:[A-Z]{2,}[A-Za-z0-9]*|[A-Z][a-z]*[A-Z]\w*|[a-z]+[A-Z]\w*)\b")


def wording(content: Content, topic: Topic, syllables: Syllables, hard_names: re.Pattern[str]) -> Iterator[Problem]:
    """Everything about how one topic sounds."""
    every = list(passages(content, topic))
    for passage in every:
        yield from _length(passage)
        yield from _sentence_length(passage)
        yield from _grade(passage, syllables, hard_names)
        yield from _unsafe(passage)
        yield from _figures(passage)
    yield from _whole(topic, every)
    yield from _capitals(content, topic, every)


def _length(passage: Passage) -> Iterator[Problem]:
    limits = LIMITS["urgent" if passage.topic.urgent and passage.kind == "short" else passage.kind]
    count, spoken_s, parts = len(words(passage.text)), seconds(passage.text), len(passage.sentences)
    for number, (least, most), unit in ((count, limits.words, "words"), (parts, limits.sentences, "sentences")):
        if number > most:
            yield passage.problem(f"{number} {unit} are too many to hear at once. At most {most}.", "length")
        elif number < least:
            yield passage.problem(f"{number} {unit}; usually there are at least {least}.", "length", "warning")
    if spoken_s > limits.seconds:
        yield passage.problem(f"it takes about {spoken_s:.1f} seconds to say. At most {limits.seconds:.0f}.", "length")


def _sentence_length(passage: Passage) -> Iterator[Problem]:
    for sentence in passage.sentences:
        count = len(words(sentence))
        if count > MOST_WORDS_A_SENTENCE:
            start = " ".join(sentence.split()[:5])
            yield passage.problem(
                f"the sentence '{start}...' has {count} words. Make two of it; at most {MOST_WORDS_A_SENTENCE}.",
                "length",
            )


def _grade(passage: Passage, syllables: Syllables, hard_names: re.Pattern[str]) -> Iterator[Problem]:
    most = GRADE_HARD_NAME if hard_names.search(passage.text) else GRADE
    if passage.topic.urgent and passage.kind == "short":
        most = GRADE_URGENT
    grade = syllables.grade(passage.text)
    if grade > most:
        longest = sorted(set(words(passage.text)), key=lambda word: (-syllables.of(word), word))[:3]
        yield passage.problem(
            f"reading grade {grade:.1f}, at most {most:.0f}. Use shorter words or sentences. "
            f"The longest words are: {', '.join(longest)}.",
            "grade",
        )


def _unsafe(passage: Passage) -> Iterator[Problem]:
    for pattern, advice in UNSAFE:
        found = found_in(BRACE.sub("", passage.written), pattern)
        if found:
            yield passage.problem(f"'{found}' is {advice}.", "speech")


def _figures(passage: Passage) -> Iterator[Problem]:
    found = found_in(BRACE.sub("", passage.written), FIGURE)
    if found and not any(pattern.search(BRACE.sub("", passage.written)) for pattern, _ in UNSAFE):
        yield passage.problem(f"'{found}' is a figure. Write numbers as words, as they are said.", "figures")


def unspeakable(text: str) -> str:
    """What a voice can not say in a short text, with what to write in its place; empty when it can say all."""
    faults = ((found_in(text, pattern), advice) for pattern, advice in (*UNSAFE, (FIGURE, "a figure. Use words")))
    return next((f"'{found}' is {advice}" for found, advice in faults if found), "")


def _whole(topic: Topic, every: list[Passage]) -> Iterator[Problem]:
    count = sum(len(words(passage.text)) for passage in every)
    spoken_s = sum(seconds(passage.text) for passage in every)
    if count > MOST_WORDS_A_TOPIC:
        yield problem_in(topic, "title", f"The whole topic has {count} words. At most {MOST_WORDS_A_TOPIC}.", "length")
    if spoken_s > MOST_SECONDS_A_TOPIC:
        sentence = f"The whole topic takes about {spoken_s:.0f} seconds. At most {MOST_SECONDS_A_TOPIC:.0f}."
        yield problem_in(topic, "title", sentence, "length")
    if len(topic.title) > MOST_TITLE:
        sentence = f"The title has {len(topic.title)} letters and signs. At most {MOST_TITLE} fit on a switch."
        yield problem_in(topic, "title", sentence, "length")


def _capitals(content: Content, topic: Topic, every: list[Passage]) -> Iterator[Problem]:
    known = {written for table in content.pronunciation.values() for written in table}
    spoken = [("title", topic.title), ("say", topic.say)]
    spoken += [(f"more {number}", block.label) for number, block in enumerate(topic.more, start=1)]
    spoken += [(passage.part, passage.text) for passage in every]
    reported: set[str] = set()
    for part, text in spoken:
        for word in CAPITALS.findall(text):
            if word not in known and word not in reported:
                reported.add(word)
                sentence = f"A voice may not know how to say '{word}'. Write it out, or add it to pronunciation.txt."
                yield problem_in(topic, part, sentence, "capitals")


def group_grades(content: Content, syllables: Syllables, hard_names: re.Pattern[str]) -> Iterator[Problem]:
    """SMOG of each group, without the names people have to ask for; one block alone is too short for it."""
    for group in content.groups:
        texts = [
            hard_names.sub("it", passage.text)
            for topic in content.topics.values()
            if topic.group == group.id
            for passage in passages(content, topic)
        ]
        grade = syllables.smog(texts)
        if grade > SMOG:
            sentence = (
                f"The group '{group.title}' reads at SMOG grade {grade:.1f}, at most {SMOG:.0f}. Use shorter words."
            )
            yield Problem("groups.txt", 0, sentence, "grade")

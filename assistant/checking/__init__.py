"""The editor's checks: what keeps a topic from being heard well, or from being true, as sentences to act on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from assistant.checking.asking import collisions, shared_questions, unknown_words
from assistant.checking.claims import claims
from assistant.checking.labels import label_timer
from assistant.checking.measures import Syllables
from assistant.checking.menu import menu, unique
from assistant.checking.registers import USUAL_CYCLE_MONTHS, coverage, dates, read_cycles, regions, register, sources
from assistant.checking.starting import start_topic
from assistant.checking.waivers import waived
from assistant.checking.wording import group_grades, wording
from assistant.knowledge import Content, Topic
from assistant.textfiles import Problem, read_entries, read_lines
from assistant.topics import USUAL_LANGUAGE, read_content

__all__ = ["check", "collisions", "start_topic", "unknown_words"]

FLAGS = frozenset({"labels", "hype", "testimony", "dose", "advice", "cure", "effect", "hurtful"})
"""Rules that a topic has to pass to count as an answer to a promotional claim."""


def check(
    folder: Path, packs: Sequence[Path] = (), *, release: bool = False, today: date | None = None
) -> list[Problem]:
    """Read the content and check everything that needs no matcher.

    Args:
        folder: the content folder, which holds a folder for each language.
        packs: folders of a family or a clinic.
        release: hold it to what a release needs: reviews done, sources opened, urgent topics signed.
        today: for tests; else the day it is.

    Returns:
        Every problem, in the order of the files.
    """
    content, problems = read_content(folder, packs)
    english = folder / USUAL_LANGUAGE
    day = today or date.today()  # noqa: DTZ011 - a day on the editor's own calendar
    cycles, more = read_cycles(english)
    problems += more
    syllables, hard_names = read_syllables(english), read_hard_names(english)
    faulty: dict[str, str] = {}
    timer = label_timer(content)
    for topic in content.topics.values():
        found = [
            *menu(content, topic, timer),
            *wording(content, topic, syllables, hard_names),
            *claims(content, topic),
            *sources(content, topic),
        ]
        kept = list(waived(topic, found))
        problems += kept
        problems += dates(topic, cycles.get(topic.id, USUAL_CYCLE_MONTHS), day, release=release)
        if fault := _flagged(kept):
            faulty[topic.id] = fault
    problems += [
        *unique(content),
        *shared_questions(content),
        *group_grades(content, syllables, hard_names),
        *coverage(content, english, faulty),
        *register(content, day, release=release),
        *regions(content, release=release),
    ]
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.sentence))


def _flagged(problems: Sequence[Problem]) -> str:
    """The rule that keeps a topic from counting as an answer to a promotional claim, or nothing."""
    return next((p.rule for p in problems if p.rule in FLAGS and p.level == "error"), "")


def check_topic(content: Content, topic: Topic, folder: Path) -> list[Problem]:
    """What is wrong with one topic alone, for an editor who has just changed it."""
    found = [
        *menu(content, topic, label_timer(content)),
        *wording(content, topic, read_syllables(folder), read_hard_names(folder)),
        *claims(content, topic),
        *sources(content, topic),
    ]
    return list(waived(topic, found))


def read_syllables(folder: Path) -> Syllables:
    """The words whose syllables the rule counts wrongly: `word: count` lines."""
    path = folder / "syllables.txt"
    entries = read_entries(path, path.name)[0] if path.is_file() else []
    return Syllables({entry.name: int(entry.value) for entry in entries if entry.value.isdecimal()})


def read_hard_names(folder: Path) -> re.Pattern[str]:
    """Names of drugs, laws and illnesses that make a block harder than it is: one a line."""
    path = folder / "hard-words.txt"
    lines = read_lines(path, path.name)[0] if path.is_file() else []
    names = [line.text.strip() for line in lines if line.text.strip() and not line.text.lstrip().startswith("#")]
    return re.compile(r"(?i)\b(?:" + "|".join(re.escape(name) for name in names) + r")\b" if names else r"(?!)")

"""The editor's checks: what keeps a topic from being heard well, or from being true, as sentences to act on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from assistant.checking.asking import collisions, shared_questions, unknown_words
from assistant.checking.claims import claims
from assistant.checking.copying import copied
from assistant.checking.labels import label_timer
from assistant.checking.leaving_out import ranking_without
from assistant.checking.measures import Syllables
from assistant.checking.menu import menu, unique
from assistant.checking.prompts import other_language, prompts
from assistant.checking.registers import (
    USUAL_CYCLE_MONTHS,
    coverage,
    dates,
    publishers,
    read_cycles,
    regions,
    register,
    sources,
)
from assistant.checking.sounds import misread, voice_sounds
from assistant.checking.vocabulary import everyday_words, known_words
from assistant.checking.waivers import waived
from assistant.checking.wording import group_grades, wording
from assistant.knowledge import Content, Topic
from assistant.textfiles import Problem, read_entries, read_lines
from assistant.topics import USUAL_LANGUAGE, content_folder, read_content

__all__ = ["check", "check_all", "collisions", "copied", "unknown_words"]

FLAGS = frozenset({"labels", "hype", "testimony", "dose", "advice", "cure", "effect", "hurtful"})
"""Rules that a topic has to pass to count as an answer to a promotional claim."""

SERIOUS = FLAGS - {"labels"} | {"speech", "links"}
"""Rules that stay errors in a family's or clinic's own folder."""


def check_all(folder: Path | None = None, *, release: bool = False) -> list[Problem]:
    """Check the content that comes with askaloud, a content folder, one of its languages, or a folder of your own.

    Of a folder of your own, laid over ours, only its own problems are given.
    """
    if folder is None:
        return check(content_folder(), release=release)
    if (folder / USUAL_LANGUAGE).is_dir():
        return check(folder, release=release)
    if (folder / "topics").is_dir() and (folder / "regions.txt").is_file():
        return check(folder.parent, release=release)
    name = folder.name
    return [problem for problem in check(content_folder(), [folder]) if problem.file.split("/")[0] == name]


def check(
    folder: Path, packs: Sequence[Path] = (), *, release: bool = False, today: date | None = None
) -> list[Problem]:
    """Read the content and check everything.

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
    rules = _Rules(content, english)
    faulty: dict[str, str] = {}
    for topic in content.topics.values():
        kept = list(waived(topic, rules.problems(topic)))
        problems += _as_advice(kept) if topic.id in content.packs else kept
        problems += dates(topic, cycles.get(topic.id, USUAL_CYCLE_MONTHS), day, release=release)
        if fault := _flagged(kept):
            faulty[topic.id] = fault
    problems += [
        *more,
        *unique(content),
        *shared_questions(content),
        *group_grades(content, rules.syllables, rules.hard_names),
        *coverage(content, english, faulty),
        *register(content, day, release=release),
        *publishers(content, rules.sounds),
        *regions(content, release=release),
        *collisions(content, ranking_without(content), english),
        *unheard(content, english),
        *prompts(content, english),
        *(problem for other in other_languages(folder) for problem in other_language(other, english)),
    ]
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.sentence))


class _Rules:
    """The rules for one topic, with what they are measured by."""

    def __init__(self, content: Content, folder: Path) -> None:
        self.content = content
        self.syllables, self.hard_names = read_syllables(folder), read_hard_names(folder)
        self.timer, self.sounds = label_timer(content), voice_sounds(content)

    def problems(self, topic: Topic) -> Iterator[Problem]:
        """What is wrong with `topic`, waivers not yet counted."""
        yield from menu(self.content, topic, self.timer)
        yield from wording(self.content, topic, self.syllables, self.hard_names)
        yield from claims(self.content, topic)
        yield from sources(self.content, topic)
        if self.sounds:
            yield from misread(self.content, topic, self.sounds)


def other_languages(folder: Path) -> list[Path]:
    """Folders of other languages that have words of their own."""
    return sorted(path.parent for path in folder.glob("*/prompts.txt") if path.parent.name != USUAL_LANGUAGE)


def unheard(content: Content, folder: Path) -> list[Problem]:
    """Words of questions that the recogniser does not know; nothing where it is not installed."""
    known = known_words(folder)
    return unknown_words(content, known, everyday_words()) if known else []


def _as_advice(problems: Sequence[Problem]) -> list[Problem]:
    """In a folder of one's own the style of our topics is advice; what must not be said stays an error."""
    return [replace(problem, level="warning") if problem.rule not in SERIOUS else problem for problem in problems]


def _flagged(problems: Sequence[Problem]) -> str:
    """The rule that keeps a topic from counting as an answer to a promotional claim, or nothing."""
    return next((p.rule for p in problems if p.rule in FLAGS and p.level == "error"), "")


def check_topic(content: Content, topic: Topic, folder: Path) -> list[Problem]:
    """What is wrong with one topic alone, for an editor who has just changed it."""
    return list(waived(topic, _Rules(content, folder).problems(topic)))


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

"""The spoken parts of a topic, one by one, ready to be measured and searched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.knowledge import Content, Topic
from assistant.speaking.sentences import sentences
from assistant.textfiles import Problem

MEASURED_REGION = "us"
"""Braces are filled from this region before a text is measured."""
Kind = Literal["short", "more", "caregivers"]
Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A block of a topic with its braces filled."""

    topic: Topic
    kind: Kind
    part: str
    """Key in `topic.lines`: "short", "more 2", "caregivers"."""
    name: str
    """How it is called in a problem."""
    text: str
    written: str
    """As in the file, braces not filled."""

    @property
    def sentences(self) -> list[str]:
        """Its sentences."""
        return [sentence.text for sentence in sentences(self.text)]

    def problem(self, sentence: str, rule: str, level: Level = "error") -> Problem:
        """Something about this passage."""
        return problem_in(self.topic, self.part, f"{self.name}: {sentence}", rule, level)


def passages(content: Content, topic: Topic) -> Iterator[Passage]:
    """The short answer, each "more" block, and the words for caregivers."""
    yield _passage(content, topic, "short", "short", "Short answer", topic.short)
    for number, block in enumerate(topic.more, start=1):
        yield _passage(content, topic, "more", f"more {number}", f"More, {block.label}", block.text)
    if topic.caregivers:
        yield _passage(content, topic, "caregivers", "caregivers", "For caregivers", topic.caregivers)


def _passage(content: Content, topic: Topic, kind: Kind, part: str, name: str, text: str) -> Passage:
    return Passage(topic, kind, part, name, content.fill(text, MEASURED_REGION), text)


def problem_in(topic: Topic, part: str, sentence: str, rule: str, level: Level = "error") -> Problem:
    """A problem at the line of a part of a topic."""
    return Problem(topic.path, topic.lines.get(part, 1), sentence, rule, level)


def found_in(text: str, pattern: re.Pattern[str]) -> str:
    """The first words of `text` that match, or nothing."""
    match = pattern.search(text)
    return match.group().strip() if match else ""

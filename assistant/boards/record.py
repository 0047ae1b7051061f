"""A topic as plain values, and back: what travels inside a board, and what is written as a topic file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import msgspec

from assistant.knowledge import Block, Topic
from assistant.topicfile import read_topic

RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
"""Names no file can have on Windows."""
FILE_NAMES = {"reviewed_by": "reviewed by", "review_again": "review again"}


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A further part of an answer."""

    label: str
    text: str


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Everything in a topic file."""

    id: str
    title: str
    group: str
    say: str
    evidence: str
    reviewed: date
    reviewed_by: str
    review_again: date
    questions: tuple[str, ...]
    short: str
    section: str = ""
    code: str = ""
    urgent: bool = False
    sensitive: bool = False
    region: bool = False
    covers: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    more: tuple[Part, ...] = ()
    caregivers: str = ""
    notes: str = ""


class NoTopic(ValueError):
    """What was found is not a topic. The text says why, for a person."""


def record_of(topic: Topic) -> dict[str, object]:
    """`topic` as values for JSON. Where it was read from stays out."""
    values = {name: getattr(topic, name) for name in Record.__struct_fields__ if name != "more"}
    more = tuple(Part(block.label, block.text) for block in topic.more)
    made: dict[str, object] = msgspec.to_builtins(Record(**values, more=more))
    return made


def topic_of(found: object) -> Topic:
    """The topic in a record from somewhere else. Raises NoTopic unless a topic file can hold exactly this."""
    try:
        record = msgspec.convert(found, Record)
    except (msgspec.ValidationError, RecursionError) as error:
        raise NoTopic(f"its fields are not those of a topic ({error})") from None
    values = {name: getattr(record, name) for name in Record.__struct_fields__ if name != "more"}
    blocks = tuple(Block(part.label, part.text) for part in record.more)
    topic = Topic(**values, more=blocks, path=f"{record.id}.md", lines=MappingProxyType({}))
    _check(topic)
    return topic


def _check(topic: Topic) -> None:
    """A topic must come back from its file as it is, so that no field can pass itself off as another."""
    if topic.id in RESERVED:
        raise NoTopic(f"'{topic.id}' can not be the name of a file.")
    read, problems = read_topic(topic_text(topic).encode("utf-8", "replace"), topic.path)
    if read is None:
        errors = [problem for problem in problems if problem.level == "error"]
        raise NoTopic(errors[0].sentence if errors else "it can not be written as a topic file.")
    if replace(read, lines=topic.lines) != topic:
        raise NoTopic("its text would not come back from a file as it is.")


def topic_text(topic: Topic) -> str:
    """`topic` as the text of a topic file."""
    header = ["---"]
    for name in ("id", "title", "group", "section", "code", "say", "urgent", "sensitive", "region", "evidence"):
        value = getattr(topic, name)
        header += [f"{name}: {'yes' if value is True else value}"] if value else []
    for name in ("covers", "related", "sources"):
        header += [f"{name}: {', '.join(getattr(topic, name))}"] if getattr(topic, name) else []
    for name in ("reviewed", "reviewed_by", "review_again"):
        header.append(f"{FILE_NAMES.get(name, name)}: {getattr(topic, name)}")
    parts = [("Questions", "\n".join(f"- {question}" for question in topic.questions)), ("Short answer", topic.short)]
    parts += [(f"More: {block.label}", block.text) for block in topic.more]
    parts += [(name, text) for name, text in (("For caregivers", topic.caregivers),) if text]
    parts += [("Notes for editors", topic.notes)] if topic.notes else []
    body = "".join(f"\n# {heading}\n{text}\n" for heading, text in parts)
    return "\n".join([*header, "---", ""]) + body

"""Answers from an archive of boards, back as topic files of a pack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import msgspec

from assistant.boards.archive import Archive, BadArchive, read_archive
from assistant.boards.layout import Json
from assistant.boards.record import NoTopic, record_of, topic_of
from assistant.knowledge import Content, Group, Source, Topic

CHANGED = "draft, changed in another program"
"""Nobody's signature stays under words that were changed after it."""
MOST_TOPICS = 2_000
Kind = TypeVar("Kind", Group, Source)


@dataclass(frozen=True)
class Brought:
    """What an archive holds for us."""

    topics: tuple[Topic, ...]
    """To be written, in the order of the boards."""
    groups: tuple[Group, ...]
    """That they need and we do not have."""
    sources: tuple[Source, ...]
    same: int = 0
    """Topics that are here already, word for word."""
    troubles: tuple[str, ...] = field(default=())
    """What was left out and why, each a sentence."""


def bring(path: Path, known: Content) -> Brought:
    """What the archive `path` has that `known` has not. Raises BadArchive."""
    archive = read_archive(path)
    topics: dict[str, Topic] = {}
    troubles = list(archive.troubles)
    for button in _buttons(archive):
        if "ext_askaloud_topic" not in button:
            continue
        try:
            topic = _current(button)
            topics.setdefault(topic.id, topic)
        except NoTopic as wrong:
            label = str(button.get("label") or button.get("id"))[:60]
            troubles.append(f"'{label}' is left out: {str(wrong).rstrip('.')}.")
    if not topics:
        raise BadArchive(
            f"{path.name} holds no answers from askaloud. Boards of other programs have no sources to check."
        )
    new = [topic for topic in topics.values() if not _same(topic, known)]
    kept = [topic for topic in new if not (topic.urgent or topic.group == "urgent")]
    troubles += [
        f"'{topic.title}' is left out: urgent answers come with askaloud alone." for topic in new if topic not in kept
    ]
    return Brought(
        tuple(kept),
        tuple(_needed(_records(archive, "ext_askaloud_groups", Group), kept, known)),
        tuple(_cited(_records(archive, "ext_askaloud_sources", Source), kept, known)),
        len(topics) - len(new),
        tuple(troubles),
    )


def _buttons(archive: Archive) -> Iterator[Json]:
    found = 0
    for board in archive.boards.values():
        buttons = board.get("buttons")
        for button in buttons if isinstance(buttons, list) else ():
            if isinstance(button, dict) and found < MOST_TOPICS:
                found += "ext_askaloud_topic" in button
                yield button


def _current(button: Json) -> Topic:
    """The topic of a button, with what was changed on the button itself in another program."""
    topic = topic_of(button["ext_askaloud_topic"])
    said, label = button.get("vocalization"), button.get("label")
    changed = topic
    if isinstance(said, str) and said.strip() and said != button.get("ext_askaloud_said"):
        changed = replace(changed, short=" ".join(said.split()))
    if isinstance(label, str) and label.strip() and label != topic.title:
        changed = replace(changed, title=" ".join(label.split()))
    if changed is topic:
        return topic
    return topic_of(record_of(replace(changed, reviewed_by=CHANGED)))


def _same(topic: Topic, known: Content) -> bool:
    ours = known.topics.get(topic.id)
    return ours is not None and replace(ours, path=topic.path, lines=topic.lines) == topic


def _records(archive: Archive, name: str, kind: type[Kind]) -> list[Kind]:
    """What the manifest says of groups or sources; what is not one is passed over."""
    found = archive.manifest.get(name)
    records: list[Kind] = []
    for one in found if isinstance(found, list) else ():
        try:
            records.append(msgspec.convert(one, kind))
        except (msgspec.ValidationError, RecursionError):
            continue
    return records


def _needed(groups: list[Group], topics: list[Topic], known: Content) -> Iterator[Group]:
    there = {group.id for group in known.groups}
    used = {topic.group for topic in topics} - there
    yield from {group.id: group for group in groups if group.id in used}.values()


def _cited(sources: list[Source], topics: list[Topic], known: Content) -> Iterator[Source]:
    used = {key for topic in topics for key in topic.sources} - set(known.sources)
    yield from {source.key: source for source in sources if source.key in used}.values()

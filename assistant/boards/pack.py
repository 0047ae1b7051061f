"""Writes what was brought as a pack: a folder of topic files, with its own groups and sources where needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from assistant.atomic import write_atomic
from assistant.boards.bringing import Brought
from assistant.boards.record import topic_text
from assistant.flatfiles import SOURCE_NAMES, read_groups, read_sources
from assistant.knowledge import Group, Source
from assistant.textfiles import Problem

Kind = TypeVar("Kind", Group, Source)
Reader = Callable[[Path, str], tuple[list[Kind], list[Problem]]]


def write_pack(folder: Path, brought: Brought) -> tuple[int, list[str]]:
    """Write everything brought into `folder`; how many topics, and what was left out. Raises OSError.

    A file that is there already is never written over.
    """
    folder.mkdir(parents=True, exist_ok=True)
    troubles: list[str] = []
    written = 0
    for topic in brought.topics:
        place = folder / f"{topic.id}.md"
        raw = topic_text(topic).encode()
        if place.exists() and place.read_bytes() != raw:
            troubles.append(f"{place} is there already with other words, so I left it as it is.")
            continue
        write_atomic(place, raw)
        written += 1
    troubles += _add(folder / "groups.txt", brought.groups, read_groups, _group_text)
    troubles += _add(folder / "sources.txt", brought.sources, read_sources, _source_text)
    return written, troubles


def _add(file: Path, wanted: Sequence[Kind], read: Reader[Kind], text: Callable[[Kind], str]) -> Iterable[str]:
    """Add records to a flat file, each only if it would be read back as it is."""
    if not wanted:
        return
    old = file.read_text("utf-8") if file.exists() else ""
    there = read(file, file.name)[0] if old else []
    blocks = [old.rstrip("\n")] if old else []
    for record in wanted:
        if record in there:
            continue
        block = text(record)
        if not _comes_back(file, block, record, read):
            yield f"A record for {file.name} is left out: it can not be written as one."
            continue
        blocks.append(block)
    write_atomic(file, ("\n\n".join(blocks) + "\n").encode())


def _comes_back(file: Path, block: str, record: Kind, read: Reader[Kind]) -> bool:
    trial = file.with_name(file.name + ".trial")
    try:
        trial.write_text(block + "\n", "utf-8", newline="\n")
        return read(trial, file.name) == ([record], [])
    except (UnicodeEncodeError, ValueError):
        return False
    finally:
        trial.unlink(missing_ok=True)


def _group_text(group: Group) -> str:
    sections = ", ".join(f"{name} = {spoken}" for name, spoken in group.sections)
    lines = [f"id: {group.id}", f"letter: {group.letter}", f"title: {group.title}", f"spoken: {group.spoken}"]
    return "\n".join([*lines, *([f"sections: {sections}"] if sections else [])])


def _source_text(source: Source) -> str:
    values = ((name, getattr(source, name)) for name in SOURCE_NAMES)
    return "\n".join(f"{name}: {value}" for name, value in values if value)

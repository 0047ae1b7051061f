"""The flat files beside the topics: groups, sources, regions, pronunciation.

Each reader gives what it could read, and the problems.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant.knowledge import Group, Region, Source
from assistant.textfiles import Entry, Problem, did_you_mean, read_blocks, read_lines, shortened

SOURCE_NAMES = ("key", "publisher", "title", "address", "published", "checked", "by", "kind")
REGION_NAMES = (
    "id", "country", "emergency", "crisis line", "crisis contact", "benefits", "source", "checked",
    "confirmed",
)  # fmt: skip
SOURCE_KINDS = ("company", "clinic", "seed")
Block = Mapping[str, Entry]


def read_groups(path: Path, name: str) -> tuple[list[Group], list[Problem]]:
    """Groups in menu order. `sections` holds `id = spoken name, id = spoken name`."""
    blocks, problems = read_blocks(path, name)
    found: list[Group] = []
    for block in blocks:
        wrong = _misfits(block, ("id", "letter", "title", "spoken"), ("sections",), name)
        problems += wrong
        if not wrong:
            pairs = [pair.partition("=") for pair in _value(block, "sections").split(",") if pair.strip()]
            sections = tuple((key.strip(), spoken.strip() or key.strip()) for key, _, spoken in pairs)
            id_, letter, title, spoken = (_value(block, key) for key in ("id", "letter", "title", "spoken"))
            found.append(Group(id_, letter.upper(), title, spoken, sections))
    return found, problems + _doubled([(block["id"]) for block in blocks if "id" in block], name)


def read_sources(path: Path, name: str) -> tuple[list[Source], list[Problem]]:
    """The register of sources."""
    blocks, problems = read_blocks(path, name)
    found: list[Source] = []
    for block in blocks:
        wrong = _misfits(block, ("key", "publisher", "title"), ("address", "published", "checked", "by", "kind"), name)
        kind = _value(block, "kind")
        if kind and kind not in SOURCE_KINDS:
            sentence = f"The kind '{shortened(kind)}' is unknown. Use one of: {', '.join(SOURCE_KINDS)}."
            wrong.append(Problem(name, block["kind"].line, sentence, "sources"))
        problems += wrong
        if not wrong:
            found.append(Source(*(_value(block, field) for field in SOURCE_NAMES)))
    return found, problems + _doubled([block["key"] for block in blocks if "key" in block], name)


def read_regions(path: Path, name: str) -> tuple[list[Region], list[Problem]]:
    """Countries with their numbers, spoken as words."""
    blocks, problems = read_blocks(path, name)
    found: list[Region] = []
    for block in blocks:
        wrong = _misfits(block, ("id", "country"), REGION_NAMES[2:], name)
        for field in ("emergency", "crisis line", "crisis contact", "country"):
            if any(letter.isdigit() for letter in _value(block, field)):
                sentence = f"Write the {field} as spoken words: 'nine one one', not '911'."
                wrong.append(Problem(name, block[field].line, sentence, "speech"))
        problems += wrong
        if not wrong:
            found.append(_region(block))
    return found, problems + _doubled([block["id"] for block in blocks if "id" in block], name)


def _region(block: Block) -> Region:
    return Region(
        id=_value(block, "id").lower(),
        country=_value(block, "country"),
        emergency=_value(block, "emergency"),
        crisis_line=_value(block, "crisis line"),
        crisis_contact=_value(block, "crisis contact"),
        benefits=_value(block, "benefits").lower() in ("yes", "on"),
        source=_value(block, "source"),
        checked=_value(block, "checked"),
        confirmed=_value(block, "confirmed").lower() == "yes",
    )


def read_pronunciation(path: Path, name: str = "") -> tuple[dict[str, dict[str, str]], list[Problem]]:
    """`written = spoken` lines under `[engine]` headings; lines before any heading hold for all engines."""
    name = name or path.name
    lines, problems = read_lines(path, name)
    tables: dict[str, dict[str, str]] = {}
    engine = "all"
    for line in lines:
        text = line.text.strip()
        written, equals, spoken = (piece.strip() for piece in text.partition("="))
        if not text or text.startswith("#"):
            continue
        if text.startswith("[") and text.endswith("]"):
            engine = text[1:-1].strip().lower()
        elif not equals or not written or not spoken:
            sentence = f"I expected 'written = spoken' and found '{shortened(text)}'."
            problems.append(Problem(name, line.number, sentence, "reading"))
        elif written in tables.setdefault(engine, {}):
            sentence = f"'{written}' stands twice under [{engine}]. Keep one of them."
            problems.append(Problem(name, line.number, sentence, "reading"))
        else:
            tables[engine][written] = spoken
    return tables, problems


def _value(block: Block, name: str) -> str:
    return block[name].value if name in block else ""


def _misfits(block: Block, needed: tuple[str, ...], others: tuple[str, ...], file: str) -> list[Problem]:
    """Names that are unknown, and needed ones that are missing."""
    found: list[Problem] = []
    for entry in block.values():
        if entry.name not in needed + others:
            sentence = f"I don't know '{entry.name}'.{did_you_mean(entry.name, needed + others)}"
            found.append(Problem(file, entry.line, sentence, "reading"))
    first = next(iter(block.values()))
    missing = [name for name in needed if not _value(block, name)]
    sentences = [f"'{name}' is missing in this block. Add '{name}: ...'." for name in missing]
    return found + [Problem(file, first.line, sentence, "reading") for sentence in sentences]


def _doubled(entries: list[Entry], file: str) -> list[Problem]:
    seen: dict[str, int] = {}
    found: list[Problem] = []
    for entry in entries:
        if entry.value in seen:
            sentence = f"'{entry.value}' stands twice (first in line {seen[entry.value]}). Keep one of them."
            found.append(Problem(file, entry.line, sentence, "ids"))
        seen.setdefault(entry.value, entry.line)
    return found

"""Plain text files that people write by hand: decoded with care, taken apart line by line.

Nothing here raises for what is in a file. What is wrong comes back as a list of `Problem`, each a sentence
for the person who wrote the file.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

MOST_BYTES = 1_000_000
"""A topic is about 4,000 bytes; a file beyond this is something else."""
SAVE_AS = "Open it in a text editor, choose 'Save as', and pick plain text in UTF-8."
STRAIGHT = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'", "\u00b4": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"', "\u00ab": '"', "\u00bb": '"',
        "\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u2009": " ", "\u200a": " ", "\u3000": " ",
        "\u200b": None, "\u200c": None, "\u200d": None, "\u2060": None, "\ufeff": None, "\u00ad": None,
        "\u2026": "...", "\u2010": "-", "\u2011": "-",
        "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n",
    }
)  # fmt: skip
"""What word processors put in place of plain characters, and back."""
OTHER_FILES = ((b"PK\x03\x04", "a Word or OpenOffice document"), (b"{\\rtf", "a rich text document"),
               (b"%PDF", "a PDF document"), (b"\xd0\xcf\x11\xe0", "an old Word document"))  # fmt: skip
GARBLED = re.compile("\u00e2\u20ac|\u00c3[\u0080-\u00bf\u0192\u00a0-\u00ff]|\u00ef\u00bb\u00bf|\ufffd")
"""UTF-8 that was once read as something else, and letters that were lost."""
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
ENTRY = re.compile(r"\s*([^\W\d_][^:=#]*?)\s*:\s*(.*?)\s*")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a content file that a person has to look at."""

    file: str
    line: int
    """Counted from 1; 0 when the whole file is meant."""
    sentence: str
    """What is wrong and what to do."""
    rule: str
    """Short name of the rule, as used in `allow RULE: reason`."""
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        where = f"{self.file} line {self.line}" if self.line else self.file
        return f"{where}: {self.sentence}"


class ContentUnreadable(Exception):
    """A file the assistant can not do without is missing or wrong. The text is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, without its end."""

    number: int
    text: str


def read_lines(path: Path, name: str) -> tuple[list[Line], list[Problem]]:
    """The lines of a text file, called `name` in problems. With a problem there are no lines."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return [], [Problem(name, 0, f"This file is far too long for a text. {SAVE_AS}", "reading")]
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return [], [Problem(name, 0, f"I can not open this file ({reason}). Check its name and rights.", "reading")]
    return lines_of(raw, name)


def lines_of(raw: bytes, name: str) -> tuple[list[Line], list[Problem]]:
    """As `read_lines`, for bytes."""
    text, problem = _decoded(raw, name)
    if problem:
        return [], [problem]
    plain = text.replace("\r\n", "\n").replace("\r", "\n").translate(STRAIGHT)
    lines = [Line(number, line) for number, line in enumerate(plain.split("\n"), start=1)]
    problems = [found for line in lines if (found := _damage(line, name))]
    return ([], problems) if problems else (lines, [])


def _decoded(raw: bytes, name: str) -> tuple[str, Problem | None]:
    for start, kind in OTHER_FILES:
        if raw.startswith(start):
            return "", Problem(name, 1, f"This is {kind}, not plain text. {SAVE_AS}", "reading")
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return raw.decode(encoding), None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        sentence = f"A letter here is not stored as UTF-8, so I can not be sure what it is. {SAVE_AS}"
        return "", Problem(name, line, sentence, "reading")


def _damage(line: Line, name: str) -> Problem | None:
    if GARBLED.search(line.text):
        sentence = "Some letters were garbled when this file was saved. Type this line again."
        return Problem(name, line.number, sentence, "reading")
    if CONTROL.search(line.text):
        sentence = f"There is an invisible character that does not belong in a text. {SAVE_AS}"
        return Problem(name, line.number, sentence, "reading")
    return None


@dataclass(frozen=True, slots=True)
class Entry:
    """A `name: value` line."""

    line: int
    name: str
    """In lower case; underscores and doubled spaces are one space."""
    value: str


def read_entries(path: Path, name: str) -> tuple[list[Entry], list[Problem]]:
    """The `name: value` lines of a flat file; empty lines and lines that start with # are left out."""
    lines, problems = read_lines(path, name)
    entries: list[Entry] = []
    for line in lines:
        entry, problem = entry_of(line, name)
        entries += [entry] if entry else []
        problems += [problem] if problem else []
    return entries, problems


def entry_of(line: Line, file: str) -> tuple[Entry | None, Problem | None]:
    """A `name: value` line taken apart; neither for an empty line or a note."""
    text = line.text.strip()
    if not text or text.startswith("#"):
        return None, None
    match = ENTRY.fullmatch(text)
    if not match:
        sentence = f"I expected 'name: value' and found '{shortened(text)}'. Put a colon after the name."
        return None, Problem(file, line.number, sentence, "reading")
    name = " ".join(match.group(1).replace("_", " ").lower().split())
    return Entry(line.number, name, unquoted(match.group(2))), None


def unquoted(value: str) -> str:
    """Without quotation marks that hold the whole value, which some editors expect."""
    whole = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" and value[0] not in value[1:-1]
    return value[1:-1].strip() if whole else value


def read_blocks(path: Path, name: str) -> tuple[list[dict[str, Entry]], list[Problem]]:
    """`name: value` lines in blocks with empty lines between them. A name may stand once in a block."""
    lines, problems = read_lines(path, name)
    blocks: list[dict[str, Entry]] = []
    fresh = True
    for line in lines:
        entry, problem = entry_of(line, name)
        problems += [problem] if problem else []
        if not line.text.strip():
            fresh = True
        elif entry:
            if fresh:
                blocks.append({})
            fresh = False
            if entry.name in blocks[-1]:
                sentence = f"'{entry.name}' stands twice in this block. Leave an empty line between blocks."
                problems.append(Problem(name, line.number, sentence, "reading"))
            blocks[-1].setdefault(entry.name, entry)
    return blocks, problems


def read_phrases(path: Path) -> dict[str, tuple[str, ...]]:
    """Read `name: words` lines; a name may stand on several lines and keeps their order.

    Raises:
        ContentUnreadable: the file is missing, or a line is not of that form.
    """
    entries, problems = read_entries(path, path.name)
    if problems:
        raise ContentUnreadable(str(problems[0]))
    return gathered(entries)


def gathered(entries: Iterable[Entry]) -> dict[str, tuple[str, ...]]:
    """All values of each name, in order."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        found.setdefault(entry.name, []).append(entry.value)
    return {name: tuple(values) for name, values in found.items()}


def listed(value: str) -> tuple[str, ...]:
    """`a, b, c` as a tuple; brackets, semicolons and repeated items are forgiven."""
    pieces = (unquoted(piece.strip()) for piece in re.split(r"[,;]", value.strip().strip("[]")))
    return tuple(dict.fromkeys(piece for piece in pieces if piece))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` Did you mean 'x'?` with the nearest of `known`, or nothing."""
    nearest = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f" Did you mean '{nearest[0]}'?" if nearest else ""


def shortened(text: str, most: int = 40) -> str:
    """The start of a text, to name it in a sentence."""
    return text if len(text) <= most else text[: most - 3].rstrip() + "..."

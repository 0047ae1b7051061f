"""Where a text may be paused: its sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A full stop ends no sentence after these, nor after single letters ("U.S.", "e.g.").
SHORTENED = frozenset({"dr", "mr", "mrs", "ms", "st", "vs", "prof", "approx"})
END = re.compile(r"[.!?…]+[\"')\]”’]*(?=\s)|\n\s*\n")  # noqa: RUF001 - quotes as people type them


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of a text, without the white space around it."""

    text: str
    offset: int
    """Index of its first character in the whole text."""


def sentences(text: str) -> list[Sentence]:
    """Split at the end of sentences and at empty lines. White space alone gives nothing."""
    found: list[Sentence] = []
    start = 0
    for end in [*(m.end() for m in END.finditer(text) if not _only_shortened(text, m)), len(text)]:
        piece = text[start:end]
        bare = piece.strip()
        if bare:
            found.append(Sentence(bare, start + len(piece) - len(piece.lstrip())))
        start = end
    return found


def _only_shortened(text: str, stop: re.Match[str]) -> bool:
    if stop.group() != ".":
        return False
    word = re.search(r"[\w.]*$", text[: stop.start()])
    last = word.group() if word else ""
    letters = re.fullmatch(r"(?:[^\W\d_]\.)*[^\W\d_]", last) is not None
    return last.lower() in SHORTENED or (letters and last != "I")

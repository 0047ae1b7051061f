"""The list of what was said and not understood: kept only if the person wants it, on this computer only.

One line each: the day, why, and what it may have been, best guess first. Anyone can read it, change it and delete it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.atomic import write_atomic
from assistant.events import Miss

FILE = "misses.txt"
MOST_LINES = 500
"""The oldest lines go first."""
GUESSES = 3
HEADER = "# What askaloud did not understand: day, why, what it may have been. You can delete lines, or the file."
SEPARATOR = " | "


class MissesTrouble(Exception):
    """The list could not be read or written; the text says where and what to do."""


class Misses:
    """The list in `folder`; `today` gives the day, such as 2026-11-24."""

    def __init__(self, folder: Path, today: Callable[[], str]) -> None:
        self._path, self._today = folder / FILE, today

    def add(self, miss: Miss) -> None:
        """Keep one more. Raises MissesTrouble: it could not be saved."""
        texts = (" ".join(text.replace("|", " ").split()) for text in miss.hypotheses[:GUESSES])
        line = SEPARATOR.join((self._today(), miss.why, *texts))
        lines = [*self._lines(), line][-MOST_LINES:]
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self._path, ("\n".join([HEADER, *lines]) + "\n").encode())
        except OSError as error:
            raise MissesTrouble(
                f"{self._path} could not be written: {error.strerror}. Nothing else is affected."
            ) from None

    def _lines(self) -> list[str]:
        try:
            text = self._path.read_text("utf-8", errors="replace")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise MissesTrouble(f"{self._path} can not be read: {error.strerror}. Nothing else is affected.") from None
        return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]

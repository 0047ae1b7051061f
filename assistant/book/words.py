"""The book's own words, read from the content folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.flatfiles import read_pronunciation
from assistant.knowledge import Prompts
from assistant.textfiles import gathered, read_entries

FILE = "book.txt"
SAY_IT = "say-it.txt"
USUAL_LANGUAGE = "en"


@dataclass(frozen=True)
class BookWords:
    """What the book says besides the answers."""

    prompts: Prompts
    said: Mapping[str, str]
    """Hard word as written -> how it is said, such as "RIL-yoo-zole"."""

    @classmethod
    def read(cls, content: Path, language: str) -> BookWords:
        """Words in `language`, or in English where there are none. `content` holds a folder for each language."""
        entries, _ = read_entries(_found(content, language, FILE), FILE)
        tables, _ = read_pronunciation(_found(content, language, SAY_IT))
        return cls(Prompts(gathered(entries)), tables.get("all", {}))

    def one(self, name: str, **values: str) -> str:
        """The words called `name`, with `values` in their braces. Raises `UnknownPrompt`."""
        return self.prompts.variants(name)[0].format(**values)

    def all(self, name: str) -> tuple[str, ...]:
        """Every line called `name`, in order. Raises `UnknownPrompt`."""
        return self.prompts.variants(name)

    def has(self, name: str) -> bool:
        """Whether there are words of this name."""
        return name in set(self.prompts.keys())

    def month(self, day: date) -> str:
        """The month's name."""
        return self.one("months").split(", ")[day.month - 1]

    def day(self, day: date) -> str:
        """The day, written out."""
        return self.one("day", day=str(day.day), month=self.month(day), year=str(day.year))

    def hard_words_in(self, text: str) -> list[tuple[str, str]]:
        """Hard words of `text` and how they are said, in the order they come."""
        at = {word: found.start() for word in self.said if (found := _as_a_word(word).search(text))}
        return [(word, self.said[word]) for word in sorted(at, key=at.__getitem__)]


def _found(content: Path, language: str, file: str) -> Path:
    own = content / language / file
    return own if own.is_file() else content / USUAL_LANGUAGE / file


def _as_a_word(word: str) -> re.Pattern[str]:
    """Names with a capital match as written, others in any case."""
    return re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])", re.IGNORECASE if word.islower() else 0)

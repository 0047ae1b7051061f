"""Questions for the clinic, gathered while answers are read: one list, to be printed and taken along.

One line each: the day, the topic that was read, and the question in the family's own words, which may be missing.
Anyone can read it, change it and delete it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from assistant.atomic import write_atomic

FILE = "questions.txt"
HEADER = "# Questions for the clinic: day | topic | question. You can change or delete lines, or the file."
SEPARATOR = " | "
MOST = 200
"""The oldest go first."""
LONGEST = 300
"""Letters of a question."""


class QuestionsTrouble(Exception):
    """The list could not be read or written; the text says where and what to do."""


class Question(msgspec.Struct, frozen=True):
    """One question."""

    day: str
    topic: str
    """Id of the topic that was read; empty: none."""
    text: str
    """In the family's words; empty: the topic is what they want to talk about."""

    @property
    def key(self) -> str:
        """What it is called on the page; the same question has the same key after every start."""
        return hashlib.sha256(_line(self).encode()).hexdigest()[:16]


class Questions:
    """The list in `folder`; `today` gives the day, such as 2026-11-24."""

    def __init__(self, folder: Path, today: Callable[[], str]) -> None:
        self._path, self._today = folder / FILE, today

    def read(self) -> tuple[Question, ...]:
        """All of them, oldest first. Raises QuestionsTrouble: the file can not be read."""
        try:
            text = self._path.read_text("utf-8", errors="replace")
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise QuestionsTrouble(
                f"{self._path} can not be read: {error.strerror}. Nothing else is affected."
            ) from None
        return tuple(_read(line) for line in text.splitlines() if line.strip() and not line.startswith("#"))

    def gather(self, topic: str, text: str) -> None:
        """Put one on the list. Without words, one about `topic` that is there already is taken off instead.

        Raises QuestionsTrouble: it could not be saved.
        """
        words = " ".join(text.replace("|", " ").split())[:LONGEST]
        before = self.read()
        same = [one for one in before if (one.topic, one.text) == (topic, words)]
        if same and not words:
            self._write([one for one in before if one not in same])
        elif not same and (words or topic):
            self._write([*before, Question(self._today(), topic, words)])

    def take_off(self, key: str) -> None:
        """Take one off the list; one that is gone already is no trouble. Raises QuestionsTrouble."""
        self._write([one for one in self.read() if one.key != key])

    def clear(self) -> None:
        """Delete the list. Raises QuestionsTrouble."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise QuestionsTrouble(f"{self._path} could not be deleted: {error.strerror}. Delete it by hand.") from None

    def _write(self, questions: Sequence[Question]) -> None:
        lines = [HEADER, *(_line(one) for one in questions[-MOST:])]
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self._path, ("\n".join(lines) + "\n").encode())
        except OSError as error:
            raise QuestionsTrouble(
                f"The list for the clinic could not be saved in {self._path}: {error.strerror}. Write it down on paper."
            ) from None


def _line(question: Question) -> str:
    return SEPARATOR.join((question.day, question.topic, question.text)).rstrip()


def _read(line: str) -> Question:
    """A line; one that a person wrote in another way is all words."""
    day, topic, text = (*(part.strip() for part in line.split("|", 2)), "", "")[:3]
    return Question(day, topic, text) if "|" in line else Question("", "", line.strip())

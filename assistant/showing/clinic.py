"""The questions for the clinic, as the page shows and changes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from assistant.events import Gather
from assistant.knowledge import Topic
from assistant.questions import LONGEST, Question, Questions, QuestionsTrouble


class Note(msgspec.Struct, forbid_unknown_fields=True):
    """Body of `POST /clinic`: one question more, one less, or none at all any more."""

    text: Annotated[str, Meta(max_length=LONGEST)] = ""
    take_off: Annotated[str, Meta(max_length=40)] = ""
    """Key of a question."""
    clear: bool = False


class Entry(msgspec.Struct, frozen=True):
    """One line of the list, as it is shown."""

    key: str
    day: str
    about: str
    """Code and title of the topic that was read; empty: none."""
    text: str


class ClinicList:
    """The list, and who is told of every change of it.

    Args:
        questions: where it is kept.
        topics: by id; a question about one that is gone keeps its words.
    """

    def __init__(self, questions: Questions, topics: Mapping[str, Topic]) -> None:
        self._questions, self._topics = questions, topics
        self.tell: Callable[[tuple[Entry, ...], str], None] = lambda _entries, _trouble: None
        """Gets the whole list after each change, and what went wrong; nothing did if that is empty."""

    def show(self) -> None:
        """Tell what is on the list now."""
        self._do(lambda: None)

    def gather(self, effect: Gather) -> None:
        """Put on the list what the conversation wants there, or take it off."""
        self._do(lambda: self._questions.gather(effect.topic, effect.text))

    def change(self, note: Note) -> None:
        """Do what was done on the page."""
        if note.clear:
            self._do(self._questions.clear)
        elif note.take_off:
            self._do(lambda: self._questions.take_off(note.take_off))
        elif note.text.strip():
            self._do(lambda: self._questions.gather("", note.text))

    def _do(self, act: Callable[[], None]) -> None:
        try:
            act()
            self.tell(tuple(self._entry(one) for one in self._questions.read()), "")
        except QuestionsTrouble as trouble:
            self.tell((), str(trouble))

    def _entry(self, question: Question) -> Entry:
        topic = self._topics.get(question.topic)
        about = f"{topic.code} {topic.title}" if topic else question.topic
        return Entry(question.key, question.day, about, question.text)

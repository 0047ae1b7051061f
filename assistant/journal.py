"""What happened, step by step, for finding faults: off unless switched on, words only if those too are wanted.

One JSON object a line: first the conversation it started from, then each event with the effects it had. A journal with
words can be replayed: the same events must give the same effects.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from assistant.choices import World
from assistant.dialogue import step
from assistant.events import (
    AnyEffect,
    AnyEvent,
    Gather,
    Heard,
    Keep,
    Learn,
    Miss,
    Picked,
    Pressed,
    Recalled,
    Say,
    Show,
    Troubled,
)
from assistant.matching import Ranking
from assistant.places import Conversation

FILE = "journal.jsonl"
LONGEST_BYTES = 5_000_000
"""A longer journal starts anew; the one before is kept beside it."""


class Beginning(msgspec.Struct, frozen=True, tag="begin"):
    """The conversation a journal starts from."""

    conversation: Conversation
    words: bool


class Step(msgspec.Struct, frozen=True, tag="step"):
    """One event and its effects."""

    at_s: float
    """Seconds since the start."""
    event: AnyEvent
    effects: tuple[AnyEffect, ...]


class JournalTrouble(Exception):
    """The journal could not be read or written; the text says what to do."""


class Journal:
    """Writes steps; a journal that can not be written closes itself and says so once."""

    def __init__(self, folder: Path, keep: Literal["off", "steps", "words"], start: Conversation) -> None:
        self._file: BinaryIO | None = None
        self._words = keep == "words"
        self._path = folder / FILE
        if keep == "off":
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._begin(start)
        except OSError as error:
            raise JournalTrouble(f"No journal is kept: {self._path} can not be written ({error.strerror}).") from None

    def _begin(self, start: Conversation) -> None:
        path = self._path
        if path.exists() and path.stat().st_size > LONGEST_BYTES:
            path.replace(path.with_suffix(".before.jsonl"))
        _drop_half_a_line(path)
        self._file = path.open("ab")
        start = start if self._words else msgspec.structs.replace(start, signal="")
        self._write(Beginning(start, self._words))

    def record(
        self, at_s: float, event: AnyEvent, effects: tuple[AnyEffect, ...], before: Conversation | None = None
    ) -> None:
        """Add a step; `before` is the conversation it began from, where a journal that is long may begin anew.

        Raises JournalTrouble once, when the disk refuses; afterwards nothing is written.
        """
        if self._file is None:
            return
        if not self._words:
            event, effects = _without_words(event), tuple(_wordless(effect) for effect in effects)
        try:
            if before is not None and self._file.tell() > LONGEST_BYTES:  # it may run for weeks
                self._file.close()
                self._begin(before)
            self._write(Step(at_s, event, effects))
        except (OSError, ValueError) as error:
            self.close()
            why = getattr(error, "strerror", None) or error
            raise JournalTrouble(f"The journal stops here: {why}. Nothing else is affected.") from None

    def close(self) -> None:
        """Stop writing."""
        if self._file is not None:
            file, self._file = self._file, None
            with contextlib.suppress(OSError):  # what could not be flushed was already said
                file.close()

    def _write(self, line: Beginning | Step) -> None:
        if self._file is not None:
            self._file.write(msgspec.json.encode(line) + b"\n")
            self._file.flush()


def _drop_half_a_line(path: Path) -> None:
    """What a full disk or a pulled plug left of the last line, so that the next begins on a line of its own."""
    if path.exists():
        content = path.read_bytes()
        if not content.endswith(b"\n"):
            os.truncate(path, content.rfind(b"\n") + 1)


def _without_words(event: AnyEvent) -> AnyEvent:
    match event:
        case Heard():
            nothing = Ranking((), 0.0)
            return Heard(("",) * len(event.hypotheses), nothing, event.engine, event.number)
        case Pressed() | Picked():
            return type(event)("")
        case Recalled():
            return Recalled(event.prompt)
        case _:
            return event


def _wordless(effect: AnyEffect) -> AnyEffect:
    match effect:
        case Say():
            return msgspec.structs.replace(effect, text="")
        case Show():
            return Show(effect.state, "", "")
        case Learn():
            return Learn((), "", effect.right)
        case Miss():
            return Miss((), effect.why)
        case Gather():
            return Gather()
        case Keep(name="yes_signal"):
            return Keep(effect.name, "")
        case _:
            return msgspec.structs.replace(effect, words=()) if hasattr(effect, "words") else effect


def read_journal(path: Path) -> Iterator[Beginning | Step]:
    """The lines of a journal. Raises JournalTrouble naming the line that can not be read."""
    decoder = msgspec.json.Decoder(Beginning | Step)
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield decoder.decode(line)
                except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                    raise JournalTrouble(f"{path} line {number} is damaged: {error}.") from None
    except OSError as error:
        raise JournalTrouble(f"{path} can not be opened: {error.strerror}.") from None


def replay(world: World, lines: Iterator[Beginning | Step]) -> Iterator[tuple[Step, tuple[AnyEffect, ...]]]:
    """Each step as it was, with the effects it has today. Equal effects: the conversation still does the same."""
    conversation = Conversation()
    for line in lines:
        match line:
            case Beginning():
                conversation = line.conversation
            case Step():
                conversation, effects = step(world, conversation, line.event)
                yield line, effects


def told(line: Step) -> str:
    """A step in one readable line."""
    event = line.event
    what = event.sentence if isinstance(event, Troubled) else ""
    if isinstance(event, Heard) and event.hypotheses:
        what = event.hypotheses[0]
    elif isinstance(event, (Pressed, Picked)):
        what = event.item
    said = " ".join(effect.text for effect in line.effects if isinstance(effect, Say))
    return f"{line.at_s:8.2f} s  {type(event).__name__:11} {what}" + (f"  ->  {said}" if said else "")

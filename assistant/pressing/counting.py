"""How scanning goes, in numbers: only if the person wants it, only on this computer, and gone at a word.

A day is one line of a file: presses, rounds without a choice, choices taken back, answers and their seconds, and how
often each topic was answered. No words, no times of day.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from assistant.atomic import write_atomic
from assistant.scan import Press, Round, Scan, ScanEffect, Undo
from assistant.scan.lists import BACK

FILE = "counts.jsonl"
LONGEST_DAYS = 400
LOOK_BACK_DAYS = 14
ENOUGH = 20
MANY_MISSES, MANY_UNDOS, FEW = 0.25, 0.2, 0.04

Advice = Literal["", "slower", "undo", "faster"]


class Day(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One day of scanning."""

    day: str
    """Such as 2026-11-24."""
    presses: int = 0
    """Choices made."""
    misses: int = 0
    """Rounds through a list in which nothing was chosen."""
    undos: int = 0
    answers: int = 0
    seconds: float = 0.0
    """Of all answers, each from the press that started."""
    topics: dict[str, int] = {}
    """How often each topic was answered, whatever way it was asked."""


class CountsTrouble(Exception):
    """The counts could not be read or written; the text says what to do, `days` what could be read all the same."""

    def __init__(self, sentence: str, days: Sequence[Day] = ()) -> None:
        super().__init__(sentence)
        self.days = days


class Counts:
    """Counts what scanning does today. `days` are those before and today, oldest first."""

    def __init__(self, days: Sequence[Day], today: str) -> None:
        self._begin(days, today)
        self._started_s: float | None = None
        self._last_s: float | None = None

    def _begin(self, days: Sequence[Day], today: str) -> None:
        self._before = [day for day in days if day.day != today][-LONGEST_DAYS:]
        self.today = next((day for day in days if day.day == today), Day(today))

    @property
    def days(self) -> list[Day]:
        """All days, today last."""
        return [*self._before, self.today]

    def saw(self, before: Scan, after: Scan, effect: ScanEffect, now_s: float) -> None:
        """Note one effect of scanning."""
        if before.phase == "rest" and after.phase == "scan":
            self._started_s = now_s
        match effect:
            case Press(item=item) if item not in ("", BACK):
                self._add(presses=1)
                self._last_s = None
                if item.startswith("topic:") and self._started_s is not None:
                    self._last_s = now_s - self._started_s
                    self._add(answers=1, seconds=self._last_s)
            case Round():
                self._add(misses=1)
            case Undo():
                answered = self._last_s is not None
                self._add(undos=1, answers=-answered, seconds=-(self._last_s or 0.0))
                self._last_s = None

    def answered(self, topic: str, today: str = "") -> None:
        """An answer was given; `today` begins another day, for it may run for weeks."""
        if today and today != self.today.day:
            self._begin(self.days, today)
        topics = {**self.today.topics, topic: self.today.topics.get(topic, 0) + 1}
        self.today = msgspec.structs.replace(self.today, topics=topics)

    def _add(self, **more: float) -> None:
        self.today = msgspec.structs.replace(
            self.today, **{name: getattr(self.today, name) + value for name, value in more.items()}
        )


def before_today(days: Sequence[Day], today: str) -> dict[str, int]:
    """How often each topic was answered on the days before `today`."""
    asked: dict[str, int] = {}
    for day in days:
        if day.day < today:
            for topic, times in day.topics.items():
                asked[topic] = asked.get(topic, 0) + times
    return asked


def misses_since(days: Sequence[Day], first: str) -> tuple[int, int]:
    """Choices, and misses with undos, from day `first` on."""
    recent = [day for day in days if day.day >= first]
    return sum(day.presses for day in recent), sum(day.misses + day.undos for day in recent)


def advice(days: Sequence[Day]) -> Advice:
    """What the last days suggest: a slower step, a longer time to take back, a quicker step, or nothing.

    More than a quarter of the chances missed: first the timing, then anything else (Koester and Simpson 2014).
    """
    recent = days[-LOOK_BACK_DAYS:]
    presses = sum(day.presses for day in recent)
    misses, undos = sum(day.misses for day in recent), sum(day.undos for day in recent)
    if presses < ENOUGH:
        return ""
    if misses + undos > MANY_MISSES * (presses + misses):
        return "slower" if misses >= undos else "undo"
    if undos > MANY_UNDOS * presses:
        return "undo"
    return "faster" if misses + undos <= FEW * presses else ""


def read_counts(folder: Path) -> list[Day]:
    """The days in `folder`, oldest first; none when there is no file.

    Raises:
        CountsTrouble: a line is damaged, or the file can not be opened.
    """
    path = folder / FILE
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CountsTrouble(f"{path} can not be opened: {error.strerror}. Counting starts anew.") from None
    days: list[Day] = []
    damaged = ""
    for number, line in enumerate(lines, 1):
        try:
            days.append(msgspec.json.decode(line, type=Day))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            damaged = damaged or f"{path} line {number} is damaged: {error}. The other days still count."
    days.sort(key=lambda day: day.day)
    if damaged:
        raise CountsTrouble(damaged, days)
    return days


def write_counts(folder: Path, days: Sequence[Day]) -> None:
    """Write all days. Raises CountsTrouble when the disk refuses."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomic(folder / FILE, b"".join(msgspec.json.encode(day) + b"\n" for day in days))
    except OSError as error:
        raise CountsTrouble(f"The counts could not be saved in {folder}: {error.strerror}.") from None


def delete_counts(folder: Path) -> bool:
    """Delete every count. False: there were none."""
    path = folder / FILE
    there = path.exists()
    path.unlink(missing_ok=True)
    return there

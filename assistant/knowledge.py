"""Everything the assistant knows and says, as read from the content folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Block:
    """A further part of an answer, with the name it is chosen by."""

    label: str
    text: str
    """Sentences joined by single spaces, braces not yet filled."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing the assistant knows about."""

    id: str
    title: str
    group: str
    section: str
    """Only in the groups that have sections; else empty."""
    code: str
    """A letter and a number that choose it in the book and on the page, such as D10."""
    say: str
    """The label on a switch, and the shortest way to ask for it inside its group."""
    urgent: bool
    sensitive: bool
    """Ask before the full answer."""
    region: bool
    """Wording, numbers or law change with the country."""
    evidence: str
    covers: tuple[str, ...]
    """Numbers of the claims it answers (see coverage.txt)."""
    related: tuple[str, ...]
    sources: tuple[str, ...]
    reviewed: date
    reviewed_by: str
    review_again: date
    questions: tuple[str, ...]
    short: str
    more: tuple[Block, ...]
    caregivers: str
    notes: str
    """For editors, never spoken; line breaks are kept."""
    path: str
    """The file, as named in problems."""
    lines: Mapping[str, int] = field(hash=False, compare=False)
    """Line of each header name, and of "questions", "question 1", "short", "more 1", "caregivers",
    "notes"."""

    @property
    def draft(self) -> bool:
        """Whether no clinician has signed it yet."""
        return self.reviewed_by.strip().lower().startswith("draft") or not self.reviewed_by.strip()


@dataclass(frozen=True, slots=True)
class Group:
    """A group of topics: one line of the first menu."""

    id: str
    letter: str
    title: str
    spoken: str
    """How it is called aloud."""
    sections: tuple[tuple[str, str], ...] = ()
    """(id, spoken name) of each section, in order; most groups have none."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer comes from."""

    key: str
    publisher: str
    title: str
    address: str
    published: str
    checked: str
    """The date it was last opened, or "not yet", and how much of it was read."""
    by: str = ""
    kind: str = ""
    """"company", "clinic" or "seed" when no answer may rest on it alone; else empty."""

    @property
    def named(self) -> str:
        """Publisher and year, as they are said; the publisher alone when no year is known."""
        years = re.findall(r"\b(?:19|20)\d\d\b", self.published)
        return f"{self.publisher}, {years[-1]}" if years else self.publisher


@dataclass(frozen=True, slots=True)
class Region:
    """What changes with the country. Spoken forms are written as words."""

    id: str
    country: str
    emergency: str
    crisis_line: str
    crisis_contact: str
    """What can be done with the line, as a command: "call or text nine eight eight"."""
    benefits: bool = False
    """Whether the answers on money and benefits are about this country."""
    source: str = ""
    checked: str = ""
    confirmed: bool = False


ANYWHERE = Region(
    "", "your country", "your emergency number", "your local crisis line", "contact your local crisis line"
)
"""Stands in where a country's numbers are not known for certain."""


class UnknownPrompt(KeyError):
    """The assistant has no words of this name."""

    def __str__(self) -> str:
        return f"prompts.txt has no line that starts with '{self.args[0]}:'. Add one."


class Prompts:
    """What the assistant itself says, by name."""

    def __init__(self, lines: Mapping[str, tuple[str, ...]]) -> None:
        self._lines = dict(lines)

    def variants(self, key: str) -> tuple[str, ...]:
        """Every wording of `key`, at least one. Raises `UnknownPrompt`."""
        if key not in self._lines:
            raise UnknownPrompt(key)
        return self._lines[key]

    def keys(self) -> tuple[str, ...]:
        """All names, in the order of the file."""
        return tuple(self._lines)


@dataclass(slots=True)
class Content:
    """Everything that could be read."""

    topics: dict[str, Topic] = field(default_factory=dict)
    """By id, in menu order."""
    groups: tuple[Group, ...] = ()
    sources: dict[str, Source] = field(default_factory=dict)
    regions: dict[str, Region] = field(default_factory=dict)
    prompts: Prompts = field(default_factory=lambda: Prompts({}))
    pronunciation: dict[str, dict[str, str]] = field(default_factory=dict)
    """Engine ("all" for every one) -> how it is written -> how it is spelled for the voice."""
    packs: frozenset[str] = frozenset()
    """Ids of the topics that came from a family's or clinic's own folder."""

    def region(self, name: str) -> Region:
        """The region called `name`, or the words that are right anywhere when its numbers are not certain."""
        region = self.regions.get(name.lower())
        if region is None:
            return ANYWHERE
        sure = region.confirmed
        return replace(
            region,
            emergency=(sure and region.emergency) or ANYWHERE.emergency,
            crisis_line=(sure and region.crisis_line) or ANYWHERE.crisis_line,
            crisis_contact=(sure and region.crisis_contact) or ANYWHERE.crisis_contact,
        )

    def fill(self, text: str, region: str) -> str:
        """`text` with its braces filled from `region`; braces of other names stay as they are."""
        here = self.region(region)
        values = {
            "emergency": here.emergency,
            "crisis_line": here.crisis_line,
            "crisis_contact": here.crisis_contact,
            "country": here.country or ANYWHERE.country,
        }
        return re.sub(r"\{(\w+)\}", lambda brace: values.get(brace[1], brace[0]), text)

"""A family's own content as values. Numbers are given once and never again: they are the codes in the printed book."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from assistant.knowledge import Prompts

LETTER = "M"
"""First part of the codes of a family's own topics. Ours go from A on; this leaves room for more."""
GROUP = "family"
MOST_NUMBER = 99
"""A code has two figures at most."""


class Own(msgspec.Struct, frozen=True):
    """A topic of the family's own."""

    number: int
    """With the letter of the group, its code."""
    name: str
    """Title and label in one."""
    ways: tuple[str, ...]
    """How it is asked for."""
    answer: str
    more: str = ""
    caregivers: str = ""


class Person(msgspec.Struct, frozen=True):
    """Someone, or some place, with a number to call."""

    number: int
    name: str
    who: str
    """As the end of "Maria is ..."."""
    phone: str = ""
    """As typed."""


class Ways(msgspec.Struct, frozen=True):
    """The family's own ways to ask for a topic that comes with the assistant."""

    topic: str
    ways: tuple[str, ...]


class Family(msgspec.Struct, frozen=True):
    """Everything a family added."""

    topics: tuple[Own, ...] = ()
    people: tuple[Person, ...] = ()
    ways: tuple[Ways, ...] = ()
    region: str = ""
    """Whose emergency numbers are given; empty: never chosen here."""
    next: int = 1
    """The number the next topic or person gets."""

    @property
    def entries(self) -> tuple[Own | Person, ...]:
        """Everything that has a number."""
        return (*self.topics, *self.people)

    def put(self, what: Own | Person | Ways) -> Family:
        """With `what` in the place of what had its number or topic, or at the end."""
        match what:
            case Own():
                return msgspec.structs.replace(self, topics=_put(self.topics, what, "number"), next=self._after(what))
            case Person():
                return msgspec.structs.replace(self, people=_put(self.people, what, "number"), next=self._after(what))
            case Ways():
                kept = _put(self.ways, what, "topic")
                return msgspec.structs.replace(self, ways=tuple(one for one in kept if one.ways))

    def without(self, number: int) -> Family:
        """Without the topic or person of this number."""
        return msgspec.structs.replace(
            self,
            topics=tuple(one for one in self.topics if one.number != number),
            people=tuple(one for one in self.people if one.number != number),
        )

    def free_number(self) -> int:
        """A number nobody has; one that was taken away is used again only when there is no other. 0: all are taken."""
        taken = {one.number for one in self.entries}
        numbers = [*range(self.next, MOST_NUMBER + 1), *range(1, self.next)]
        return next((number for number in numbers if number not in taken), 0)

    def _after(self, what: Own | Person) -> int:
        return max(self.next, what.number + 1)


Kind = TypeVar("Kind", Own, Person, Ways)


def _put(among: tuple[Kind, ...], what: Kind, key: str) -> tuple[Kind, ...]:
    kept: list[Kind] = list(among)
    same = [place for place, one in enumerate(kept) if getattr(one, key) == getattr(what, key)]
    at = same[0] if same else len(kept)
    kept[at : at + 1] = [what]
    return tuple(kept)


def topic_id(what: Own | Person) -> str:
    """The id its topic has; the same however it is renamed."""
    return f"{'own' if isinstance(what, Own) else 'person'}-{what.number}"


def spoken_number(phone: str) -> str:
    """A telephone number as it is read out: figure by figure, with a pause where there was a gap."""
    words = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    groups: list[list[str]] = [[]]
    for sign in phone:
        if sign.isdecimal():
            groups[-1].append(words[int(sign)])
        elif sign == "+":
            groups[-1].append("plus")
        elif groups[-1]:
            groups.append([])
    return ", ".join(" ".join(group) for group in groups if group)


def said_of(person: Person, prompts: Prompts) -> str:
    """The answer about someone."""
    named = {"name": person.name, "who": person.who, "number": spoken_number(person.phone)}
    keys = ["page family says who", *(("page family says number", "page family says dial") if person.phone else ())]
    return " ".join(prompts.variants(key)[0].format(**named) for key in keys)


def asked_of(person: Person, prompts: Prompts) -> tuple[str, ...]:
    """How people ask about someone."""
    keys = ["page family asks who", *(("page family asks number",) if person.phone else ())]
    forms = [form for key in keys for form in prompts.variants(key)]
    return tuple(form.format(name=person.name) for form in forms)

"""Which line is read next. Pure: from where the script is, and a reply, to where it is then.

    signal --agreed--> groups --yes--> topics of the group --yes--> say it back --yes--> the answer
    a line --no--> the next        --not sure--> the same once more, then the next, and again at the end
    after the last line: "something else?"  --yes--> groups; from the groups: else
    else --yes--> groups           anywhere --back--> a step back       --stop--> left

A reply that means nothing at a place leaves it as it is. Every topic is in the second list at the latest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from assistant.places import Answer, AnyPlace, Menu, Partner, Reading, Ready

Reply = Literal["yes", "no", "unsure", "else", "back", "stop"]
MOST_DOUBTS = 2
"""A line is asked so often before the next one is tried."""


@dataclass(frozen=True, slots=True)
class Lists:
    """What is read aloud: the groups, and the topics of each, in the order of screen and book."""

    groups: tuple[str, ...]
    topics: Mapping[str, tuple[str, ...]]

    def of(self, group: str) -> tuple[str, ...]:
        """The lines of a group's list; of the first list for none."""
        return self.topics.get(group, ()) if group else self.groups


@dataclass(frozen=True, slots=True)
class Chosen:
    """This topic was meant, and that was confirmed."""

    topic: str


@dataclass(frozen=True, slots=True)
class Left:
    """The reading is over."""


Next = Partner | Chosen | Left
GROUPS = Partner("list")


def replied(lists: Lists, at: Partner, reply: Reply) -> Next:
    """Where `reply` leads from `at`."""
    if reply == "stop":
        return Left()
    match at.stage:
        case "signal":
            return GROUPS if reply == "yes" else Left() if reply == "back" else at
        case "list":
            return _listed(lists, at, reply)
        case "confirm":
            return _confirmed(lists, at, reply)
        case "else":
            return Left() if reply == "no" else at if reply == "else" else GROUPS


def pointed(lists: Lists, at: Partner, item: str) -> Next:
    """Where choosing a line directly leads: a touch on it, when the person showed a yes to one read before."""
    kind, _, name = item.partition(":")
    if kind == "group" and name in lists.groups:
        return Partner("list", name)
    for group, topics in lists.topics.items():
        if kind == "topic" and name in topics:
            return Partner("confirm", group, topics.index(name), topic=name)
    return at


def instead(place: AnyPlace) -> AnyPlace:
    """Where the conversation is while someone reads aloud, when it would be at `place` otherwise."""
    match place:
        case Ready():
            return GROUPS
        case Menu(group=group):
            return Partner("list", group)
        case Answer(topic=topic):
            return Reading(topic)
        case _:
            return place


def _listed(lists: Lists, at: Partner, reply: Reply) -> Next:
    lines = lists.of(at.group)
    past_the_last = at.line >= len(lines)
    match reply:
        case "yes" if past_the_last:
            return _something_else(at)
        case "yes" if at.group:
            return Partner("confirm", at.group, at.line, topic=lines[at.line])
        case "yes":
            return Partner("list", lines[at.line])
        case "no":
            return _after(lines, at)
        case "unsure":
            return _doubted(lines, at)
        case "else":
            return _something_else(at)
        case _:
            return _before(lists, at)


def _after(lines: tuple[str, ...], at: Partner) -> Partner:
    """The next line. After the last one: those not sure of, then something else, then the list anew."""
    if at.line >= len(lines):
        return Partner("list", at.group)
    if at.again:
        left = tuple(line for line in at.maybe if line > at.line)
        return Partner("list", at.group, left[0] if left else len(lines), maybe=left, again=bool(left))
    if at.line + 1 < len(lines) or not at.maybe:
        return replace(at, line=at.line + 1, doubts=0)
    return replace(at, line=at.maybe[0], doubts=0, again=True)


def _doubted(lines: tuple[str, ...], at: Partner) -> Partner:
    if at.doubts + 1 < MOST_DOUBTS:
        return replace(at, doubts=at.doubts + 1)
    if at.line < len(lines) and not at.again:
        at = replace(at, maybe=tuple(sorted({*at.maybe, at.line})))
    return _after(lines, at)


def _something_else(at: Partner) -> Partner:
    return GROUPS if at.group else Partner("else")


def _before(lists: Lists, at: Partner) -> Partner:
    if at.line and not at.again:
        return replace(at, line=at.line - 1, doubts=0)
    if at.again:
        return Partner("list", at.group)
    return _at_line(lists.groups, "", at.group) if at.group else Partner("signal")


def _confirmed(lists: Lists, at: Partner, reply: Reply) -> Next:
    listed = _at_line(lists.of(at.group), at.group, at.topic)
    match reply:
        case "yes":
            return Chosen(at.topic)
        case "no":
            return _after(lists.of(at.group), listed)
        case "unsure" if at.doubts + 1 < MOST_DOUBTS:
            return replace(at, doubts=at.doubts + 1)
        case "else":
            return GROUPS
        case _:
            return listed


def _at_line(lines: tuple[str, ...], group: str, name: str) -> Partner:
    return Partner("list", group, lines.index(name) if name in lines else 0)

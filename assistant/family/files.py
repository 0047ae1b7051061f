"""A family's content as the files of a pack, and back. What would not come back as it is, is never written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from assistant.boards.record import topic_text
from assistant.family.model import GROUP, LETTER, Family, Own, Person, Ways, asked_of, said_of, topic_id
from assistant.knowledge import Block, Prompts, Topic
from assistant.textfiles import Entry, entry_of, lines_of
from assistant.topicfile import read_topic

FAMILY, PEOPLE, WAYS, GROUPS = "family.txt", "people.txt", "ways.txt", "groups.txt"


class FamilyUnreadable(ValueError):
    """The files do not hold a family's content. The text says which one, and what is wrong."""


def topic_of(what: Own | Person, prompts: Prompts, day: date) -> Topic:
    """The topic that the assistant answers with."""
    own = what if isinstance(what, Own) else None
    person = what if isinstance(what, Person) else None
    ways = own.ways if own else asked_of(person, prompts) if person else ()
    name = topic_id(what)
    return Topic(
        id=name,
        title=what.name,
        group=GROUP,
        section="",
        code=f"{LETTER}{what.number}",
        say=what.name,
        urgent=False,
        sensitive=False,
        region=False,
        evidence="practical",
        covers=(),
        related=(),
        sources=(),
        reviewed=day,
        reviewed_by=prompts.variants("page family author")[0],
        review_again=day.replace(year=day.year + 1, day=min(day.day, 28)),
        questions=ways,
        short=own.answer if own else said_of(person, prompts) if person else "",
        more=(Block(prompts.variants("page family more label")[0], own.more),) if own and own.more else (),
        caregivers=own.caregivers if own else "",
        notes="",
        path=f"{name}.md",
        lines=MappingProxyType({}),
    )


def files_of(family: Family, prompts: Prompts, day: date) -> dict[str, bytes]:
    """Every file of the pack, by its place in the folder."""
    files = {
        FAMILY: f"# Written by askaloud on its family page.\nregion: {family.region}\nnext: {family.next}\n",
        GROUPS: _groups(prompts),
        PEOPLE: "\n".join(_person(person) for person in family.people),
        WAYS: "".join(f"{one.topic}: {way}\n" for one in family.ways for way in one.ways),
    }
    for what in family.entries:
        files[f"topics/{topic_id(what)}.md"] = topic_text(topic_of(what, prompts, day))
    return {name: text.encode() for name, text in files.items()}


def _groups(prompts: Prompts) -> str:
    title, spoken = (prompts.variants(f"page family group {name}")[0] for name in ("title", "spoken"))
    return f"id: {GROUP}\nletter: {LETTER}\ntitle: {title}\nspoken: {spoken}\n"


def _person(person: Person) -> str:
    return f"number: {person.number}\nname: {person.name}\nwho: {person.who}\nphone: {person.phone}\n"


def family_of(files: Mapping[str, bytes]) -> Family:
    """What the files of a pack hold. Raises FamilyUnreadable."""
    head = {entry.name: entry.value for entry in _entries(files, FAMILY)}
    people = tuple(_people(_entries(files, PEOPLE)))
    ways: dict[str, tuple[str, ...]] = {}
    for entry in _entries(files, WAYS):
        ways[entry.name] = (*ways.get(entry.name, ()), entry.value)
    topics = [_own(name, raw) for name, raw in files.items() if name.startswith("topics/own-")]
    return Family(
        topics=tuple(sorted(topics, key=lambda own: own.number)),
        people=people,
        ways=tuple(Ways(topic, forms) for topic, forms in ways.items()),
        region=head.get("region", ""),
        next=_number(head.get("next", "1"), FAMILY),
    )


def _entries(files: Mapping[str, bytes], name: str) -> Iterable[Entry]:
    if name not in files:
        raise FamilyUnreadable(f"The file {name} is missing.")
    lines, problems = lines_of(files[name], name)
    for line in lines:
        entry, problem = entry_of(line, name)
        problems += [problem] if problem else []
        if entry:
            yield entry
    if problems:
        raise FamilyUnreadable(str(problems[0]))


def _people(entries: Iterable[Entry]) -> Iterable[Person]:
    """Four lines for each: the first tells the number."""
    values: list[dict[str, str]] = []
    for entry in entries:
        if entry.name == "number" or not values:
            values.append({})
        values[-1][entry.name] = entry.value
    for one in values:
        if set(one) != {"number", "name", "who", "phone"}:
            raise FamilyUnreadable(f"{PEOPLE}: someone has no name, number, 'who' or 'phone'.")
        yield Person(_number(one["number"], PEOPLE), one["name"], one["who"], one["phone"])


def _own(name: str, raw: bytes) -> Own:
    topic, problems = read_topic(raw, name)
    if topic is None:
        raise FamilyUnreadable(str(problems[0]))
    return Own(
        number=_number(topic.code[1:], name),
        name=topic.title,
        ways=topic.questions,
        answer=topic.short,
        more=topic.more[0].text if topic.more else "",
        caregivers=topic.caregivers,
    )


def _number(written: str, name: str) -> int:
    if not written.isdecimal() or len(written) > 3:
        raise FamilyUnreadable(f"{name}: '{written[:20]}' is not a number.")
    return int(written)

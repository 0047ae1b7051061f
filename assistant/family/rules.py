"""What keeps a family's text from being taken, as sentences beside the field it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.boards.record import topic_text
from assistant.checking import SERIOUS
from assistant.checking.measures import words
from assistant.choices import World
from assistant.family.files import topic_of
from assistant.family.model import LETTER, MOST_NUMBER, Own, Person, Ways
from assistant.knowledge import Topic
from assistant.matching import Matcher, normalise
from assistant.textfiles import STRAIGHT, Problem, entry_of, lines_of, shortened
from assistant.topicfile import read_topic

Field = Literal["name", "ways", "answer", "more", "caregivers", "who", "phone", "topic", "region"]
LINES: Mapping[str, Field] = {
    "title": "name", "say": "name", "questions": "ways", "short": "answer", "more 1": "more",
    "caregivers": "caregivers",
}  # fmt: skip
"""Parts of a topic file, and the field they come from."""
NOT_THEIRS = frozenset({"links", "questions", "sources", "codes", "covers", "capitals", "labels"})
"""Rules about what a family does not write, or may decide."""
MOST_LETTERS, MOST_WORDS, MOST_WAYS, LONGEST_WAY = 40, 3, 30, 120
LONGEST_TEXT = 2_000
SURE = 0.5
"""From this probability on a way to ask counts as one for an urgent topic."""
PHONE = re.compile(r"\+?[0-9 ().\-]{3,30}")
OWN_CODES = frozenset(normalise(f"{LETTER}{gap}{n}") for n in range(1, MOST_NUMBER + 1) for gap in ("", " "))
Check = Callable[[Topic], list[Problem]]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to change before it can be saved, or, as advice, something that could be better."""

    field: Field
    sentence: str
    level: Literal["error", "advice"] = "error"


def tidy(text: str) -> str:
    """With single spaces and plain quotation marks, as text is stored."""
    return " ".join(text.translate(STRAIGHT).split())


class Rules:
    """What is known already, and must stay as it is.

    Args:
        shipped: what comes with the assistant, without the family's own.
        matcher: finds the topics of `shipped`.
        check: the editor's checks for one topic.
        day: today.
    """

    def __init__(self, shipped: World, matcher: Matcher, check: Check, day: date) -> None:
        self._world, self._matcher, self._check, self._day = shipped, matcher, check, day
        self._known = _forms(shipped)

    def topic(self, own: Own, others: Iterable[Own | Person]) -> list[Fault]:
        """What is wrong with a topic of the family's own."""
        found = [*self._name(own.name, others), *self._ways(own.ways, others=others)]
        found += [Fault("answer", "Write what askaloud shall say.")] if not own.answer else []
        texts: Mapping[Field, str] = {"answer": own.answer, "more": own.more, "caregivers": own.caregivers}
        for field, text in texts.items():
            if len(text) > LONGEST_TEXT:
                found.append(Fault(field, f"This is too long to hear. At most {LONGEST_TEXT} letters are taken."))
        return found or [*self._as_file(topic_of(own, self._world.content.prompts, self._day))]

    def person(self, person: Person, others: Iterable[Own | Person]) -> list[Fault]:
        """What is wrong with someone, or with their number."""
        found = [*self._name(person.name, others)]
        found += [Fault("who", 'Write who this is, such as "our night nurse".')] if not person.who else []
        if person.phone and not PHONE.fullmatch(person.phone):
            found.append(Fault("phone", "Write the number in figures, with spaces if you like: 555 0123."))
        elif person.phone and sum(sign.isdigit() for sign in person.phone) < 3:
            found.append(Fault("phone", "This number has too few figures."))
        found += [*self._as_line("name", person.name), *self._as_line("who", person.who)] if not found else []
        wrong = found or [*self._as_file(topic_of(person, self._world.content.prompts, self._day))]
        fields: Mapping[Field, Field] = {"answer": "who", "ways": "name"}
        return [Fault(fields.get(one.field, one.field), one.sentence, one.level) for one in wrong]

    def own_ways(self, ways: Ways, others: Iterable[Own | Person]) -> list[Fault]:
        """What is wrong with own ways to ask for a topic that is there already."""
        topic = self._world.topics.get(ways.topic)
        if topic is None:
            return [Fault("topic", "Choose the topic that is meant.")]
        if topic.urgent:
            sentence = f"“{topic.title}” must be found by everyone in the same way, so it can not be changed here."
            return [Fault("topic", sentence)]
        found = [*self._ways(ways.ways, others=others, topic=ways.topic, least=0)]
        return found or [fault for way in ways.ways for fault in self._as_line("ways", way)]

    def _name(self, name: str, others: Iterable[Own | Person]) -> Iterator[Fault]:
        count = len(words(name))
        if not count:
            yield Fault("name", "Give it a name.")
        elif count > MOST_WORDS:
            yield Fault("name", f"This has {count} words. A name has at most {MOST_WORDS}: it stands on a switch.")
        elif len(name) > MOST_LETTERS:
            yield Fault("name", f"This has {len(name)} letters. At most {MOST_LETTERS} fit on a switch.")
        elif any(normalise(name) == normalise(other.name) for other in others):
            yield Fault("name", "This name is taken. Choose another, or change the one that has it.")
        else:
            yield from self._way("name", name, "")

    def _ways(
        self, ways: tuple[str, ...], *, others: Iterable[Own | Person], topic: str = "", least: int = 1
    ) -> Iterator[Fault]:
        if len(ways) < least:
            yield Fault("ways", "Write at least one way to ask, as people would say it.")
        if len(ways) > MOST_WAYS:
            yield Fault("ways", f"These are {len(ways)}. At most {MOST_WAYS} are taken.")
        taken = {normalise(way): other.name for other in others for way in (other.name, *getattr(other, "ways", ()))}
        seen: set[str] = set()
        for way in ways:
            same = normalise(way)
            if same in seen:
                yield Fault("ways", f"“{way}” stands twice. Keep one of them.")
            elif same in taken:
                yield Fault("ways", f"“{way}” already leads to “{taken[same]}”. Word it otherwise.")
            else:
                yield from self._way("ways", way, topic)
            seen.add(same)

    def _way(self, field: Field, way: str, topic: str) -> Iterator[Fault]:
        """Words of need and of steering stay what they are, and so does what leads to another topic."""
        plain = normalise(way)
        world = self._world
        if not plain:
            yield Fault(field, f"There are no words in “{shortened(way)}”.")
        elif len(way) > LONGEST_WAY:
            yield Fault(field, f"“{shortened(way)}” is too long. At most {LONGEST_WAY} letters are taken.")
        elif world.urgent.find((way,)) is not None:
            yield Fault(field, f"“{way}” is a cry for help and stays one. Choose other words.")
        elif command := world.commands.find((way,), frozenset(world.commands.forms.values())):
            yield Fault(field, f"“{way}” is the command “{command}” and stays one. Choose other words.")
        elif plain in world.names or plain in OWN_CODES:
            yield Fault(field, f"“{way}” is a code of the book. Choose other words.")
        elif self._known.get(plain, topic) != topic:
            yield Fault(field, f"“{way}” already leads to “{self._title(self._known[plain])}”. Word it otherwise.")
        elif plain in self._known:
            yield Fault(field, f"“{way}” is known already. You can leave it out.")
        elif (urgent := self._urgent(way)) and not topic:
            yield Fault(field, f"“{way}” is too near to “{urgent}”, which must be found at once. Word it otherwise.")

    def _title(self, known: str) -> str:
        groups = {group.id: group.title for group in self._world.content.groups}
        return self._world.topics[known].title if known in self._world.topics else groups.get(known, known)

    def _urgent(self, way: str) -> str:
        """Title of the urgent topic that `way` means now; empty when it means none."""
        best = self._matcher.rank((way,)).candidates[:1]
        topic = self._world.topics[best[0].topic] if best else None
        return topic.title if topic and topic.urgent and best[0].probability >= SURE else ""

    def _as_line(self, field: Field, text: str) -> Iterator[Fault]:
        """A line of a flat file must come back as it is."""
        lines, problems = lines_of(f"x: {text}".encode("utf-8", "replace"), "")
        entry = entry_of(lines[0], "")[0] if len(lines) == 1 else None
        if problems:
            yield Fault(field, problems[0].sentence)
        elif entry is None or entry.value != text:
            yield Fault(field, _read_as(text, entry.value if entry else ""))

    def _as_file(self, topic: Topic) -> Iterator[Fault]:
        """A topic must come back from its file as it is, and be fit to be said."""
        read, problems = read_topic(topic_text(topic).encode("utf-8", "replace"), topic.path)
        if read is None:
            for problem in (problem for problem in problems if problem.level == "error"):
                yield Fault("answer", problem.sentence)
            return
        changed = [*_changed(topic, read)]
        yield from changed
        starts: list[tuple[int, Field]] = [(line, LINES[part]) for part, line in read.lines.items() if part in LINES]
        starts += [(line, "ways") for part, line in read.lines.items() if part.startswith("question ")]
        for problem in self._check(read) if not changed else ():
            if problem.rule not in NOT_THEIRS and problem.level == "error":
                yield Fault(
                    _field_at(starts, problem.line),
                    _bare(problem.sentence),
                    "error" if problem.rule in SERIOUS else "advice",
                )


def _field_at(starts: list[tuple[int, Field]], line: int) -> Field:
    """The field whose text stands at `line` of the file."""
    return next((field for start, field in sorted(starts, reverse=True) if start <= line), "name")


def _changed(topic: Topic, read: Topic) -> Iterator[Fault]:
    """Where the file would not say what was typed."""
    if (topic.title, topic.say) != (read.title, read.say):
        yield Fault("name", _read_as(topic.title, read.title))
    if topic.questions != read.questions:
        yield Fault("ways", _read_as("\n".join(topic.questions), "\n".join(read.questions)))
    if topic.short != read.short:
        yield Fault("answer", _read_as(topic.short, read.short))
    if topic.more != read.more:
        yield Fault("more", _read_as(*("\n".join(block.text for block in one.more) for one in (topic, read))))
    if topic.caregivers != read.caregivers:
        yield Fault("caregivers", _read_as(topic.caregivers, read.caregivers))


def _read_as(typed: str, read: str) -> str:
    if read == typed + ".":
        return "End it with a full stop."
    return f"askaloud would read this as “{shortened(read, 200)}”. Write it so, or without special signs."


def _bare(sentence: str) -> str:
    """Without the name of the part: it stands beside its field."""
    what, colon, rest = sentence.partition(": ")
    return rest[:1].upper() + rest[1:] if colon and len(what.split()) < 4 and rest else sentence


def _forms(world: World) -> dict[str, str]:
    """Every way to ask that means one thing now, and what it means."""
    known = {normalise(text): group.id for group in world.content.groups for text in (group.title, group.spoken)}
    for topic in world.topics.values():
        known |= {normalise(text): topic.id for text in (*topic.questions, topic.title, topic.say)}
    return known

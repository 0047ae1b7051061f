"""A family's content while it is edited: checks, saves, takes back, and tells when something else counts now."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from assistant.checking import check_topic
from assistant.choices import World
from assistant.family.copies import Copies, FamilyTrouble
from assistant.family.files import family_of, files_of, topic_of
from assistant.family.model import Family, Own, Person, Ways, topic_id
from assistant.family.rules import Fault, Rules, tidy
from assistant.knowledge import Topic
from assistant.matching import Matcher
from assistant.textfiles import Problem
from assistant.topics import USUAL_LANGUAGE, content_folder

Text = Annotated[str, Meta(max_length=4_000)]
ENDED = re.compile(r"[.!?][\"')]*$")
FULL = "All 99 numbers are taken. Take away something you no longer need."


class TopicForm(msgspec.Struct, tag="topic", forbid_unknown_fields=True):
    """A topic as it was typed; number 0: a new one."""

    name: Text
    ways: Text
    """One on each line."""
    answer: Text
    number: int = 0
    more: Text = ""
    caregivers: Text = ""

    def made(self, number: int) -> Own:
        """As it is stored."""
        texts = (_sentences(text) for text in (self.answer, self.more, self.caregivers))
        return Own(number, tidy(self.name), _lines(self.ways), *texts)


class PersonForm(msgspec.Struct, tag="person", forbid_unknown_fields=True):
    """Someone as they were typed; number 0: someone new."""

    name: Text
    who: Text
    phone: Text = ""
    number: int = 0

    def made(self, number: int) -> Person:
        """As it is stored."""
        who = tidy(self.who).rstrip(".")
        return Person(number, tidy(self.name), who, tidy(self.phone))


class WaysForm(msgspec.Struct, tag="ways", forbid_unknown_fields=True):
    """Ways to ask for a topic; none: those that were there are taken away."""

    topic: Text
    ways: Text


class RegionForm(msgspec.Struct, tag="region", forbid_unknown_fields=True):
    """The country whose numbers are given."""

    region: Text


class Remove(msgspec.Struct, tag="remove", forbid_unknown_fields=True):
    """Take away the topic or person with this number."""

    number: int


class Restore(msgspec.Struct, tag="restore", forbid_unknown_fields=True):
    """Go back to a copy; an empty name: the one before the last change."""

    copy: Text = ""


Form = TopicForm | PersonForm | WaysForm | RegionForm | Remove | Restore


class Outcome(msgspec.Struct):
    """What became of a form."""

    saved: bool
    faults: list[Fault] = []
    """Beside which fields; errors kept it from being saved, advice did not."""
    trouble: str = ""
    """A sentence about the whole of it."""


class Editing:
    """What the page for the family does.

    Args:
        home: where everything is remembered.
        shipped: the world without the family's own, read when it is first needed.
        matcher: makes the matcher of a world.
        changed: told after every save what counts now, and the matcher for it if there is one; lets it take effect.
        region: the region that counts now.
        now: the time on the computer's own clock.
    """

    def __init__(
        self,
        home: Path,
        shipped: Callable[[], World],
        matcher: Callable[[World], Matcher],
        changed: Callable[[Family, Matcher | None], None],
        region: Callable[[], str],
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._copies, self._shipped, self._matcher = Copies(home), shipped, matcher
        self._changed, self._region, self._now = changed, region, now
        self._lock = threading.Lock()
        self._trouble = ""
        self._warmed = False

    @cached_property
    def _world(self) -> World:
        return self._shipped()

    @cached_property
    def _ranks(self) -> Matcher:
        return self._matcher(self._world)

    @cached_property
    def _urgent_ways(self) -> list[tuple[str, str]]:
        """Ways to ask that find an urgent topic by likeness alone, and its id."""
        urgent = [topic for topic in self._world.topics.values() if topic.urgent]
        ways = [(way, topic.id) for topic in urgent for way in (*topic.questions, topic.title, topic.say)]
        alike = [(way, topic) for way, topic in ways if self._world.urgent.find((way,)) is None]
        return [(way, topic) for way, topic in alike if _best(self._ranks, way) == topic]

    def _warm(self) -> None:
        """Whoever opens the page will save before long: what that needs is made meanwhile."""
        if not self._warmed:
            self._warmed = True
            threading.Thread(target=lambda: self._urgent_ways, name="family", daemon=True).start()

    def state(self) -> dict[str, object]:
        """Everything the page shows."""
        self._warm()
        copies, troubles = self._copies.read()
        family = copies[0].family if copies else Family()
        content = self._world.content
        calm = [topic for topic in self._world.topics.values() if not topic.urgent]
        return {
            "topics": family.topics,
            "people": family.people,
            "ways": [{"topic": one.topic, "title": self._title(one.topic), "ways": one.ways} for one in family.ways],
            "region": self._region(),
            "regions": [{"id": region.id, "name": region.country} for region in content.regions.values()],
            "known": [{"id": topic.id, "name": topic.title, "code": topic.code} for topic in calm],
            "copies": [{"name": copy.name, "saved": copy.saved.isoformat(timespec="minutes")} for copy in copies],
            "trouble": " ".join([*troubles, self._trouble]).strip(),
        }

    def take(self, form: Form) -> Outcome:
        """Do what a form says, or tell why not. Nothing is half done."""
        with self._lock:
            try:
                copies, _ = self._copies.read()
                family = copies[0].family if copies else Family(region=self._region())
                match form:
                    case TopicForm() | PersonForm() | WaysForm():
                        return self._put(family, form)
                    case RegionForm(region=region):
                        return self._set_region(family, region)
                    case Remove(number=number):
                        return self._save(family.without(number))
                    case Restore(copy=name):
                        wanted = [copy for copy in copies[1:] if name in ("", copy.name)]
                        if name == "" and len(copies) == 1:  # before the first save there was nothing
                            return self._save(Family(region=self._region(), next=family.next))
                        if not wanted:
                            return Outcome(saved=False, trouble="There is no such copy any more.")
                        kept = msgspec.structs.replace(wanted[0].family, next=family.next)
                        return self._save(kept)
            except FamilyTrouble as trouble:
                return Outcome(saved=False, trouble=str(trouble))

    def _set_region(self, family: Family, region: str) -> Outcome:
        if region not in self._world.content.regions:
            return Outcome(saved=False, faults=[Fault("region", "Choose a country from the list.")])
        return self._save(msgspec.structs.replace(family, region=region))

    def _put(self, family: Family, form: TopicForm | PersonForm | WaysForm) -> Outcome:
        rules = Rules(self._world, self._ranks, self._check, self._now().date())
        made: Own | Person | Ways
        if isinstance(form, WaysForm):
            made = ways = Ways(form.topic, _lines(form.ways))
            faults = [*rules.own_ways(ways, family.entries), *self._taken_ways(family, ways)]
            if not ways.ways and ways.topic not in [one.topic for one in family.ways]:
                faults.append(Fault("ways", "Write at least one way to ask, as people would say it."))
        else:
            number = form.number or family.free_number()
            if not number:
                return Outcome(saved=False, trouble=FULL)
            made = form.made(number)
            others = [one for one in family.entries if one.number != number]
            faults = rules.topic(made, others) if isinstance(made, Own) else rules.person(made, others)
        if any(fault.level == "error" for fault in faults):
            return Outcome(saved=False, faults=faults)
        after = family.put(made)
        matcher = self._with(after)
        if shadowed := self._shadowed(matcher):
            return Outcome(saved=False, faults=[Fault("ways", shadowed)])
        outcome = self._save(after, matcher)
        return Outcome(outcome.saved, faults, outcome.trouble)

    def _taken_ways(self, family: Family, made: Ways) -> list[Fault]:
        theirs = {way.lower(): one.topic for one in family.ways if one.topic != made.topic for way in one.ways}
        doubled = [way for way in made.ways if way.lower() in theirs]
        return [
            Fault("ways", f"“{way}” already leads to “{self._title(theirs[way.lower()])}”. Word it otherwise.")
            for way in doubled
        ]

    def _check(self, topic: Topic) -> list[Problem]:
        return check_topic(self._world.content, topic, content_folder() / USUAL_LANGUAGE)

    def _with(self, family: Family) -> Matcher:
        """A matcher that knows what `family` adds."""
        prompts, day = self._world.content.prompts, self._now().date()
        questions = {topic.id: (*topic.questions, topic.title, topic.say) for topic in self._world.topics.values()}
        for one in family.ways:
            questions[one.topic] = (*questions.get(one.topic, ()), *one.ways)
        for what in family.entries:
            topic = topic_of(what, prompts, day)
            questions[topic_id(what)] = (*topic.questions, topic.title)
        return Matcher(questions)

    def _shadowed(self, after: Matcher) -> str:
        """A sentence when words that find an urgent topic now would find another."""
        lost = next(((way, topic) for way, topic in self._urgent_ways if _best(after, way) != topic), None)
        if lost is None:
            return ""
        return f"With this, “{lost[0]}” would no longer lead to “{self._title(lost[1])}”. Word it otherwise."

    def _save(self, family: Family, matcher: Matcher | None = None) -> Outcome:
        """Write it, if it comes back as it is, and let it count."""
        files = files_of(family, self._world.content.prompts, self._now().date())
        if family_of(files) != family:
            return Outcome(saved=False, trouble="This would not be read back as it is. Leave special signs out.")
        self._copies.save(files, self._now())
        self._trouble = ""
        try:
            self._changed(family, matcher)
        except Exception as error:  # noqa: BLE001 - it is saved, whatever else fails
            self._trouble = f"It is saved, and counts when askaloud starts again ({type(error).__name__})."
        return Outcome(saved=True)

    def _title(self, topic: str) -> str:
        return self._world.topics[topic].title if topic in self._world.topics else topic


def _best(matcher: Matcher, way: str) -> str:
    return next((found.topic for found in matcher.rank((way,)).candidates), "")


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in map(tidy, text.splitlines()) if line)


def _sentences(text: str) -> str:
    """One paragraph; a full stop that is missing at a line's end is added."""
    lines = _lines(text)
    return " ".join(line if ENDED.search(line) else f"{line}." for line in lines)

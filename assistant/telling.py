"""What is told: answers and their parts, choices, lists, and the honest "I do not have that"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from assistant import measuring, pacing
from assistant.choices import help_name, items, options_text, page_of, spoken_label
from assistant.commands import NUMBERS
from assistant.events import Heard
from assistant.matching import normalise
from assistant.places import Answer, Choose, Confirm, Leaving, Menu, Patience, Place, Proposed, Ready, Urgent
from assistant.topics import Topic
from assistant.turn import Turn

NAME_ALIKE = 85.0
"""Least `fuzz.ratio` (0 to 100) at which what was heard counts as the name of something on offer."""
NEAREST_WORTH = 0.08
"""Least probability at which a topic is offered beside "I do not have that"."""
SUICIDE = "suicidal-thoughts"
FAILURES_TO_LIST = 3
"""After this many questions in a row that led nowhere patience grows and the list is offered."""
SAID_ALONE = frozenset(
    {"one", "the", "a", "an", "about", "that", "this", "with", "and", "of", "for", "please", "topic"}
)
"""Words that tell no option from another."""
AT_MOST = 3
"""Choices in one spoken list of topics."""


def answer(turn: Turn, topic_id: str, *, others: tuple[str, ...] = (), hypotheses: tuple[str, ...] = ()) -> None:
    """The short answer, its topic named first; what may follow is offered, never pushed."""
    topic = turn.world.topics[topic_id]
    turn.change(unmet=(), failures=0, listed=False, last_answer=topic_id)
    turn.ask("answer", topic=topic.title, text=turn.fill(topic.short))
    turn.say(*_standing(turn, topic))
    if topic.sensitive and topic.more:
        turn.ask("sensitive")
    else:
        turn.ask("answer follow" if topic.more else "answer last")
    turn.go(Answer(topic_id, 0, others, hypotheses, asked_full=topic.sensitive and bool(topic.more)))


def _standing(turn: Turn, topic: Topic) -> list[str]:
    """Whether the answer is still a draft; said with the first answer only."""
    if turn.now.told_draft or not topic.draft:
        return []
    turn.change(told_draft=True)
    return [turn.prompt("draft")]


def more(turn: Turn) -> None:
    """The next part of the answer."""
    place = turn.now.place
    if isinstance(place, Urgent) and place.topic:
        turn.hush()
        place = Answer(place.topic)
    if not isinstance(place, Answer):
        turn.ask("again")
        return
    parts = turn.world.topics[place.topic].more
    if place.part >= len(parts):
        turn.ask("more none")
        return
    block = parts[place.part]
    part = place.part + 1
    turn.go(Answer(place.topic, part, place.others, place.hypotheses), back=False)
    turn.ask("more", label=block.label[:1].upper() + block.label[1:], text=turn.fill(block.text))
    turn.ask("answer follow" if part < len(parts) else "answer last")


def caregivers(turn: Turn) -> None:
    """The block for caregivers."""
    topic = _topic_here(turn)
    if topic is None or not topic.caregivers:
        turn.ask("caregivers none")
    else:
        turn.ask("caregivers", text=turn.fill(topic.caregivers))


def source(turn: Turn) -> None:
    """Who says so, and when it was last read."""
    topic = _topic_here(turn)
    if topic is None:
        turn.ask("source first")
    elif not topic.sources:
        turn.ask("source none")
    else:
        known = turn.world.content.sources
        named = {known[key].publisher: known[key].named for key in reversed(topic.sources) if key in known}
        publishers = list(reversed(named.values()))
        month = topic.reviewed.strftime("%B %Y")
        turn.ask("source", sources=", and ".join(publishers[:AT_MOST]), month=month)


def _topic_here(turn: Turn) -> Topic | None:
    match turn.now.place:
        case Answer(topic=topic) | Urgent(topic=topic) if topic:
            return turn.world.topics[topic]
        case _:
            return None


def urgent(turn: Turn, topic_id: str, event: Heard) -> None:
    """Help first: what to do now, loudly and on the screen, and plainly that nobody was called."""
    topic = turn.world.topics.get(topic_id)
    text = turn.fill(topic.short) if topic else ""
    again = turn.now.place == Urgent(topic_id if topic else "")
    name = "urgent suicide" if topic_id == SUICIDE else "urgent again" if again and text else "urgent"
    turn.hush()
    turn.ask(name, text=text)
    turn.loud = True
    turn.alarm = topic_id != SUICIDE  # a siren is the last thing someone in despair needs
    turn.change(failures=0)
    place: Place = Urgent(topic_id if topic else "")
    if topic_id == SUICIDE and topic:
        place = Answer(topic_id, hypotheses=event.hypotheses)
    turn.go(place)  # type: ignore[arg-type]  # both are places


def call(turn: Turn) -> None:
    """Someone in the house is wanted: words and a sound, which is all this program can do."""
    turn.hush()
    turn.ask("call")
    turn.loud = turn.alarm = True
    turn.go(Urgent())


def decline(turn: Turn, nearest: tuple[str, ...], event: Heard) -> None:
    """What was heard, what is covered, and the nearest topics as a choice: never the nearest topic as an answer."""
    turn.miss(event.hypotheses, "declined")
    turn.change(unmet=event.hypotheses)
    if failed(turn, "unfound list", "unfound list usual"):
        return
    worth = [c.topic for c in event.ranking.candidates if c.probability >= NEAREST_WORTH]
    options = tuple(topic for topic in nearest or tuple(worth) if topic in turn.world.topics)[:AT_MOST]
    heard = " ".join(event.hypotheses[0].split()[:12])
    how = "" if event.number else " typed"
    if options:
        turn.go(Choose(options, event.hypotheses, declined=True))
        turn.ask("decline choose" + how, heard=heard, options=turn.options(options))
    else:
        turn.go(Ready(), back=False)
        turn.ask("decline" + how, heard=heard)


def failed(turn: Turn, waiting: str, usual: str, at: int = FAILURES_TO_LIST) -> bool:
    """Count a question that led nowhere. After `at` of them wait longer and offer the list, once: then True.

    Says `waiting`, or `usual` where it waits as long as it can.
    """
    turn.change(failures=turn.now.failures + 1)
    if turn.now.listed or turn.now.failures < at:
        return False
    turn.change(listed=True)
    waits = pacing.longer_patience(turn)
    turn.go(Menu())
    turn.ask(waiting if waits else usual, options=page_text(turn))
    return True


def rather(turn: Turn, others: tuple[str, ...], hypotheses: tuple[str, ...]) -> None:
    """After a no: the next nearest as a choice, without asking to say it again."""
    if others:
        turn.go(Choose(others[:AT_MOST], hypotheses), back=False)
        turn.ask("not that", options=turn.options(others[:AT_MOST]))
    elif not failed(turn, "unfound list", "unfound list usual"):
        turn.go(Ready(), back=False)
        turn.ask("not that alone")


def offered(turn: Turn, texts: Sequence[str], event: Heard) -> str | None:
    """The item on offer that was named: by its words, a letter or two amiss, or clearly meant."""
    place = turn.now.place
    if not isinstance(place, (Choose, Menu)):
        return None
    on_offer = [item for item in items(turn.world, place) if not item.id.startswith("command:")]
    best, found = NAME_ALIKE, None
    for item in on_offer:
        for name in _names_of(turn, item.id, item.label):
            score = max((fuzz.ratio(text, name) for text in texts), default=0.0)
            if score >= best:
                best, found = score, item.id
    if found or not isinstance(place, Choose):
        return found
    names = {item.id: " ".join(_names_of(turn, item.id, item.label)) for item in on_offer}
    return _by_a_word(texts, names) or _meant(place, event)


def _by_a_word(texts: Sequence[str], names: Mapping[str, str]) -> str | None:
    """The one option that has all the telling words of what was said: "the tube" is the feeding tube."""
    for text in texts:
        words = [word for word in text.split() if word not in SAID_ALONE]
        having = [item for item, name in names.items() if all(_has(name, word) for word in words)]
        if words and len(having) == 1:
            return having[0]
    return None


def _has(name: str, word: str) -> bool:
    return any(fuzz.ratio(word, part) >= NAME_ALIKE for part in name.split())


def _names_of(turn: Turn, item: str, label: str) -> list[str]:
    kind, _, name = item.partition(":")
    spoken = turn.world.topics[name].say if kind == "topic" else turn.world.groups[name].spoken
    return [normalise(label), normalise(spoken)]


def _meant(place: Choose, event: Heard) -> str | None:
    """The option that the matcher, too, puts first by far."""
    first = event.ranking.candidates[:1]
    clear = bool(first) and first[0].probability > max(0.5, event.ranking.none)
    return f"topic:{first[0].topic}" if clear and first[0].topic in place.options else None


def menu_page(turn: Turn) -> None:
    """Read out the page of the menu the conversation is at."""
    place = turn.now.place
    if not isinstance(place, Menu) or turn.quiet:
        return
    options = page_text(turn)
    if place.page:
        turn.ask("page", options=options)
    elif place.group:
        turn.ask("group", group=turn.world.groups[place.group].title, options=options)
    else:
        turn.ask("menu", options=options)


def page_text(turn: Turn) -> str:
    """The menu's page as a numbered spoken list."""
    place = turn.now.place
    page = page_of(turn.world, place) if isinstance(place, Menu) else []
    return options_text(turn.world, [spoken_label(turn.world, item) for item in page[: len(NUMBERS)]])


def help_here(turn: Turn) -> None:
    """What can be said right now."""
    turn.ask(help_name(turn.now.place))


def again(turn: Turn) -> None:
    """Say what belongs to the place the conversation came back to."""
    match turn.now.place:
        case Answer(topic=topic):
            turn.ask("answer", topic=turn.world.topics[topic].title, text=turn.fill(turn.world.topics[topic].short))
        case Confirm(topic=topic):
            turn.ask("confirm again", topic=turn.world.topics[topic].title)
        case Choose(options=options):
            turn.ask("choose again", options=turn.options(options))
        case Menu():
            menu_page(turn)
        case Proposed(found=found):
            measuring.tell(turn, found)
        case Patience():
            pacing.tell_patience(turn)
        case Leaving():
            turn.ask("quit")
        case _ if not turn.quiet:
            turn.ask("again")

"""What the screen holds while someone reads aloud, and what can be chosen there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.book.cards import card_of
from assistant.book.figures import in_figures
from assistant.events import Aloud, Item, Line
from assistant.partner.cards import Card, deck, first_of, next_part
from assistant.partner.script import Lists
from assistant.places import AnyPlace, Conversation, Partner, Reading, Tour

if TYPE_CHECKING:
    from assistant.choices import World

FOR_THE_READER = frozenset({"ask", "caregivers", "source"})
"""Parts of an answer that are not read to the person."""


def lists_of(world: World) -> Lists:
    """The groups and their topics, in menu order."""
    return Lists(tuple(world.groups), {g: tuple(t.id for t in world.in_group(g)) for g in world.groups})


def cards_of(world: World, now: Conversation, topic: str) -> tuple[Card, ...]:
    """The answer of `topic` as cards."""
    return deck(world.topics[topic], world.content, world.book, now.region)


def aloud_of(world: World, now: Conversation) -> Aloud | None:
    """What is read aloud now; None while nobody does."""
    if not now.reads:
        return None
    match now.place:
        case Partner(stage="signal"):
            lead, text, after, types = (_one(world, f"signal {part}") for part in ("lead", "text", "after", "types"))
            rules = world.content.prompts.variants("page aloud signal rule")
            return Aloud("signal", lead, text, after, rules=rules, types=types)
        case Partner(stage="list") as place:
            return _list(world, now, place)
        case Partner(stage="confirm", topic=topic):
            text = _one(world, "confirm text", topic=world.topics[topic].title)
            after = _one(world, "confirm after", signal=_signal(world, now))
            return Aloud(
                "confirm",
                _one(world, "confirm lead"),
                text,
                after,
                rules=world.content.prompts.variants("page aloud rule"),
            )
        case Partner():
            lead, text, after = (_one(world, f"else {part}") for part in ("lead", "text", "after"))
            return Aloud("else", lead, text, after)
        case Reading() as place:
            return _card(world, now, place)
        case _:
            return Aloud("plain")


def heading(world: World, place: AnyPlace) -> str:
    """Heading of the screen at a place where someone reads aloud."""
    match place:
        case Partner(stage="list" | "confirm", group=group) if group:
            return world.groups[group].title
        case Reading(topic=topic):
            return world.topics[topic].title
        case Tour(who=who):
            return _one(world, f"tour {who or 'whom'}")
        case _:
            return _one(world, "title")


def tour_text(world: World, place: Tour) -> str:
    """What is said, and stays on the screen, at a step of the tutorial."""
    if not place.who:
        return world.content.prompts.variants("tour whom")[0]
    return world.content.prompts.variants(f"tour {place.who} step")[place.step]


def items_here(world: World, now: Conversation) -> tuple[Item, ...]:
    """What can be chosen where someone reads aloud or the tutorial is."""
    match now.place:
        case Partner(stage="signal"):
            signals = world.content.prompts.variants("page aloud signal")
            shown = tuple(Item(f"signal:{signal}", signal) for signal in signals)
            known = (Item("command:yes", _one(world, "as before", signal=now.signal)),) if now.signal else ()
            return (*known, *shown, _item(world, "stop"))
        case Partner(stage="else"):
            return tuple(_item(world, name) for name in ("yes", "no", "clinic", "back", "stop"))
        case Partner():
            return tuple(_item(world, name) for name in ("yes", "no", "unsure", "none", "back", "stop"))
        case Reading() as place:
            return tuple(_item(world, name) for name in _at_card(world, now, place))
        case Tour(who=""):
            return (
                *(Item(f"tour:{who}", world.label(f"tour {who}")) for who in ("person", "partner")),
                _plain(world, "stop"),
            )
        case _:
            return tuple(_plain(world, name) for name in ("next", "back", "repeat", "stop"))


def _in_deck(world: World, now: Conversation, place: Reading) -> tuple[tuple[Card, ...], Reading]:
    """The cards, and the place at one of them: an answer may have got shorter while it is read."""
    cards = cards_of(world, now, place.topic)
    return cards, Reading(place.topic, min(place.card, len(cards) - 1))


def spoken_words(world: World, now: Conversation, text: str) -> str:
    """`text` as a voice reads it: telephone numbers stand in figures on a card, and are spoken figure by figure."""
    here = world.content.region(now.region)
    for words in (here.crisis_contact, here.crisis_line, here.emergency):
        text = text.replace(in_figures(words), words) if words else text
    return text


def _at_card(world: World, now: Conversation, place: Reading) -> list[str]:
    cards, place = _in_deck(world, now, place)
    asks = cards[place.card].part == "ask"
    last = place.card + 1 >= len(cards)
    wanted = {
        "next": not asks and not last,
        "yes": asks,
        "no": asks,
        "back": True,
        "repeat": True,
        "more": not asks and next_part(cards, place.card) is not None,
        "caregivers": first_of(cards, "caregivers") is not None and cards[place.card].part != "caregivers",
        "source": cards[place.card].part != "source",
        "clinic": True,
        "none": True,
        "stop": True,
    }
    return [name for name, is_wanted in wanted.items() if is_wanted]


def _list(world: World, now: Conversation, place: Partner) -> Aloud:
    names = lists_of(world).of(place.group)
    lines = [_line(world, place, at, name) for at, name in enumerate(names)]
    lines.append(Line("command:none", _one(world, "something else"), now=place.line >= len(names)))
    lead = _one(world, "lead again" if place.again else "lead topics" if place.group else "lead groups")
    text = _one(world, "question", label=next(line.label for line in lines if line.now))
    after = _one(world, "wait longer" if place.doubts else "wait", signal=_signal(world, now))
    return Aloud("list", lead, text, after, tuple(lines), world.content.prompts.variants("page aloud rule"))


def _line(world: World, place: Partner, at: int, name: str) -> Line:
    now, maybe = place.line == at, at in place.maybe
    if place.group:
        topic = world.topics[name]
        return Line(f"topic:{name}", topic.title, topic.code, now, maybe)
    return Line(f"group:{name}", world.groups[name].title, world.groups[name].letter, now, maybe)


def _card(world: World, now: Conversation, place: Reading) -> Aloud:
    cards, place = _in_deck(world, now, place)
    card = cards[place.card]
    quiet = card.part in FOR_THE_READER
    ends = place.card + 1 == len(cards) or (card.part, card.label) != (
        cards[place.card + 1].part,
        cards[place.card + 1].label,
    )
    after = _one(world, "then ask") if ends and not quiet else ""
    paper = card_of(world.topics[place.topic], world.content, world.book, now.region, ())
    return Aloud(
        "card",
        card.label or _one(world, "for you" if quiet else "title"),
        card.text,
        after,
        foot="" if card.part == "source" else paper.read,
        hard=card.hard(world.book),
        card=place.card + 1,
        cards=len(cards),
        quiet=quiet,
        types=_one(world, "clinic types"),
    )


def _signal(world: World, now: Conversation) -> str:
    return now.signal or _one(world, "any signal")


def _one(world: World, name: str, **fields: str) -> str:
    return world.content.prompts.variants(f"page aloud {name}")[0].format(**fields).replace("...", "\u2026")


def _plain(world: World, name: str) -> Item:
    return Item(f"command:{name}", world.label(name))


def _item(world: World, name: str) -> Item:
    """A button with its key."""
    return Item(f"command:{name}", _one(world, f"do {name}"), _one(world, f"key {name}"))

"""What can be chosen at each place: as items on a screen, as words to listen for, as a spoken list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from assistant.book.words import BookWords
from assistant.commands import NUMBERS, Commands
from assistant.events import Item
from assistant.matching import Bands, normalise
from assistant.partner.view import items_here
from assistant.places import (
    Answer,
    AnyPlace,
    Asleep,
    Choose,
    Confirm,
    Conversation,
    Leaving,
    Manner,
    Menu,
    Partner,
    Patience,
    Place,
    Proposed,
    Reading,
    Ready,
    Testing,
    Tour,
    Urgent,
)
from assistant.topics import Content, Group, Prompts, Topic
from assistant.urgent import UrgentWords

PAGE = 4
"""Spoken lists hold at most this many."""

ALWAYS = frozenset(
    {"stop", "repeat", "slower", "faster", "louder", "softer", "normal", "more", "back", "help", "menu"}
    | {"pause", "source", "caregivers", "not that", "sleep", "cancel", "last", "settings", "call"}
    | {"scan slower", "scan faster", "safe", "wait longer", "wait less", "learned", "unlearn"}
    | {"partner", "tour", "clinic"}
)
"""Commands that are understood wherever the conversation is awake."""
ONLY_TYPED = frozenset({"quit"})
"""Understood where it is written or chosen, never heard: a word that was misheard must not end anything."""
WAYS = ("until switch", "press to talk", "always listen", "switch test", "fresh", "tired", "by ear", "caregiver")
"""Ways to ask, chosen where it is said how the assistant speaks and scans."""
BY_PLACE: dict[type[Place], frozenset[str]] = {
    Ready: frozenset({"next"}),
    Confirm: frozenset({"yes", "no", "none", "next", "continue"}),
    Choose: frozenset({"one", "two", "three", "last one", "none", "no", "next", "yes"}),
    Answer: frozenset({"yes", "no", "next", "continue"}),
    Menu: frozenset({"one", "two", "three", "four", "last one", "next", "none", "no"}),
    Manner: frozenset({"next", "no", "ladder", *WAYS}),
    Testing: frozenset({"no"}),
    Proposed: frozenset({"yes", "no", "none", "continue"}),
    Patience: frozenset({"yes", "no", "none", "continue"}),
    Leaving: frozenset({"yes", "no", "none"}),
    Partner: frozenset({"yes", "no", "none", "next", "continue", "unsure", "wake"}),
    Reading: frozenset({"yes", "no", "none", "next", "continue", "wake"}),
    Tour: frozenset({"yes", "no", "next", "continue", "one", "two"}),
    Urgent: frozenset({"no", "yes", "next"}),
}
ONLY_COMMANDS: dict[type[Place], tuple[str, ...]] = {
    Confirm: ("yes", "no", "repeat", "menu", "call"),
    Answer: ("more", "repeat", "menu", "slower", "source", "caregivers", "back", "call"),
    Testing: (),
    Proposed: ("yes", "no", "repeat", "call"),
    Patience: ("yes", "no", "repeat", "call"),
    Leaving: ("no", "yes", "repeat", "call"),
    Urgent: ("stop", "more", "repeat"),
    Partner: ("stop",),
    Reading: ("stop",),
    Tour: ("stop",),
    Asleep: ("wake",),
}
"""What can be chosen where nothing but commands can."""
MANNER = (
    *("scan slower", "scan faster", "slower", "faster", "louder", "softer", "normal", "wait longer", "wait less"),
    *(*WAYS, "safe", "ladder"),
)
"""Commands that change how the assistant speaks and scans."""
ASLEEP = frozenset({"wake", "continue", "menu", "help", "stop", "yes"})


@dataclass(frozen=True)
class World:
    """What the mind knows and never changes."""

    content: Content
    commands: Commands
    urgent: UrgentWords
    bands: Bands
    look: tuple[Item, ...] = ()
    """What can be changed about how the screen looks; offered with the settings."""
    book: BookWords = field(default_factory=lambda: BookWords(Prompts({}), {}))
    """Words for someone who reads aloud, on paper and on the screen."""
    asked_most: tuple[str, ...] = ()
    """Topics that come before the groups, because this person asks them most."""

    @cached_property
    def topics(self) -> dict[str, Topic]:
        """Topics by id, in menu order."""
        return self.content.topics

    @cached_property
    def groups(self) -> dict[str, Group]:
        """Groups by id, in menu order; groups with no topic are left out."""
        used = {topic.group for topic in self.topics.values()}
        return {group.id: group for group in self.content.groups if group.id in used}

    def in_group(self, group: str) -> list[Topic]:
        """The topics of a group, in menu order."""
        return [topic for topic in self.topics.values() if topic.group == group]

    @cached_property
    def names(self) -> dict[str, str]:
        """What names exactly one thing anywhere: codes ("d 3", "d three") to item ids."""
        named: dict[str, str] = {}
        for topic in self.topics.values():
            for name in (topic.code, topic.code[0] + " " + topic.code[1:]):
                named[normalise(name)] = f"topic:{topic.id}"
        return named

    def label(self, name: str) -> str:
        """The label of a command's button."""
        return self.content.prompts.variants(f"{name} label")[0]


def command_names(place: AnyPlace, *, typed: bool = False) -> frozenset[str]:
    """The commands understood at `place`, heard or `typed`."""
    names = ASLEEP if isinstance(place, Asleep) else ALWAYS | BY_PLACE[type(place)]
    return names | ONLY_TYPED if typed else names


def wanted_words(world: World, conversation: Conversation) -> tuple[str, ...]:
    """The short words that are likely now: commands, cries for help, names of what is offered."""
    place = conversation.place
    if conversation.reads and not isinstance(place, Urgent):
        return (*world.commands.words({"stop", "wake"}), *world.urgent.clearest)
    labels = () if conversation.speaking else tuple(normalise(label) for label in _labels(world, place))
    words = (
        *world.commands.words({"stop"}),
        *world.commands.words(command_names(place)),
        *world.urgent.clearest,
        *labels,
    )
    return tuple(dict.fromkeys(words))


def only_words(conversation: Conversation) -> bool:
    """True where a question would be a mishearing: asleep, in an alarm, while the assistant or a reader speaks."""
    if conversation.reads or isinstance(conversation.place, (Asleep, Urgent)):
        return True
    return conversation.speaking != 0 and overhears_itself(conversation)


def overhears_itself(conversation: Conversation) -> bool:
    """Whether the microphone may hear the assistant's own voice: not with a headset, and not without a loudspeaker."""
    return conversation.barge_in != "full" and not conversation.unheard


ASKED = (Confirm, Choose, Proposed, Patience, Leaving)
"""Places where the assistant has asked something that can be answered in a word."""


def wants_ear(conversation: Conversation) -> bool:
    """Whether anything is to be heard. Where only a press opens the ear, what was asked and an alarm open it too."""
    if conversation.listens == "open" or isinstance(conversation.place, Urgent):
        return True
    asked = conversation.pressed_to_talk or isinstance(conversation.place, ASKED)
    return asked and not conversation.speaking


def _labels(world: World, place: AnyPlace) -> list[str]:
    return [item.label for item in items(world, place) if item.id.startswith(("topic:", "group:"))]


def items_now(world: World, conversation: Conversation) -> tuple[Item, ...]:
    """Everything that can be chosen now. Where only a press opens the ear, asking by voice is one of it."""
    if isinstance(conversation.place, (Partner, Reading, Tour)):
        return items_here(world, conversation)
    return items(world, conversation.place, talk=conversation.listens == "switch")


def items(world: World, place: AnyPlace, *, talk: bool = False) -> tuple[Item, ...]:
    """Everything that can be chosen at `place`, in a fixed order. A call for the caregiver is in every list.

    With `talk`, asking by voice is chosen like anything else.
    """
    listed = _items(world, place)
    return (*_commands(world, "talk"), *listed) if talk and isinstance(place, (Ready, Answer)) else listed


def _items(world: World, place: AnyPlace) -> tuple[Item, ...]:
    match place:
        case Ready() | Menu(group=""):
            asked = tuple(_topic(world.topics[topic]) for topic in world.asked_most if topic in world.topics)
            groups = tuple(_group(group) for group in world.groups.values())
            return (*asked, *groups, *_commands(world, "settings", "partner", "tour", "last", "call"))
        case Choose(options=options):
            return (*(_topic(world.topics[topic]) for topic in options), *_commands(world, "none", "repeat", "call"))
        case Menu(group=group):
            return (*(_topic(topic) for topic in world.in_group(group)), *_commands(world, "back", "call"))
        case Manner():
            return (*_commands(world, *MANNER), *world.look, *_commands(world, "quit", "back", "call"))
        case _:
            return _commands(world, *ONLY_COMMANDS[type(place)])


def _topic(topic: Topic) -> Item:
    return Item(f"topic:{topic.id}", topic.title, topic.code, topic.say)


def _group(group: Group) -> Item:
    return Item(f"group:{group.id}", group.title, group.letter, group.spoken)


def _commands(world: World, *names: str) -> tuple[Item, ...]:
    return tuple(Item(f"command:{name}", world.label(name)) for name in names)


def page_of(world: World, menu: Menu) -> list[str]:
    """Ids of the items that are read out on the menu's page."""
    kind = "topic:" if menu.group else "group:"
    listed = [item.id for item in items(world, menu) if item.id.startswith(kind)]
    start = menu.page * PAGE % max(len(listed), 1)
    return listed[start - start % PAGE :][:PAGE]


def spoken_label(world: World, item: str) -> str:
    """How an item of a menu is read out."""
    kind, _, name = item.partition(":")
    return world.groups[name].spoken if kind == "group" else world.topics[name].title


def options_text(world: World, labels: Sequence[str]) -> str:
    """Labels with their numbers, the label first: a listener hears what it is, then how to pick it."""
    form = world.content.prompts.variants("option")[0]
    numbered = zip(labels, NUMBERS, strict=False)
    return ". ".join(form.format(label=label.rstrip("."), number=number) for label, number in numbered)


def screen_words(world: World, place: AnyPlace) -> tuple[str, str]:
    """Heading of the screen at `place`, and what it says while nothing is spoken."""
    match place:
        case Confirm(topic=topic) | Answer(topic=topic):
            return world.topics[topic].title, ""
        case Urgent(topic=topic) if topic:
            return world.topics[topic].title, ""
        case Menu(group=group) if group:
            return world.groups[group].title, ""
        case _:
            return "", world.content.prompts.variants(f"help {_help_name(place)}")[0]


def _help_name(place: AnyPlace) -> str:
    return {
        Confirm: "confirm",
        Choose: "choose",
        Answer: "answer",
        Menu: "menu",
        Manner: "settings",
        Testing: "testing",
        Proposed: "confirm",
        Patience: "confirm",
        Leaving: "confirm",
        Tour: "tour",
        Asleep: "asleep",
    }.get(type(place), "listening")


def help_name(place: AnyPlace) -> str:
    """Name of the prompt that lists what can be said at `place`."""
    return f"help {_help_name(place)}"

"""Where a conversation can be: the states, and all that is remembered between two events."""

from __future__ import annotations

from typing import Literal

import msgspec

from assistant.events import Tested
from assistant.scan.ladder import Method

PatienceName = Literal["short", "medium", "long", "until switch"]
PATIENCE_S: dict[PatienceName, float | None] = {"short": 0.8, "medium": 1.5, "long": 3.0, "until switch": None}
"""Silence that ends a question, by name, shortest first; None: only the switch does."""


class Place(msgspec.Struct, frozen=True, tag=True):
    """What the conversation is about at this moment. Each can be spoken in or listened in."""


class Ready(Place, frozen=True):
    """Waiting for a question."""


class Confirm(Place, frozen=True):
    """Asked whether `topic` was meant."""

    topic: str
    others: tuple[str, ...]
    """The next nearest, offered after a no."""
    hypotheses: tuple[str, ...]


class Choose(Place, frozen=True):
    """Offered up to three topics."""

    options: tuple[str, ...]
    hypotheses: tuple[str, ...]
    asked: int = 1
    """How often the options were read out."""
    declined: bool = False
    """They were offered beside "I do not have that"."""


class Answer(Place, frozen=True):
    """Gave the answer of `topic`; parts of it may follow."""

    topic: str
    part: int = 0
    """How many "more" blocks were given."""
    others: tuple[str, ...] = ()
    """What else the question may have meant, for "not that"."""
    hypotheses: tuple[str, ...] = ()
    asked_full: bool = False
    """A sensitive topic: asked whether the full answer is wanted."""


class Menu(Place, frozen=True):
    """Reading out the groups, or the topics of one group, a page at a time."""

    group: str = ""
    page: int = 0


class Manner(Place, frozen=True):
    """Changing how it speaks, scans and looks."""


class Testing(Place, frozen=True):
    """The switch test is told, then taken."""


class Proposed(Place, frozen=True):
    """Asked whether to keep what the switch test found."""

    found: Tested


class Patience(Place, frozen=True):
    """Asked whether to wait so long for the end of a question from now on."""

    name: PatienceName
    back_to: AwakePlace


class Leaving(Place, frozen=True):
    """Asked whether the program shall end."""


class Urgent(Place, frozen=True):
    """Someone needs help at once. `topic` is empty when they only called."""

    topic: str = ""


class Partner(Place, frozen=True):
    """Someone reads lists aloud, one line at a time, and tells what the person's yes or no was."""

    stage: Literal["signal", "list", "confirm", "else"] = "signal"
    """signal: the yes is agreed. confirm: `topic` is said back. else: nothing in the lists was meant."""
    group: str = ""
    """Whose topics are read; empty: the groups."""
    line: int = 0
    """Which line is read; one past the last asks for something else."""
    doubts: int = 0
    """How often this line was answered with "not sure"."""
    maybe: tuple[int, ...] = ()
    """Lines to be asked again at the end, because the reply was not sure."""
    again: bool = False
    """Those are being asked again."""
    topic: str = ""


class Reading(Place, frozen=True):
    """Someone reads the answer of `topic` aloud, card by card."""

    topic: str
    card: int = 0


class Tour(Place, frozen=True):
    """The tutorial."""

    who: Literal["", "person", "partner"] = ""
    """Whose; empty: asked for whom it shall be."""
    step: int = 0


class Asleep(Place, frozen=True):
    """Not listening for questions until woken; `back_to` is where it was."""

    back_to: AwakePlace
    paused: bool = False
    """A pause: "go on" says the interrupted words again."""


AwakePlace = (
    Ready
    | Confirm
    | Choose
    | Answer
    | Menu
    | Manner
    | Testing
    | Proposed
    | Patience
    | Leaving
    | Partner
    | Reading
    | Tour
    | Urgent
)
AnyPlace = AwakePlace | Asleep


class Pace(msgspec.Struct, frozen=True):
    """How the person likes to be spoken to, and how long they may pause."""

    rate_wpm: int = 160
    pause_s: float = 0.0
    """Extra silence between sentences."""
    volume: float = 1.0
    patience_s: float | None = 1.5
    """Silence that ends a question; None: only the switch does."""
    scan_step_s: float = 1.5
    """How long an item stays lit while scanning."""


class Earlier(msgspec.Struct, frozen=True):
    """What was before the last press, for taking it back."""

    place: AnyPlace
    pace: Pace
    before: tuple[AwakePlace, ...]
    last_text: str
    reads: bool = False


class Conversation(msgspec.Struct, frozen=True):
    """Everything remembered between two events. Only `dialogue` makes new ones."""

    place: AnyPlace = Ready()
    pace: Pace = Pace()
    usual: Pace = Pace()
    """What "normal" goes back to."""
    barge_in: Literal["commands", "full"] = "commands"
    """What is heard while the assistant speaks; "full" is for headsets."""
    unheard: bool = False
    """The loudspeaker is gone: what is said is only shown."""
    region: str = "us"
    reads: bool = False
    """Someone beside the person reads aloud: the assistant only shows, and does not listen to them."""
    signal: str = ""
    """How this person shows a yes."""
    speaking: int = 0
    """Number of the saying under way; 0: silent."""
    listening: int = 0
    """Number of the listening that is open; 0: none."""
    speech_began: bool = False
    """Someone has started to speak into it."""
    listens: Literal["open", "switch"] = "open"
    """When questions are heard: always, or after a press."""
    pressed_to_talk: bool = False
    """The ear was opened by a press, for one utterance."""
    tones: bool = False
    """A short sound tells when the ear opens and closes."""
    keeps_misses: bool = False
    """The person wants a list of what was not understood."""
    pauses_s: tuple[float, ...] = ()
    """The longest silence inside each of the last questions."""
    told_patience: bool = False
    """Another patience was proposed once; never again."""
    told_teaching: bool = False
    """So was teaching it one's own sounds."""
    number: int = 0
    """The last number given out."""
    last_text: str = ""
    """What was said last, for "repeat"."""
    repeats: int = 0
    """How often in a row it was repeated."""
    offer: str = ""
    """Prompt that is said with the greeting."""
    method: Method = "voice"
    """How the person asks, for "I can no longer use this"."""
    failures: int = 0
    """Questions in a row that were not understood."""
    unmet: tuple[str, ...] = ()
    """The last question that led nowhere: a topic picked next was probably meant by it."""
    listed: bool = False
    """The list was offered because of them; nothing more is asked until something is understood."""
    told_draft: bool = False
    """Said that the answers are drafts."""
    before: tuple[AwakePlace, ...] = ()
    """Where "back" leads, latest last."""
    last_answer: str = ""
    """The topic that was answered last."""
    earlier: Earlier | None = None
    """Before the last item was pressed or picked; None: nothing can be taken back."""
    turns: tuple[tuple[str, int], ...] = ()
    """Which wording of each prompt was used last."""

"""What can happen, and what can be done about it: the whole vocabulary between the mind and the senses.

Events come in, effects go out; :func:`assistant.dialogue.step` turns the one into the other. Both are frozen
records with a tag, so that the journal and the page write and read them as JSON without code of their own.

Numbers: every `Say`, `Listen` and `Wait` carries a number, and the event that answers it brings the number back.
An event whose number is no longer current is dropped by the conversation: it belongs to the past.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from assistant.matching import Ranking

Value = bool | float | str
"""Of a setting."""


class Event(msgspec.Struct, frozen=True, tag=True, kw_only=False):
    """Something that happened."""


class Started(Event, frozen=True):
    """The assistant is running and may greet."""

    can_hear: bool = True
    """False when there is no microphone: the greeting then says to type."""


class SpeechBegan(Event, frozen=True):
    """Someone started to speak into listening `number`."""

    number: int


class Heard(Event, frozen=True):
    """An utterance ended, or a line was typed."""

    hypotheses: tuple[str, ...]
    """What it may have been, best first, lower case. Empty: speech, but no words in it."""
    ranking: Ranking
    """The topics it may mean; made from `hypotheses` by the matcher."""
    engine: str = "typed"
    """Which recogniser heard it."""
    number: int = 0
    """The `Listen` it answers. 0 for typed text, which is welcome at any time."""
    pause_s: float = 0.0
    """The longest silence inside it; 0 where that is not known."""
    likely: tuple[str, ...] | None = None
    """Cries for help that it may be as well; None: nobody looked for them."""


class Pressed(Event, frozen=True):
    """The switch was pressed, or a key, or a screen touched anywhere."""

    item: str = ""
    """Id of the item that was lit when it happened; empty when none was."""


class Picked(Event, frozen=True):
    """One shown item was chosen directly: clicked, or picked by a caregiver."""

    item: str


class Undone(Event, frozen=True):
    """The last choice was a mistake and is taken back."""


class Recalled(Event, frozen=True):
    """What was learned of this person, to be said: name of a prompt, and what fills its braces."""

    prompt: Literal["learned list", "learned none", "unlearned", "unlearned none"]
    fields: tuple[tuple[str, str], ...] = ()


class Tested(Event, frozen=True):
    """The switch test is over, and proposes settings."""

    changes: tuple[tuple[str, Value], ...] = ()
    """Settings it proposes; none when there were too few presses."""
    press_s: float = 0.0
    """Mean time to press."""
    answer_s: float = 0.0
    """Seconds an answer would take."""
    method: str = ""
    """Not the test: another way to ask is proposed, this one."""


class Renewed(Event, frozen=True):
    """What the assistant knows has changed while it runs."""

    gone: tuple[str, ...]
    """Topics there are no more."""
    region: str
    """Whose emergency numbers are given from now on."""


class Switch(Event, frozen=True):
    """A switch, key, button or finger went down or came up: raw, as it happened. Becomes a `Pressed` by scanning."""

    down: bool
    at_s: float
    """When it happened (not when it arrived), in the seconds of `time.monotonic`."""
    switch: Literal["1", "2", "up", "down", "left", "right"] = "1"
    shown: str = ""
    """Id of the item that was lit on the glass at that moment; empty when that is not known."""


class Spoken(Event, frozen=True):
    """Saying `number` came to its end, or could not be said."""

    number: int


class Ticked(Event, frozen=True):
    """Wait `number` is over."""

    number: int


Sense = Literal["microphone", "loudspeaker", "recogniser", "voice", "screen", "memory"]


class Troubled(Event, frozen=True):
    """A sense was lost or came back. Said and shown; never stops the conversation."""

    sense: Sense
    sentence: str
    """For the person: what is wrong and what to do."""
    lost: bool = True


class Effect(msgspec.Struct, frozen=True, tag=True):
    """Something to do."""


class Say(Effect, frozen=True):
    """Speak `text`, then report `Spoken`."""

    number: int
    text: str
    rate_wpm: int = 160
    pause_s: float = 0.0
    """Extra silence between sentences."""
    volume: float = 1.0
    """0 to 1."""
    output: Literal["answer", "cue"] = "answer"


class Alarm(Effect, frozen=True):
    """Make a loud repeating sound until `Hush`, once saying `after` is over."""

    after: int


class Hush(Effect, frozen=True):
    """Silence at once, everywhere."""


class Listen(Effect, frozen=True):
    """Open the ear for utterance `number`. Replaces any listening before it."""

    number: int
    words: tuple[str, ...] = ()
    """Short words that are likely now: commands, numbers, names of what is offered."""
    closed: bool = False
    """Listen for those words only, not for questions."""
    patience_s: float | None = 1.5
    """Silence that ends an utterance; None: only the switch ends it."""


class EndUtterance(Effect, frozen=True):
    """The person says by a press that the utterance is complete."""


class Ignore(Effect, frozen=True):
    """Close the ear."""


class Wait(Effect, frozen=True):
    """Report `Ticked` after `seconds`."""

    number: int
    seconds: float


class Item(msgspec.Struct, frozen=True):
    """One thing that can be chosen now, by voice, switch, click or caregiver."""

    id: str
    label: str
    code: str = ""
    spoken: str = ""
    """How it is called aloud in a word or three; empty: by its label."""


class Line(msgspec.Struct, frozen=True):
    """One line of a list that someone reads aloud."""

    item: str
    label: str
    code: str = ""
    now: bool = False
    """It is read at this moment."""
    maybe: bool = False
    """The reply to it was not sure: it is asked again at the end."""


class Aloud(msgspec.Struct, frozen=True):
    """What someone beside the person reads aloud now, and what they need to know for it. All of it is shown only."""

    kind: Literal["signal", "list", "confirm", "else", "card", "plain"]
    """plain: nothing of its own; the assistant is silent, and what it would say is shown."""
    lead: str = ""
    """Stands small before the text."""
    text: str = ""
    """The words to read aloud, very large; at most two sentences."""
    after: str = ""
    """What to do when they are read."""
    lines: tuple[Line, ...] = ()
    rules: tuple[str, ...] = ()
    hard: tuple[tuple[str, str], ...] = ()
    """Hard words of the text and how they are said."""
    card: int = 0
    """Number of the card, from 1, of `cards`; 0: there are no cards."""
    cards: int = 0
    quiet: bool = False
    """For the one who reads, not to be read aloud."""
    types: str = ""
    """What typing does here; empty: it asks."""
    foot: str = ""
    """When the answer was last read, and whether a clinician has checked it."""
    note: str = ""
    """What the assistant has to say, such as that it does not know a thing."""


class Show(Effect, frozen=True):
    """What every screen shows now."""

    state: Literal["listening", "speaking", "resting", "urgent"]
    title: str
    text: str
    items: tuple[Item, ...] = ()
    heard: str = ""
    large: bool = False
    """The text fills the screen: it was asked for again and again."""
    aloud: Aloud | None = None
    """While someone else reads aloud: their script."""


class Tone(Effect, frozen=True):
    """A short sound on the private output; see `assistant.speaking.tones`."""

    name: str


class Miss(Effect, frozen=True):
    """Something was said and not understood. Only where the person wants such a list."""

    hypotheses: tuple[str, ...]
    why: Literal["declined", "refused"]
    """There is no topic for it, or the topics that were offered were not meant."""


class Gather(Effect, frozen=True):
    """Put a question on the list for the clinic. Without words: that about `topic`; if it is there, take it off."""

    topic: str = ""
    """What was read when it came up; empty: nothing."""
    text: str = ""


class Keep(Effect, frozen=True):
    """Remember a setting that was changed in conversation."""

    name: str
    value: Value


class Learn(Effect, frozen=True):
    """A person confirmed (or refused) that what was heard means `topic`."""

    hypotheses: tuple[str, ...]
    topic: str
    right: bool


class Recall(Effect, frozen=True):
    """Look at what was learned of this person: tell it, or undo the last of it. Answered by `Recalled`."""

    what: Literal["list", "undo"]


class Measure(Effect, frozen=True):
    """Begin the switch test, then report `Tested`."""


class Leave(Effect, frozen=True):
    """The person asked to end the program."""


AnyEvent = (
    Started | SpeechBegan | Heard | Pressed | Picked | Spoken | Ticked | Troubled | Undone | Recalled | Tested | Renewed
)
AnyEffect = (
    Say
    | Alarm
    | Tone
    | Hush
    | Listen
    | EndUtterance
    | Ignore
    | Wait
    | Show
    | Keep
    | Learn
    | Recall
    | Miss
    | Gather
    | Measure
    | Leave
)

"""Someone reads aloud for the person: what commands, choices, typing and overheard words mean meanwhile.

The reader's own voice must steer nothing, so of what is heard only "wake up" counts, and "stop" before the yes is
agreed or while the assistant speaks. Everything the assistant would say is shown only; "Speak it" makes it say one
thing.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant import telling
from assistant.events import Gather, Heard
from assistant.partner.cards import first_of, next_part
from assistant.partner.script import GROUPS, Chosen, Left, Next, pointed, replied
from assistant.partner.view import cards_of, lists_of, spoken_words
from assistant.places import Partner, Reading, Ready
from assistant.turn import Turn

LONGEST_SIGNAL = 40
"""Letters of a yes-signal in a person's own words."""
REPLIES = {
    "yes": "yes",
    "continue": "yes",
    "no": "no",
    "next": "no",
    "unsure": "unsure",
    "none": "else",
    "back": "back",
    "stop": "stop",
    "cancel": "stop",
}
"""Commands, and the replies they are to a line."""


def begin(turn: Turn) -> None:
    """From now on someone reads aloud. First the yes is agreed."""
    turn.hush()
    turn.change(reads=True, before=(), failures=0, listed=False)
    turn.go(Partner(), back=False)
    if turn.heard and turn.reopen:  # by voice, perhaps by mistake, and alone
        turn.repeated = True
        turn.ask("reader begins")
    turn.reopen = True


def leave(turn: Turn) -> None:
    """The assistant speaks and listens again; nothing is said, for "stop" asks for silence."""
    turn.hush()
    turn.change(reads=False, before=())
    turn.go(Ready(), back=False)
    turn.show("reader stopped")
    turn.reopen = True


def gather(turn: Turn) -> None:
    """Put what was answered last on the list for the clinic, or take it off."""
    if turn.now.last_answer:
        turn.effects.append(Gather(turn.now.last_answer))
        turn.ask("gathered")
    else:
        turn.ask("gather none")


def command(turn: Turn, name: str) -> bool:
    """Do a command as it is meant while someone reads aloud. False: it means the same as ever."""
    if not turn.now.reads or name == "call":
        return False
    match turn.now.place:
        case Partner() as place:
            return _at_line(turn, place, name)
        case Reading() as place:
            return _at_card(turn, place, name)
        case _ if name == "partner":
            turn.go(GROUPS, back=False)
            return True
        case _:
            return False


def pick(turn: Turn, kind: str, name: str) -> bool:
    """Do what a line or a signal stands for that was touched."""
    place = turn.now.place
    if not turn.now.reads or kind not in ("group", "topic", "signal"):
        return False
    if kind == "signal":
        _agree(turn, name)
        return True
    at = place if isinstance(place, Partner) else GROUPS
    after = pointed(lists_of(turn.world), at, f"{kind}:{name}")
    _go(turn, after)
    return after != at


def typed(turn: Turn, text: str) -> bool:
    """Take a line that was typed where it is no question: the agreed yes, or a question for the clinic."""
    match turn.now.place:
        case Partner(stage="signal"):
            _agree(turn, text)
        case Reading(topic=topic):
            turn.effects.append(Gather(topic, text))
        case _:
            return False
    return True


def overheard(turn: Turn, event: Heard) -> None:
    """Words in the room while someone reads aloud are theirs, not a wish."""
    turn.heard = ""
    stops = turn.world.commands.find(event.hypotheses, {"stop"})
    if stops and turn.now.place == Partner("signal"):
        leave(turn)
    elif stops and turn.now.speaking:
        turn.hush()
    elif turn.world.commands.find(event.hypotheses, {"wake"}):
        leave(turn)


def _agree(turn: Turn, signal: str) -> None:
    signal = " ".join(signal.split())[:LONGEST_SIGNAL]
    if signal:
        turn.change(signal=signal)
        turn.keep("yes_signal", signal)
        turn.go(GROUPS, back=False)


def _go(turn: Turn, after: Next) -> None:
    match after:
        case Left():
            leave(turn)
        case Chosen(topic):
            turn.change(unmet=(), failures=0, listed=False, last_answer=topic)
            turn.go(Reading(topic), back=False)
        case _:
            turn.go(after, back=False)


def _at_line(turn: Turn, place: Partner, name: str) -> bool:
    match name:
        case "wake":
            leave(turn)
        case "menu":
            turn.go(GROUPS, back=False)
        case "partner":
            turn.go(Partner(), back=False)
        case "repeat":
            _speak(turn)
        case _ if name in REPLIES:
            _go(turn, replied(lists_of(turn.world), place, REPLIES[name]))  # type: ignore[arg-type]  # from the table
        case _:
            return False
    return True


def _at_card(turn: Turn, place: Reading, name: str) -> bool:
    cards = cards_of(turn.world, turn.now, place.topic)
    place = Reading(place.topic, min(place.card, len(cards) - 1))
    jumps = {
        "next": place.card + 1,
        "yes": place.card + 1,
        "continue": place.card + 1,
        "more": next_part(cards, place.card),
        "caregivers": first_of(cards, "caregivers"),
        "source": first_of(cards, "source"),
    }
    if name in jumps:
        to = jumps[name]
        if to is not None and to < len(cards):
            turn.go(Reading(place.topic, to), back=False)
        return True
    act = _ACTS.get(name)
    if name == "back" and place.card:
        turn.go(Reading(place.topic, place.card - 1), back=False)
    elif name == "back":
        _go(turn, pointed(lists_of(turn.world), GROUPS, f"topic:{place.topic}"))
    elif act is None:
        return False
    else:
        act(turn)
    return True


def _speak(turn: Turn) -> None:
    """Say aloud what stands on the screen."""
    turn.repeated = True
    turn.say(spoken_words(turn.world, turn.now, turn.read_aloud()))


def _to_groups(turn: Turn) -> None:
    turn.go(GROUPS, back=False)


_ACTS: dict[str, Callable[[Turn], None]] = {
    "stop": leave,
    "cancel": leave,
    "wake": leave,
    "no": _to_groups,
    "none": _to_groups,
    "menu": _to_groups,
    "partner": _to_groups,
    "repeat": _speak,
    "clinic": gather,
    "help": telling.help_here,
}

"""The conversation: one pure function from what happened to what to do.

Two rules hold here. All that changes the conversation is a turn, filled by this file and the three it hands to
(`steering` for commands, `telling` for answers and lists, `pacing` for the manner); and nothing in them knows how
the person speaks to it: a voice, a switch, a typed line and a caregiver's click are only events. Events that come
too late, or mean nothing at this place, change nothing and never raise.

    Ready --question--> Answer | Confirm | Choose | (declined) Ready
    Confirm --yes--> Answer          --no--> Choose
    Choose --one, two, three--> Answer  --none--> Ready
    Menu --number--> Menu of a group --number--> Answer
    anywhere --words of need--> Urgent --stop--> Answer | Ready
    anywhere --stop, a press--> silence --sleep--> Asleep --wake--> where it was
    anywhere --someone reads aloud--> Partner --yes, yes--> Reading --stop--> Ready      (see partner/script.py)
    anywhere --tutorial--> Tour --next, next--> Answer
    anywhere --quit, typed or chosen--> Leaving --yes--> the end
    anywhere --settings--> Manner                 a choice --undone--> where it was
"""

from __future__ import annotations

from assistant import measuring, pacing, reading, telling, touring
from assistant.choices import ASKED, World, command_names, overhears_itself
from assistant.events import (
    AnyEffect,
    AnyEvent,
    EndUtterance,
    Heard,
    Picked,
    Pressed,
    Recalled,
    Renewed,
    SpeechBegan,
    Spoken,
    Started,
    Tested,
    Ticked,
    Troubled,
    Undone,
)
from assistant.matching import decide, normalise
from assistant.patience import remember, suited
from assistant.places import (
    Answer,
    Asleep,
    Choose,
    Confirm,
    Conversation,
    Manner,
    Menu,
    Patience,
    Ready,
    Tour,
    Urgent,
)
from assistant.steering import chosen, command, menu, pick, press, stop, talk, undo, wake
from assistant.turn import Turn
from assistant.urgent import CALL

FAILURES_TO_TEACH = 5
"""So many spoken questions in a row that led nowhere: the person's own sounds may serve better."""
UNHEARD_TO_LIST = 2
"""After this many in a row without any words the list is offered and patience grows."""
KEEPS_PATIENCE = frozenset(
    {"yes", "no", "none", "continue", "repeat", "help", "stop", "cancel", "pause", "sleep", "call"}
)
"""Commands that mean a proposed patience, or leave it open; every other goes on where the conversation was."""


def step(world: World, conversation: Conversation, event: AnyEvent) -> tuple[Conversation, tuple[AnyEffect, ...]]:
    """What `event` leads to. Pure: the same arguments give the same result, and nothing else is read or changed."""
    turn = Turn(world, conversation)
    if _is_past(conversation, event) or not _react(turn, event):
        return conversation, ()
    return turn.settle()


def _is_past(conversation: Conversation, event: AnyEvent) -> bool:
    match event:
        case Heard(number=number):
            return number not in (0, conversation.listening)
        case SpeechBegan(number=number):
            return number != conversation.listening
        case Spoken(number=number) | Ticked(number=number):
            return number != conversation.speaking
        case _:
            return False


def _react(turn: Turn, event: AnyEvent) -> bool:
    """Fill the turn. False: the event means nothing here."""
    match event:
        case Started(can_hear=can_hear):
            return _greet(turn, can_hear=can_hear)
        case SpeechBegan():
            turn.change(speech_began=True)
        case Spoken() | Ticked():
            turn.change(speaking=0)
            turn.reopen = True
            measuring.ready(turn)
            _propose_patience(turn)
        case Troubled():
            _troubled(turn, event)
        case Pressed(item=item):
            _pressed(turn, item)
        case Picked(item=item):
            return chosen(turn, item)
        case Undone():
            return undo(turn)
        case Recalled() | Tested() | Renewed():
            return _found_out(turn, event)
        case Heard():
            return _heard(turn, event)
    return True


def _renewed(turn: Turn, event: Renewed) -> bool:
    """Lists are shown as they are now, and nothing leads to a topic that is gone."""
    turn.change(region=event.region)
    if not event.gone:
        return True
    last = turn.now.last_answer
    turn.change(before=(), earlier=None, unmet=(), last_answer="" if last in event.gone else last)
    place = turn.now.place
    if isinstance(place, Asleep):
        turn.change(place=Asleep(Ready()))
    elif not isinstance(place, (Ready, Urgent)):
        turn.hush()
        turn.change(place=Ready())
    return True


def _found_out(turn: Turn, event: Recalled | Tested | Renewed) -> bool:
    """What the conversation had asked for has come back, or something else is known now."""
    if isinstance(event, Renewed):
        return _renewed(turn, event)
    if isinstance(event, Tested):
        return measuring.tested(turn, event)
    turn.ask(event.prompt, **dict(event.fields))
    return True


def _greet(turn: Turn, *, can_hear: bool) -> bool:
    """Not when someone was quicker: a question that came first is not talked over."""
    if not isinstance(turn.now.place, Ready):
        return False
    turn.ask("greeting" if can_hear else "greeting typed")
    if turn.now.offer:
        turn.ask(turn.now.offer)
    return True


def _troubled(turn: Turn, trouble: Troubled) -> None:
    """Said where it can be heard, else shown: a voice that fails can not tell of its failing."""
    if trouble.sense == "loudspeaker" and turn.now.unheard != trouble.lost:
        turn.change(unheard=trouble.lost)
        turn.reopen = True
        if not trouble.lost and (turn.now.speaking or isinstance(turn.now.place, Urgent)):
            _say_aloud_now(turn)
            return
    if trouble.sense in ("voice", "loudspeaker") or turn.now.speaking:
        turn.shown = trouble.sentence
    else:
        turn.say(trouble.sentence)


def _say_aloud_now(turn: Turn) -> None:
    """Nobody heard the beginning of what is being said."""
    turn.hush()
    turn.repeated = True
    turn.loud = turn.alarm = isinstance(turn.now.place, Urgent)
    turn.say(turn.now.last_text)


# ---- the switch and the screen


def _pressed(turn: Turn, item: str) -> None:
    """One press: silence if anything is heard, else what was lit, else "I have finished" or the menu."""
    if turn.now.speaking or isinstance(turn.now.place, Urgent):
        stop(turn)
        turn.change(speaking=0)
        measuring.ready(turn)
    elif isinstance(turn.now.place, Asleep):
        wake(turn)
    elif not (item and press(turn, item)):
        if isinstance(turn.now.place, Tour):
            touring.command(turn, "next")
        elif turn.now.reads:
            return
        elif turn.now.speech_began or (turn.now.pressed_to_talk and turn.now.pace.patience_s is None):
            turn.effects.append(EndUtterance())
        elif turn.now.pressed_to_talk:
            turn.change(pressed_to_talk=False)
        elif turn.now.listens == "switch":
            talk(turn)
        else:
            menu(turn)


# ---- what was heard


def _heard(turn: Turn, event: Heard) -> bool:
    turn.heard = event.hypotheses[0] if event.hypotheses else ""
    turn.reopen = event.number != 0
    turn.change(pressed_to_talk=turn.now.pressed_to_talk and not event.number)
    if turn.now.reads and event.number and not isinstance(turn.now.place, Urgent):
        reading.overheard(turn, event)
        return True
    urgent = turn.world.urgent.find(event.hypotheses, heard=event.number != 0, likely=event.likely)
    if urgent is not None:
        telling.urgent(turn, "" if urgent == CALL else urgent, event)
        return True
    if event.number and turn.now.speaking and _own_words(turn, event):
        return True
    said = turn.world.commands.find(event.hypotheses, command_names(turn.now.place, typed=not event.number))
    if event.hypotheses:
        _leave_patience(turn, said)
    if said is not None:
        command(turn, said)
    elif isinstance(turn.now.place, (Asleep, Urgent)) and event.number:
        return True
    elif not _chosen(turn, event) and not (turn.now.reads and reading.typed(turn, turn.heard)):
        _question(turn, event)
        if event.number and event.hypotheses:
            _propose_teaching(turn)
    return True


def _leave_patience(turn: Turn, command: str | None) -> None:
    """Words that are no reply to a proposed patience go on where the conversation was."""
    place = turn.now.place
    if isinstance(place, Patience) and command not in KEEPS_PATIENCE:
        turn.change(place=place.back_to)


def _propose_patience(turn: Turn) -> None:
    """Once, after an answer, and never while someone speaks."""
    name = suited(turn.now.pauses_s, turn.now.pace.patience_s)
    quiet = isinstance(turn.now.place, (Ready, Answer)) and not turn.now.speech_began
    if name is None or turn.now.told_patience or not quiet:
        return
    turn.change(told_patience=True)
    turn.keep("told_patience", value=True)
    pacing.propose_patience(turn, name)


def _own_words(turn: Turn, event: Heard) -> bool:
    """What the microphone hears of the assistant's own voice is nobody's wish. "Stop" always is."""
    if not overhears_itself(turn.now) or turn.world.commands.find(event.hypotheses, {"stop"}):
        return False
    spoken = f" {normalise(turn.now.last_text)} "
    return not event.hypotheses or any(f" {normalise(text)} " in spoken for text in event.hypotheses[:1])


def _chosen(turn: Turn, event: Heard) -> bool:
    """True when what was heard names one of the things on offer, or has a code of its own."""
    texts = [normalise(text) for text in event.hypotheses[:3]]
    named = next((turn.world.names[text] for text in texts if text in turn.world.names), None)
    if named is None:
        named = telling.offered(turn, texts, event)
    if named is None:
        return False
    return pick(turn, named)


def _question(turn: Turn, event: Heard) -> None:
    if turn.now.speaking:
        turn.hush()
    if not event.hypotheses or not normalise(event.hypotheses[0]):
        _unheard(turn)
        return
    if event.number:
        turn.change(pauses_s=remember(turn.now.pauses_s, event.pause_s))
    outcome = decide(event.ranking, turn.world.bands)
    topics = tuple(c.topic for c in outcome.topics if c.topic in turn.world.topics)
    others = tuple(c.topic for c in event.ranking.candidates[1:4] if c.topic in turn.world.topics)
    match outcome.kind:
        case "answer" if topics:
            telling.answer(turn, topics[0], others=others, hypotheses=event.hypotheses)
        case "confirm" if topics:
            turn.go(Confirm(topics[0], others, event.hypotheses))
            turn.ask("confirm" + ("" if event.number else " typed"), topic=turn.world.topics[topics[0]].title)
        case "choose" if topics:
            turn.go(Choose(topics[:3], event.hypotheses))
            turn.ask("choose", options=turn.options(topics[:3]))
        case _:
            telling.decline(turn, topics[:3], event)


def _propose_teaching(turn: Turn) -> None:
    """Once, when much of what someone says is not understood."""
    if turn.now.failures >= FAILURES_TO_TEACH and not turn.now.told_teaching:
        turn.change(told_teaching=True)
        turn.keep("told_teaching", value=True)
        turn.ask("teaching offer")


def _unheard(turn: Turn) -> None:
    """Nothing could be made of it: ask once, then wait longer and offer the list, then only listen."""
    if turn.now.listed or turn.now.failures >= telling.FAILURES_TO_LIST:
        turn.change(failures=turn.now.failures + 1)
        turn.show("unheard shown")
    elif isinstance(turn.now.place, (*ASKED, Menu, Manner)):
        _unheard_where_asked(turn)
    elif not telling.failed(turn, "unheard list", "unheard list usual", UNHEARD_TO_LIST):
        turn.ask("unheard")


def _unheard_where_asked(turn: Turn) -> None:
    """What was asked stays open: it is said once more, in other words, then how it can be answered."""
    turn.change(failures=turn.now.failures + 1)
    if turn.now.failures < UNHEARD_TO_LIST:
        telling.again(turn)
        return
    turn.change(listed=True)
    turn.ask("unheard wait" if pacing.longer_patience(turn) else "unheard usual")
    telling.help_here(turn)

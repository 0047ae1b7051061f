"""What each command does at each place, and what a chosen item stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from assistant import measuring, pacing, reading, telling, touring
from assistant.choices import page_of
from assistant.commands import NUMBERS
from assistant.events import Leave, Recall
from assistant.pacing import PACING, set_pace
from assistant.places import (
    Answer,
    Asleep,
    Choose,
    Confirm,
    Earlier,
    Leaving,
    Manner,
    Menu,
    Patience,
    Proposed,
    Ready,
    Testing,
    Urgent,
)
from assistant.turn import Turn

LARGE_AFTER = 3
"""Repeats in a row after which what is said fills the screen."""


def pick(turn: Turn, item: str) -> bool:
    """Do what an item stands for. False: there is no such item."""
    kind, _, name = item.partition(":")
    if reading.pick(turn, kind, name) or touring.pick(turn, kind, name):
        return True
    if kind == "topic" and name in turn.world.topics:
        place = turn.now.place
        turn.learn(place.hypotheses if isinstance(place, Choose) else turn.now.unmet, name, right=True)
        telling.answer(turn, name)
    elif kind == "group" and name in turn.world.groups:
        turn.go(Menu(name))
        telling.menu_page(turn)
    elif kind == "command" and name in COMMANDS:
        command(turn, name)
    else:
        return False
    return True


def command(turn: Turn, name: str) -> None:
    """Do what a command means at this place."""
    if not (reading.command(turn, name) or touring.command(turn, name)):
        COMMANDS[name](turn)


def press(turn: Turn, item: str) -> bool:
    """Do what a lit item stands for, so that it can be taken back. Lists that it opens are scanned, not read out."""
    turn.quiet = True
    done = chosen(turn, item)
    turn.quiet = turn.quiet and done
    return done


def chosen(turn: Turn, item: str) -> bool:
    """Do what an item stands for, so that it can be taken back."""
    now = turn.now
    done = pick(turn, item)
    if done:
        turn.change(earlier=Earlier(now.place, now.pace, now.before, now.last_text, now.reads))
        turn.reopen = True
    return done


def undo(turn: Turn) -> bool:
    """Silence, and all as it was before the last choice. False: there is nothing to take back."""
    earlier = turn.now.earlier
    if earlier is None:
        return False
    turn.hush()
    set_pace(turn, earlier.pace)
    was = (earlier.place, earlier.before, earlier.last_text, earlier.reads)
    place, before, last_text, reads = was
    turn.change(place=place, before=before, last_text=last_text, reads=reads, earlier=None)
    return True


def stop(turn: Turn) -> None:
    """Silence. In an alarm also its end; where something was asked, the question is dropped."""
    turn.hush()
    place = turn.now.place
    if isinstance(place, Urgent):
        turn.go(Answer(place.topic) if place.topic else Ready(), back=False)
        turn.show("urgent ended")
    elif isinstance(place, Asleep) or turn.now.speaking:
        return
    elif isinstance(place, Patience):
        turn.go(place.back_to, back=False)
    elif isinstance(place, (Confirm, Choose, Menu, Manner, Proposed, Leaving)):
        turn.go(Ready(), back=False)


def _yes(turn: Turn) -> None:
    match turn.now.place:
        case Proposed(found=found):
            measuring.agree(turn)
            if found.method == "partner":
                reading.begin(turn)
        case Patience(name=name, back_to=back_to):
            pacing.take_patience(turn, name)
            turn.go(back_to, back=False)
            turn.ask("patience kept")
        case Confirm(topic=topic, others=others, hypotheses=hypotheses):
            turn.learn(hypotheses, topic, right=True)
            telling.answer(turn, topic, others=others, hypotheses=hypotheses)
        case Leaving():
            turn.hush()
            turn.show("quit done")
            turn.effects.append(Leave())
        case Answer():
            telling.more(turn)
        case Choose(options=(only,), hypotheses=hypotheses):
            turn.learn(hypotheses, only, right=True)
            telling.answer(turn, only, hypotheses=hypotheses)
        case Choose():
            _choices_again(turn)
        case Asleep():
            wake(turn)
        case _:
            turn.ask("again")


def _no(turn: Turn) -> None:
    match turn.now.place:
        case Proposed() | Testing():
            measuring.refuse(turn)
        case Patience(back_to=back_to):
            turn.go(back_to, back=False)
            turn.ask("test left")
        case Confirm(topic=topic, others=others, hypotheses=hypotheses):
            turn.learn(hypotheses, topic, right=False)
            turn.miss(hypotheses, "refused")
            telling.rather(turn, others, hypotheses)
        case Answer(asked_full=True) as place:
            turn.go(Answer(place.topic, place.part, place.others, place.hypotheses), back=False)
            turn.ask("sensitive no")
        case Urgent():
            stop(turn)
        case Choose():
            _none(turn)
        case _:
            turn.go(Ready(), back=False)
            turn.ask("again")


def _none(turn: Turn) -> None:
    place = turn.now.place
    if isinstance(place, Choose) and not place.declined:
        for topic in place.options:
            turn.learn(place.hypotheses, topic, right=False)
        turn.miss(place.hypotheses, "refused")
    if isinstance(place, (Confirm, Proposed, Patience, Leaving)):
        _no(turn)
    elif not (isinstance(place, Choose) and telling.failed(turn, "unfound list", "unfound list usual")):
        turn.go(Ready(), back=False)
        turn.ask("none")


def _choices_again(turn: Turn) -> None:
    place = turn.now.place
    if isinstance(place, Choose):
        turn.go(Choose(place.options, place.hypotheses, place.asked + 1, place.declined), back=False)
        turn.ask("choose again", options=turn.options(place.options))


def _number(index: int) -> Callable[[Turn], None]:
    def numbered(turn: Turn) -> None:
        place = turn.now.place
        if isinstance(place, Choose) and index < len(place.options):
            topic = place.options[index]
            turn.learn(place.hypotheses, topic, right=True)
            telling.answer(turn, topic, hypotheses=place.hypotheses)
        elif isinstance(place, Menu) and index < len(page := page_of(turn.world, place)):
            pick(turn, page[index])
        elif isinstance(place, Choose):
            _choices_again(turn)
        elif isinstance(place, Menu):
            telling.menu_page(turn)

    return numbered


def _last_one(turn: Turn) -> None:
    place = turn.now.place
    if isinstance(place, Choose):
        _number(len(place.options) - 1)(turn)
    elif isinstance(place, Menu):
        _number(len(page_of(turn.world, place)) - 1)(turn)


def _repeat(turn: Turn) -> None:
    """Again: the same words; in a row, slower with pauses between the sentences, then on the whole screen as well."""
    if not turn.now.last_text:
        turn.ask("repeat none")
        return
    turn.repeated = True
    turn.change(repeats=turn.now.repeats + 1)
    turn.slower = 1.0 if turn.now.repeats == 1 else 0.8
    turn.large = turn.now.repeats >= LARGE_AFTER
    turn.say(turn.now.last_text)


def _back(turn: Turn) -> None:
    at_home = turn.quiet and turn.now.place in (Ready(), Menu())
    if at_home or not turn.now.before:
        turn.go(Ready(), back=False)
        turn.change(before=())
        if not turn.quiet:
            turn.ask("back none")
        return
    *before, place = turn.now.before
    turn.change(before=tuple(before))
    turn.go(place, back=False)
    telling.again(turn)


def _next(turn: Turn) -> None:
    match turn.now.place:
        case Menu(group=group, page=page):
            turn.go(Menu(group, page + 1), back=False)
            telling.menu_page(turn)
        case Answer():
            telling.more(turn)
        case Choose():
            _none(turn)
        case Confirm():
            _no(turn)
        case _:
            menu(turn)


def menu(turn: Turn) -> None:
    """Read out the groups."""
    place = turn.now.place
    if isinstance(place, Asleep):
        turn.go(place.back_to, back=False)
    turn.go(Menu())
    telling.menu_page(turn)


def _settings(turn: Turn) -> None:
    """What can be changed, as a list."""
    turn.go(Manner())
    if not turn.quiet:
        turn.ask("settings")


def _quit(turn: Turn) -> None:
    """Ask first: whoever ends it may not be able to start it again."""
    turn.hush()
    turn.go(Leaving())
    turn.ask("quit")


def _last(turn: Turn) -> None:
    """The last answer once more, wherever the conversation has gone since."""
    if turn.now.last_answer in turn.world.topics:
        telling.answer(turn, turn.now.last_answer)
    else:
        turn.ask("repeat none")


def _not_that(turn: Turn) -> None:
    match turn.now.place:
        case Answer(topic=topic, others=others, hypotheses=hypotheses):
            turn.learn(hypotheses, topic, right=False)
            turn.miss(hypotheses, "refused")
            telling.rather(turn, others, hypotheses)
        case Confirm() | Choose():
            _no(turn)
        case _:
            turn.ask("again")


def _sleep(turn: Turn) -> None:
    _rest(turn, paused=False)
    turn.ask("asleep")


def _pause(turn: Turn) -> None:
    turn.hush()
    _rest(turn, paused=True)
    turn.show("paused")


def _rest(turn: Turn, *, paused: bool) -> None:
    place = turn.now.place
    if not isinstance(place, Asleep):
        turn.go(Asleep(Ready() if isinstance(place, Urgent) else place, paused))


def wake(turn: Turn) -> None:
    """Listen again, where it was."""
    place = turn.now.place
    if isinstance(place, Asleep):
        turn.go(place.back_to, back=False)
        turn.ask("awake")


def talk(turn: Turn) -> None:
    """Open the ear for one question, where it opens only then."""
    turn.change(pressed_to_talk=True)
    turn.reopen = True


def _continue(turn: Turn) -> None:
    place = turn.now.place
    if isinstance(place, Asleep):
        turn.go(place.back_to, back=False)
        if place.paused and turn.now.last_text:
            turn.say(turn.now.last_text)
        else:
            turn.ask("awake")
    else:
        _yes(turn)


def _recall(what: Literal["list", "undo"]) -> Callable[[Turn], None]:
    def command(turn: Turn) -> None:
        turn.effects.append(Recall(what))

    return command


COMMANDS: dict[str, Callable[[Turn], None]] = {
    "stop": stop,
    "cancel": stop,
    "repeat": _repeat,
    "more": telling.more,
    "back": _back,
    "help": telling.help_here,
    "menu": menu,
    "next": _next,
    "yes": _yes,
    "no": _no,
    "none": _none,
    "pause": _pause,
    "continue": _continue,
    "source": telling.source,
    "caregivers": telling.caregivers,
    "not that": _not_that,
    "settings": _settings,
    "last": _last,
    "quit": _quit,
    "call": telling.call,
    "talk": talk,
    "last one": _last_one,
    "sleep": _sleep,
    "wake": wake,
    **{name: _number(index) for index, name in enumerate(NUMBERS)},
    "partner": reading.begin,
    "tour": touring.begin,
    "clinic": reading.gather,
    "unsure": lambda turn: turn.ask("again"),
    "learned": _recall("list"),
    "unlearn": _recall("undo"),
    **PACING,
    **measuring.MEASURING,
}

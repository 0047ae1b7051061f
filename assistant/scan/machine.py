"""What each event means for scanning. The rules are here; what they do to the light is in `light`."""

from __future__ import annotations

import msgspec

from assistant.events import Show, SpeechBegan, Spoken, Switch, Ticked
from assistant.scan.light import Lamp
from assistant.scan.lists import BACK, FURTHER, TALK, pages_of
from assistant.scan.state import (
    CallCaregiver,
    Chosen,
    Held,
    Lit,
    Press,
    Scan,
    ScanEffect,
    ScanEvent,
    ScanSettings,
    Tick,
    Undo,
)


def scan_step(
    settings: ScanSettings, scan: Scan, event: ScanEvent, now_s: float
) -> tuple[Scan, tuple[ScanEffect, ...]]:
    """What `event` leads to at `now_s`, in seconds on the clock of `Switch.at_s`. Pure.

    Events that come too late, or mean nothing now, change nothing and never raise.
    """
    lamp = Lamp(settings, scan, now_s, by_itself=isinstance(event, Ticked | Spoken))
    match event:
        case Show():
            _shown(lamp, event)
        case Switch(down=True):
            _down(lamp, event)
        case Switch():
            _up(lamp, event)
        case Ticked(number=number) | Spoken(number=number) if number == scan.waiting != 0:
            _waited(lamp, event)
        case Ticked(number=number) if number == scan.holding != 0:
            _held_on(lamp)
        case SpeechBegan():
            lamp.change(someone_speaks=True)
        case _:
            pass
    return lamp.now, tuple(lamp.effects)


# ---- the list changes


def _shown(lamp: Lamp, show: Show) -> None:
    before = lamp.now
    same = show.items == before.items
    lamp.change(items=show.items, state=show.state, someone_speaks=False)
    if not same:
        lamp.change(page=0, index=0, loop=0)
    if lamp.settings.mode == "off":
        if before.phase != "rest" or not before.trail:
            lamp.dark("rest", items=())
    elif show.state != "listening":
        lamp.change(goes_on=False, resume=None)
        if before.phase == "undo":
            lamp.undo_window(max(0.0, before.undo_ends_s - lamp.now_s))
        elif before.phase != "paused" or not same:
            lamp.dark("paused")
    elif before.phase == "undo" and lamp.settings.mode in ("auto", "inverse"):
        lamp.undo_window(max(0.0, before.undo_ends_s - lamp.now_s))
    elif before.goes_on:
        _go_on(lamp)
    elif before.phase in ("paused", "undo") or not same or not before.trail:
        lamp.dark("rest")


def _go_on(lamp: Lamp, *, seen: bool = False) -> None:
    """Scan the list that a press led to; after a choice was taken back, from the item before it."""
    chosen, resume = lamp.now.chosen, lamp.now.resume
    lamp.change(goes_on=False, resume=None)
    if resume and chosen and chosen.items == lamp.now.items:
        lamp.begin(*resume)
    else:
        lamp.begin(seen=seen)


# ---- time passes


def _waited(lamp: Lamp, event: Ticked | Spoken) -> None:
    now = lamp.now
    if now.dwell_s is not None:
        lamp.cue_ended(now.dwell_s)
    elif isinstance(event, Spoken):
        return
    elif now.phase == "scan":
        lamp.move()
    elif now.phase == "undo":
        if now.state != "listening":
            lamp.dark("paused")
        elif now.goes_on:
            _go_on(lamp, seen=True)
        else:
            lamp.dark("rest")


def _held_on(lamp: Lamp) -> None:
    """A switch is still down: first that means back, then it calls the caregiver."""
    settings, held = lamp.settings, lamp.now.held
    if held is None:
        return
    if not held.warned:
        more_s = max(0.0, settings.hold_call_s - settings.hold_back_s)
        lamp.change(held=msgspec.structs.replace(held, warned=True), holding=lamp.wait(more_s))
        if held.backs:
            lamp.hold(BACK, None, more_s)
            lamp.tone("hold")
    else:
        lamp.change(held=msgspec.structs.replace(held, aim=None, backs=False), holding=0, goes_on=False)
        lamp.dark("paused")
        lamp.effects.append(CallCaregiver())


# ---- the switch


def _down(lamp: Lamp, switch: Switch) -> None:
    settings, now = lamp.settings, lamp.now
    if settings.mode == "off":
        lamp.effects.append(Press(switch.shown))
        return
    if now.held is not None and now.holding:  # else that it was let go may have got lost
        lamp.effects.append(Tick())
        return
    lit = _lit_at(lamp, switch)
    lamp.change(held=Held(switch.switch, switch.at_s))
    _act(lamp, switch, lit)
    if settings.hold_back_s and settings.mode != "inverse":
        lamp.change(holding=lamp.wait(settings.hold_back_s))


def _act(lamp: Lamp, switch: Switch, lit: Lit) -> None:
    """What a switch does as it goes down."""
    phase, chosen = lamp.now.phase, lamp.now.chosen
    if phase == "paused" and lit.phase != "undo":
        lamp.effects.append(Press(""))
    elif chosen and switch.at_s <= chosen.made_s:
        lamp.effects.append(Tick())  # it happened before the last choice and can not have meant what came of it
    elif lit.phase == "undo":
        _undo(lamp)
    elif lit.phase != "scan":
        _start(lamp)
    elif not (phase == "scan" and _steers(lamp, switch)):
        _aim(lamp, lit)


def _start(lamp: Lamp) -> None:
    if lamp.now.phase != "rest":
        lamp.effects.append(Tick())
    elif lamp.now.someone_speaks and lamp.settings.ends_speech:
        lamp.effects.append(Press(""))
    else:
        if lamp.settings.mode == "inverse":
            _hold(lamp, aim=Lit(lamp.now_s, "scan"))
        lamp.begin()


def _steers(lamp: Lamp, switch: Switch) -> bool:
    """Whether the switch is one that moves the light by hand, or goes back; that is then done."""
    match lamp.settings.mode, switch.switch:
        case ("step", "2") | ("auto" | "inverse", _):
            return False
        case ("step", _) | ("keys", "down"):
            lamp.move()
        case "keys", "up":
            lamp.move(-1)
        case "keys", "left":
            _back(lamp)
        case _:
            return False
    _hold(lamp, backs=False)
    return True


def _aim(lamp: Lamp, lit: Lit) -> None:
    """What was lit is chosen when the switch is let go, or now if holding means nothing."""
    if lamp.settings.mode == "inverse":
        _hold(lamp, aim=lit)
        lamp.light(*(lit.place if _is_here(lamp, lit) else (0, 0)))
    elif not lamp.settings.hold_back_s:
        _choose(lamp, lit)
    else:
        _hold(lamp, aim=lit)
        lamp.hold(lit.item, lit.place if _is_here(lamp, lit) else None, lamp.settings.hold_back_s)


def _up(lamp: Lamp, switch: Switch) -> None:
    settings, held = lamp.settings, lamp.now.held
    if held is None or held.switch != switch.switch:
        return
    lamp.change(held=None, holding=0)
    long = bool(settings.hold_back_s) and switch.at_s - held.at_s >= settings.hold_back_s
    if settings.mode == "inverse":
        lit = _lit_at(lamp, switch)
        if held.aim and lit.phase == "scan":
            _choose(lamp, lit)
    elif held.backs and (long or held.warned):
        _back(lamp)
    elif held.aim:
        _choose(lamp, held.aim)
    elif lamp.now.phase == "held":
        lamp.dark("rest" if lamp.now.state == "listening" else "paused")


def _hold(lamp: Lamp, *, aim: Lit | None = None, backs: bool = True) -> None:
    if lamp.now.held is not None:
        lamp.change(held=msgspec.structs.replace(lamp.now.held, aim=aim, backs=backs))


# ---- what a press means


def _choose(lamp: Lamp, lit: Lit) -> None:
    page, _ = lit.place
    if lamp.now.phase == "paused":
        lamp.effects.append(Press(lit.item))  # it began to speak while the switch was down
    elif lit.item == FURTHER:
        lamp.begin(page + 1 if page + 1 < len(lamp.pages) else 0, seen=True)
    else:
        lamp.change(chosen=Chosen(lamp.now_s, lamp.now.items, lit.place), goes_on=lit.item != TALK, resume=None)
        lamp.tone("select")
        if lamp.settings.undo_s:
            lamp.undo_window(lamp.settings.undo_s)
        else:
            lamp.dark("rest")
        lamp.effects.append(Press(lit.item))


def _undo(lamp: Lamp) -> None:
    """Take the choice back. Most wrong choices are late presses, so the item before it is lit first."""
    chosen = lamp.now.chosen
    _hold(lamp, backs=False)
    if chosen is None:
        lamp.effects.append(Tick())
        return
    page, index = chosen.place
    if index == 0 and page > 0:
        page -= 1
        index = len(pages_of(chosen.items, lamp.settings.size, lamp.settings.further)[page])
    resume = (page, max(0, index - 1))
    lamp.change(chosen=msgspec.structs.replace(chosen, made_s=lamp.now_s))
    lamp.tone("undo")
    lamp.dark("rest")
    lamp.change(goes_on=True, resume=resume)
    lamp.effects.append(Undo())


def _back(lamp: Lamp) -> None:
    lamp.dark("rest" if lamp.now.state == "listening" else "paused")
    lamp.change(goes_on=True, resume=None)
    lamp.effects.append(Press(BACK))


# ---- what was lit when


def _lit_at(lamp: Lamp, switch: Switch) -> Lit:
    """What was lit when the switch moved: on the glass if the screen says so, else by the time."""
    trail = lamp.now.trail
    known = [i for i, lit in enumerate(trail) if lit.at_s <= switch.at_s]
    if not known:
        return trail[0] if trail else Lit(0.0, lamp.now.phase)
    at = next((i for i in reversed(known) if switch.shown and trail[i].item == switch.shown), known[-1])
    soon = switch.at_s - trail[at].at_s < lamp.settings.grace_s
    return trail[at - 1] if at and soon and trail[at].by_itself else trail[at]


def _is_here(lamp: Lamp, lit: Lit) -> bool:
    page, index = lit.place
    pages = lamp.pages
    return page < len(pages) and index < len(pages[page]) and pages[page][index].id == lit.item

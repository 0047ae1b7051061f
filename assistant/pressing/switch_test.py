"""The switch test: a minute of pressing when something lights, and what it says about this hand. Pure.

The step follows Simpson, Koester and LoPresti (2007): mean time to press / 0.65; where a hand is very uneven, the mean
and two standard deviations. Everything proposed can be said in a sentence before it is kept.
"""

from __future__ import annotations

from statistics import fmean, pstdev

import msgspec

from assistant.events import Effect, Item, Switch, Ticked, Wait
from assistant.scan import CallCaregiver, Cue, Light
from assistant.scan.profiles import Changes

ROUNDS = 12
LONGEST_S = 60.0
DARKS_S = (1.6, 2.4, 1.2, 2.8, 1.9, 1.4, 2.6, 2.1, 1.3, 2.3, 1.7, 2.0)
"""Waits before each light: uneven, so that nobody can press in rhythm."""
LIT_S = 4.0
QUICKEST_S = 0.1
"""Nobody reacts sooner: an earlier press was meant for nothing, or for the light before."""
LEAST_REACTIONS = 5
NOW = "test:now"
FIRST_NUMBER = -10

STEADY = 0.3
"""Above this spread (standard deviation / mean) a hand is too uneven for the rule of 0.65."""
LEAST_STEP_S, MOST_STEP_S = 0.3, 15.0
USUAL_REPEAT_S, BOUNCE_S = 0.3, 0.6
"""A touch no later than `BOUNCE_S` after a press was not meant."""
MARGIN_S = 0.1
TOUCH = 0.5
"""A touch shorter than this part of the person's shortest real press is none."""
MANY_EARLY = 0.2
MONTH_DAYS = 30
MANY_MISSES = 0.25
ENOUGH_PRESSES = 20


class Measured(Effect, frozen=True):
    """The test is over: what was measured."""

    reactions_s: tuple[float, ...]
    """From the light to the press."""
    held_s: tuple[float, ...] = ()
    """How long each of these presses lasted."""
    bounces_s: tuple[float, ...] = ()
    """After a press was let go, how soon another touch came that can not have been meant."""
    touches_s: tuple[float, ...] = ()
    """How long those touches lasted."""
    missed: int = 0
    """Lights without a press."""
    early: int = 0
    """Presses while nothing was lit."""


class SwitchTest(msgspec.Struct, frozen=True):
    """A test under way. Only `test_step` makes new ones."""

    label: str = ""
    """Of the thing that lights."""
    call_s: float = 3.0
    """Holding so long calls the caregiver, here too."""
    number: int = FIRST_NUMBER
    waiting: int = 0
    round: int = 0
    lit_s: float | None = None
    """Since when it is lit; None: dark."""
    began_s: float | None = None
    down_s: float | None = None
    meant: bool = False
    """The press under way answers a light."""
    holding: int = 0
    up_s: float | None = None
    measured: Measured = Measured(())


TestEffect = Light | Wait | Cue | Measured | CallCaregiver


def test_step(
    test: SwitchTest, event: Switch | Ticked | None, now_s: float
) -> tuple[SwitchTest | None, tuple[TestEffect, ...]]:
    """Go on with the test; `None` as event begins it. Without a test in the result it is over."""
    trial = _Trial(test, now_s)
    match event:
        case None:
            trial.change(began_s=now_s)
            trial.dark()
        case Ticked(number=number) if number == test.holding != 0:
            return None, (CallCaregiver(),)
        case Ticked(number=number) if number == test.waiting != 0:
            trial.time_is_up()
        case Switch(down=True):
            trial.down(event)
        case Switch():
            trial.up(event)
        case _:
            pass
    if trial.over:
        return None, (trial.test.measured,)
    return trial.test, tuple(trial.effects)


class _Trial:
    def __init__(self, test: SwitchTest, now_s: float) -> None:
        self.test, self.now_s = test, now_s
        self.effects: list[TestEffect] = []

    @property
    def over(self) -> bool:
        test = self.test
        late = test.began_s is not None and self.now_s - test.began_s >= LONGEST_S
        return test.down_s is None and (late or test.round >= ROUNDS)

    def change(self, **fields: object) -> None:
        self.test = msgspec.structs.replace(self.test, **fields)

    def note(self, **fields: object) -> None:
        self.change(measured=msgspec.structs.replace(self.test.measured, **fields))

    def wait(self, seconds: float) -> int:
        self.change(number=self.test.number - 2)
        self.effects.append(Wait(self.test.number, seconds))
        return self.test.number

    def dark(self) -> None:
        self.change(lit_s=None)
        if self.test.round < ROUNDS:
            self.change(waiting=self.wait(DARKS_S[self.test.round % len(DARKS_S)]))
        self.effects.append(Light("", -1, 0, (), 0.0, "paused"))

    def time_is_up(self) -> None:
        if self.test.lit_s is None:
            self.change(lit_s=self.now_s, waiting=self.wait(LIT_S))
            self.effects.append(Light(NOW, 0, 0, (Item(NOW, self.test.label),), 0.0, "scan"))
        else:
            self.note(missed=self.test.measured.missed + 1)
            self.change(round=self.test.round + 1)
            self.dark()

    def down(self, switch: Switch) -> None:
        test, at_s = self.test, switch.at_s
        if test.down_s is not None:
            return
        self.change(down_s=at_s, meant=False, holding=self.wait(test.call_s))
        soon = test.up_s is not None and at_s - test.up_s <= BOUNCE_S
        if test.lit_s is not None and at_s - test.lit_s >= QUICKEST_S:
            self.note(reactions_s=(*test.measured.reactions_s, at_s - test.lit_s))
            self.change(meant=True, round=test.round + 1)
            self.dark()
        elif soon and test.up_s is not None and test.lit_s is None:
            self.note(bounces_s=(*test.measured.bounces_s, at_s - test.up_s))
        else:
            self.note(early=test.measured.early + 1)

    def up(self, switch: Switch) -> None:
        test = self.test
        if test.down_s is None:
            return
        held_s = max(0.0, switch.at_s - test.down_s)
        if test.meant:
            self.note(held_s=(*test.measured.held_s, held_s))
        else:
            self.note(touches_s=(*test.measured.touches_s, held_s))
        self.change(down_s=None, holding=0, up_s=switch.at_s)


# ---- what it says


class Proposal(msgspec.Struct, frozen=True):
    """What the test proposes; nothing is kept before the person agrees."""

    press_s: float
    """Mean time to press."""
    spread: float
    """Standard deviation as a part of it."""
    changes: dict[str, bool | float | str]
    """Settings by name."""


def proposal(measured: Measured) -> Proposal | None:
    """Settings for this hand; None: too few presses to say anything."""
    times_s = measured.reactions_s
    if len(times_s) < LEAST_REACTIONS:
        return None
    mean_s, deviation_s = fmean(times_s), pstdev(times_s)
    spread = deviation_s / mean_s
    step_s = mean_s / 0.65 if spread <= STEADY else mean_s + 2 * deviation_s
    step_s = round(min(MOST_STEP_S, max(LEAST_STEP_S, step_s)), 2)
    changes: Changes = {
        "scan_step_s": step_s,
        "scan_usual_s": step_s,
        "accept_press_s": _acceptance_s(measured),
        "repeat_press_s": _repeat_s(measured),
        "scan_grace": measured.early <= MANY_EARLY * len(times_s),
    }
    return Proposal(mean_s, spread, changes)


def _acceptance_s(measured: Measured) -> float:
    """Just above the touches that were not meant, if that is clearly below the presses that were."""
    if not measured.touches_s or not measured.held_s:
        return 0.0
    longest_touch_s, shortest_press_s = max(measured.touches_s), min(measured.held_s)
    clear = longest_touch_s < TOUCH * shortest_press_s
    return round((longest_touch_s + TOUCH * shortest_press_s) / 2, 2) if clear else 0.0


def _repeat_s(measured: Measured) -> float:
    """Above the bounces that were seen."""
    longest_s = max(measured.bounces_s, default=0.0)
    return round(max(USUAL_REPEAT_S, longest_s + MARGIN_S), 2)


def is_due(days_since: int | None, presses: int, misses: int) -> bool:
    """Whether to offer the test again: after a month, or when more than a quarter of the chances are missed.

    Args:
        days_since: since the last test; None: there was none, and none is offered unasked.
        presses: choices made since then.
        misses: rounds that went by without a choice, choices taken back.
    """
    if days_since is None:
        return False
    chances = presses + misses
    return days_since >= MONTH_DAYS or (chances >= ENOUGH_PRESSES and misses > MANY_MISSES * chances)

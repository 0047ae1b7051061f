"""A minute of pressing, and what it says about the hand."""

from __future__ import annotations

import heapq
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.choices import World
from assistant.events import Switch, Ticked, Wait
from assistant.places import Manner, Proposed, Ready, Testing
from assistant.pressing.switch_test import (
    LEAST_REACTIONS,
    LONGEST_S,
    ROUNDS,
    Measured,
    SwitchTest,
    is_due,
    proposal,
    test_step,
)
from assistant.scan import CallCaregiver, Light
from assistant.scanner import as_proposal
from tests.switching import AUTO, Stage

test_step.__test__ = False  # type: ignore[attr-defined]  # pytest takes its name for a test


class Minute:
    """Runs a test for someone who presses `reaction_s` after each light; 0: not at all."""

    def __init__(self, reactions_s: list[float], held_s: float = 0.2, extra: tuple[float, float] | None = None) -> None:
        self.now_s, self.order = 100.0, 0
        self.due: list[tuple[float, int, Switch | Ticked]] = []
        self.found: Measured | None = None
        self.called = False
        self.test: SwitchTest | None = SwitchTest("Press now")
        self.reactions_s, self.held_s, self.extra = list(reactions_s), held_s, extra
        self._do(None)
        while self.due and not self.over:
            self.now_s, _, event = heapq.heappop(self.due)
            self._do(event)

    @property
    def over(self) -> bool:
        return self.test is None

    def at(self, at_s: float, event: Switch | Ticked) -> None:
        self.order += 1
        heapq.heappush(self.due, (at_s, self.order, event))

    def press(self, at_s: float, held_s: float) -> None:
        self.at(at_s, Switch(down=True, at_s=at_s))
        self.at(at_s + held_s, Switch(down=False, at_s=at_s + held_s))

    def _do(self, event: Switch | Ticked | None) -> None:
        assert self.test is not None
        self.test, effects = test_step(self.test, event, self.now_s)
        for effect in effects:
            match effect:
                case Wait():
                    self.at(self.now_s + effect.seconds, Ticked(effect.number))
                case Light(phase="scan"):
                    self._react()
                case Measured():
                    self.found = effect
                case CallCaregiver():
                    self.called = True

    def _react(self) -> None:
        reaction_s = self.reactions_s.pop(0) if self.reactions_s else 0.0
        if reaction_s:
            self.press(self.now_s + reaction_s, self.held_s)
            if self.extra:
                gap_s, touch_s = self.extra
                self.press(self.now_s + reaction_s + self.held_s + gap_s, touch_s)


def test_reactions_are_measured_from_the_light_and_the_step_is_their_mean_by_065() -> None:
    found = Minute([0.8] * ROUNDS).found
    assert found is not None
    assert found.reactions_s == pytest.approx((0.8,) * ROUNDS)
    proposed = proposal(found)
    assert proposed is not None
    assert proposed.changes["scan_step_s"] == pytest.approx(1.23)
    assert proposed.press_s == pytest.approx(0.8)


def test_an_uneven_hand_gets_the_mean_and_two_deviations() -> None:
    found = Minute([0.5, 1.5] * 6).found
    assert found is not None
    proposed = proposal(found)
    assert proposed is not None
    assert proposed.spread > 0.3
    assert proposed.changes["scan_step_s"] == pytest.approx(1.0 + 2 * 0.5)


def test_bounces_and_touches_become_filters_and_are_no_reactions() -> None:
    found = Minute([0.8] * ROUNDS, held_s=0.3, extra=(0.4, 0.03)).found
    assert found is not None
    assert len(found.reactions_s) == ROUNDS
    proposed = proposal(found)
    assert proposed is not None
    assert proposed.changes["repeat_press_s"] == pytest.approx(0.5)
    assert proposed.changes["accept_press_s"] == pytest.approx(0.09)


def test_a_steady_hand_gets_no_filters_it_does_not_need() -> None:
    found = Minute([0.8] * ROUNDS).found
    assert found is not None
    proposed = proposal(found)
    assert proposed is not None
    assert proposed.changes["accept_press_s"] == 0.0
    assert proposed.changes["repeat_press_s"] == 0.3
    assert proposed.changes["scan_grace"] is True


def test_with_too_few_presses_nothing_is_proposed() -> None:
    found = Minute([0.8] * (LEAST_REACTIONS - 1)).found
    assert found is not None
    assert found.missed > 0
    assert proposal(found) is None


def test_nobody_who_presses_nothing_is_kept_longer_than_the_minute_and_one_light() -> None:
    minute = Minute([])
    assert minute.found is not None
    assert minute.now_s - 100.0 <= LONGEST_S + 5


def test_holding_long_calls_the_caregiver_in_the_test_too() -> None:
    minute = Minute([0.8], held_s=10.0)
    assert minute.called
    assert minute.found is None


@given(st.lists(st.floats(0.0, 6.0), max_size=20), st.floats(0.01, 2.5))
def test_the_test_always_ends_and_what_it_proposes_is_allowed(reactions_s: list[float], held_s: float) -> None:
    found = Minute(reactions_s, held_s).found
    assert found is not None
    proposed = proposal(found)
    if proposed is not None:
        step_s = proposed.changes["scan_step_s"]
        assert isinstance(step_s, float)
        assert 0.3 <= step_s <= 15.0
        assert 0.0 <= float(proposed.changes["accept_press_s"]) <= 1.0


@pytest.mark.parametrize(("spread", "late_most"), [(0.15, 0.01), (0.25, 0.04), (0.4, 0.08), (0.5, 0.1)])
def test_with_the_proposed_step_few_presses_come_too_late(spread: float, late_most: float) -> None:
    sigma = math.sqrt(math.log(1 + spread**2))
    dice = random.Random(4)  # noqa: S311 - no secret
    late = []
    for _ in range(40):
        times_s = [dice.lognormvariate(math.log(0.9) - sigma**2 / 2, sigma) for _ in range(ROUNDS)]
        proposed = proposal(Measured(tuple(times_s)))
        assert proposed is not None
        step_s = float(proposed.changes["scan_step_s"])
        late += [dice.lognormvariate(math.log(0.9) - sigma**2 / 2, sigma) > step_s for _ in range(200)]
    assert sum(late) / len(late) <= late_most


def test_it_is_offered_again_after_a_month_or_when_a_quarter_is_missed() -> None:
    assert is_due(30, 100, 0)
    assert not is_due(29, 100, 20)
    assert is_due(3, 60, 25)
    assert not is_due(3, 5, 5), "five presses say nothing"
    assert not is_due(None, 100, 100), "who never took it is not asked unasked"


# ---- in the conversation, by one switch alone


def take_the_test(stage: Stage, reaction_s: float) -> None:
    stage.choose("command:settings").choose("command:switch test")
    assert isinstance(stage.place, Testing)
    rounds = 0
    while isinstance(stage.place, Testing):
        if stage.light.phase == "scan" and stage.light.item == "test:now" and stage.lights[-1][0] == stage.now_s:
            stage.until(stage.now_s + reaction_s).press()
            rounds += 1
        elif not stage.next_event():
            break
    assert rounds == ROUNDS


def test_by_one_switch_the_test_is_taken_told_in_seconds_and_kept_only_after_a_yes(world: World) -> None:
    stage = Stage(world)
    take_the_test(stage, 1.3)
    assert stage.is_at(Proposed)
    assert "2.0 seconds" in stage.said[-1]
    assert stage.scanner.settings.step_s == 1.5, "nothing is kept yet"
    stage.wait_for_rest().choose("command:yes")
    assert stage.scanner.settings.step_s == pytest.approx(2.0)
    assert stage.conversation.usual.scan_step_s == pytest.approx(2.0)
    assert stage.is_at(Manner)


def test_after_a_no_all_stays_as_it_was(world: World) -> None:
    stage = Stage(world)
    take_the_test(stage, 0.6)
    before = stage.scanner.settings
    stage.wait_for_rest().choose("command:no")
    assert stage.scanner.settings == before


def test_a_word_ends_the_test_and_scanning_is_back(world: World) -> None:
    from assistant.events import Heard
    from tests.talk import NOTHING

    stage = Stage(world).choose("command:settings").choose("command:switch test")
    stage.until(stage.now_s + 12)
    stage.converse(Heard(("no",), NOTHING, "typed"))
    assert stage.is_at(Manner)
    stage.wait_for_rest().choose("command:back")
    assert stage.place == Ready()


def test_the_seconds_that_are_told_are_those_of_the_real_lists(world: World) -> None:
    found = as_proposal(world, AUTO, Measured((0.975,) * 12), "2026-11-24")
    changes = dict(found.changes)
    assert changes["scan_step_s"] == pytest.approx(1.5)
    assert changes["switch_tested"] == "2026-11-24"
    assert 11 <= found.answer_s <= 14  # 6.8 T of lists, 1 T to take back, 0.5 T more for the first item

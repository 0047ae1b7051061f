"""Trembling hands, bouncing contacts and held keys."""

from __future__ import annotations

import heapq
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.events import Switch, Ticked, Wait
from assistant.pressing.filters import Contacts, FilterSettings, filter_step
from assistant.scan import Tick


class Hand:
    """Plays raw movements through the filters, with the waits they ask for."""

    def __init__(self, settings: FilterSettings) -> None:
        self.settings, self.contacts = settings, Contacts()
        self.clean: list[Switch] = []
        self.ticks = 0
        self._due: list[tuple[float, int]] = []

    def down(self, at_s: float, switch: str = "1") -> Hand:
        return self._move(Switch(down=True, at_s=at_s, switch=switch))  # type: ignore[arg-type]  # one of the names

    def up(self, at_s: float, switch: str = "1") -> Hand:
        return self._move(Switch(down=False, at_s=at_s, switch=switch))  # type: ignore[arg-type]  # one of the names

    def press(self, at_s: float, held_s: float = 0.1, switch: str = "1") -> Hand:
        return self.down(at_s, switch).up(at_s + held_s, switch)

    def until(self, at_s: float) -> Hand:
        while self._due and self._due[0][0] <= at_s:
            due_s, number = heapq.heappop(self._due)
            self._do(Ticked(number), due_s)
        return self

    def end(self) -> Hand:
        return self.until(float("inf"))

    def _move(self, event: Switch) -> Hand:
        self.until(event.at_s)
        self._do(event, event.at_s)
        return self

    @property
    def downs_s(self) -> list[float]:
        return [clean.at_s for clean in self.clean if clean.down]

    def _do(self, event: Switch | Ticked, now_s: float) -> None:
        self.contacts, clean, effects = filter_step(self.settings, self.contacts, event)
        self.clean += clean
        for effect in effects:
            if isinstance(effect, Wait):
                heapq.heappush(self._due, (now_s + effect.seconds, effect.number))
        self.ticks += sum(isinstance(effect, Tick) for effect in effects)


@pytest.fixture
def hand() -> Hand:
    return Hand(FilterSettings())


def test_a_press_passes_with_the_times_it_really_had(hand: Hand) -> None:
    hand.press(1.0, 0.2).end()
    assert [(c.down, c.at_s) for c in hand.clean] == [(True, 1.0), (False, pytest.approx(1.2))]
    assert hand.ticks == 0


@pytest.mark.parametrize("gap_s", [0.0, 0.05, 0.1, 0.299, 0.3])
def test_a_second_press_up_to_300_ms_after_the_first_is_none_and_is_heard(hand: Hand, gap_s: float) -> None:
    hand.press(1.0, 0.1).press(1.1 + gap_s, 0.02).end()
    assert hand.downs_s == [1.0]
    assert hand.ticks == 1


def test_a_press_later_than_the_repeat_time_counts(hand: Hand) -> None:
    assert hand.press(1.0).press(1.41).end().downs_s == [1.0, 1.41]


def test_a_held_key_that_repeats_is_one_press(hand: Hand) -> None:
    for tenth in range(10, 60):
        hand.down(tenth / 10)
    hand.up(6.0).end()
    assert [c.at_s for c in hand.clean] == [1.0, 6.0]


def test_a_refused_press_that_is_held_and_repeats_stays_refused(hand: Hand) -> None:
    hand.press(1.0)
    for tenth in range(12, 40):
        hand.down(tenth / 10)
    assert hand.up(4.0).end().downs_s == [1.0]


def test_a_contact_that_opens_for_a_moment_was_never_let_go(hand: Hand) -> None:
    hand.down(1.0).up(1.5).down(1.54).up(2.5).end()
    assert [(c.down, c.at_s) for c in hand.clean] == [(True, 1.0), (False, 2.5)]
    assert hand.ticks == 1


def test_a_touch_shorter_than_the_acceptance_time_is_heard_and_left_out() -> None:
    hand = Hand(FilterSettings(acceptance_s=0.2))
    hand.press(1.0, 0.1).press(2.0, 0.3).end()
    assert hand.downs_s == [2.0]
    assert hand.ticks == 1


def test_a_lost_release_costs_one_press_at_most(hand: Hand) -> None:
    hand.down(1.0)  # the release never comes
    hand.press(4.0).press(5.0).end()
    assert hand.downs_s == [1.0, 4.0, 5.0]
    assert [c.down for c in hand.clean] == [True, False] * 3


def test_two_switches_do_not_filter_each_other(hand: Hand) -> None:
    assert len(hand.press(1.0, 0.05, "1").press(1.1, 0.05, "2").end().downs_s) == 2


movements = st.lists(st.tuples(st.booleans(), st.floats(0.0, 1.0), st.sampled_from("12")), max_size=40)
hands = st.builds(
    FilterSettings, st.sampled_from([0.0, 0.2, 0.8]), st.sampled_from([0.0, 0.3]), st.sampled_from([0.0, 0.05])
)


@given(hands, movements)
def test_whatever_a_hand_does_presses_alternate_stay_in_time_and_keep_their_distance(
    settings: FilterSettings, story: list[tuple[bool, float, str]]
) -> None:
    hand, at_s = Hand(settings), 0.0
    for down, gap_s, switch in story:
        at_s += gap_s
        _ = hand.down(at_s, switch) if down else hand.up(at_s, switch)
    hand.end()
    for switch in "12":
        own = [c for c in hand.clean if c.switch == switch]
        assert [c.down for c in own] == [i % 2 == 0 for i in range(len(own))]
        for before, after in pairwise(own):
            least_s = settings.repeat_s if after.down else 0.0
            assert after.at_s - before.at_s >= least_s - 1e-9

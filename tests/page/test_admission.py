"""Who is let in to the companion, decided without a network."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.showing.admission import MOST_PEERS, MOST_TRIES, REQUESTS_A_S, REQUESTS_AT_ONCE, Admission, Bucket

HOME, GUEST = "192.168.1.20", "192.168.1.66"


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_a_token_lets_one_device_in_once() -> None:
    admission = Admission(Clock())
    assert len(admission.token) >= 43  # 256 bits
    key = admission.join(admission.token, HOME)
    assert key not in ("", admission.token)
    assert admission.admits(key, HOME)
    assert admission.join(admission.token, HOME) == ""
    assert admission.join(admission.token, GUEST) == ""
    assert not admission.admits(admission.token, HOME)


def test_a_stolen_key_is_no_use_from_another_address() -> None:
    admission = Admission(Clock())
    key = admission.join(admission.token, HOME)
    assert not admission.admits(key, GUEST)
    assert admission.admits(key, HOME)


@given(st.text(max_size=60))
def test_no_other_token_or_key_opens(guess: str) -> None:
    admission = Admission(Clock())
    assert admission.join(guess, HOME) == ""
    assert not admission.admits(guess, HOME)  # nobody has joined: not even with no key at all
    admission.join(admission.token, HOME)
    assert not admission.admits(guess, HOME)


def test_it_ends_by_itself() -> None:
    clock = Clock()
    admission = Admission(clock, lasts_s=60)
    key = admission.join(admission.token, HOME)
    clock.now_s += 59.9
    assert admission.admits(key, HOME)
    clock.now_s += 0.2
    assert admission.over
    assert not admission.admits(key, HOME)
    assert Admission(clock, lasts_s=0).join("", HOME) == ""


def test_guessing_ends_it() -> None:
    admission = Admission(Clock())
    for _ in range(MOST_TRIES):
        assert not admission.over
        admission.join("guess", GUEST)
    assert admission.over
    assert admission.join(admission.token, HOME) == ""


@given(st.lists(st.floats(0, 2), max_size=300))
def test_nobody_asks_more_often_than_agreed(waits_s: list[float]) -> None:
    clock = Clock()
    bucket = Bucket(clock)
    taken = 0
    for wait_s in waits_s:
        clock.now_s += wait_s
        taken += bucket.take()
    assert taken <= REQUESTS_AT_ONCE + sum(waits_s) * REQUESTS_A_S + 1


def test_one_who_asks_too_often_does_not_silence_the_others() -> None:
    admission = Admission(Clock())
    assert sum(admission.may_ask(GUEST) for _ in range(200)) == REQUESTS_AT_ONCE
    assert admission.may_ask(HOME)
    assert sum(admission.may_ask(f"10.0.0.{number}") for number in range(200)) == MOST_PEERS - 2
    assert admission.may_ask(HOME)

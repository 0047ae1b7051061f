"""What is said around a question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.matching import normalise
from assistant.matching.carriers import bare


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("what is riluzole", "riluzole"),
        ("tell me about the feeding tube please", "feeding tube"),
        ("um can you tell me more about riluzole", "riluzole"),
        ("what is", "what is"),
        ("please", "please"),
        ("a", "a"),
        ("about time", "time"),
        ("aspirin", "aspirin"),
        ("the rapist", "rapist"),
        ("therapist", "therapist"),
    ],
)
def test_openings_and_closings_are_taken_away_but_not_all(said: str, meant: str) -> None:
    assert bare(said) == meant


@given(st.text())
def test_something_remains_and_it_is_the_end_of_it(text: str) -> None:
    plain = normalise(text)
    assert bare(plain) in plain
    assert bool(bare(plain)) == bool(plain)
    assert bare(bare(plain)) == bare(plain)

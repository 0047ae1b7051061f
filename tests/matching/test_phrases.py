"""Likeness in spelling, against a plain twin that is easy to check."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.matching.phrases import PhraseIndex, pieces, words_and_pairs

TEXT = st.text(alphabet="abc d", max_size=20)


def plainly(phrases: list[str], text: str, features_of: Callable[[str], list[str]]) -> list[float]:
    """The same, one phrase at a time and with nothing kept."""
    bags = [Counter(features_of(phrase)) for phrase in phrases]

    def vector(bag: Counter[str]) -> dict[str, float]:
        weights = {}
        for name, times in bag.items():
            held = sum(name in other for other in bags)
            idf = math.log((1 + len(phrases)) / (1 + held)) + 1
            weights[name] = (1 + math.log(times)) * idf
        length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
        return {name: weight / length for name, weight in weights.items()}

    asked = vector(Counter(features_of(text)))
    return [sum(weight * asked.get(name, 0.0) for name, weight in vector(bag).items()) for bag in bags]


@pytest.mark.parametrize("features_of", [pieces, words_and_pairs])
@given(phrases=st.lists(TEXT, min_size=1, max_size=6), text=TEXT)
def test_all_at_once_is_the_same_as_one_by_one(
    features_of: Callable[[str], list[str]], phrases: list[str], text: str
) -> None:
    quick = PhraseIndex(phrases, features_of).likeness(text)
    assert quick == pytest.approx(np.array(plainly(phrases, text, features_of)), abs=1e-5)


@given(st.lists(TEXT.filter(lambda text: bool(text.split())), min_size=1, max_size=6))
def test_a_phrase_is_wholly_like_itself(phrases: list[str]) -> None:
    index = PhraseIndex(phrases, pieces)
    for place, phrase in enumerate(phrases):
        assert index.likeness(phrase)[place] == pytest.approx(1, abs=1e-4)


def test_pieces_never_cross_words() -> None:
    assert pieces("to go") == [" t", "to", "o ", " to", "to ", " to ", " g", "go", "o ", " go", "go ", " go "]


def test_no_phrases_are_like_nothing() -> None:
    assert len(PhraseIndex([], pieces).likeness("a question")) == 0

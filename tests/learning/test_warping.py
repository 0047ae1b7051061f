from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.learning.features import LENGTH, WIDTH
from assistant.learning.warping import distances, plain_distance


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.integers(2, 14), st.integers(1, 5))
def test_all_at_once_is_the_same_as_one_after_the_other(seed: int, length: int, number: int) -> None:
    dice = np.random.default_rng(seed)
    known = dice.normal(size=(number, length, 4)).astype(np.float32)
    asked = dice.normal(size=(length, 4)).astype(np.float32)
    slowly = [plain_distance(one, asked) for one in known]
    assert distances(known, asked) == pytest.approx(slowly, abs=1e-4)
    pairs = np.repeat(asked[None], number, axis=0)
    assert distances(known, pairs) == pytest.approx(slowly, abs=1e-4)


@given(st.integers(0, 2**32))
def test_it_is_nought_for_the_same_and_the_same_both_ways(seed: int) -> None:
    one, other = np.random.default_rng(seed).normal(size=(2, 10, 4)).astype(np.float32)
    assert distances(one[None], one)[0] == pytest.approx(0, abs=1e-3)
    assert distances(one[None], other)[0] == pytest.approx(distances(other[None], one)[0], abs=1e-4)


def test_a_word_said_unevenly_is_nearer_than_without_warping() -> None:
    dice = np.random.default_rng(1)
    even = np.repeat(dice.normal(size=(12, 4)), 4, axis=0).astype(np.float32)
    uneven = even[np.round(47 * np.linspace(0, 1, 48) ** 1.25).astype(int)]
    straight = float(np.sqrt(((even - uneven) ** 2).sum(axis=1) / 8).mean())
    assert distances(even[None], uneven)[0] < straight / 2


def test_three_hundred_patterns_are_compared_in_fifty_milliseconds() -> None:
    dice = np.random.default_rng(2)
    known = dice.normal(size=(300, LENGTH, WIDTH)).astype(np.float32)
    times_s = []
    for _ in range(5):
        begun = time.process_time()
        distances(known, known[7])
        times_s.append(time.process_time() - begun)
    assert min(times_s) < 0.05


def test_nothing_known_is_no_distance() -> None:
    assert distances(np.zeros((0, 5, 2), np.float32), np.zeros((5, 2), np.float32)).shape == (0,)

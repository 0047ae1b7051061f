"""What sounds alike."""

from __future__ import annotations

import pytest
from rapidfuzz import fuzz

from assistant.matching.sounds import SIGNS, guess, shipped_sounds


@pytest.mark.parametrize(
    ("said", "heard", "other"),
    [
        ("stem cells", "stem sells", "still stairs"),
        ("oxygen", "ox again", "exercise"),
        ("a feeding tube", "a feeling tube", "a breathing mask"),
        ("is it genetic", "is it jeanette ick", "is it contagious"),
    ],
)
def test_what_is_misheard_sounds_nearer_than_what_is_something_else(said: str, heard: str, other: str) -> None:
    sounds = shipped_sounds()
    near = fuzz.ratio(sounds.of(said), sounds.of(heard))
    assert near > fuzz.ratio(sounds.of(said), sounds.of(other)) + 20


def test_every_sound_has_a_sign_of_its_own() -> None:
    assert len(set(SIGNS.values())) == len(SIGNS) == 39
    assert all(len(sign) == 1 for sign in SIGNS.values())


def test_a_word_in_no_dictionary_is_guessed_from_its_letters() -> None:
    assert guess("zzyphex") == "zzIfEks"
    assert guess("42") == ""

"""Words, seconds, syllables and grades, against counts made by hand and by a voice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking import read_hard_names, read_syllables
from assistant.checking.labels import label_timer
from assistant.checking.measures import Syllables, seconds, words
from assistant.knowledge import Content
from assistant.speaking.voice import ESPEAK, open_voice
from assistant.topics import content_folder

ENGLISH = content_folder() / "en"
RILUZOLE = (
    "Riluzole is a medicine that slows ALS a little. In studies, people who took it lived about two or three months "
    "longer. It is not a cure. It does not bring strength back."
)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1), ("table", 2), ("make", 1), ("makes", 1), ("noses", 2), ("helped", 1),
        ("wanted", 2), ("called", 1), ("people", 2), ("idea", 3), ("radio", 3), ("nation", 2),
        ("science", 2), ("being", 2), ("eating", 2), ("quiet", 2), ("hospital", 3), ("medicine", 3),
        ("breathing", 2), ("saliva", 3), ("ALS", 3), ("A-L-S", 3), ("fifty-eight", 3), ("safely", 2),
        ("careful", 2), ("spasm", 2), ("every", 2), ("hundred", 2), ("caregiver", 3), ("can't", 1),
    ],
)  # fmt: skip
def test_syllables_are_those_one_hears(word: str, count: int) -> None:
    assert read_syllables(ENGLISH).of(word) == count


def test_a_word_with_hyphens_counts_once() -> None:
    assert words("The A-L-S pill, fifty-eight times.") == ["The", "A-L-S", "pill", "fifty-eight", "times"]


def test_the_estimate_of_seconds_is_near_what_the_voice_takes() -> None:
    measured = open_voice(ESPEAK).synthesise(RILUZOLE, rate_wpm=160).seconds
    assert seconds(RILUZOLE) == pytest.approx(measured, abs=1.5)
    assert seconds(RILUZOLE, 120) > seconds(RILUZOLE) > seconds(RILUZOLE, 200)


def test_plain_words_have_a_low_grade_and_long_ones_a_high() -> None:
    syllables = read_syllables(ENGLISH)
    assert syllables.grade("Sit up. Put on the mask. Call for help now.") < 2
    assert syllables.grade(RILUZOLE) < 6
    assert syllables.grade("Multidisciplinary rehabilitation interventions necessitate individualised evaluation.") > 12
    assert syllables.smog(["Multidisciplinary rehabilitation is individualised."] * 10) > 7


def test_a_hard_name_is_found_as_a_whole_word() -> None:
    names = read_hard_names(ENGLISH)
    assert names.search("Ask about riluzole.")
    assert not names.search("Ask about water.")


def test_a_label_is_measured_without_the_silence_after_it() -> None:
    timer = label_timer(Content())
    assert 0.3 < timer("cramps") < 0.8
    assert timer("extraordinarily complicated terminology") > 1.5


@given(st.text(max_size=200))
def test_any_text_can_be_measured(text: str) -> None:
    syllables = Syllables()
    assert seconds(text) >= 0
    assert isinstance(syllables.grade(text), float)
    assert all(syllables.of(word) >= 1 for word in words(text))

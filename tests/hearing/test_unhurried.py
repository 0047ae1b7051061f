"""Slow speech, by the recogniser itself: a question said word by word is a question."""

from __future__ import annotations

import time

import numpy as np
import pytest

from assistant.hearing.general_english import read_general, read_vocabulary
from assistant.hearing.pocketsphinx import PocketSphinxRecogniser, spoken_form
from tests.hearing.sounds import flite, noise, trimmed
from tests.hearing.test_pocketsphinx import PHRASES, hear, word_error

ASKED = (
    "what should my husband eat to keep his weight up",
    "how do i tell my children about this",
    "will i be able to walk next year",
    *(spoken_form(phrase) for phrase in PHRASES),
)


@pytest.fixture(scope="module")
def recogniser() -> PocketSphinxRecogniser:
    pytest.importorskip("pocketsphinx")
    return PocketSphinxRecogniser(PHRASES)


def word_by_word(text: str, voice: str, pause_s: float) -> bytes:
    """With the noise of a microphone in the pauses too."""
    words = [np.frombuffer(trimmed(flite(word, voice)), "<i2") for word in text.split()]
    gap = np.zeros(round(16_000 * pause_s), "<i2")
    sound = np.concatenate([part for word in words for part in (gap, word)] + [gap]).astype(np.float64)
    floor = np.frombuffer(noise(len(sound) / 16_000, seed=2), "<i2")[: len(sound)]
    return bytes((sound + floor).clip(-32768, 32767).astype("<i2").tobytes())


@pytest.mark.parametrize("pause_s", [0.7, 2.0])
def test_a_question_said_word_by_word_is_heard_as_one(recogniser: PocketSphinxRecogniser, pause_s: float) -> None:
    errors = [word_error(text, " ".join(hear(recogniser, word_by_word(text, "rms", pause_s))[:1])) for text in ASKED]
    assert sum(errors) / len(errors) < 0.12


def test_both_tempos_are_guessed_from(recogniser: PocketSphinxRecogniser) -> None:
    """What only the faster decoding makes of a drawn-out question is among the first guesses."""
    recogniser.begin()
    recogniser.accept(word_by_word("how do i tell my children about this", "slt", 0.7))
    guesses = recogniser.finish().hypotheses
    lists = [ear.guesses() for ear in recogniser._free._ears]
    assert lists[0]
    assert lists[1]
    assert lists[0] != lists[1]
    assert set(guesses[:2]) <= {lists[0][0], lists[0][1], lists[1][0]}
    assert lists[1][0] in guesses[:2]


@pytest.mark.parametrize("text", ["riluzole", "what should my husband eat"])
def test_little_is_left_to_do_after_a_slow_question(recogniser: PocketSphinxRecogniser, text: str) -> None:
    """The best of three counts, for busy machines."""
    sound = word_by_word(text, "rms", 0.7)
    left_s = []
    for _ in range(3):
        recogniser.begin()
        for at in range(0, len(sound), 1024):
            recogniser.accept(sound[at : at + 1024])
        began = time.process_time()
        recogniser.finish()
        left_s.append(time.process_time() - began)
    assert min(left_s) < 0.1


def test_the_words_of_a_model_are_found_without_reading_all_of_it() -> None:
    pocketsphinx = pytest.importorskip("pocketsphinx")
    path = pocketsphinx.get_model_path("en-us/en-us.lm.bin")
    assert read_vocabulary(path) == read_general(path).words

from __future__ import annotations

import pytest

from assistant.hearing.pocketsphinx import PocketSphinxRecogniser
from tests.hearing.sounds import espeak, flite, noise
from tests.hearing.test_pocketsphinx import COMMANDS, recogniser  # noqa: F401 - a fixture

LISTED = ("stop", "stop it", "shut up", *COMMANDS[1:], "not that", "topics")
SILENT_BYTES = 4 * 1024
QUIET_AFTER_BYTES = 16_000
"""How much quiet the sounds end with."""


def heard_at_once(recogniser: PocketSphinxRecogniser, sound: bytes) -> tuple[bool, tuple[str, ...]]:  # noqa: F811
    """Whether it counts four frames after the last word, and what is heard then."""
    recogniser.begin(LISTED)
    end = len(sound) - QUIET_AFTER_BYTES + SILENT_BYTES
    for at in range(0, end, 1024):
        recogniser.accept(sound[at : at + 1024])
    at_once = recogniser.first_heard()
    return at_once, recogniser.finish().hypotheses


@pytest.mark.parametrize("voice", ["awb", "kal", "rms", "slt", "en-us"])
def test_stop_counts_at_once_whoever_says_it(recogniser: PocketSphinxRecogniser, voice: str) -> None:  # noqa: F811
    sound = espeak("stop", voice) if voice.startswith("en") else flite("stop", voice)
    at_once, heard = heard_at_once(recogniser, sound)
    assert at_once
    assert heard[0] in {"stop", "stop it", "shut up"}


def test_it_is_heard_the_tenth_time_as_the_first(recogniser: PocketSphinxRecogniser) -> None:  # noqa: F811
    assert all(heard_at_once(recogniser, flite("stop", "awb"))[0] for _ in range(10))


@pytest.mark.parametrize("other", ["yes", "louder", "go back", "repeat", "happy birthday", "please open the window"])
@pytest.mark.parametrize("voice", ["rms", "slt"])
def test_other_words_are_not_stop(recogniser: PocketSphinxRecogniser, other: str, voice: str) -> None:  # noqa: F811
    at_once, heard = heard_at_once(recogniser, flite(other, voice))
    assert not at_once
    assert "stop" not in heard


def test_noise_and_silence_are_not_stop(recogniser: PocketSphinxRecogniser) -> None:  # noqa: F811
    assert heard_at_once(recogniser, noise(2.0, -45)) == (False, ())


def test_a_first_word_without_known_sounds_does_no_harm(recogniser: PocketSphinxRecogniser) -> None:  # noqa: F811
    recogniser.begin(("\u4f60\u597d", "yes"))
    recogniser.accept(flite("yes"))
    assert not recogniser.first_heard()
    recogniser.finish()

"""Two recognisers on one sound: who is asked for what, and what becomes of their guesses."""

from __future__ import annotations

import threading

import pytest

from assistant.hearing.pocketsphinx import PocketSphinxRecogniser
from assistant.hearing.second_opinion import SecondOpinion
from assistant.hearing.whisper import Whisper, open_model
from tests.hearing.sounds import flite, whisper_model
from tests.hearing.test_pocketsphinx import PHRASES
from tests.hearing.test_renewable import Ear


def both(*guesses: str) -> SecondOpinion:
    return SecondOpinion(Ear("first"), Whisper(lambda: lambda _: guesses))


@pytest.mark.parametrize("words", [None, ("stop", "help")])
def test_free_questions_are_heard_by_both(words: tuple[str, ...] | None) -> None:
    ears = both("second", "third")
    ears.begin(words, closed=False)
    ears.accept(bytes(16_000))
    heard = ears.finish()
    ears.close()
    assert (heard.hypotheses, heard.others) == (("second", "third"), ("first",))
    assert heard.engine == "whisper+ear"


def test_what_the_first_finds_in_a_list_is_not_waited_for() -> None:
    goes_on = threading.Event()
    ears = SecondOpinion(Ear("first"), Whisper(lambda: lambda _: ("second",) if goes_on.wait(20) else ()))
    ears.begin(("stop", "help"))
    ears.accept(bytes(16_000))
    heard = ears.finish()
    goes_on.set()
    ears.close()
    assert (heard.hypotheses, heard.others, heard.engine) == (("first",), (), "ear")
    assert heard.decode_ms == 0.0


@pytest.mark.parametrize(
    ("guesses", "found"),
    [(("i need help", "help"), ("I need help!",)), (("stopped", "stop"), ()), (("please stop",), ()), ((), ())],
)
def test_where_the_first_finds_nothing_only_a_whole_phrase_of_the_list_counts(
    guesses: tuple[str, ...], found: tuple[str, ...]
) -> None:
    ears = SecondOpinion(Ear(""), Whisper(lambda: lambda _: guesses))
    ears.begin(("stop", "I need help!"))
    ears.accept(bytes(16_000))
    assert ears.finish().hypotheses == found
    ears.close()


def test_the_first_counts_alone_where_the_second_has_nothing_to_say() -> None:
    ears = both()
    ears.begin()
    ears.accept(bytes(16_000))
    heard = ears.finish()
    ears.close()
    assert (heard.hypotheses, heard.others) == (("first",), ())


def test_real_ones_hear_a_question() -> None:
    folder = whisper_model()
    ears = SecondOpinion(PocketSphinxRecogniser(PHRASES), Whisper(lambda: open_model(folder)))
    ears.begin(("stop", "help"), closed=False)
    ears.accept(flite("how do i tell my children about this", "slt"))
    heard = ears.finish()
    assert heard.hypotheses[0] == "how do i tell my children about this"
    assert heard.others
    ears.begin(("stop", "help"))
    ears.accept(flite("stop"))
    assert ears.finish().hypotheses == ("stop",)
    ears.close()

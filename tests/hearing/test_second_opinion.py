"""Two recognisers on one sound: who is asked for what, and what becomes of their guesses."""

from __future__ import annotations

import threading

import pytest

from assistant.hearing.misheard import Misheard
from assistant.hearing.pocketsphinx import PocketSphinxRecogniser
from assistant.hearing.second_opinion import HEARD_NATS, LIKELY_NATS, LISTED_NATS, SecondOpinion
from assistant.hearing.whisper import Whisper
from assistant.hearing.whisper_model import Listened, open_model
from tests.hearing.sounds import flite, whisper_model
from tests.hearing.test_pocketsphinx import PHRASES
from tests.hearing.test_renewable import Ear


def both(*guesses: str) -> SecondOpinion:
    return SecondOpinion(Ear("first"), Whisper(lambda: lambda _: Listened(guesses)))


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
    hanging = Whisper(lambda: lambda _: Listened(("second",)) if goes_on.wait(20) else Listened())
    ears = SecondOpinion(Ear("first"), hanging)
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
    ears = SecondOpinion(Ear(""), Whisper(lambda: lambda _: Listened(guesses)))
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
    assert (heard.hypotheses, heard.others, heard.likely) == (("first",), (), None)


def nats_of(likely: dict[str, float]) -> Listened:
    return Listened(("come quit",), lambda texts: [likely.get(text, 99.0) for text in texts])


CRIES = Misheard(("come quick", "get help"), {"come quick": 0, "get help": 0, "do come quick": 1}.get)


@pytest.mark.parametrize(
    ("likely", "first", "found"),
    [
        ({"come quick": 2.0}, "come back", ("come quick",)),
        ({"come quick": LIKELY_NATS + 1}, "come back", ()),
        ({"come quick": 3.0, "get help": 1.0}, "get help", ("get help", "come quick")),
        ({"get help": HEARD_NATS - 1}, "get help", ("get help",)),
        ({"do come quick": HEARD_NATS - 1}, "do come quick", ("do come quick",)),
        ({"do come quick": HEARD_NATS - 0.5}, "do come quick", ()),
        ({"get help": HEARD_NATS + 1}, "get help", ()),
    ],
)
def test_cries_count_where_the_sound_may_be_one(likely: dict[str, float], first: str, found: tuple[str, ...]) -> None:
    """Those that sound like a guess of Whisper's, and those the first heard."""
    ears = SecondOpinion(Ear(first), Whisper(lambda: lambda _: nats_of(likely)), CRIES)
    ears.begin()
    ears.accept(bytes(16_000))
    heard = ears.finish()
    ears.close()
    assert (heard.hypotheses, heard.others, heard.likely) == (("come quit",), (first,), found)


@pytest.mark.parametrize(("nats", "found"), [(2.0, ("come quick",)), (LIKELY_NATS + 1, ())])
def test_a_listed_word_counts_where_the_sound_may_be_it(nats: float, found: tuple[str, ...]) -> None:
    ears = SecondOpinion(Ear(""), Whisper(lambda: lambda _: nats_of({"come quick": nats})))
    ears.begin(("stop", "come quick"))
    ears.accept(bytes(16_000))
    heard = ears.finish()
    ears.close()
    assert (heard.hypotheses, heard.likely) == (found, None)


@pytest.mark.parametrize(
    ("nats", "found"), [(LISTED_NATS - 1, ("come quick",)), (LISTED_NATS + 1, ()), (None, ("come quick",))]
)
def test_a_cry_that_the_first_finds_in_a_list_must_be_likely_in_the_sound(
    nats: float | None, found: tuple[str, ...]
) -> None:
    """Unless Whisper has nothing to say."""
    listened = Listened() if nats is None else nats_of({"come quick": nats})
    ears = SecondOpinion(Ear("come quick"), Whisper(lambda: lambda _: listened), CRIES)
    ears.begin(("stop", "Come quick!"))
    ears.accept(bytes(16_000))
    assert ears.finish().hypotheses[:1] == (found and (found if nats is None else ("Come quick!",)))
    ears.close()


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

"""What was added while it runs is heard from the next utterance on, by a real recogniser."""

from __future__ import annotations

import threading
import time

import pytest

from assistant.hearing.pocketsphinx import PocketSphinxRecogniser
from assistant.hearing.recogniser import Heard, RecogniserUnavailable
from assistant.hearing.renewable import RenewableRecogniser
from tests.hearing.sounds import flite
from tests.hearing.test_pocketsphinx import PHRASES

ADDED = "where is the clicker"


class Ear:
    """A recogniser that remembers what was done with it."""

    name = "ear"

    def __init__(self, word: str) -> None:
        self.word, self.closed, self.begun = word, 0, 0

    def begin(self, words: object = None, *, closed: bool = True) -> None:
        del words, closed
        self.begun += 1

    def accept(self, frames: bytes) -> None:
        del frames

    def first_heard(self) -> bool:
        return False

    def finish(self) -> Heard:
        return Heard((self.word,) if self.word else (), self.name, 0.0)

    def close(self) -> None:
        self.closed += 1


def test_a_family_s_words_are_heard_once_it_is_renewed() -> None:
    pytest.importorskip("pocketsphinx")
    recogniser = RenewableRecogniser(Ear("something else"))

    def heard() -> str:
        recogniser.begin([], closed=False)
        sound = flite(ADDED)
        for at in range(0, len(sound), 1024):
            recogniser.accept(sound[at : at + 1024])
        return next(iter(recogniser.finish().hypotheses), "")

    assert heard() == "something else"
    recogniser.renew(PocketSphinxRecogniser((*PHRASES, ADDED)))
    assert heard() == ADDED
    assert recogniser.name == "pocketsphinx"
    recogniser.close()


def test_an_utterance_under_way_is_finished_by_the_one_that_began_it() -> None:
    old, new = Ear("old"), Ear("new")
    recogniser = RenewableRecogniser(old)
    recogniser.begin()
    recogniser.renew(new)
    assert recogniser.finish().hypotheses == ("old",)
    assert not old.closed
    recogniser.begin()
    assert recogniser.finish().hypotheses == ("new",)
    assert (old.closed, new.closed) == (1, 0)


def test_none_is_left_open() -> None:
    ears = [Ear(str(number)) for number in range(4)]
    recogniser = RenewableRecogniser(ears[0])
    recogniser.renew(ears[1])
    recogniser.renew(ears[2])  # before the other was ever used
    recogniser.close()
    recogniser.renew(ears[3])  # too late
    assert [ear.closed for ear in ears] == [1, 1, 1, 1]
    assert ears[3].begun == 0


def test_of_several_wanted_in_a_row_only_the_last_is_made_and_a_failure_changes_nothing() -> None:
    made: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> Ear:
        begun.set()
        assert go_on.wait(5)
        made.append("first")
        return Ear("first")

    def quickly(word: str) -> Ear:
        made.append(word)
        return Ear(word)

    def never() -> Ear:
        raise RecogniserUnavailable

    recogniser = RenewableRecogniser(Ear("old"))
    recogniser.renew_by(slowly)
    assert begun.wait(5)
    recogniser.renew_by(lambda: quickly("skipped"))
    recogniser.renew_by(lambda: quickly("last"))
    go_on.set()
    end_s = time.monotonic() + 5
    while "last" not in made and time.monotonic() < end_s:
        time.sleep(0.01)
    with recogniser._making:
        recogniser.begin()
    assert made == ["first", "last"]
    assert recogniser.finish().hypotheses == ("last",)
    recogniser.renew_by(never)
    time.sleep(0.05)
    recogniser.begin()
    assert recogniser.finish().hypotheses == ("last",)

"""What may have been misheard: texts near what was heard that would count."""

from __future__ import annotations

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from assistant.choices import World
from assistant.hearing.misheard import LEAST_ALIKE, MOST_TEXTS, Misheard
from assistant.matching import normalise
from assistant.matching.sounds import shipped_sounds

CRIES = ("i can't breathe", "come quick", "call an ambulance", "is choking")


def misheard() -> Misheard:
    return Misheard(CRIES, lambda text: 0 if any(cry in text for cry in CRIES) else None)


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("come quit", "come quick"),
        ("i can breathe", "i can't breathe"),
        ("my mom is joking what do i do", "my mom is choking what do i do"),
        ("and ambulance", "call an ambulance"),
        ("come quick", "come quick"),
    ],
)
def test_what_sounds_alike_is_suspected(heard: str, meant: str) -> None:
    assert misheard().texts((heard,))[0] == meant


@pytest.mark.parametrize("heard", ["what are the symptoms of als", "who pays for a wheelchair", "", "a"])
def test_what_sounds_otherwise_is_not(heard: str) -> None:
    assert misheard().texts((heard,)) == ()


def test_what_counts_already_comes_first_whatever_its_length() -> None:
    long = " ".join(["well"] * 20) + " come quick"
    assert misheard().texts(("come quit", long))[0] == long


@given(st.lists(st.text("abcdeinorstuy '", max_size=60), max_size=6))
def test_everything_suspected_counts_and_there_is_no_end_of_it(guesses: list[str]) -> None:
    found = misheard().texts(guesses)
    assert len(found) == len(set(found)) <= MOST_TEXTS
    assert all(any(cry in text for cry in CRIES) for text in found)


@given(st.sampled_from(CRIES), st.lists(st.tuples(st.integers(0, 20), st.sampled_from("abdeiknorst ")), max_size=4))
@example("come quick", [(6, "b"), (14, "b")])  # no part of it is as near as the whole
def test_a_whole_phrase_that_is_near_is_never_left_out(cry: str, changes: list[tuple[int, str]]) -> None:
    """The plain twin of the way through places and alignments, for whole phrases: a cry with some letters changed."""
    letters = list(cry)
    for place, letter in changes:
        letters[place % len(letters)] = letter
    heard = " ".join("".join(letters).split())
    sounds = shipped_sounds()
    alike = fuzz.ratio(sounds.of(normalise(heard)), sounds.of(normalise(cry)))
    event("near" if alike > LEAST_ALIKE else "far")
    found = Misheard((cry,), {cry: 0}.get).texts((heard,))
    assert (cry in found) == (alike > LEAST_ALIKE) or heard == cry


def test_of_the_products_cries_too(world: World) -> None:
    cries = Misheard(world.urgent.phrases, world.urgent.words_beside)
    assert "i can't breathe" in " ".join(cries.texts(("health i can breathe",)))
    assert cries.texts(("what are the symptoms of als",)) == ()

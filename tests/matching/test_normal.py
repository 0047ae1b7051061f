"""One spelling for everything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.matching import normalise


@pytest.mark.parametrize("written", ["A L S", "a.l.s.", "A-L-S", "ALS", "als", "A. L. S.", "a l s?"])
def test_als_is_one_word_however_it_is_spelled(written: str) -> None:
    assert normalise(written) == "als"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("What\u2019s A.L.S.?", "what is als"),
        ("I can't breathe", "i can not breathe"),
        ("I cannot breathe", "i can not breathe"),
        ("cant swallow", "can not swallow"),
        ("Lou Gehrig's disease", "lou gehrig disease"),
        ("SOD1 and C9orf72", "sod one and c nine orf seventy two"),
        ("AMX 35", "amx thirty five"),
        ("call 988", "call nine eight eight"),
        ("a p e g tube", "a peg tube"),
        ("am I a carrier", "am i a carrier"),
        ("do I need a B I P A P", "do i need a bipap"),
        ("I'm tired; she's not", "i am tired she is not"),
        ("   \t ", ""),
        ("?!", ""),
        ("They won't, I'd say we've", "they will not i would say we have"),
    ],
)
def test_what_is_written_in_many_ways_becomes_one(written: str, plain: str) -> None:
    assert normalise(written) == plain


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text())
def test_only_words_in_small_letters_and_single_spaces_remain(text: str) -> None:
    plain = normalise(text)
    assert plain == " ".join(plain.split())
    assert not any(sign.isdigit() and sign.isascii() for sign in plain)

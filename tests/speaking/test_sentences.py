from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.speaking.sentences import sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It is slow. It is sure!  Is it?", ["It is slow.", "It is sure!", "Is it?"]),
        ('He said "stop." Then he left.', ['He said "stop."', "Then he left."]),
        ("Ask Dr. Lee of the U.S. clinic.", ["Ask Dr. Lee of the U.S. clinic."]),
        ("So do I. Good.", ["So do I.", "Good."]),
        ("About 2.5 years", ["About 2.5 years"]),
        ("One line\n\nand another", ["One line", "and another"]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_texts_are_split_where_a_reader_would_pause(text: str, parts: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text)] == parts


@given(st.text(alphabet="ab. !?\n\"'I", max_size=50))
def test_sentences_stand_in_the_text_and_lose_nothing_but_space(text: str) -> None:
    found = sentences(text)
    assert all(text[s.offset :].startswith(s.text) for s in found)
    assert "".join("".join(s.text for s in found).split()) == "".join(text.split())

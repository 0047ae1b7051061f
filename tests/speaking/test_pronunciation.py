from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.speaking.pronunciation import Pronunciation

ENTRIES = {
    "ALS": "A-L-S",
    "ALS Association": "A-L-S Association",
    "ER": "emergency room",
    "24/7": "day and night",
    "911": "nine one one",
    "mg": "milligrams",
    "{n}-{n}": "{n} to {n}",
    "VA": "V.A.",
}
TEXT = st.text(alphabet="ALSER mg0123456789-–/,.'é\n", max_size=60)  # noqa: RUF001


@pytest.fixture(scope="module")
def pronunciation() -> Pronunciation:
    return Pronunciation(ENTRIES)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("ALS", "A-L-S"),
        ("Has ALS's cause been found?", "Has A-L-S's cause been found?"),
        ("The ALS Association", "The A-L-S Association"),
        ("FALSE, also, als", "FALSE, also, als"),
        ("Go to the ER, her", "Go to the emergency room, her"),
        ("Open 24/7.", "Open day and night."),
        ("Call 911; not 9110", "Call nine one one; not 9110"),
        ("5 MG or 5 mg", "5 milligrams or 5 milligrams"),
        ("VA", "V.A."),
        ("A-L-S", "A-L-S"),
        ("", ""),
    ],
)
def test_whole_words_are_replaced_and_the_longest_entry_wins(
    pronunciation: Pronunciation, written: str, spoken: str
) -> None:
    assert pronunciation.spoken(written).text == spoken


@pytest.mark.parametrize("dash", ["-", "–", "—", "‑"])  # noqa: RUF001 - the dashes are what is tested
def test_a_range_is_read_with_to_whatever_its_dash(pronunciation: Pronunciation, dash: str) -> None:
    assert pronunciation.spoken(f"2{dash}5 years").text == "2 to 5 years"


@pytest.mark.parametrize("written", ["2026-11-22", "1-800-272-3900", "x2-5", "COVID-19", "2-5x"])
def test_dates_and_telephone_numbers_are_no_ranges(pronunciation: Pronunciation, written: str) -> None:
    assert pronunciation.spoken(written).text == written


def test_what_was_replaced_is_not_replaced_again() -> None:
    assert Pronunciation({"a": "b", "b": "c"}).spoken("a b").text == "b c"


def test_the_table_of_an_engine_goes_before_that_of_all() -> None:
    tables = {"all": {"ALS": "A-L-S", "PEG": "peg"}, "pyttsx3": {"ALS": "A L S"}}
    assert Pronunciation.of_engine(tables, "sapi5", "pyttsx3").spoken("ALS PEG").text == "A L S peg"
    assert Pronunciation.of_engine(tables, "espeak-ng").spoken("ALS PEG").text == "A-L-S peg"
    assert Pronunciation.of_engine({}, "espeak-ng").spoken("ALS").text == "ALS"


@given(TEXT)
def test_every_spoken_character_leads_back_to_the_written_one(written: str) -> None:
    spoken = Pronunciation(ENTRIES).spoken(written)
    assert len(spoken.origins) == len(spoken.text)
    assert list(spoken.origins) == sorted(spoken.origins)
    assert all(0 <= origin < len(written) for origin in spoken.origins)


@given(TEXT)
def test_without_entries_nothing_changes(written: str) -> None:
    spoken = Pronunciation().spoken(written)
    assert spoken.text == written
    assert spoken.origins == tuple(range(len(written)))


def test_an_index_beyond_the_text_is_kept_within_it() -> None:
    spoken = Pronunciation(ENTRIES).spoken("see ALS")
    assert spoken.origin(5) == 4
    assert spoken.origin(99) == 4
    assert spoken.origin(-1) == 0
    assert Pronunciation().spoken("").origin(3) == 0

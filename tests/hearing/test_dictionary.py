from __future__ import annotations

from pathlib import Path

import pytest

from assistant.hearing.dictionary import Dictionary


@pytest.fixture
def dictionary(tmp_path: Path) -> Dictionary:
    file = tmp_path / "words"
    file.write_text("a AH\na(2) EY\ntube T UW B\ntubes T UW B Z\n", "utf-8")
    return Dictionary(file)


def test_all_pronunciations_are_found_and_no_others(dictionary: Dictionary) -> None:
    assert dictionary.sounds("a") == ["AH", "EY"]
    assert dictionary.sounds("tube") == ["T UW B"]
    assert dictionary.sounds("tub") == dictionary.sounds("") == dictionary.sounds("a(2)") == []


def test_what_is_added_comes_after_what_is_known_and_only_once(dictionary: Dictionary) -> None:
    for sounds in ("T Y UW B", "T UW B", "T Y UW B"):
        dictionary.add("tube", sounds)
    dictionary.add("riluzole", "R IH L")
    dictionary.look_up(["tube", "riluzole"])
    assert dictionary.entries(["riluzole", "tube", "none", "tube"]) == [
        ("riluzole", "R IH L"),
        ("tube", "T UW B"),
        ("tube(2)", "T Y UW B"),
    ]
    assert dictionary.words() >= {"a", "tube", "tubes", "riluzole"}


def test_what_is_written_is_read_again(dictionary: Dictionary, tmp_path: Path) -> None:
    dictionary.write(["a", "tube"], tmp_path / "some")
    again = Dictionary(tmp_path / "some")
    assert again.sounds("a") == ["AH", "EY"]
    assert again.sounds("tubes") == []


def test_a_missing_file_is_noticed_at_once(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        Dictionary(tmp_path / "nowhere")

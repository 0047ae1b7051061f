from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.learning.keeping import Damaged, LearningTrouble, previous
from assistant.learning.own_voice import OwnVoice, decode, encode, voice_file
from tests.learning.sounds import heard
from tests.learning.test_templates import taught


@cache
def whole() -> bytes:
    """A file of two triggers, each tried twice."""
    return encode(taught(("cramps", "oxygen"), 2))


def opened(folder: Path, profile: str = "person") -> OwnVoice:
    return OwnVoice(folder, profile, lambda: 1000.0)  # type: ignore[arg-type]  # a name from the test


def test_triggers_are_there_after_a_restart_and_match_alike(tmp_path: Path) -> None:
    voice = opened(tmp_path)
    voice.taught("topic:cramps", (heard("cramps", 1), heard("cramps", 2)))
    voice.taught("topic:oxygen", (heard("oxygen", 1),))
    before, after = voice.match(heard("cramps", 8)), opened(tmp_path).match(heard("cramps", 8))
    assert before
    assert after
    assert before.item == after.item == "topic:cramps"
    assert before.probability == pytest.approx(after.probability, abs=0.05)


def test_no_sound_is_kept_only_a_few_numbers_a_try(tmp_path: Path) -> None:
    opened(tmp_path).taught("topic:cramps", (heard("cramps", 1),))
    assert voice_file(tmp_path, "person").stat().st_size < 4_000
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]


def test_the_caregivers_triggers_are_another_file(tmp_path: Path) -> None:
    opened(tmp_path, "person").taught("topic:cramps", (heard("cramps", 1),))
    caregiver = opened(tmp_path, "caregiver")
    assert caregiver.match(heard("cramps", 1)) is None
    caregiver.taught("topic:oxygen", (heard("oxygen", 1),))
    caregiver.forget("topic:oxygen")
    assert opened(tmp_path, "person").templates.items == ("topic:cramps",)


def test_a_damaged_file_costs_the_last_change_only_and_is_said(tmp_path: Path) -> None:
    voice = opened(tmp_path)
    voice.taught("topic:cramps", (heard("cramps", 1),))
    voice.taught("topic:oxygen", (heard("oxygen", 1),))
    voice_file(tmp_path, "person").write_bytes(whole()[: len(whole()) // 2])
    again = opened(tmp_path)
    assert again.templates.items == ("topic:cramps",)
    assert "copy before it" in again.troubles[0]


@settings(max_examples=60)
@given(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=40))
def test_whatever_happened_to_a_file_it_is_read_whole_or_called_damaged(share: float, instead: bytes) -> None:
    at = int(share * len(whole()))
    try:
        found = decode(whole()[:at] + instead + whole()[at + len(instead) :])
    except Damaged:
        return
    assert len(found.tries) == 4


@pytest.mark.parametrize("content", [b"", b"PK", b"\x93NUMPY"])
def test_what_is_no_file_of_triggers_is_called_damaged(content: bytes) -> None:
    with pytest.raises(Damaged):
        decode(content)


def test_the_beginning_of_a_file_alone_is_called_damaged() -> None:
    with pytest.raises(Damaged):
        decode(whole()[:100])


def test_a_file_that_would_run_code_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "evil.npz"
    np.savez(path, format=np.array([print], dtype=object))
    with pytest.raises(Damaged):
        decode(path.read_bytes())


def test_a_place_that_can_not_be_written_is_said_and_the_trigger_still_counts(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    voice = opened(tmp_path / "file")
    with pytest.raises(LearningTrouble):
        voice.taught("topic:cramps", (heard("cramps", 1),))
    assert voice.templates.items == ("topic:cramps",)


def test_confirmed_turns_are_kept_and_undone(tmp_path: Path) -> None:
    voice = opened(tmp_path)
    voice.taught("topic:cramps", (heard("cramps", 1), heard("cramps", 2)))
    assert voice.learn("topic:cramps", heard("cramps", 3), right=True)
    assert not voice.learn("topic:cramps", heard("pass me the salt", 3), right=True)
    assert not voice.learn("topic:oxygen", heard("cramps", 3), right=False)
    assert len(opened(tmp_path).templates.tries) == 3
    voice.undo()
    assert len(opened(tmp_path).templates.tries) == 2


def test_a_forgotten_trigger_is_in_no_file(tmp_path: Path) -> None:
    voice = opened(tmp_path)
    voice.taught("topic:cramps", (heard("cramps", 1),))
    voice.taught("topic:oxygen", (heard("oxygen", 1),))
    voice.forget("topic:cramps")
    for path in (voice_file(tmp_path, "person"), previous(voice_file(tmp_path, "person"))):
        assert decode(path.read_bytes()).items == ("topic:oxygen",)

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.choices import World
from assistant.events import Learn
from assistant.learning.keeping import LearningTrouble, previous
from assistant.learning.own_words import OwnWords, protection, words_file
from assistant.matching import Bands, Candidate, Ranking, decide

NOW_S = 1_800_000_000.0
UNSURE = Ranking((Candidate("cramps", 0.3),), 0.7)
TOPICS = ("cramps", "hope")


def opened(folder: Path, world: World, profile: str = "person") -> OwnWords:
    return OwnWords(folder, profile, protection(world), lambda: NOW_S)  # type: ignore[arg-type]  # a name from the test


def teach(words: OwnWords, text: str, topic: str, times: int = 3) -> None:
    for _ in range(times):
        words.learn(Learn((text,), topic, right=True))


def answered(words: OwnWords, text: str) -> bool:
    return decide(words.apply(UNSURE, (text,), TOPICS), Bands()).kind == "answer"


def test_what_was_learned_is_there_after_a_restart(tmp_path: Path, world: World) -> None:
    teach(opened(tmp_path, world), "hop hop", "hope")
    assert answered(opened(tmp_path, world), "hop hop")


def test_what_the_caregiver_teaches_never_changes_the_persons_words(tmp_path: Path, world: World) -> None:
    teach(opened(tmp_path, world, "person"), "hop hop", "hope")
    before = words_file(tmp_path, "person").read_bytes()
    caregiver = opened(tmp_path, world, "caregiver")
    teach(caregiver, "hop hop", "cramps")
    caregiver.undo()
    caregiver.forget("cramps")
    assert words_file(tmp_path, "person").read_bytes() == before
    assert answered(opened(tmp_path, world, "person"), "hop hop")


@pytest.mark.parametrize("damage", [b"", b"{", b"\x00\xff" * 40, b'{"format":1}', b'{"format":9,"aliases":{}}'])
def test_a_damaged_file_costs_the_last_change_only_and_is_said(tmp_path: Path, world: World, damage: bytes) -> None:
    words = opened(tmp_path, world)
    teach(words, "hop hop", "hope", 4)
    words_file(tmp_path, "person").write_bytes(damage)
    again = opened(tmp_path, world)
    assert answered(again, "hop hop")
    assert "copy before it" in again.troubles[0]
    teach(again, "creams", "cramps", 1)  # writing must not put the damaged file in the good copy's place
    words_file(tmp_path, "person").write_bytes(damage)
    assert answered(opened(tmp_path, world), "hop hop")


def test_with_both_copies_damaged_it_starts_anew_and_says_so(tmp_path: Path, world: World) -> None:
    teach(opened(tmp_path, world), "hop hop", "hope")
    for path in (words_file(tmp_path, "person"), previous(words_file(tmp_path, "person"))):
        path.write_bytes(b"broken")
    again = opened(tmp_path, world)
    assert again.listed() == ()
    assert len(again.troubles) == 2


def test_a_place_that_can_not_be_written_is_said_and_learning_still_counts(tmp_path: Path, world: World) -> None:
    (tmp_path / "file").write_text("in the way")
    words = opened(tmp_path / "file", world)
    with pytest.raises(LearningTrouble, match="could not be saved"):
        words.learn(Learn(("hop hop",), "hope", right=True))
    assert [learned.text for learned in words.listed()] == ["hop hop"]


def test_undoing_is_kept_and_goes_back_step_by_step(tmp_path: Path, world: World) -> None:
    teach(opened(tmp_path, world), "hop hop", "hope", 1)
    teach(opened(tmp_path, world), "creams", "cramps", 1)
    words = opened(tmp_path, world)
    assert [words.undo(), words.undo(), words.undo()] == ["cramps", "hope", ""]
    assert opened(tmp_path, world).listed() == ()


def test_what_is_forgotten_is_in_no_file(tmp_path: Path, world: World) -> None:
    words = opened(tmp_path, world)
    teach(words, "hop hop", "hope")
    words.forget("hope")
    assert all(b"hop" not in path.read_bytes() for path in tmp_path.iterdir())


def test_a_cry_for_help_is_not_ranked_by_what_was_learned(tmp_path: Path, world: World) -> None:
    words = opened(tmp_path, world)
    teach(words, "hell bee", "hope")
    assert words.apply(UNSURE, ("help me", "hell bee"), TOPICS) is UNSURE

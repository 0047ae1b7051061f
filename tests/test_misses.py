"""The list of what was not understood: wanted or not there, readable, and gone when it is to be forgotten."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from assistant.choices import World
from assistant.events import Miss
from assistant.misses import FILE, MOST_LINES, Misses, MissesTrouble
from assistant.places import Conversation
from tests.talk import Talk, meaning


def list_in(folder: Path) -> Misses:
    return Misses(folder, lambda: "2026-11-24")


def test_what_was_not_understood_can_be_read_by_people_and_programs(tmp_path: Path) -> None:
    misses = list_in(tmp_path / "home")
    misses.add(Miss(("who won", "who one"), "declined"))
    misses.add(Miss(("breeding | machine",), "refused"))
    text = (tmp_path / "home" / FILE).read_text("utf-8")
    assert "2026-11-24 | declined | who won | who one\n" in text
    assert [missed.hypotheses for missed in misses.read()] == [("who won", "who one"), ("breeding machine",)]


def test_a_family_may_delete_lines_and_write_what_it_likes(tmp_path: Path) -> None:
    misses = list_in(tmp_path)
    (tmp_path / FILE).write_bytes(b"nonsense\n\n2026-11-01 | declined | water\n\xff\n")
    misses.add(Miss(("tea",), "declined"))
    assert [missed.hypotheses for missed in misses.read()] == [("water",), ("tea",)]


def test_the_list_does_not_grow_for_ever(tmp_path: Path) -> None:
    misses = list_in(tmp_path)
    lines = [f"2026-01-01 | declined | question {number}" for number in range(MOST_LINES)]
    (tmp_path / FILE).write_text("\n".join(lines), "utf-8")
    misses.add(Miss(("latest",), "declined"))
    kept = misses.read()
    assert len(kept) == MOST_LINES
    assert (kept[0].hypotheses, kept[-1].hypotheses) == (("question 1",), ("latest",))


def test_forgetting_leaves_nothing(tmp_path: Path) -> None:
    misses = list_in(tmp_path)
    misses.add(Miss(("tea",), "declined"))
    assert misses.forget()
    assert not misses.forget()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(MissesTrouble, match="Nothing else is affected"):
        list_in(tmp_path / "file").add(Miss(("tea",), "declined"))


@pytest.mark.parametrize("wanted", [True, False])
def test_only_who_wants_a_list_gets_one(world: World, *, wanted: bool) -> None:
    talk = Talk(world, msgspec.structs.replace(Conversation(), keeps_misses=wanted)).start()
    talk.ask("who won the football").finish()
    talk.ask("breeding machine", meaning("breathing-mask", "oxygen", probability=0.7)).finish().ask("no").finish()
    talk.ask("none")
    missed = [(effect.why, effect.hypotheses[0]) for effect in talk.past if isinstance(effect, Miss)]
    expected = [("declined", "who won the football"), ("refused", "breeding machine"), ("refused", "breeding machine")]
    assert missed == (expected if wanted else [])

"""The list of what was not understood: wanted or not there, readable, and never longer than it may be."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from assistant.choices import World
from assistant.events import Miss
from assistant.misses import FILE, HEADER, MOST_LINES, Misses, MissesTrouble
from assistant.places import Conversation
from tests.talk import Talk, meaning


def list_in(folder: Path) -> Misses:
    return Misses(folder, lambda: "2026-11-24")


def test_what_was_not_understood_can_be_read_by_people_and_programs(tmp_path: Path) -> None:
    misses = list_in(tmp_path / "home")
    misses.add(Miss(("who won", "who one"), "declined"))
    misses.add(Miss(("breeding | machine",), "refused"))
    text = (tmp_path / "home" / FILE).read_text("utf-8")
    lines = ["2026-11-24 | declined | who won | who one", "2026-11-24 | refused | breeding machine"]
    assert text.splitlines() == [HEADER, *lines]


def test_a_family_may_delete_lines_and_write_what_it_likes(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"nonsense\n\n2026-11-01 | declined | water\n\xff\n")
    list_in(tmp_path).add(Miss(("tea",), "declined"))
    kept = ["nonsense", "2026-11-01 | declined | water", "\N{REPLACEMENT CHARACTER}", "2026-11-24 | declined | tea"]
    assert (tmp_path / FILE).read_text("utf-8").splitlines() == [HEADER, *kept]


def test_the_list_does_not_grow_for_ever(tmp_path: Path) -> None:
    lines = [f"2026-01-01 | declined | question {number}" for number in range(MOST_LINES)]
    (tmp_path / FILE).write_text("\n".join(lines), "utf-8")
    list_in(tmp_path).add(Miss(("latest",), "declined"))
    kept = (tmp_path / FILE).read_text("utf-8").splitlines()
    assert kept == [HEADER, *lines[1:], "2026-11-24 | declined | latest"]


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

"""A family's files: a save is whole or not there, the last ones are kept, damage is noticed and said."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assistant.choices import World
from assistant.family import Copies, Family, FamilyTrouble, Own, Person
from assistant.family.copies import KEPT
from assistant.family.files import FamilyUnreadable, family_of, files_of
from assistant.profile import Settings, home
from assistant.startup import load_world

MORNING = datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001 - a wall clock
NURSE = Own(1, "Our nurse", ("When does Maria come?",), "Maria comes at ten.")


def save(world: World, family: Family, minutes: int = 0) -> None:
    now = MORNING + timedelta(minutes=minutes)
    Copies(home()).save(files_of(family, world.content.prompts, now.date()), now)


def latest() -> Path:
    return max(path for path in (home() / "family").iterdir() if path.is_dir())


def test_what_is_saved_is_read_again(world: World) -> None:
    family = Family((NURSE,), (Person(2, "Anna", "your daughter", "555 0123"),), region="uk", next=3)
    save(world, family)
    (copy,), troubles = Copies(home()).read()
    assert (copy.family, copy.saved, troubles) == (family, MORNING, [])


def test_ten_copies_are_kept_beside_the_one_in_use(world: World) -> None:
    for number in range(1, KEPT + 6):
        save(world, Family((NURSE,), next=number + 1), number)
    copies, _ = Copies(home()).read()
    assert len(copies) == KEPT + 1 == 11
    assert [copy.family.next for copy in copies] == list(range(KEPT + 6, 5, -1))
    assert len(list((home() / "family").iterdir())) == KEPT + 1


@pytest.mark.parametrize("name", ["topics/own-1.md", "people.txt", "family.txt", "sums.txt", "groups.txt"])
@pytest.mark.parametrize("harm", ["cut", "empty", "gone", "noise"])
def test_a_damaged_save_is_not_used_and_the_one_before_it_is_said_and_used(world: World, name: str, harm: str) -> None:
    save(world, Family((NURSE,), next=2))
    save(world, Family((NURSE, Own(2, "Our cat", ("Where is the cat?",), "On the bed.")), next=3), 5)
    path = latest() / name
    content = path.read_bytes() or b"x"
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes({"cut": content[: len(content) // 2], "empty": b"", "noise": os.urandom(60)}[harm])
    if path.exists() and name == "people.txt" and harm in ("cut", "empty"):
        path.write_bytes(b"number")  # it was empty before
    copies, (trouble,) = Copies(home()).read()
    assert copies[0].family.topics == (NURSE,)
    assert "The copy of 24 November 2026, 09:00 is used." in trouble
    loaded, problems = load_world(Settings())
    assert [topic.id for topic in loaded.in_group("family")] == ["own-1"]
    assert [problem.sentence for problem in problems] == [trouble]


def test_a_file_that_was_put_in_is_not_read(world: World) -> None:
    save(world, Family((NURSE,), next=2))
    save(world, Family((NURSE,), next=3), 5)
    (latest() / "topics" / "own-7.md").write_text("---\nid: own-7\n")
    assert Copies(home()).read()[0][0].family.next == 2


def test_with_no_good_copy_askaloud_starts_and_says_so(world: World) -> None:
    save(world, Family((NURSE,), next=2))
    (latest() / "sums.txt").unlink()
    loaded, (problem,) = load_world(Settings())
    assert "There is no other copy." in problem.sentence
    assert len(loaded.topics) == len(world.topics)


def test_a_crash_in_the_middle_of_a_save_leaves_the_one_before(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    save(world, Family((NURSE,), next=2))
    files = files_of(Family(), world.content.prompts, MORNING.date())
    for stop in range(1, len(files) + 2):
        left = iter(range(1, stop))

        def write(path: Path, content: bytes, left: object = left) -> None:
            if next(left, None) is None:  # type: ignore[call-overload]  # an iterator
                raise KeyboardInterrupt  # as if the process had been killed here
            path.write_bytes(content)

        monkeypatch.setattr("assistant.family.copies.write_atomic", write)
        with pytest.raises(KeyboardInterrupt):
            Copies(home()).save(files, MORNING)
        assert Copies(home()).read()[0][0].family.topics == (NURSE,)
        assert "not finished" in Copies(home()).read()[1][0]


def test_a_full_disk_is_a_sentence_and_leaves_nothing_behind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    save(world, Family((NURSE,), next=2))

    def full(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("assistant.family.copies.write_atomic", full)
    with pytest.raises(FamilyTrouble, match="No space left on device"):
        Copies(home()).save({"family.txt": b"x"}, MORNING)
    assert Copies(home()).read()[1] == []


def test_the_folder_can_be_moved_to_another_computer(world: World, tmp_path: Path) -> None:
    save(world, Family((NURSE,), next=2))
    shutil.copytree(home() / "family", tmp_path / "family")
    assert Copies(tmp_path).read()[0][0].family.topics == (NURSE,)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("family.txt", "next: many"),
        ("people.txt", "name: Anna"),
        ("ways.txt", "no colon"),
        ("topics/own-1.md", "hello"),
    ],
)
def test_files_that_hold_something_else_are_refused_with_a_sentence(world: World, name: str, text: str) -> None:
    files = files_of(Family((NURSE,)), world.content.prompts, MORNING.date())
    with pytest.raises(FamilyUnreadable, match=name.partition("/")[0]):
        family_of({**files, name: text.encode()})
    with pytest.raises(FamilyUnreadable, match="missing"):
        family_of({})

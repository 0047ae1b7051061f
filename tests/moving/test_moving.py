"""From one computer to another, with everything that can go wrong on the way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from assistant.choices import World
from assistant.family import Copies, Family, Person
from assistant.family.files import files_of
from assistant.learning.aliases import Aliases
from assistant.learning.own_voice import encode
from assistant.learning.own_words import _File
from assistant.learning.templates import Templates
from assistant.moving.arriving import MoveTrouble, arrive, finish_arrival
from assistant.moving.gathering import gathered
from assistant.moving.names import KEPT, READY, UNFINISHED
from assistant.moving.packing import Profile, packed, unpacked
from assistant.profile import read_settings, write_setting

DAY = "2026-11-24"
SAVED = "family/00001_2026-11-24_10-00-00"
WORDS = msgspec.json.encode(_File(1, Aliases()))
VOICE = encode(Templates())
ROOT = Path(__file__).parents[2]


def write(home: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(content)


def found(home: Path) -> dict[str, bytes]:
    """All files but locks, which are empty and stay."""
    paths = [path for path in sorted(home.rglob("*")) if path.is_file() and path.suffix != ".lock"]
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in paths}


OLD = {
    "settings.toml": b"# for mum\nrate-wpm = 120\n\n[own-words]\nstop = 'nee'\n",
    "settings.previous.toml": b"rate-wpm = 110\n",
    "learned-person.json": WORDS,
    "own-voice-person.npz": VOICE,
    "misses.txt": b"# lines\n2026-11-24 | unsure | ba ba\n",
    "counts.jsonl": b'{"day":"2026-11-24","presses":3}\n',
    "journal.jsonl": b"{}\n",
    "topics/our-nurse.md": b"Joan.\n",
    f"{SAVED}/family.txt": b"next: 1\n",
    f"{SAVED}/topics/own-1.md": b"Our dog.\n",
    f"{SAVED}/sums.txt": b"00  family.txt\n",
    "cache/words.bin": b"large",
    "models/vosk-model/am/final.mdl": b"larger",
}
LOCAL = ("cache/", "models/")
NEW = {"settings.toml": b"rate-wpm = 150\n", "topics/our-doctor.md": b"Ann.\n"}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    write(tmp_path / "old", OLD)
    return tmp_path / "old"


def moved(old: Path, new: Path, *, journal: bool = False) -> Path | None:
    """A whole move; what was there is kept in the folder that is returned."""
    profile, troubles = gathered(old, read_settings(old)[0].packs, journal=journal)
    assert troubles == []
    (old.parent / "mine.zip").write_bytes(packed(profile))
    return arrive(new, unpacked(old.parent / "mine.zip"), DAY)


def test_everything_that_is_the_persons_arrives_and_nothing_else(old: Path, tmp_path: Path) -> None:
    assert moved(old, tmp_path / "new") is None
    left = {"settings.previous.toml", "journal.jsonl"}
    wanted = {name: content for name, content in OLD.items() if name not in left and not name.startswith(LOCAL)}
    assert found(tmp_path / "new") == wanted


def test_the_journal_goes_along_only_if_asked(old: Path, tmp_path: Path) -> None:
    moved(old, tmp_path / "with", journal=True)
    assert (tmp_path / "with" / "journal.jsonl").read_bytes() == OLD["journal.jsonl"]
    assert "journal.jsonl" not in gathered(old, (), journal=False)[0].files


def test_what_the_family_added_on_its_page_is_read_on_the_new_computer(world: World, tmp_path: Path) -> None:
    family = Family(people=(Person(1, "Maria", "our nurse", "555 0100"),), next=2)
    now = datetime(2026, 11, 24, 10, 0, 0)  # noqa: DTZ001 - the computer's own clock is meant
    Copies(tmp_path / "old").save(files_of(family, world.content.prompts, now.date()), now)
    moved(tmp_path / "old", tmp_path / "new")
    found, troubles = Copies(tmp_path / "new").read()
    assert ([copy.family for copy in found], troubles) == ([family], [])


def test_topics_from_any_folder_arrive_and_the_settings_name_where_they_are_now(old: Path, tmp_path: Path) -> None:
    clinic = tmp_path / "clinic of ours"
    write(clinic, {"groups.txt": b"id: ours\n", "topics/parking.md": b"Behind the house.\n", "notes.docx": b"no"})
    write_setting(old, {"packs": [f"{clinic}/", str(old / "topics")]})
    moved(old, tmp_path / "new")
    new = tmp_path / "new"
    assert (new / "packs" / "1" / "topics" / "parking.md").read_bytes() == b"Behind the house.\n"
    assert not list(new.rglob("*.docx"))
    read, troubles = read_settings(new)
    assert (read.packs, troubles) == ((str(new / "packs" / "1"), str(new / "topics")), [])
    assert (read.rate_wpm, read.own_words) == (120, {"stop": "nee"})
    assert "# for mum" in (new / "settings.toml").read_text()
    moved(new, tmp_path / "third")
    assert read_settings(tmp_path / "third")[0].packs[0] == str(tmp_path / "third" / "packs" / "1")


def test_what_was_there_is_kept_whole_and_none_of_it_is_left_in_use(tmp_path: Path) -> None:
    new = tmp_path / "new"
    write(new, OLD)
    copy = arrive(new, Profile(NEW), DAY)
    assert copy == new / f"{KEPT}{DAY}"
    mine = {name: content for name, content in OLD.items() if not name.startswith(LOCAL)}
    assert found(copy) == mine
    shutil.rmtree(copy)
    assert found(new) == NEW | {name: content for name, content in OLD.items() if name.startswith(LOCAL)}
    again = arrive(new, Profile(NEW), DAY)
    another = arrive(new, Profile(NEW), DAY)
    assert again == copy
    assert another == new / f"{KEPT}{DAY}-2"


def test_what_is_damaged_stays_behind_and_is_said(old: Path) -> None:
    write(
        old,
        {
            "settings.toml": b"rate-wpm = 'fast'\n",
            "learned-person.json": b"{",
            "topics/strange.md": b"\xff\xff",
            "topics/a:b.md": b"",
        },
    )
    profile, troubles = gathered(old, ("/nowhere/at/all",), journal=False)
    assert profile.files["settings.toml"] == OLD["settings.previous.toml"]
    assert not {"learned-person.json", "topics/strange.md", "topics/a:b.md"} & set(profile.files)
    assert profile.packs == ()
    assert len(troubles) == 5
    for word in ("/nowhere", "learned", "settings", "a:b", "strange"):
        assert sum(word in trouble for trouble in troubles) == 1


# ---- faults


class Stop(Exception):
    """As if the process were killed here."""


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Lets the disk refuse, or the process end, at a change of the disk of one's choice."""
    left = [1_000_000]
    kinds: list[BaseException] = []

    def counted(real: object) -> object:
        def step(*args: object, **named: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                raise kinds[0] if kinds else Stop
            return real(*args, **named)  # type: ignore[operator]

        return step

    for name in ("replace", "rename", "mkdir", "unlink", "rmdir"):
        monkeypatch.setattr(Path, name, counted(getattr(Path, name)))
    left.append(0)
    yield left
    kinds.clear()


def steps_of_a_move(home: Path, left: list[int]) -> int:
    left[0] = 1_000_000
    arrive(home, Profile(NEW), DAY)
    return 1_000_000 - left[0]


def person_of(home: Path) -> dict[str, bytes]:
    apart = (KEPT, READY, UNFINISHED, *LOCAL)
    return {name: content for name, content in found(home).items() if not name.startswith(apart)}


BEFORE = {name: OLD[name] for name in ("settings.toml", "learned-person.json", "topics/our-nurse.md")}


def test_killed_anywhere_the_next_start_has_the_old_profile_or_the_new_one_whole(
    tmp_path: Path, fault: list[int]
) -> None:
    write(tmp_path / "count", BEFORE)
    steps = steps_of_a_move(tmp_path / "count", fault)
    assert steps > 20
    seen = set()
    for step in range(1, steps + 1):
        home = tmp_path / f"home-{step}"
        fault[0] = 1_000_000
        write(home, BEFORE)
        fault[0] = step
        with pytest.raises(Stop):
            arrive(home, Profile(NEW), DAY)
        fault[0] = 1_000_000
        assert finish_arrival(home) == []
        now = person_of(home)
        assert now in (BEFORE, NEW), f"step {step}"
        seen.add(now == NEW)
        if now == NEW:
            assert found(home / f"{KEPT}{DAY}") == BEFORE
        arrive(home, Profile(NEW), DAY)
        assert person_of(home) == NEW
        assert not (home / READY).exists()
        assert not (home / UNFINISHED).exists()
    assert seen == {True, False}


def test_a_disk_that_is_full_changes_nothing_and_says_so(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = 0

    def full(path: Path, content: bytes) -> None:
        nonlocal written
        written += len(content)
        if written > 200:
            raise OSError(28, "No space left on device")
        path.write_bytes(content)

    monkeypatch.setattr("assistant.moving.arriving.write_atomic", full)
    with pytest.raises(MoveTrouble, match=r"No space left on device. Nothing was changed"):
        arrive(old, Profile(NEW), DAY)
    assert found(old) == OLD


def test_a_folder_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MoveTrouble, match="Nothing was changed"):
        arrive(tmp_path / "file" / "home", Profile(NEW), DAY)


def test_a_list_that_was_tampered_with_is_said_and_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {f"{READY}/names.json": b"[", "settings.toml": b""})
    assert "not all in place" in finish_arrival(tmp_path)[0]
    assert (tmp_path / "settings.toml").exists()


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights there")
def test_a_folder_of_topics_that_is_a_link_stays_one(tmp_path: Path) -> None:
    write(tmp_path / "shared", {"our-nurse.md": b"Joan.\n"})
    home = tmp_path / "home"
    home.mkdir()
    (home / "topics").symlink_to(tmp_path / "shared")
    arrive(home, Profile({"settings.toml": b""}), DAY)
    assert (home / "topics").is_symlink()
    assert (home / f"{KEPT}{DAY}" / "topics" / "our-nurse.md").read_bytes() == b"Joan.\n"


def test_looking_for_an_arrival_at_every_start_loads_nothing_more() -> None:
    look = "import sys, assistant.moving.names as names; print(*(m for m in sys.modules if m.startswith('assistant')))"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "assistant assistant.moving assistant.moving.names"

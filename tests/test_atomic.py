"""Killed without a word, at any moment, whatever it was writing: nothing that was kept is lost or in pieces."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from assistant.atomic import write_atomic

ROOT = Path(__file__).parents[1]
MEMORY = Path("/dev/shm")  # noqa: S108 - a disk without moving parts makes the test quick; kills are kills
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="victims are copies of one process")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    if not MEMORY.is_dir():
        yield tmp_path
        return
    with TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


def killed(*words: str | Path) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.killing", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    told = json.loads(done.stdout)
    return told["kills"], told["wrong"]


def test_killed_at_each_call_that_touches_the_disk_all_that_was_complete_is_there(place: Path) -> None:
    kills, wrong = killed(place, "calls", "5")
    print(f"{kills} kills")
    assert kills > 100
    assert not wrong


def test_killed_at_random_moments_again_and_again_all_that_was_complete_is_there(place: Path) -> None:
    kills, wrong = killed(place, "moments", "100")
    assert kills == 100
    assert not wrong


def test_a_part_that_a_kill_left_behind_is_taken_over_by_the_next_writing(tmp_path: Path) -> None:
    (tmp_path / "kept.part").write_bytes(b"half a")
    write_atomic(tmp_path / "kept", b"whole")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("kept", b"whole")]


def test_a_folder_that_can_not_be_made_safe_is_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network disks refuse that; the file itself is safe by then."""
    safe = os.fsync

    def refuses_folders(handle: int) -> None:
        if Path(f"/proc/self/fd/{handle}").resolve().is_dir():
            raise OSError(errno.EINVAL, "Invalid argument")
        safe(handle)

    monkeypatch.setattr(os, "fsync", refuses_folders)
    write_atomic(tmp_path / "kept", b"whole")
    assert (tmp_path / "kept").read_bytes() == b"whole"

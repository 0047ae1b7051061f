from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.hearing.kept import MOST_KEPT, fingerprint, kept


def made(calls: list[str], content: bytes = b"model") -> Callable[[Path], None]:
    def make(path: Path) -> None:
        calls.append(path.name)
        path.write_bytes(content)

    return make


def test_it_is_made_once_and_then_kept(tmp_path: Path) -> None:
    calls: list[str] = []
    for _ in range(3):
        with kept(tmp_path, "q-1.bin", made(calls)) as path:
            assert path.read_bytes() == b"model"
    assert calls == ["q-1.bin"]


@pytest.mark.parametrize("damage", ["cut", "changed", "no seal", "empty seal", "binary seal"])
def test_a_damaged_file_is_made_anew_and_never_used(tmp_path: Path, damage: str) -> None:
    calls: list[str] = []
    with kept(tmp_path, "q-1.bin", made(calls)):
        pass
    file, seal = tmp_path / "q-1.bin", tmp_path / "q-1.bin.sha256"
    match damage:
        case "cut":
            file.write_bytes(b"mod")
        case "changed":
            file.write_bytes(b"MODEL")
        case "no seal":
            seal.unlink()
        case "empty seal":
            seal.write_bytes(b"")
        case _:
            seal.write_bytes(b"\xff\xfe\x00")
    with kept(tmp_path, "q-1.bin", made(calls)) as path:
        assert path.read_bytes() == b"model"
    assert len(calls) == 2
    with kept(tmp_path, "q-1.bin", made(calls)) as path:
        assert path == file, "the new one is kept"
    assert len(calls) == 2


def test_where_nothing_can_be_kept_it_is_made_each_time(tmp_path: Path) -> None:
    calls: list[str] = []
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    for folder in (None, blocked / "below"):
        with kept(folder, "q-1.bin", made(calls)) as path:
            assert path.read_bytes() == b"model"
    assert len(calls) == 2


def test_old_ones_of_the_same_kind_do_not_pile_up(tmp_path: Path) -> None:
    for number in range(MOST_KEPT + 4):
        with kept(tmp_path, f"q-{number}.bin", made([])):
            pass
    assert len(list(tmp_path.glob("q-*.bin"))) == MOST_KEPT
    assert (tmp_path / f"q-{MOST_KEPT + 3}.bin").exists()


def test_parts_do_not_run_together() -> None:
    assert fingerprint(["ab", "c"]) != fingerprint(["a", "bc"])
    assert fingerprint(["ab", b"c"]) == fingerprint([b"ab", "c"])

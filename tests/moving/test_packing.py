"""A file with a profile: comes back as it was, and from elsewhere nothing is taken that does not belong."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.moving.packing import FORMAT, LIST, MOST_BYTES, MOST_FILES, BadProfile, Profile, packed, unpacked
from assistant.moving.parts import MOST_VOICE_BYTES

SETTINGS = b"rate-wpm = 140\n"
SAFE = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
TOPICS = st.dictionaries(SAFE.map(lambda name: f"topics/{name}.md"), st.text(max_size=50).map(str.encode), max_size=5)
same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def archive(
    files: dict[str, bytes], *, sums: dict[str, str] | None = None, packs: object = (), **more: object
) -> bytes:
    """An archive as somebody else may have made it."""
    listed = {"format": FORMAT, "packs": packs, **more}
    listed["sums"] = {n: hashlib.sha256(c).hexdigest() for n, c in files.items()} if sums is None else sums
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(LIST, json.dumps(listed))
        for name, content in files.items():
            made.writestr(name, content)
    return into.getvalue()


def refused(folder: Path, content: bytes) -> str:
    path = folder / "mine.zip"
    path.write_bytes(content)
    with pytest.raises(BadProfile) as why:
        unpacked(path)
    said = str(why.value)
    assert said.endswith((".", "mine.zip"))
    return said


@same_folder
@given(TOPICS, st.lists(st.sampled_from(["topics", "packs/1", "packs/12"]), max_size=3, unique=True))
def test_a_profile_comes_back_as_it_was_and_is_the_same_file_each_time(
    tmp_path: Path, topics: dict[str, bytes], packs: list[str]
) -> None:
    profile = Profile({"settings.toml": SETTINGS, **topics}, tuple(packs))
    (tmp_path / "mine.zip").write_bytes(packed(profile))
    assert unpacked(tmp_path / "mine.zip") == profile
    assert packed(profile) == packed(profile)


@pytest.mark.parametrize(
    "name",
    [
        "../settings.toml",
        "/etc/passwd",
        "topics/../../evil.md",
        "C:/evil.md",
        "topics\\evil.md",
        "topics/a/b/c.md",
        "topics/evil.sh",
        "topics/.md/evil",
        "topics/con.md",
        "topics/x\x1b.md",
        "packs/0/a.md",
        "packs/100/a.md",
        "family/00001_2026-11-24_10-00-00/../a.md",
        "models/evil/am/final.mdl",
        "cache/words.bin",
        ".bashrc",
        "settings.previous.toml",
        "arriving/names.json",
    ],
)
def test_what_is_no_part_of_a_profile_is_refused(tmp_path: Path, name: str) -> None:
    said = refused(tmp_path, archive({name: b"x"}))
    assert "no part of a profile" in said or "same file twice" in said or "does not hold" in said


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("settings.toml", b"rate-wpm = 'fast'"),
        ("settings.toml", b"\xff\xfe"),
        ("settings.toml", b"x = " + b"[" * 5000),
        ("learned-person.json", b"{}"),
        ("learned-person.json", b'{"format": 9, "aliases": {}}'),
        ("own-voice-person.npz", b"no archive"),
        ("topics/ours.md", b"\xff\xff"),
    ],
)
def test_a_part_that_the_program_could_not_read_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    assert f"{name} is damaged" in refused(tmp_path, archive({name: content}))


def test_a_voice_that_would_grow_without_bounds_is_refused_before_it_grows(tmp_path: Path) -> None:
    made = io.BytesIO()
    np.savez_compressed(made, rows=np.zeros(MOST_VOICE_BYTES + 1, np.int8))
    assert len(made.getvalue()) < 200_000
    assert "own-voice-person.npz is damaged" in refused(tmp_path, archive({"own-voice-person.npz": made.getvalue()}))


def test_an_archive_that_would_grow_without_bounds_is_refused(tmp_path: Path) -> None:
    assert "far more" in refused(tmp_path, archive({"misses.txt": bytes(MOST_BYTES + 1)}))
    assert "far more" in refused(tmp_path, archive({f"topics/{n}.md": b"" for n in range(MOST_FILES)}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_with_a_file_twice_is_refused(tmp_path: Path) -> None:
    assert "twice" in refused(tmp_path, archive({"topics/a.md": b"", "topics/A.md": b""}))
    raw = io.BytesIO(archive({"settings.toml": SETTINGS}))
    with zipfile.ZipFile(raw, "a") as more:
        more.writestr("settings.toml", b"volume = 0.2")
    assert "twice" in refused(tmp_path, raw.getvalue())


def test_an_archive_whose_list_is_wrong_is_refused(tmp_path: Path) -> None:
    good = {"settings.toml": SETTINGS}
    assert "does not hold" in refused(tmp_path, archive(good, sums={}))
    assert "does not hold" in refused(tmp_path, archive({}, sums={"settings.toml": "0" * 64}))
    assert "is damaged" in refused(tmp_path, archive(good, sums={"settings.toml": "0" * 64}))
    assert "another version" in refused(tmp_path, archive(good, format="askaloud-profile-9"))
    for packs in (["../../home"], ["/etc"], ["topics/.."], ["packs/1/x"], ["topics"] * 200):
        assert "folders" in refused(tmp_path, archive(good, packs=packs))
    assert "list" in refused(tmp_path, archive(good, packs=7))


def test_other_files_are_refused_with_a_sentence(tmp_path: Path) -> None:
    for content in (b"", b"PK", b"hello", b"\0" * 5000, archive({"settings.toml": SETTINGS})[:-30]):
        assert "damaged" in refused(tmp_path, content)
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as made:
        made.writestr("manifest.json", "{}")
    assert "no profile of askaloud" in refused(tmp_path, other.getvalue())
    with pytest.raises(BadProfile, match="can not be opened"):
        unpacked(tmp_path / "nowhere.zip")
    with pytest.raises(BadProfile, match="can not be opened"):
        unpacked(tmp_path)


GOOD = packed(Profile({"settings.toml": SETTINGS, "topics/ours.md": b"Our nurse is Joan. " * 20}, ("topics",)))


@same_folder
@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255), st.booleans())
def test_a_damaged_file_gives_a_sentence_or_what_was_packed(tmp_path: Path, at: int, change: int, cut: bool) -> None:  # noqa: FBT001 - drawn
    content = GOOD[:at] if cut else GOOD[:at] + bytes([GOOD[at] ^ change]) + GOOD[at + 1 :]
    (tmp_path / "mine.zip").write_bytes(content)
    with contextlib.suppress(BadProfile):
        assert unpacked(tmp_path / "mine.zip").files["settings.toml"] == SETTINGS


@same_folder
@given(st.binary(max_size=400))
def test_any_bytes_as_a_list_give_a_sentence(tmp_path: Path, listed: bytes) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        written.writestr(LIST, listed)
    refused(tmp_path, made.getvalue())


def test_a_profile_that_could_not_be_taken_is_not_made() -> None:
    with pytest.raises(BadProfile, match="too large"):
        packed(Profile({"journal.jsonl": bytes(MOST_BYTES)}))

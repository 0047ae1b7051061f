"""The commands for moving, starting with the computer and standing in its menu, as a person types them."""

from __future__ import annotations

import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from assistant.moving.names import KEPT, READY
from assistant.profile import read_settings
from tests.commanding import run, sentence

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the menu is another one here")


def test_a_profile_goes_out_and_comes_in_on_another_computer(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("set", "rate-wpm", "140")
    (own_home / "topics").mkdir()
    (own_home / "topics" / "our-nurse.md").write_text("Joan.")
    said = run("profile", "export", tmp_path / "mine.zip").stdout
    assert "1 files about you and 1 of your own topics, without the journal." in said
    assert "askaloud profile import mine.zip" in said
    monkeypatch.setenv("ASKALOUD_HOME", str(tmp_path / "other"))
    run("set", "rate-wpm", "200")
    said = run("profile", "import", tmp_path / "mine.zip").stdout
    assert f"{KEPT}" in said
    assert "askaloud doctor" in said
    assert read_settings(tmp_path / "other")[0].rate_wpm == 140
    assert (tmp_path / "other" / "topics" / "our-nurse.md").read_text() == "Joan."


def test_the_journal_is_exported_only_when_asked(own_home: Path, tmp_path: Path) -> None:
    (own_home / "journal.jsonl").write_text("{}\n")
    run("set", "rate-wpm", "140")
    for words, there in (((), False), (("--journal",), True)):
        run("profile", "export", tmp_path / "mine.zip", *words)
        with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
            assert ("journal.jsonl" in archive.namelist()) is there


def test_what_can_not_be_moved_is_said(own_home: Path, tmp_path: Path) -> None:
    assert "nothing to take along" in sentence("profile", "export", tmp_path / "mine.zip")
    run("set", "rate-wpm", "140")
    assert "End the name in .zip: mine.zip" in sentence("profile", "export", tmp_path / "mine.txt")
    assert "can not be written" in sentence("profile", "export", tmp_path / "nowhere" / "mine.zip")
    assert "can not be opened" in sentence("profile", "import", tmp_path / "nowhere.zip")
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04")
    before = (own_home / "settings.toml").read_bytes()
    assert "bad.zip is damaged" in sentence("profile", "import", tmp_path / "bad.zip")
    assert (own_home / "settings.toml").read_bytes() == before
    assert not (own_home / READY).exists()


def test_an_import_that_was_cut_off_is_finished_by_the_next_command(own_home: Path) -> None:
    run("set", "rate-wpm", "140")
    (own_home / READY / "files").mkdir(parents=True)
    (own_home / READY / "files" / "settings.toml").write_text("rate-wpm = 90\n")
    (own_home / READY / "names.json").write_text('["settings.toml"]')
    run("topics")
    assert read_settings(own_home)[0].rate_wpm == 90
    assert not (own_home / READY).exists()


def test_forgetting_forgets_the_copies_that_imports_kept(own_home: Path, tmp_path: Path) -> None:
    run("set", "rate-wpm", "140")
    run("profile", "export", tmp_path / "mine.zip")
    run("profile", "import", tmp_path / "mine.zip")
    assert list(own_home.glob(f"{KEPT}*"))
    run("forget", "--yes")
    assert not list(own_home.glob(f"{KEPT}*"))
    assert not (own_home / "settings.toml").exists()


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, folder in {"HOME": "", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data"}.items():
        monkeypatch.setenv(name, str(tmp_path / folder))
    return tmp_path


@linux
@pytest.mark.parametrize(
    ("command", "entry"),
    [("autostart", "config/autostart/askaloud.desktop"), ("launcher", "data/applications/askaloud.desktop")],
)
def test_on_is_on_off_is_off_and_without_a_word_it_tells(user: Path, command: str, entry: str) -> None:
    assert " not " in run(command).stdout
    assert not (user / entry).exists()
    said = run(command, "on").stdout
    assert str(user / entry) in said
    assert f"Exec={sys.executable} -m assistant" in (user / entry).read_text()
    assert run(command).stdout == said
    assert " not " in run(command, "off").stdout
    assert not (user / entry).exists()
    assert run(command, "maybe").exit_code == 2


@linux
def test_a_folder_that_can_not_be_written_is_said(user: Path) -> None:
    (user / "config").write_text("a file")
    assert "can not be written" in sentence("autostart", "on")
    shutil.rmtree(user / "data", ignore_errors=True)


def test_on_other_systems_the_launcher_points_to_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "docs/installing.md" in sentence("launcher", "on")

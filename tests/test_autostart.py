"""Files that make a system start askaloud: read back by the rules of that system, they name the same command."""

from __future__ import annotations

import configparser
import plistlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.autostart import NotStarted, at_start, desktop_entry, in_menu, is_on, itself, switch_off, switch_on

WORDS = st.lists(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1), min_size=1)
AWKWARD = ['/home/jo an/50%/as\\k "aloud"/$HOME`ls`', "-m", "assistant", "ünï;&|"]


def value_of(content: bytes, key: str) -> str:
    """A value in a desktop entry, with the escapes of the format undone."""
    line = next(line for line in content.decode().split("\n") if line.startswith(f"{key}="))
    signs = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
    return re.sub(r"\\(.)", lambda found: signs[found[1]], line.partition("=")[2])


def arguments(text: str) -> list[str]:
    """The words of an `Exec` value, as the specification of desktop entries tells how they are read."""
    found: list[str] = []
    for match in re.finditer(r'"((?:[^"\\]|\\["`$\\])*)"|([^ \t\n"\'\\><~|&;$*?#()`]+)', text):
        quoted, bare = match.groups()
        found.append(re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else bare)
    return [word.replace("%%", "%") for word in found]


@given(WORDS)
def test_any_command_comes_back_from_a_desktop_entry(command: list[str]) -> None:
    content = desktop_entry(command, terminal=False)
    assert arguments(value_of(content, "Exec")) == command
    assert len(content.decode().split("\n")) == 11


@given(WORDS)
def test_any_command_comes_back_from_an_agent_of_macos(command: list[str]) -> None:
    entry = at_start(command, "darwin", {}, Path("/Users/joan"))
    assert entry.path == Path("/Users/joan/Library/LaunchAgents/askaloud.plist")
    assert plistlib.loads(entry.content)["ProgramArguments"] == command


def test_a_command_file_of_windows_names_the_program_in_quotes() -> None:
    entry = at_start(["C:\\Prögrams\\100%\\askaloud.exe"], "win32", {"APPDATA": "roaming"}, Path("joan"))
    lines = entry.content.decode().split("\r\n")
    assert entry.path == Path("roaming/Microsoft/Windows/Start Menu/Programs/Startup/askaloud.cmd")
    assert lines == ["@chcp 65001 >nul", '@start "askaloud" /min "C:\\Prögrams\\100%%\\askaloud.exe"', ""]


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_a_folder_with_a_line_break_in_its_name_is_refused(platform: str) -> None:
    with pytest.raises(NotStarted, match="line break"):
        at_start(["/home/a\nExec=evil/askaloud"], platform, {}, Path("/home/a"))


def test_entries_lie_where_the_system_says_or_where_it_usually_looks() -> None:
    user = Path("/home/joan")
    assert at_start(["a"], "linux", {}, user).path == user / ".config/autostart/askaloud.desktop"
    told = {"XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d"}
    assert at_start(["a"], "linux", told, user).path == Path("/c/autostart/askaloud.desktop")
    assert {entry.path for entry in in_menu(["a"], told, user)} == {
        Path("/d/icons/hicolor/scalable/apps/askaloud.svg"),
        Path("/d/applications/askaloud.desktop"),
    }
    assert in_menu(["a"], {}, user)[1].path == user / ".local/share/applications/askaloud.desktop"


def test_what_is_switched_on_can_be_switched_off_twice(tmp_path: Path) -> None:
    entries = in_menu(AWKWARD, {}, tmp_path)
    assert not is_on(entries)
    switch_on(entries)
    assert is_on(entries)
    assert not is_on(in_menu(["elsewhere"], {}, tmp_path))
    switch_off(entries)
    switch_off(entries)
    assert not is_on(entries)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_launcher_has_a_window_and_an_autostart_none() -> None:
    launcher = in_menu(["a"], {}, Path("/h"))[1].content
    assert value_of(launcher, "Terminal") == "true"
    assert value_of(launcher, "Icon") == "askaloud"
    assert value_of(at_start(["a"], "linux", {}, Path("/h")).content, "Terminal") == "false"
    read = configparser.RawConfigParser(strict=True)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string(launcher.decode())
    assert read["Desktop Entry"]["Type"] == "Application"


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="the checker of freedesktop.org is missing")
def test_the_checker_of_desktop_entries_finds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "askaloud.desktop"
    path.write_bytes(desktop_entry(AWKWARD, terminal=True))
    done = subprocess.run(["desktop-file-validate", str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_what_is_started_is_this_askaloud_from_any_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    assert itself() == [sys.executable, "-m", "assistant"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert itself() == [sys.executable]

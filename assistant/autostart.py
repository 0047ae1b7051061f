"""Starts askaloud with the computer, and puts it into the menu of programs: one small file each, written or deleted.

Linux: desktop entries of freedesktop.org. macOS: an agent of launchd. Windows: a command file in the Startup folder.
"""

from __future__ import annotations

import plistlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from assistant.atomic import write_atomic

RESERVED = set(" \t\n\"'\\><~|&;$*?#()`")
"""What an argument in a desktop entry may hold only between quotes."""
ICON = "askaloud.svg"


class NotStarted(Exception):
    """askaloud can not be started by this system; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that makes the system know askaloud."""

    path: Path
    content: bytes


def itself() -> list[str]:
    """The command that starts this very askaloud, wherever it is called from."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "assistant"]


def at_start(command: Sequence[str], platform: str, environment: Mapping[str, str], user: Path) -> Entry:
    """What starts `command` when the person logs in.

    Args:
        command: a program and its arguments.
        platform: as in `sys.platform`.
        environment: where the system says which folders it uses.
        user: the person's own folder.

    Raises:
        NotStarted: the command can not be written down.
    """
    if platform == "darwin":
        agent = {"Label": "askaloud", "ProgramArguments": list(command), "RunAtLoad": True}
        return Entry(user / "Library" / "LaunchAgents" / "askaloud.plist", plistlib.dumps(agent))
    if platform == "win32":
        programs = Path(environment.get("APPDATA") or user / "AppData" / "Roaming", "Microsoft/Windows/Start Menu")
        return Entry(programs / "Programs" / "Startup" / "askaloud.cmd", _windows(command))
    folder = Path(environment.get("XDG_CONFIG_HOME") or user / ".config")
    # Without a window of its own: it would lie over the page.
    return Entry(folder / "autostart" / "askaloud.desktop", desktop_entry(command, terminal=False))


def in_menu(command: Sequence[str], environment: Mapping[str, str], user: Path) -> list[Entry]:
    """What puts `command` into the menu of a Linux desktop, with its icon. Raises NotStarted."""
    folder = Path(environment.get("XDG_DATA_HOME") or user / ".local" / "share")
    icon = folder / "icons" / "hicolor" / "scalable" / "apps" / ICON
    drawing = resources.files("assistant.showing").joinpath("static", "icon.svg").read_bytes()
    # With a window: questions can be typed there, and closing it ends askaloud.
    launcher = desktop_entry(command, terminal=True)
    return [Entry(icon, drawing), Entry(folder / "applications" / "askaloud.desktop", launcher)]


def desktop_entry(command: Sequence[str], *, terminal: bool) -> bytes:
    """A desktop entry that starts `command`. Raises NotStarted."""
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Name=askaloud",
        "GenericName=Voice assistant for people with ALS",
        "Comment=Ask about ALS aloud and hear a short, honest answer",
        f"Exec={' '.join(_argument(word) for word in command)}",
        f"Icon={ICON.removesuffix('.svg')}",
        f"Terminal={str(terminal).lower()}",
        "Categories=Utility;Accessibility;",
        "StartupNotify=false",
    ]
    return "\n".join([*lines, ""]).encode()


def _argument(word: str) -> str:
    """One argument of `Exec`: quoted where it must be, then escaped as any text in a desktop entry is."""
    _refuse_lines(word)
    if not word or set(word) & RESERVED:
        word = '"' + "".join(f"\\{sign}" if sign in '"`$\\' else sign for sign in word) + '"'
    return word.replace("\\", "\\\\").replace("%", "%%")


def _windows(command: Sequence[str]) -> bytes:
    """A command file. It is read in the code page of the system, so the first line changes that to Unicode."""
    for word in command:
        _refuse_lines(word)
    words = " ".join(f'"{word.replace("%", "%%")}"' for word in command)
    return f'@chcp 65001 >nul\r\n@start "askaloud" /min {words}\r\n'.encode()


def _refuse_lines(word: str) -> None:
    if any(ord(sign) < 32 for sign in word):
        raise NotStarted("The name of askaloud's folder has a line break in it. Give the folder another name.")


def switch_on(entries: Sequence[Entry]) -> None:
    """Write them. Raises OSError."""
    for entry in entries:
        entry.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(entry.path, entry.content)


def switch_off(entries: Sequence[Entry]) -> None:
    """Delete them. Raises OSError."""
    for entry in entries:
        entry.path.unlink(missing_ok=True)


def is_on(entries: Sequence[Entry]) -> bool:
    """Whether all are as they would be written now."""
    return all(entry.path.is_file() and entry.path.read_bytes() == entry.content for entry in entries)

"""Runs first in a bundle: the search for PortAudio finds the one inside, on systems where it looks elsewhere only."""

import ctypes.util
import sys
from pathlib import Path

_find = ctypes.util.find_library


def _find_here_first(name: str) -> str | None:
    inside = sorted(Path(sys._MEIPASS).glob(f"lib{name}.so*")) if name == "portaudio" else []  # type: ignore[attr-defined]  # noqa: SLF001 - PyInstaller's name
    return str(inside[0]) if inside else _find(name)


ctypes.util.find_library = _find_here_first

"""The plainest screen and keyboard: lines in a terminal, for people without a browser or without sight."""

from __future__ import annotations

import contextlib
import io
import sys
import threading
from collections.abc import Callable, Iterable
from typing import TextIO

from assistant.events import Leave, Pressed, Show
from assistant.scan import Light

LEAVING = frozenset({"quit", "exit", "bye", "leave"})


class TerminalScreen:
    """Prints what is said and shown, once each."""

    def __init__(self, out: TextIO) -> None:
        forgive(out)
        self._out, self._last = out, ("", "")

    def show(self, view: Show) -> None:
        """Print what changed."""
        if view.heard and view.heard != self._last[0]:
            self._print(f"  You: {view.heard}")
        if view.text and view.text != self._last[1]:
            self._print(f"  {view.text}")
        self._last = (view.heard, view.text)

    def light(self, light: Light | None) -> None:
        """Print the item that is lit: a press is Enter."""
        if light is not None and light.phase == "scan" and 0 <= light.index < len(light.items):
            self._print(f"  > {light.items[light.index].label}")

    def _print(self, line: str) -> None:
        with contextlib.suppress(OSError):  # the terminal was closed; speech goes on
            print(line, file=self._out, flush=True)


class Keyboard:
    """Reads lines: a question, a command, `quit`; an empty line is a press of the switch."""

    def __init__(
        self, lines: Iterable[str], typed: Callable[[str], None], put: Callable[[Pressed | Leave], None]
    ) -> None:
        self._lines, self._typed, self._put = lines, typed, put

    def start(self) -> None:
        """Read until the lines end. A program started without a keyboard goes on by voice."""
        threading.Thread(target=self._read, name="keyboard", daemon=True).start()

    def _read(self) -> None:
        for line in self._lines:
            text = line.strip()
            if text.lower() in LEAVING:
                self._put(Leave())
            elif text:
                self._typed(text)
            else:
                self._put(Pressed())


def standard_lines() -> Iterable[str]:
    """The lines typed into this program; none when it has no keyboard."""
    try:
        yield from sys.stdin or ()
    except (OSError, ValueError, UnicodeDecodeError):
        return


def forgive(stream: TextIO | None) -> None:
    """Let what is no letter become a question mark, not an error. To be called before anything is read."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")

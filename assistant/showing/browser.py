"""Opens the page in the person's own browser."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser


def open_browser(address: str, *, wait_s: float = 0.0) -> None:
    """Open `address`, and wait at most `wait_s` until the browser has it: a program that ends at once takes it along.

    Without a screen nothing is opened: a browser would take the terminal.
    """
    if has_screen():
        opening = threading.Thread(target=webbrowser.open, args=(address,), name="browser", daemon=True)
        opening.start()
        opening.join(wait_s)


def has_screen() -> bool:
    """Whether this computer has a screen that a browser can use."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

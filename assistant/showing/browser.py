"""Opens the page in the person's own browser."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser


def open_browser(address: str) -> None:
    """Open `address` without waiting. Without a screen nothing is: a browser would take the terminal."""
    if has_screen():
        threading.Thread(target=webbrowser.open, args=(address,), name="browser", daemon=True).start()


def has_screen() -> bool:
    """Whether this computer has a screen that a browser can use."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

"""Prints an HTML page to PDF with a browser that is on the computer: Edge, Chrome or Chromium.

Chosen over a PDF library because Windows brings Edge, most others have Chrome, and so nothing has to be installed. The
tags, outline and fonts come from it too. Letters at the edge and page numbers need version 131 (2024) or later.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from assistant.atomic import write_atomic

COMMANDS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge",
    "microsoft-edge-stable", "chrome", "msedge", "brave-browser",
)  # fmt: skip
ON_WINDOWS = (r"Microsoft\Edge\Application\msedge.exe", r"Google\Chrome\Application\chrome.exe")
PROGRAM_FOLDERS = ("ProgramFiles(x86)", "ProgramFiles", "LocalAppData")
ON_MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
OPTIONS = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer", "--export-tagged-pdf", "--generate-pdf-document-outline",
)  # fmt: skip
"""Nothing is asked of the network, and the PDF gets tags and an outline (from the headings)."""
PATIENCE_S = 180


class NotPrinted(Exception):
    """There is no PDF. The text is a sentence for a person."""


def find_browser() -> Path | None:
    """A browser that can print to PDF, or None."""
    for command in COMMANDS:
        found = shutil.which(command)
        if found:
            return Path(found)
    folders = [os.environ[name] for name in PROGRAM_FOLDERS if name in os.environ]
    places = [Path(folder) / program for folder in folders for program in ON_WINDOWS]
    places += [Path(place) for place in ON_MACOS]
    return next((place for place in places if place.is_file()), None)


def print_pdf(html: str, out: Path, day: date, browser: Path) -> int:
    """Print `html` to the PDF `out`, dated `day`, and give its number of pages. Raises NotPrinted, OSError.

    The old `out` stays until the new one is whole.
    """
    # Beside the result: browsers from a sandboxed package can write in the home folder only.
    with tempfile.TemporaryDirectory(prefix="askaloud-book-", dir=out.parent, ignore_cleanup_errors=True) as room:
        page, printed = Path(room, "book.html").resolve(), Path(room, "book.pdf").resolve()
        page.write_text(html, encoding="utf-8", newline="\n")
        _run(browser, page, printed, Path(room, "profile").resolve())
        pdf = printed.read_bytes() if printed.is_file() else b""
    if not pdf.startswith(b"%PDF") or b"%%EOF" not in pdf[-32:]:
        raise NotPrinted(
            f"{browser.name} did not print the book. Write it as a web page instead: end the name in .html."
        )
    write_atomic(out, _dated(pdf, day))
    return len(re.findall(rb"/Type /Page\b", pdf))


def _run(browser: Path, page: Path, printed: Path, profile: Path) -> None:
    # Its own sandbox refuses to run for root, who prints in containers. The page holds no script and fetches nothing.
    as_root = ["--no-sandbox"] if sys.platform != "win32" and os.geteuid() == 0 else []
    command = [
        str(browser),
        *OPTIONS,
        *as_root,
        f"--user-data-dir={profile}",
        f"--print-to-pdf={printed}",
        page.as_uri(),
    ]
    try:
        subprocess.run(command, capture_output=True, timeout=PATIENCE_S, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise NotPrinted(f"{browser.name} did not finish the book in {PATIENCE_S} seconds. Try again.") from None
    except OSError as error:
        raise NotPrinted(f"{browser} could not be started: {error.strerror}.") from None


def _dated(pdf: bytes, day: date) -> bytes:
    """`pdf` with its two dates set to `day`, so that the same book is the same file. Every length stays."""
    stamp = f"D:{day:%Y%m%d}000000+00'00'".encode()
    return re.sub(rb"(/(?:CreationDate|ModDate) \()D:\d{14}\+\d\d'\d\d'(?=\))", lambda found: found[1] + stamp, pdf)

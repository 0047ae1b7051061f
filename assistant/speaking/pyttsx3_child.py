"""The process in which pyttsx3 runs: one order on standard input, one sound file, and out.

pyttsx3 loses or cuts utterances that follow one another in one process, may never return, and prints. So
each text gets a fresh process, which `pyttsx3_voice` watches, ends if it must, and whose file it checks.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

ARGUMENT = "--make-speech"
"""In a bundled program there is no `python -m`: the program starts itself with this one argument."""
SETTLE_S = 2.0
"""runAndWait may come back before the file is written."""
LOOK_AGAIN_S = 0.01
HEADER_BYTES = 44


def main() -> None:
    """Wait for one order, a line of JSON, and carry it out. Ends the process."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # pyttsx3 and its engines print
    engine = _engine()
    line = sys.stdin.readline()
    if line:  # otherwise the parent is gone
        order: dict[str, Any] = json.loads(line)
        _make(engine, order)
    sys.stderr.flush()
    os._exit(0)  # threads of the engine may keep a process alive for ever


def _engine() -> Any:  # noqa: ANN401 - pyttsx3 has no types
    with contextlib.suppress(ImportError, OSError):
        _offer_library()
    import pyttsx3  # noqa: PLC0415 - only after the library it needs

    return pyttsx3.init()


def _offer_library() -> None:
    """Let pyttsx3 find the espeak-ng that came with the assistant where the system has none of its own."""
    if sys.platform in ("win32", "darwin"):
        return
    import espeakng_loader  # noqa: PLC0415 - of use on this system only

    ctypes.CDLL(espeakng_loader.get_library_path())
    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()


def _make(engine: Any, order: dict[str, Any]) -> None:  # noqa: ANN401 - pyttsx3 has no types
    known = [str(voice.id) for voice in engine.getProperty("voices")]
    if order["text"] is None:
        Path(order["out"]).write_text(json.dumps(known), encoding="utf-8")
        return
    if order["voice"]:
        if order["voice"] not in known:  # pyttsx3 would go on with another and say nothing
            sys.exit(f"there is no voice '{order['voice']}'; there are {', '.join(known[:20])}")
        engine.setProperty("voice", order["voice"])
    engine.setProperty("rate", order["rate_wpm"])
    engine.save_to_file(order["text"], order["out"])
    engine.runAndWait()
    _wait_until_written(Path(order["out"]))
    _check_rate(order["rate_wpm"])


def _check_rate(rate_wpm: int) -> None:
    """End the process where the engine spoke at another rate: on a busy computer espeak-ng may lose an order."""
    espeak = sys.modules.get("pyttsx3.drivers._espeak")  # other engines keep theirs
    if espeak and (spoken_wpm := espeak.dll.espeak_GetParameter(espeak.RATE, 1)) != rate_wpm:
        sys.exit(f"it spoke {spoken_wpm} words a minute instead of {rate_wpm}")


def _wait_until_written(path: Path) -> None:
    deadline_s = time.monotonic() + SETTLE_S
    size = -1
    while time.monotonic() < deadline_s:
        now = path.stat().st_size if path.exists() else -1
        if now > HEADER_BYTES and now == size:
            return
        size = now
        time.sleep(LOOK_AGAIN_S)


if __name__ == "__main__":
    main()

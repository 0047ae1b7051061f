"""`python -m assistant` is the command `askaloud`; this is also where a bundle starts."""

import multiprocessing
import os
import sys

from assistant.bundled import child_in, give_back_libraries


def start() -> None:
    """Be askaloud, or one of its children."""
    # Vosk's progress bar makes a lock; on macOS its keeper is a process, and a bundle can only start itself for it.
    multiprocessing.freeze_support()
    if getattr(sys, "frozen", False):
        give_back_libraries(os.environ)
    child = child_in(sys.argv[1:])
    if child is not None:
        child()
        return
    from assistant.cli import main  # noqa: PLC0415 - a child must not load the whole program

    main(prog_name="askaloud")


if __name__ == "__main__":
    start()

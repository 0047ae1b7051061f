"""What differs in a bundle, which holds its own Python: nothing to start but itself, and libraries of its own.

Where a checkout starts `python -m` a module, a bundle starts itself with one word that says which child it is.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence

LIBRARIES = "LD_LIBRARY_PATH"


def child_in(arguments: Sequence[str]) -> Callable[[], None] | None:
    """What to do instead of being askaloud, if `arguments`, without the program's name, are a child's."""
    from assistant.hearing import pronouncing  # noqa: PLC0415 - a child must not load the whole program
    from assistant.speaking import pyttsx3_child  # noqa: PLC0415 - as above

    match list(arguments):
        case [pyttsx3_child.ARGUMENT]:
            return pyttsx3_child.main
        case [pronouncing.ARGUMENT, *words]:
            return lambda: pronouncing.main(words)
        case _:
            return None


def give_back_libraries(environment: MutableMapping[str, str]) -> None:
    """Let the programs we start, a browser for one, load the system's libraries and not those of the bundle.

    The start of a bundle puts its folder before the system's, and keeps what was there under another name.
    """
    before = environment.pop(f"{LIBRARIES}_ORIG", "")
    if before:
        environment[LIBRARIES] = before
    else:
        environment.pop(LIBRARIES, None)

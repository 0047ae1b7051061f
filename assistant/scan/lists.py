"""How a list is cut into pages for scanning.

Every page holds at most `size` items. What is always wanted (back, the last answer, the call for a caregiver) stands in
the same places at the end of every page, and a page that is not the last begins with the turner: one press there leaves
out the rest of the page, none lets the scan go through all of it. So two presses reach everything, and a third makes
the far things near.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.events import Item

FURTHER, UNDO = "scan:further", "scan:undo"
TALK = "command:talk"
"""After it the person speaks: nothing may move, and the next press may mean "I have finished"."""
BACK, LAST, CALL = "command:back", "command:last", "command:call"
STANDING = (LAST, BACK, CALL)
"""Items that end every page, in this order."""
SMALLEST_PAGE = 5
"""The turner, one thing to choose, and what stands on every page."""

Page = tuple[Item, ...]


def places_for_habits(size: int) -> int:
    """How many things fit on a first page of their own, before the groups begin."""
    return max(1, size - 3)


def pages_of(items: Sequence[Item], size: int, further: str = "") -> tuple[Page, ...]:
    """`items` in pages of at most `size`, which is at least `SMALLEST_PAGE`; never empty.

    Args:
        items: everything that can be chosen, in the order it is offered.
        size: most items on a page.
        further: label of the page turner.
    """
    return _pages(tuple(items), max(size, SMALLEST_PAGE), further)


@lru_cache(maxsize=64)
def _pages(items: Page, size: int, further: str) -> tuple[Page, ...]:
    standing = tuple(item for name in STANDING for item in items if item.id == name)
    wares = [item for item in items if item.id not in STANDING]
    room = size - len(standing)
    pages: list[Page] = []
    while len(wares) > room:
        pages.append((Item(FURTHER, further), *wares[: room - 1], *standing))
        wares = wares[room - 1 :]
    return (*pages, (*wares, *standing))

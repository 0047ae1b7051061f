"""What scanning the real lists costs, in T: the time one item stays lit. No errors; people press a while into T."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.choices import World, items
from assistant.events import Item
from assistant.places import Menu, Ready
from assistant.scan.lists import pages_of
from assistant.scan.state import ScanSettings

PRESS_T = 0.65
"""Where in its time an item is pressed: with a step of mean press time / 0.65 (Simpson, Koester and LoPresti 2007)."""


def list_costs_t(
    listed: Sequence[Item], size: int, *, turns: bool = True, press_t: float = PRESS_T
) -> dict[str, float]:
    """Time until each item of a list is pressed, by id.

    Args:
        listed: the list as it is shown.
        size: most items on a page.
        turns: pages are turned by pressing where that is quicker; else the scan is waited for.
        press_t: time from an item's light to the press.
    """
    costs: dict[str, float] = {}
    waited_t = turned_t = 0.0
    for page in pages_of(listed, size):
        here_t = min(waited_t, turned_t) if turns else waited_t
        for index, item in enumerate(page):
            costs.setdefault(item.id, here_t + index + press_t)
        turned_t = here_t + press_t
        waited_t += len(page)
    return costs


def topic_costs_t(
    world: World, size: int, *, turns: bool = True, undo_t: float = 0.0, press_t: float = PRESS_T
) -> dict[str, float]:
    """Time from the first light to the press on each topic, by id; `undo_t` passes between two lists."""
    home = list_costs_t(items(world, Ready()), size, turns=turns, press_t=press_t)
    costs: dict[str, float] = {}
    for group in world.groups:
        inside = list_costs_t(items(world, Menu(group)), size, turns=turns, press_t=press_t)
        way_t = home[f"group:{group}"] + undo_t
        costs |= {topic.id: way_t + inside[f"topic:{topic.id}"] for topic in world.in_group(group)}
    return costs | {topic: home[f"topic:{topic}"] for topic in world.asked_most}


def answer_s(world: World, settings: ScanSettings, press_s: float) -> float:
    """Seconds from the start to an answer, over all topics alike, when presses come `press_s` after their light."""
    step_s = settings.step_s
    costs = topic_costs_t(world, settings.size, undo_t=settings.undo_s / step_s, press_t=press_s / step_s)
    return settings.first_extra_s + step_s * sum(costs.values()) / max(1, len(costs))

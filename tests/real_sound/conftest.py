"""Sound in real time can be judged only on a computer that has time."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

MOST_LOAD = 1.5
"""Processes that want to run, for each core. Beyond it the sound card itself misses its moments."""


def too_busy() -> str:
    """Why nothing in real time can be judged now; empty when it can."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    busy = load > MOST_LOAD * cores
    return f"this computer is too busy for sound in real time: load {load:.1f} on {cores} cores" if busy else ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """A failure while others take the processor says nothing: it is skipped, aloud."""
    try:
        return (yield)
    except (AssertionError, pytest.fail.Exception) as failure:
        why = too_busy()
        if not why or not item.get_closest_marker("real_sound"):
            raise
        pytest.skip(f"{why} (it failed: {str(failure)[:80]})")

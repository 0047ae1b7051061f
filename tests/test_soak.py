"""Half an hour with a family, played fast, with every kind of fault. The long day is tests/bench/bench_soak.py."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from assistant.choices import World
from assistant.matching import Matcher
from tests.soaking import Day, held

TURNS = 1000
MEMORY = Path("/dev/shm")  # noqa: S108 - a disk that keeps nobody waiting


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # killed servers complain
def test_whatever_happens_it_answers_again_and_nothing_that_was_kept_is_lost(world: World, matcher: Matcher) -> None:
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as home, Day(world, matcher, Path(home)) as day:
        day.live(TURNS // 2)
        before = dict(held())
        day.live(TURNS - TURNS // 2)
        after = dict(held())
        steps = day.replayed()
    faults = [name for name in dir(day) if name.startswith("fault_")]
    assert all(day.done[name.removeprefix("fault_").replace("_", " ")] for name in faults)
    assert steps > TURNS // 2
    assert after["files"] <= before["files"] + 5
    assert after["threads"] <= before["threads"] + 5
    print(day.slowest_s, steps, before, after)

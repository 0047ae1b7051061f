"""A long day, played fast: thousands of turns with every kind of fault, and kills at every call that touches the disk.

    python -m tests.bench.bench_soak [TURNS [SEED]]     # 20,000 turns: some five minutes
    python -m tests.bench.bench_soak kills [NUMBER]     # at each call, then at so many random moments

Ends with status 1 when something kept was lost, an answer took longer than five seconds of the assistant's own time, a
step of the journal has other effects when it is replayed, or files, threads or memory grew.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.profile import Settings
from assistant.startup import load_world, make_matcher
from tests.killing import at_each_call, at_moments
from tests.soaking import Day, held

MOST_GROWTH_KB = 4_000
"""From a tenth of the day to its end; of some 190,000."""


def soak(turns: int, seed: int) -> int:
    """One day. Returns the exit status."""
    world, _ = load_world(Settings())
    matcher = make_matcher(world)
    with TemporaryDirectory() as home, Day(world, matcher, Path(home), seed=seed) as day:
        begun_s = time.monotonic()
        day.live(turns // 10)
        before = dict(held())
        day.live(turns - turns // 10)
        after = dict(held())
        steps = day.replayed()
        hours = (day.clocks.now_s - 1000) / 3600
    for name, times in sorted(day.done.items()):
        back = f", an answer again after {day.slowest_s[name]:.1f} s" if name in day.slowest_s else ""
        print(f"{times:6} x {name}{back}")
    print(
        f"{turns} turns, {hours:.1f} hours of its own time, {time.monotonic() - begun_s:.0f} s; {steps} steps replayed"
    )
    for name, number in after.items():
        print(f"{name}: {before[name]} after a tenth, {number} at the end")
    grown = after["memory_kb"] - before["memory_kb"] > MOST_GROWTH_KB
    return int(grown or after["files"] > before["files"] + 5 or after["threads"] > before["threads"] + 5)


def kills(number: int) -> int:
    """Killed at each call, and at random moments. Returns the exit status."""
    status = 0
    with TemporaryDirectory() as folder:
        for what, (times, wrong) in (
            ("at each call", at_each_call(Path(folder, "calls"), 1)),
            ("at random moments", at_moments(Path(folder, "moments"), number)),
        ):
            print(f"killed {times} times {what}: {len(wrong)} faults afterwards", *wrong[:10], sep="\n  ")
            status |= bool(wrong)
    return status


if __name__ == "__main__":
    given = sys.argv[1:]
    if given[:1] == ["kills"]:
        sys.exit(kills(int(given[1]) if len(given) > 1 else 1000))
    sys.exit(soak(int(given[0]) if given else 20_000, int(given[1]) if len(given) > 1 else 1))

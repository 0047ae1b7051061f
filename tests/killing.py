"""A process that writes everything askaloud remembers, and is killed while it does.

    python -m tests.killing FOLDER calls EVERY     # at each single call to the system, or at every third...
    python -m tests.killing FOLDER moments NUMBER  # at random moments

Prints one JSON object: how often it was killed, and what was wrong afterwards. Everything is loaded once; each victim
is a copy of this process, so that a kill costs milliseconds.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from assistant.events import Learn, Miss, Started
from assistant.journal import FILE as JOURNAL
from assistant.journal import Journal, JournalTrouble, read_journal
from assistant.learning.features import LENGTH, WIDTH, Pattern
from assistant.learning.own_voice import OwnVoice
from assistant.learning.own_words import OwnWords
from assistant.matching import normalise
from assistant.misses import FILE as MISSES
from assistant.misses import Misses
from assistant.places import Conversation
from assistant.pressing.counting import Day, read_counts, write_counts
from assistant.profile import read_settings, write_setting

MOST_CALLS = 1000
CALLS = frozenset({"open", "write", "flush", "fsync", "replace", "rename", "unlink", "mkdir", "truncate"})
"""A victim dies before each of them, and right after it."""
LONGEST_LIFE_S = 0.05
NOW_S = 1_800_000_000.0


def words(folder: Path) -> OwnWords:
    return OwnWords(folder, "person", lambda _: False, lambda: NOW_S)


def voice(folder: Path) -> OwnVoice:
    return OwnVoice(folder, "person", lambda: NOW_S)


def life(folder: Path, first: int, done: Callable[[int], object], rounds: int) -> None:
    """Settings, what was learned, counts, misses and journal, written again and again; each round is a number."""
    learned, sounds, misses = words(folder), voice(folder), Misses(folder, lambda: "2026-11-24")
    journal = Journal(folder, "words", Conversation())
    for number in range(first, first + rounds):
        write_setting(folder, {"cue_wpm": 80 + number % 300})
        learned.learn(Learn((f"saying {number}",), "cramps", right=True))
        rows = np.full((LENGTH, WIDTH), number % 100 / 50, np.float32)
        sounds.taught("topic:cramps", (Pattern(rows, 20),))
        write_counts(folder, [Day("2026-11-24", presses=number)])
        misses.add(Miss((f"saying {number}",), "declined"))
        journal.record(float(number), Started(), ())
        done(number)


def faults(folder: Path, last: int) -> Iterator[str]:
    """What is wrong, when round `last` was the last that was known to be complete; -1: none."""
    settings, troubles = read_settings(folder)
    learned, sounds = words(folder), voice(folder)
    yield from (*troubles, *learned.troubles, *sounds.troubles)
    if last < 0:
        return
    if settings.cue_wpm not in (80 + last % 300, 80 + (last + 1) % 300):
        yield f"after round {last} the setting is {settings.cue_wpm}"
    texts = {one.text for one in learned.listed()}
    if normalise(f"saying {last}") not in texts:
        yield f"after round {last} its words are not known"
    if not sounds.templates.tries:
        yield f"after round {last} the trigger is not known"
    if read_counts(folder)[0].presses not in (last, last + 1):
        yield f"after round {last} the counts are others"
    if f"2026-11-24 | declined | saying {last}" not in (folder / MISSES).read_text("utf-8").splitlines():
        yield f"after round {last} the miss is gone"
    with contextlib.suppress(JournalTrouble):  # half a line at its end is dropped when it is opened again
        Journal(folder, "words", Conversation()).close()
    if not any(getattr(line, "at_s", -1) == last for line in read_journal(folder / JOURNAL)):
        yield f"after round {last} the journal does not tell of it"


def killed(folder: Path, first: int, kill: Callable[[int], None], prepare: Callable[[], None], rounds: int) -> int:
    """The last round that a victim completed, -1 for none; `kill` gets its process and may wait before it kills."""
    ours, theirs = os.pipe()
    victim = os.fork()
    if not victim:
        with contextlib.suppress(BaseException):
            prepare()
            life(folder, first, lambda number: os.write(theirs, b"%d\n" % number), rounds)
        os._exit(0)
    os.close(theirs)
    kill(victim)
    _, status = os.waitpid(victim, 0)
    with os.fdopen(ours, "rb") as told:
        rounds_done = told.read().split()
    if not os.WIFSIGNALED(status):
        return -2
    return int(rounds_done[-1]) if rounds_done else -1


def kill_at(call: int) -> None:
    """From now on: die before call number `call` of those that make, fill, save, rename or delete a file."""
    left = call

    def count(_frame: object, event: str, function: object) -> None:
        nonlocal left
        if event in ("c_call", "c_return") and getattr(function, "__name__", "") in CALLS:
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

    sys.setprofile(count)


def at_each_call(folder: Path, every: int) -> tuple[int, list[str]]:
    """Before the first call, then before the second, until a victim comes to its end."""
    wrong: list[str] = []
    for call in range(0, MOST_CALLS, every):
        place = folder / str(call)
        last = killed(place, 0, lambda _: None, partial(kill_at, call), 2)
        if last == -2:
            return call // every, wrong
        wrong += [f"call {call}: {fault}" for fault in faults(place, last)]
    return MOST_CALLS // every, [*wrong, "there are more calls than were looked at"]


def at_moments(folder: Path, number: int) -> tuple[int, list[str]]:
    """At a random moment of the first 50 ms, again and again, each victim going on where the one before was."""
    chance = random.Random(7)  # noqa: S311 - a test
    wrong: list[str] = []
    last = -1

    def kill(victim: int) -> None:
        time.sleep(chance.uniform(0.001, LONGEST_LIFE_S))
        os.kill(victim, signal.SIGKILL)

    for time_ in range(number):
        found = killed(folder, last + 1, kill, lambda: None, 10_000)
        last = found if found >= 0 else last
        wrong += [f"kill {time_}: {fault}" for fault in faults(folder, last)]
    return number, wrong


if __name__ == "__main__":
    place = Path(sys.argv[1])
    number = int(sys.argv[3])
    kills, wrong = at_each_call(place, number) if sys.argv[2] == "calls" else at_moments(place, number)
    print(json.dumps({"kills": kills, "wrong": wrong}))

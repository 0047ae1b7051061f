"""Leave out what is too long of each pause while sound streams through.

Who speaks word by word says a sentence all the same; with a second of silence after each word, a language model sees
single words, and the mean of the sound is that of the silence. What is quiet is judged by the utterance itself: its
softest and its loudest moments so far.
"""

from __future__ import annotations

from collections import deque

import numpy as np

STEP_BYTES = 320
STEP_S = 0.01
AFTER_STEPS, BEFORE_STEPS = 5, 5
"""So much of each pause is kept after what was said and before it goes on."""
LEAD_STEPS, LONGEST_LEAD_STEPS = 30, 300
"""So much is kept of the silence before the first word, and so long that word is waited for."""
REACH_STEPS = 2
"""A moment counts with so many before and after it: a single period of a voice may be longer than a step."""
JUDGED_STEPS = 4
"""So often what is soft and what is loud are judged anew."""
SOFT_PERCENT, LOUD_PERCENT = 10, 95
PAUSE_DB, SOFTEST_DB = 6.0, 30.0
"""A pause is less than this above the softest tenth of the sound so far, or so far below its loudest."""


class PauseShortener:
    """One utterance after another; 16 kHz, one channel, 16 bit."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin an utterance."""
        self._rest = b""
        self._steps: deque[bytes] = deque()
        """Those that wait for what comes after them."""
        self._powers_db: list[float] = []
        self._levels_db = np.empty(0)
        self._quiet_db = np.inf
        self._lead: list[bytes] | None = []
        """All so far, until the first word has come: only then it is known what was silence."""
        self._quiet_steps = 0
        self._held: deque[bytes] = deque(maxlen=BEFORE_STEPS)
        """The end of the pause so far: kept if it goes on after it."""

    @property
    def silent_s(self) -> float:
        """How long the pause under way has lasted; 0 before the first word."""
        return self._quiet_steps * STEP_S

    def take(self, frames: bytes) -> bytes:
        """What is passed on now that `frames`, of any length, have come."""
        sound = self._rest + frames
        whole = len(sound) // STEP_BYTES * STEP_BYTES
        self._rest = sound[whole:]
        return b"".join(self._add(sound[at : at + STEP_BYTES]) for at in range(0, whole, STEP_BYTES))

    def end(self) -> bytes:
        """The rest of the utterance."""
        last = b"".join(self._judge(self._steps.popleft()) for _ in range(len(self._steps)))
        return last + b"".join(self._lead or self._held) + self._rest

    def _add(self, step: bytes) -> bytes:
        samples = np.frombuffer(step, "<i2").astype(np.float64)
        self._powers_db.append(10 * np.log10(float(samples @ samples) / len(samples) + 1))
        self._steps.append(step)
        return self._judge(self._steps.popleft()) if len(self._steps) > REACH_STEPS else b""

    def _judge(self, step: bytes) -> bytes:
        """Pass on or keep the next step, of which all that is needed around it is known."""
        place = len(self._levels_db)
        around = self._powers_db[max(0, place - REACH_STEPS) : place + REACH_STEPS + 1]
        self._levels_db = np.append(self._levels_db, sum(around) / len(around))
        if place % JUDGED_STEPS == 0:
            soft, loud = np.percentile(self._levels_db, [SOFT_PERCENT, LOUD_PERCENT])
            self._quiet_db = max(soft + PAUSE_DB, loud - SOFTEST_DB)
        if self._lead is not None:
            return self._begin(self._lead, step)
        if self._levels_db[-1] > self._quiet_db:
            passed = b"".join(self._held) + step
            self._held.clear()
            self._quiet_steps = 0
            return passed
        self._quiet_steps += 1
        if self._quiet_steps <= AFTER_STEPS:
            return step
        self._held.append(step)
        return b""

    def _begin(self, lead: list[bytes], step: bytes) -> bytes:
        """Before the first word. An utterance may begin in the middle of one: that is not silence, seen from later."""
        lead.append(step)
        if self._levels_db[-1] <= self._quiet_db and len(lead) < LONGEST_LEAD_STEPS:
            return b""
        self._lead = None
        first = int(np.argmax(self._levels_db > self._quiet_db))
        return b"".join(lead[max(0, first - LEAD_STEPS) :])

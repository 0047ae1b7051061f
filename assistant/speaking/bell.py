"""Calls something when its time comes, on a thread of its own: the sound card's thread must never wait."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

LOG = logging.getLogger(__name__)
LONGEST_WAIT_S = 0.5
"""How often `watch` is called at the least."""


class Bell:
    """Rings each call at its time, in order. Calls made before a `forget` are dropped by it.

    A call that is already being made while `forget` runs is finished, not taken back.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        watch: Callable[[], None] = lambda: None,
    ) -> None:
        self._clock, self._watch = clock, watch
        self._order = itertools.count()
        self._due: list[tuple[float, int, bool, Callable[[], None]]] = []
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="speaking-bell", daemon=True)
        self._thread.start()

    def at(self, due_s: float, call: Callable[[], None], *, forgettable: bool = True) -> None:
        """Ring at `due_s` on the clock."""
        with self._changed:
            heapq.heappush(self._due, (due_s, next(self._order), forgettable, call))
            self._changed.notify()

    def forget(self) -> None:
        """Drop every call that may be dropped."""
        with self._changed:
            self._due = [entry for entry in self._due if not entry[2]]
            heapq.heapify(self._due)

    def ring(self) -> None:
        """Make the calls whose time has come, on the caller's thread."""
        while True:
            with self._changed:
                if not self._due or self._due[0][0] > self._clock():
                    return
                call = heapq.heappop(self._due)[3]
            try:
                call()
            except Exception:  # one listener's defect must not silence every later call
                LOG.exception("A call about the sound that is playing failed")

    def close(self) -> None:
        """Make no further calls. Waits for one that is being made, unless it is that call which closes."""
        with self._changed:
            self._closed = True
            self._due.clear()
            self._changed.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=2)

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._closed:
                    return
                wait_s = self._due[0][0] - self._clock() if self._due else LONGEST_WAIT_S
                if wait_s > 0:
                    self._changed.wait(min(wait_s, LONGEST_WAIT_S))
                if self._closed:
                    return
            self.ring()
            self._watch()

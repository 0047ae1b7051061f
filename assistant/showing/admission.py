"""Who may use the companion: the one device that brought the token of the code on the screen, for a while.

The token is good for one joining. What the device gets in its place is good only from the address it joined from, and
only until the companion ends. Nothing here knows a network.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable

from assistant.showing.guard import new_key

LASTS_S = 2 * 60 * 60.0
MOST_TRIES = 10
"""Wrong tokens after which the companion ends: nobody guesses 256 bits, so someone is trying something."""
REQUESTS_A_S, REQUESTS_AT_ONCE = 10.0, 40
MOST_PEERS = 64
"""Addresses that are counted; a home has fewer."""
Clock = Callable[[], float]


class Bucket:
    """How many requests one address may still make."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._left, self._at_s = clock, float(REQUESTS_AT_ONCE), clock()

    def take(self) -> bool:
        """Take one, if there is one."""
        now_s = self._clock()
        self._left = min(REQUESTS_AT_ONCE, self._left + (now_s - self._at_s) * REQUESTS_A_S)
        self._at_s = now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Admission:
    """One evening with one companion.

    Args:
        clock: seconds.
        lasts_s: after so long nobody is admitted any more.
    """

    def __init__(self, clock: Clock, lasts_s: float = LASTS_S) -> None:
        self.token = new_key()
        self._clock, self.ends_s = clock, clock() + lasts_s
        self._lock = threading.Lock()
        self._key, self._peer = "", ""
        self._wrong = 0
        self._buckets: dict[str, Bucket] = {}

    @property
    def joined(self) -> bool:
        """Whether the device is there."""
        return bool(self._key)

    @property
    def over(self) -> bool:
        """Whether it has ended by itself."""
        return self._clock() >= self.ends_s or self._wrong >= MOST_TRIES

    def join(self, token: str, peer: str) -> str:
        """The key for the device at `peer`; empty when the token is wrong or was used."""
        with self._lock:
            right = not self.over and secrets.compare_digest(token.encode(), self.token.encode())
            if not right:
                self._wrong += 1
                return ""
            if self._key:
                return ""
            self._key, self._peer = new_key(), peer
            return self._key

    def admits(self, key: str, peer: str) -> bool:
        """Whether `key` was given to this `peer`, and still counts."""
        known = bool(self._key) and secrets.compare_digest(key.encode(), self._key.encode())
        return known and peer == self._peer and not self.over

    def may_ask(self, peer: str) -> bool:
        """Whether this address has not asked too often."""
        if peer not in self._buckets and len(self._buckets) >= MOST_PEERS:
            return False
        return self._buckets.setdefault(peer, Bucket(self._clock)).take()

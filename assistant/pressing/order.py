"""What is asked most, for the first page of all. Pure.

Only this one page follows what is asked, only if the person wants it, and only the days before today count: no group
and no topic ever moves under a finger that has learned where it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

LEAST = 2
"""Asked once is not yet a habit."""


def asked_most(topics: Iterable[str], counts: Mapping[str, int], most: int) -> tuple[str, ...]:
    """At most `most` of `topics`, those with the highest counts; equal ones in the order of the lists.

    Args:
        topics: ids in menu order.
        counts: how often each was answered before today.
        most: places there are.
    """
    asked = [topic for topic in topics if counts.get(topic, 0) >= LEAST]
    return tuple(sorted(asked, key=lambda topic: -counts[topic])[:most])

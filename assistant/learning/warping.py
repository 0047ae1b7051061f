"""How far two utterances are apart when time may stretch: dynamic time warping (Sakoe and Chiba 1978).

All known patterns are compared at once: the sum runs over the diagonals of the tables of distances, so that NumPy works
on every pattern in one step. `plain_distance` does the same the way it is written in books; a test compares them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

BAND = 0.2
"""How far, as a share of the length, the two may be out of step."""
BOTH = 1.4
"""What a step costs that moves on in both; a step in one costs 1."""
FAR = np.float32(1e6)


def distances(known: Floats, asked: Floats) -> Floats:
    """The distance of `asked` to each of `known` (number, length, width); 0 for the same.

    `asked` is one pattern (length, width), or one for each of `known`.
    """
    number, length, _ = known.shape
    if not number:
        return np.zeros(0, np.float32)
    costs = _costs(known, asked)
    reach = _reach(length)
    before = np.full((number, length + 1), FAR, np.float32)
    last = before.copy()
    for diagonal in range(2 * length - 1):
        now = np.full((number, length + 1), FAR, np.float32)
        low = max(0, diagonal - length + 1, (diagonal - reach + 1) // 2)
        high = min(length - 1, diagonal, (diagonal + reach) // 2)
        if low <= high:
            rows = np.arange(low, high + 1)
            cost = costs[:, rows, diagonal - rows]
            beside = np.minimum(last[:, low : high + 1], last[:, low + 1 : high + 2]) + cost
            across = before[:, low : high + 1] + BOTH * cost if diagonal else BOTH * cost
            now[:, low + 1 : high + 2] = np.minimum(beside, across)
        before, last = last, now
    return np.asarray(last[:, length] / (2 * length))


def plain_distance(one: Floats, other: Floats) -> float:
    """The same for two patterns, slowly."""
    costs = _costs(one[None], other)[0]
    length, reach = len(one), _reach(len(one))
    table = np.full((length + 1, length + 1), float(FAR))
    table[0, 0] = 0.0
    for i in range(length):
        for j in range(max(0, i - reach), min(length, i + reach + 1)):
            steps = (table[i, j] + BOTH * costs[i, j], table[i, j + 1] + costs[i, j], table[i + 1, j] + costs[i, j])
            table[i + 1, j + 1] = min(steps)
    return float(table[length, length] / (2 * length))


def _reach(length: int) -> int:
    return max(1, int(BAND * length))


def _costs(known: Floats, asked: Floats) -> Floats:
    """Euclidean distances of every row to every row: about 1 for rows that have nothing to do with each other."""
    width = known.shape[2]
    sums = (known**2).sum(axis=-1)[..., :, None] + (asked**2).sum(axis=-1)[..., None, :]
    squares = sums - 2 * (known @ np.swapaxes(asked, -1, -2))
    return np.asarray(np.sqrt(np.maximum(squares, 0) / (2 * width)), np.float32)

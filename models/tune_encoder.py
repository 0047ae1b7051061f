"""Teach the sentence model to tell topics apart: forward and backward by hand, on NumPy alone.

A sentence model knows which sentences are alike in general; what matters here is which are the same question. Its six
layers (not its words) are moved a little, so that each way to ask points nearer to a direction of its topic than to
those of others (softmax over scaled cosines; Wang and others 2018, "CosFace", without the margin). A second task, the
150 intents of CLINC150, keeps it able to tell apart what it was never taught; some texts come as a recogniser may have
misheard them, and words are dropped at random. Weights are rounded to four bits while it learns (Jacob and others
2018), as they will be.

`models/build_encoder.py` calls this.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.matching.encoder import HEADS, LAYERS, SMALLEST, WIDTH, packed, unpacked

Floats = NDArray[np.float32]
Back = Callable[[Floats], Floats]
Weights = dict[str, Floats]

SCALE = 20.0
"""Of cosines before the softmax."""
BATCH = 48
FIRST_LAYER = 2
"""Layers below stay as they are: what they do is the same for all sentences."""
CENTRE_OF = 8
"""Texts whose mean direction a topic's direction starts from."""
PACE, HEAD_PACE = 2e-4, 2e-3
"""Largest steps of Adam (Kingma and Ba 2015) for layers and for directions of topics."""
WARMING = 0.1
"""Share of the steps until the largest."""
DECAYS = (0.9, 0.98)
DROPPED = 0.1
"""Share of hidden numbers set to zero while learning."""
WORD_DROPPED = 0.1
"""Share of pieces of words left out while learning."""
OTHER_TASK = 5
"""Each so-manieth batch is of the other task."""
MISHEARD = 0.3
"""Share of texts that come misheard."""
ROUND_EVERY = 60
"""Steps between roundings."""


@dataclass(frozen=True)
class Task:
    """Texts, as places of pieces, and the class of each."""

    tokens: Sequence[Sequence[list[int]]]
    """Of each text: as it is, then as it may be misheard."""
    classes: NDArray[np.int64]
    weights: Floats


class Layers:
    """The model with everything needed to go back through it."""

    def __init__(self, weights: Weights, rng: np.random.Generator) -> None:
        self.weights = weights
        self.slopes: Weights = {}
        self._rng = rng

    def forward(self, tokens: list[list[int]], *, learning: bool) -> tuple[Floats, Back]:
        """Directions of length one, and the way back from slopes for them to those of weights."""
        length = max(map(len, tokens))
        places = np.zeros((len(tokens), length), dtype=np.int64)
        real = np.zeros((len(tokens), length, 1), dtype=np.float32)
        for row, found in enumerate(tokens):
            places[row, : len(found)], real[row, : len(found)] = found, 1
        backs: list[Back] = []
        x = self.weights["word"][places] + self.weights["place"][:length]
        x, _ = self._level(x, "first")
        for layer in range(LAYERS):
            x, back = self._layer(x, real, layer, learning=learning)
            backs += [back] if layer >= FIRST_LAYER else []
        means = (x * real).sum(axis=1)
        sizes = np.linalg.norm(means, axis=1, keepdims=True)
        directions = means / sizes

        def back_all(slope: Floats) -> Floats:
            slope = (slope - directions * (slope * directions).sum(axis=1, keepdims=True)) / sizes
            flow = slope[:, None, :] * real
            for back in reversed(backs):
                flow = back(flow)
            return flow

        return directions, back_all

    def _layer(self, x: Floats, real: Floats, layer: int, *, learning: bool) -> tuple[Floats, Back]:
        seen, back_attend = self._attend(x, real, layer)
        out, back_out = self._dense(seen, f"{layer}.out")
        out, back_drop = self._drop(out, learning=learning)
        middle, back_level = self._level(x + out, f"{layer}.out.level")
        inner, back_in = self._dense(middle, f"{layer}.in")
        bent, back_bend = _bend(inner)
        last, back_last = self._dense(bent, f"{layer}.back")
        last, back_drop_last = self._drop(last, learning=learning)
        result, back_level_last = self._level(middle + last, f"{layer}.back.level")

        def back(slope: Floats) -> Floats:
            slope = back_level_last(slope)
            slope = slope + back_in(back_bend(back_last(back_drop_last(slope))))
            slope = back_level(slope)
            return slope + back_attend(back_out(back_drop(slope)))

        return result, back

    def _attend(self, x: Floats, real: Floats, layer: int) -> tuple[Floats, Back]:
        count, length, size = len(x), x.shape[1], WIDTH // HEADS
        parts, back_dense = self._dense(x, f"{layer}.qkv")
        query, key, value = parts.reshape(count, length, 3, HEADS, size).transpose(2, 0, 3, 1, 4)
        root = np.float32(np.sqrt(size))
        scores = query @ key.swapaxes(2, 3) / root + (real[:, None, None, :, 0] - 1) * np.float32(1e9)
        shares = np.exp(scores - scores.max(axis=3, keepdims=True))
        shares /= shares.sum(axis=3, keepdims=True)
        seen = (shares @ value).transpose(0, 2, 1, 3).reshape(count, length, WIDTH)

        def back(slope: Floats) -> Floats:
            slope = slope.reshape(count, length, HEADS, size).transpose(0, 2, 1, 3)
            for_shares = slope @ value.swapaxes(2, 3)
            for_scores = shares * (for_shares - (for_shares * shares).sum(axis=3, keepdims=True)) / root
            joined = np.stack([for_scores @ key, for_scores.swapaxes(2, 3) @ query, shares.swapaxes(2, 3) @ slope])
            return back_dense(joined.transpose(1, 3, 0, 2, 4).reshape(count, length, 3 * WIDTH))

        return seen, back

    def _dense(self, x: Floats, name: str) -> tuple[Floats, Back]:
        weight = self.weights[name]
        flat = x.reshape(-1, x.shape[-1])

        def back(slope: Floats) -> Floats:
            rows = slope.reshape(-1, slope.shape[-1])
            self.slopes[name] = flat.T @ rows
            self.slopes[f"{name}.bias"] = rows.sum(axis=0)
            return (rows @ weight.T).reshape(x.shape)

        return (flat @ weight + self.weights[f"{name}.bias"]).reshape(*x.shape[:-1], -1), back

    def _level(self, x: Floats, name: str) -> tuple[Floats, Back]:
        weight = self.weights[name]
        x = np.asarray(x - x.mean(axis=-1, keepdims=True), dtype=np.float32)
        spread = np.sqrt((x * x).mean(axis=-1, keepdims=True) + SMALLEST)
        even = x / spread

        def back(slope: Floats) -> Floats:
            self.slopes[name] = (slope * even).sum(axis=(0, 1))
            self.slopes[f"{name}.bias"] = slope.sum(axis=(0, 1))
            slope = slope * weight
            own = (slope * even).mean(axis=-1, keepdims=True)
            return np.asarray((slope - slope.mean(axis=-1, keepdims=True) - even * own) / spread, dtype=np.float32)

        return np.asarray(even * weight + self.weights[f"{name}.bias"], dtype=np.float32), back

    def _drop(self, x: Floats, *, learning: bool) -> tuple[Floats, Back]:
        if not learning:
            return x, lambda slope: slope
        kept = (self._rng.random(x.shape, dtype=np.float32) >= DROPPED).astype(np.float32) / np.float32(1 - DROPPED)
        return x * kept, lambda slope: slope * kept


def _bend(x: Floats) -> tuple[Floats, Back]:
    """The model's bend, as in `assistant.matching.encoder`, and its slope."""
    root, cubic = np.float32(0.7978846), np.float32(0.044715)
    square = x * x
    bent = np.tanh(root * x * (1 + cubic * square))

    def back(slope: Floats) -> Floats:
        inner = root * (1 + 3 * cubic * square)
        return np.asarray(slope * 0.5 * (1 + bent + x * (1 - bent * bent) * inner), dtype=np.float32)

    return np.asarray(0.5 * x * (1 + bent), dtype=np.float32), back


class Adam:
    """Steps for weights by name."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._means: Weights = {}
        self._squares: Weights = {}
        self._times: dict[str, int] = {}

    def step(self, name: str, slope: Floats, pace: float) -> None:
        """Move the weights called `name` against `slope`."""
        mean = self._means.setdefault(name, np.zeros_like(slope))
        square = self._squares.setdefault(name, np.zeros_like(slope))
        times = self._times[name] = self._times.get(name, 0) + 1
        first, second = DECAYS
        mean *= first
        mean += (1 - first) * slope
        square *= second
        slope *= slope
        slope *= 1 - second
        square += slope
        # From here on `slope` is only room to work in.
        np.sqrt(square, out=slope)
        slope += np.float32(1e-8)
        np.divide(mean, slope, out=slope)
        slope *= np.float32(pace * np.sqrt(1 - second**times) / (1 - first**times))
        self._weights[name] -= slope


def tuned(
    weights: Weights, tasks: Sequence[Task], rounds: float, seed: int, say: Callable[[str], None], pace: float = PACE
) -> Weights:
    """`weights` after learning the first of the `tasks` for `rounds`; others take each so-manieth batch.

    `pace` is the largest step of a weight.
    """
    rng = np.random.default_rng(seed)
    exact = {name: weight.copy() for name, weight in weights.items()}
    dense = [name for name in exact if f"{name}.bias" in exact and exact[name].ndim == 2]
    errors = {name: rounded(exact[name]) - exact[name] for name in dense}
    layers = Layers(dict(exact), rng)  # arrays that are not rounded are the same ones, and move with `exact`
    heads = {f"head {number}": centres(layers, task) for number, task in enumerate(tasks)}
    adam, head_adam = Adam(exact), Adam(heads)
    plan = list(_plan(tasks, rounds, rng))
    begun, losses = time.monotonic(), [0.0] * len(tasks)
    for number, (task, rows) in enumerate(plan):
        if number % ROUND_EVERY == 0:
            moving = [name for name in dense if name in layers.slopes]
            errors |= {name: rounded(exact[name]) - exact[name] for name in moving}
        layers.weights |= {name: exact[name] + errors[name] for name in dense if not number or name in layers.slopes}
        share = min(1.0, number / (WARMING * len(plan))) * (1 - number / len(plan))
        loss, slope = _learn(layers, heads[f"head {task}"], tasks[task], rows, rng)
        losses[task] += 0.05 * (loss - losses[task])
        head_adam.step(f"head {task}", slope, HEAD_PACE * share)
        for name, found in layers.slopes.items():
            adam.step(name, found, pace * share)
        if number % 100 == 0:
            say(f"step {number} of {len(plan)}, losses {losses}, {time.monotonic() - begun:.0f} s")
    return exact


def centres(layers: Layers, task: Task) -> Floats:
    """The mean direction of each class."""
    rows = np.zeros((int(task.classes.max()) + 1, WIDTH), dtype=np.float32)
    for first in range(0, len(task.tokens), BATCH):
        some = slice(first, first + BATCH)
        np.add.at(
            rows, task.classes[some], layers.forward([forms[0] for forms in task.tokens[some]], learning=False)[0]
        )
    return rows


def rounded(weight: Floats) -> Floats:
    """As it will be read from four bits."""
    return unpacked(dict(packed(weight)))


def _plan(tasks: Sequence[Task], rounds: float, rng: np.random.Generator) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Which rows of which task are learned together: texts of like length, in any order."""
    batches: list[list[NDArray[np.int64]]] = []
    steps = int(rounds * len(tasks[0].tokens) / BATCH)
    for task in tasks:
        found: list[NDArray[np.int64]] = []
        while len(found) < steps:
            order = rng.permutation(len(task.tokens))
            sizes = np.array([len(task.tokens[place][0]) for place in order])
            pools = [order[first : first + 20 * BATCH] for first in range(0, len(order), 20 * BATCH)]
            pools = [pool[np.argsort(sizes[20 * BATCH * n :][: len(pool)])] for n, pool in enumerate(pools)]
            several = [pool[first : first + BATCH] for pool in pools for first in range(0, len(pool), BATCH)]
            found += [several[place] for place in rng.permutation(len(several))]
        batches.append(found)
    for step in range(steps):
        yield 0, batches[0][step]
        if step % OTHER_TASK == 0:
            yield from ((number, batches[number][step]) for number in range(1, len(tasks)))


def _learn(
    layers: Layers, head: Floats, task: Task, rows: NDArray[np.int64], rng: np.random.Generator
) -> tuple[float, Floats]:
    """The loss on some texts and its slope for the head; those for the layers are in `layers.slopes`."""
    directions, back = layers.forward([_thinned(task.tokens[row], rng) for row in rows], learning=True)
    sizes = np.maximum(np.linalg.norm(head, axis=1, keepdims=True), 1e-6)
    even, aims, each = head / sizes, task.classes[rows], np.arange(len(rows))
    scores = SCALE * directions @ even.T
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    weights = task.weights[rows] / len(rows)
    loss = -float(weights @ np.log(likely[each, aims] + 1e-9))
    likely[each, aims] -= 1
    likely *= SCALE * weights[:, None]
    back(likely @ even)
    slope = likely.T @ directions
    return loss, (slope - even * (slope * even).sum(axis=1, keepdims=True)) / sizes


def _thinned(forms: Sequence[list[int]], rng: np.random.Generator) -> list[int]:
    """One of the forms with some pieces left out, never the signs at both ends, and never all."""
    misheard = len(forms) > 1 and rng.random() < MISHEARD
    tokens = forms[int(rng.integers(1, len(forms)))] if misheard else forms[0]
    inner = [token for token in tokens[1:-1] if rng.random() >= WORD_DROPPED]
    return [tokens[0], *(inner or tokens[1:-1]), tokens[-1]]

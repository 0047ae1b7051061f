"""A small feed-forward network and its training with Adam (Kingma and Ba, 2015), in NumPy alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.test_voice_model.features import BANDS, CONTEXT_FRAMES, Floats
from models.test_voice_model.phones import OUTPUTS

Labels = npt.NDArray[np.intp]

INPUTS = BANDS * (2 * CONTEXT_FRAMES + 1)
BATCH_FRAMES = 512
FIRST_RATE, LAST_RATE = 2e-3, 2e-5
LABEL_SMOOTHING = 0.05
LOUDNESS_SPREAD = 0.35
"""Every example is made louder or softer by this much (standard deviation, in standardised units)."""

PRIOR_COUNT = 50.0
"""Added to the count of every output unit, so that a rare sound is not promoted beyond reason."""

FIRST_MOMENT, SECOND_MOMENT = 0.9, 0.999


@dataclass(slots=True)
class Net:
    """Affine layers with a rectifier between them; the last one ends in a log-softmax.

    `weights[i]` is inputs x outputs. `mean` and `deviation` (one value a band) standardise the features.
    `priors` holds the share of each output unit in the training labels.
    """

    weights: list[Floats]
    biases: list[Floats]
    mean: Floats
    deviation: Floats
    priors: Floats

    @classmethod
    def fresh(cls, hidden: int, mean: Floats, deviation: Floats, random: np.random.Generator) -> "Net":
        """An untrained net with two hidden layers (He initialisation; a timid last layer)."""
        sizes = [INPUTS, hidden, hidden, OUTPUTS]
        weights = [
            (random.standard_normal((rows, columns)) * np.sqrt(2 / rows)).astype(np.float32)
            for rows, columns in pairwise(sizes)
        ]
        weights[-1] *= np.float32(0.1)
        biases = [np.zeros(size, np.float32) for size in sizes[1:]]
        return cls(weights, biases, mean, deviation, np.full(OUTPUTS, 1 / OUTPUTS, np.float32))

    def standardised(self, features: Floats) -> Floats:
        """Features (frames x BANDS) as the first layer wants them."""
        return (features - self.mean) / self.deviation

    def layers(self, inputs: Floats) -> tuple[list[Floats], Floats]:
        """The input of each layer, and the log-probabilities of the outputs."""
        seen, last = [inputs], len(self.weights) - 1
        for place, (weights, biases) in enumerate(zip(self.weights, self.biases, strict=True)):
            values = seen[-1] @ weights + biases
            if place == last:
                break
            seen.append(np.maximum(values, 0))
        values = values - values.max(axis=1, keepdims=True)
        return seen, values - np.log(np.exp(values).sum(axis=1, keepdims=True))

    def log_likelihoods(self, inputs: Floats) -> Floats:
        """Scaled log-likelihoods (log-probability less log-prior), as the decoder uses them."""
        return self.layers(inputs)[1] - np.log(self.priors)


def gradients(net: Net, inputs: Floats, labels: Labels) -> tuple[list[Floats], float]:
    """Gradients of the smoothed cross-entropy, weights first, then biases; and the mean loss."""
    seen, log_probabilities = net.layers(inputs)
    count, rows = len(labels), np.arange(len(labels))
    slope = np.exp(log_probabilities) - np.float32(LABEL_SMOOTHING / OUTPUTS)
    slope[rows, labels] -= np.float32(1 - LABEL_SMOOTHING)
    slope /= np.float32(count)
    for_weights: list[Floats] = []
    for_biases: list[Floats] = []
    for place in reversed(range(len(net.weights))):
        for_weights.insert(0, seen[place].T @ slope)
        for_biases.insert(0, slope.sum(axis=0))
        if place:
            slope = (slope @ net.weights[place].T) * (seen[place] > 0)
    return for_weights + for_biases, -float(log_probabilities[rows, labels].mean())


@dataclass(slots=True)
class Adam:
    """The running moments of every parameter."""

    parameters: list[Floats]
    steps: int = 0
    first: list[Floats] = field(init=False)
    second: list[Floats] = field(init=False)

    def __post_init__(self) -> None:
        self.first = [np.zeros_like(values) for values in self.parameters]
        self.second = [np.zeros_like(values) for values in self.parameters]

    def step(self, slopes: Sequence[Floats], rate: float) -> None:
        """Move every parameter a little against its slope, in place."""
        self.steps += 1
        rescale = rate * np.sqrt(1 - SECOND_MOMENT**self.steps) / (1 - FIRST_MOMENT**self.steps)
        rows = zip(self.parameters, slopes, self.first, self.second, strict=True)
        for values, slope, first, second in rows:
            np.add(first, np.float32(1 - FIRST_MOMENT) * (slope - first), out=first)
            np.add(second, np.float32(1 - SECOND_MOMENT) * (slope * slope - second), out=second)
            change = np.float32(rescale) * first / (np.sqrt(second) + np.float32(1e-8))
            np.subtract(values, change, out=values)


class Labelled(NamedTuple):
    """Some frames of one utterance, and the output unit each should light."""

    features: Floats
    frames: npt.NDArray[np.intp]
    labels: Labels


@dataclass(frozen=True, slots=True)
class _Pool:
    """The standardised frames of all utterances in one array, and which of them are examples."""

    features: Floats
    rows: npt.NDArray[np.intp]
    first: npt.NDArray[np.intp]
    last: npt.NDArray[np.intp]
    labels: Labels

    def inputs(self, chosen: npt.NDArray[np.intp]) -> Floats:
        rows = self.rows[chosen][:, None] + np.arange(-CONTEXT_FRAMES, CONTEXT_FRAMES + 1)
        within = np.clip(rows, self.first[chosen][:, None], self.last[chosen][:, None])
        return np.asarray(self.features[within], np.float32)


def _pooled(net: Net, examples: Sequence[Labelled]) -> _Pool:
    lengths = np.array([len(example.features) for example in examples])
    starts = np.cumsum(lengths) - lengths
    repeat = np.array([len(example.frames) for example in examples])
    return _Pool(
        features=net.standardised(np.concatenate([example.features for example in examples])),
        rows=np.concatenate([start + e.frames for start, e in zip(starts, examples, strict=True)]),
        first=np.repeat(starts, repeat),
        last=np.repeat(starts + lengths - 1, repeat),
        labels=np.concatenate([example.labels for example in examples]),
    )


def train(net: Net, examples: Sequence[Labelled], epochs: int, random: np.random.Generator) -> float:
    """Train `net` in place with a falling learning rate, and set its priors; gives the last epoch's loss."""
    pool = _pooled(net, examples)
    optimiser = Adam(net.weights + net.biases)
    batches = len(pool.rows) // BATCH_FRAMES
    loss = float("nan")
    for epoch in range(epochs):
        order = random.permutation(len(pool.rows))
        losses = []
        for batch in range(batches):
            chosen = order[batch * BATCH_FRAMES : (batch + 1) * BATCH_FRAMES]
            inputs = pool.inputs(chosen)
            inputs += random.normal(0, LOUDNESS_SPREAD, (len(chosen), 1, 1)).astype(np.float32)
            slopes, batch_loss = gradients(net, inputs.reshape(len(chosen), -1), pool.labels[chosen])
            done = (epoch * batches + batch) / (epochs * batches)
            optimiser.step(slopes, FIRST_RATE * (1 - done) + LAST_RATE)
            losses.append(batch_loss)
        loss = float(np.mean(losses))
    counts = np.bincount(pool.labels, minlength=OUTPUTS) + PRIOR_COUNT
    net.priors = (counts / counts.sum()).astype(np.float32)
    return loss

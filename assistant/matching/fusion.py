"""All evidence for a topic as one probability: a softmax whose weights are the same for every topic."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.matching.features import PAIR, WHOLE, Evidence

Floats = NDArray[np.float64]

TABLE = Path(__file__).with_name("fusion.json")


@dataclass(frozen=True)
class Fusion:
    """Weights, fitted by `models/fit_matcher.py`."""

    learned: Floats
    """Of `PAIR`, for topics that the classifier knows."""
    added: Floats
    """Of `PAIR` and a constant, for topics that came later."""
    whole: Floats
    """Of `WHOLE`, for "none of these"."""

    @classmethod
    def read(cls, path: Path = TABLE) -> Fusion:
        """Read the weights at `path`. Raises OSError, ValueError or KeyError where it is not such a file."""
        weights = json.loads(path.read_text("utf-8"))
        return cls(
            np.array([weights["learned"][name] for name in PAIR]),
            np.array([weights["added"][name] for name in (*PAIR, "always")]),
            np.array([weights["whole"][name] for name in WHOLE]),
        )

    def write(self, path: Path) -> None:
        """Write the weights with their names."""
        named = {
            "learned": _named(PAIR, self.learned),
            "added": _named((*PAIR, "always"), self.added),
            "whole": _named(WHOLE, self.whole),
        }
        path.write_text(json.dumps(named, indent=2) + "\n", "utf-8")

    def probabilities(self, evidence: Evidence) -> Floats:
        """The probability of each topic, and last that of none."""
        added = evidence.pairs @ self.added[:-1] + self.added[-1]
        scores = np.where(evidence.learned, evidence.pairs @ self.learned, added)
        every = np.append(scores, evidence.whole @ self.whole)
        likely = np.exp(every - every.max())
        return np.asarray(likely / likely.sum(), dtype=np.float64)


def _named(names: tuple[str, ...], weights: Floats) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


@cache
def shipped_fusion() -> Fusion:
    """The weights that come with the product, read once."""
    return Fusion.read()

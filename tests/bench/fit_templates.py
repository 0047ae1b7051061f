"""Make what own-voice matching ships with: other speech to compare with, and the weights that make it a probability.

    python -m tests.bench.fit_templates background      writes assistant/learning/background.npz
    python -m tests.bench.fit_templates weights CACHE   prints WEIGHTS for assistant/learning/templates.py

The weights are a logistic regression on simulated speakers that are measured nowhere else: was the nearest trigger the
one that was said? Each speaker is taught one, two and three tries of all triggers, of ten
and of three.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from assistant.learning import templates
from assistant.learning.features import Pattern, pattern
from assistant.learning.templates import Templates
from tests.bench.dysarthria import Grade
from tests.bench.spoken_triggers import (
    BACKGROUND,
    TESTED_TAKES,
    TRIGGERS,
    Spoken,
    clear_speech,
    item_of,
    said,
    utterances,
)

SPEAKERS = (11, 12, 13, 14)
GRADES: tuple[Grade, ...] = ("moderate", "severe")
BACKGROUND_VOICES = {21: "flite:rms", 22: "flite:slt", 23: "flite:awb", 24: "espeak-ng:en-us"}
HELD_BACK = 0.005
"""Weight of the squared weights beside the mean loss."""
EACH = 15
"""Background phrases of each voice, over both grades."""


def make_background() -> None:
    """Write patterns of other speech, none of it by a speaker or with a phrase that is measured."""
    made: list[Pattern] = []
    for speaker, voice in BACKGROUND_VOICES.items():
        for place, (text, sound) in enumerate(clear_speech(voice, BACKGROUND[:EACH])):
            found = pattern(said(sound, text, GRADES[place % 2], speaker, 1))
            if found is not None:
                made.append(found)
    rows = np.stack([np.clip(np.round(p.rows * templates.SCALE), -127, 127).astype(np.int8) for p in made])
    frames = np.array([p.frames for p in made], np.int16)
    np.savez_compressed(templates.BACKGROUND, allow_pickle=False, rows=rows, frames=frames)


def taught(spoken: list[Spoken], texts: set[str], tries: int) -> Templates:
    """After teaching `tries` of each of `texts`."""
    known = Templates()
    for one in spoken:
        found = pattern(one.sound) if one.trigger and one.text in texts and one.take <= tries else None
        if found is not None:
            known = known.with_try(item_of(one.text), found, 0.0, taught=True)
    return known


def examples(spoken: list[Spoken], texts: set[str], tries: int) -> list[tuple[float, ...]]:
    """What spoke for the nearest trigger, and whether it was right, for every tested utterance."""
    known = taught(spoken, texts, tries)
    rows: list[tuple[float, ...]] = []
    for one in spoken:
        found = pattern(one.sound) if not one.trigger or one.take in TESTED_TAKES else None
        if found is None:
            continue
        scores = known._scores(found)
        best = int(np.argmin(scores))
        right = one.trigger and one.text in texts and item_of(one.text) == known.items[best]
        rows.append((*known._signs(found, scores, best), float(right)))
    return rows


def fit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights and constant, held back a little: a speaker may differ from all of these."""
    signs, right = rows[:, :-1], rows[:, -1]
    middle, spread = signs.mean(axis=0), signs.std(axis=0)
    held = LogisticRegression(C=1 / (2 * HELD_BACK * len(rows)), max_iter=5000).fit((signs - middle) / spread, right)
    weights = held.coef_[0] / spread
    return np.append(weights, held.intercept_[0] - weights @ middle)


def main(cache: Path) -> None:
    by_speaker = []
    for speaker in SPEAKERS:
        rows: list[tuple[float, ...]] = []
        for grade in GRADES:
            spoken = utterances(speaker, grade, cache)
            for tries in (1, 2, 3):
                rows += examples(spoken, set(TRIGGERS), tries)
                rows += examples(spoken, set(TRIGGERS[speaker % 4 :: 4]), tries)
                rows += examples(spoken, set(TRIGGERS[speaker % 4 :: 14]), tries)[::4]
        by_speaker.append(np.array(rows))
    for left_out in range(len(SPEAKERS)):
        weights = fit(np.vstack([rows for place, rows in enumerate(by_speaker) if place != left_out]))
        told(by_speaker[left_out], weights, f"speaker {SPEAKERS[left_out]} left out")
    print("WEIGHTS =", tuple(round(float(w), 2) for w in fit(np.vstack(by_speaker))))


def told(rows: NDArray[np.float64], weights: NDArray[np.float64], name: str) -> None:
    """Print how good the probability is."""
    likely = 1 / (1 + np.exp(-(rows[:, :-1] @ weights[:-1] + weights[-1])))
    right = rows[:, -1] == 1
    for least in (0.5, 0.8, 0.92):
        said_so = likely >= least
        print(
            f"{name}: at {least}: {said_so[right].mean():.3f} of the right, {said_so[~right].mean():.3f} of the wrong"
        )
    for low in np.arange(0, 1, 0.2):
        some = (likely >= low) & (likely < low + 0.2)
        if some.any():
            print(f"   said {likely[some].mean():.2f}, right {right[some].mean():.2f} ({some.sum()})")


if __name__ == "__main__":
    if sys.argv[1] == "background":
        make_background()
    else:
        main(Path(sys.argv[2]))

"""Fit how much two recognisers count together: the weights in assistant/matching/matcher.py.

    python -m tests.bench.fit_pooling KEPT            hears the questions and prints weights and tables
    python -m tests.bench.fit_pooling KEPT --every 3  hears every third question only

`spoken_questions.tsv` is by writers who saw only titles and short answers of the topics. Neither the matcher nor
a recogniser has learned from it, and nothing is evaluated on it. Voices are those that were used for tuning before.
KEPT holds what was heard, one JSON record a line; a run that was broken off goes on where it stopped.

Needs the programs flite and espeak-ng, and pyworld for simulated dysarthria.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.matching import Bands, Candidate, Matcher, Ranking, decide
from assistant.matching.matcher import LEAST, POOLING, pooled
from assistant.profile import Settings
from assistant.selftest import NONE, as_frames
from assistant.startup import load_world, make_matcher, make_recogniser
from tests.bench.bench_spoken import WARMING_UP, Question, normal, ways

QUESTIONS = Path(__file__).with_name("spoken_questions.tsv")
SPEAKERS = ("flite:rms", "flite:slt", "flite:awb", "espeak-ng:en-us", "espeak-ng:en-us+f2", "espeak-ng:en-us+m1")
WAYS = ("normal", "slow", "mild", "noise-20dB", "noise-10dB")
PENALTY = 0.01
FOLDS = 5

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats, int]
"""What each recogniser finds likely of each topic and of none, and the place of what was meant."""


def main() -> None:
    """Hear what is not kept yet, fit, and print."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("kept", type=Path)
    ask.add_argument("--every", type=int, default=1)
    wanted = ask.parse_args()
    settings = Settings()
    world, _ = load_world(settings)
    matcher = make_matcher(world)
    hear(wanted.kept, wanted.every)
    records = [json.loads(line) for line in wanted.kept.read_text("utf-8").splitlines()]
    order = (*world.topics, NONE)
    pairs = [pair(matcher, order, record) for record in records]
    weights = [fitted([p for n, p in enumerate(pairs) if n // 2 % FOLDS != fold]) for fold in range(FOLDS)]
    print("POOLING =", ", ".join(f"{w:.2f}" for w in fitted(pairs)))
    print(
        "| pooled by | answered right / wrong | confirmed | chosen from | declined | about none: answered, declined |"
    )
    show("the mean", [(first + second) / 2 for first, second, _ in pairs], pairs, order)
    ships = [spread(matcher.rank(record["first"], others=record["second"]), order) for record in records]
    show("what ships", ships, pairs, order)
    show(
        "fitted, crossed",
        [pooled(a, b, weights=weights[n // 2 % FOLDS].tolist()) for n, (a, b, _) in enumerate(pairs)],
        pairs,
        order,
    )
    for way in WAYS:
        some = [n for n, record in enumerate(records) if record["way"] == way]
        show(f"what ships, {way}", [ships[n] for n in some], [pairs[n] for n in some], order)


def hear(kept: Path, every: int) -> None:
    """Add what is heard of each question in two ways, by one voice."""
    settings = Settings()
    world, _ = load_world(settings)
    recogniser = make_recogniser(settings, world, "auto")
    done = len(kept.read_text("utf-8").splitlines()) if kept.exists() else 0
    lines = [line.split("\t") for line in QUESTIONS.read_text("utf-8").splitlines()][::every]
    for text in WARMING_UP:
        recogniser.begin()
        recogniser.accept(as_frames(normal(Question(text, NONE, SPEAKERS[0], 0))))
        recogniser.finish()
    asked = [(n, way) for n in range(len(lines)) for way in (WAYS[n % len(WAYS)], WAYS[(n + 2) % len(WAYS)])]
    with kept.open("a", encoding="utf-8") as file:
        for n, way in asked[done:]:
            topic, text = lines[n]
            recogniser.begin()
            recogniser.accept(as_frames(ways()[way](Question(text, topic, SPEAKERS[n % len(SPEAKERS)], n))))
            heard = recogniser.finish()
            record = {"topic": topic, "text": text, "way": way, "first": heard.hypotheses, "second": heard.others}
            print(json.dumps(record), file=file, flush=True)
    recogniser.close()


def pair(matcher: Matcher, order: tuple[str, ...], record: dict[str, list[str]]) -> Pair:
    """One record as each recogniser alone would be ranked."""
    lists = [found for found in (record["first"], record["second"]) if found] or [[""]]
    first, second = (spread(matcher.rank(found), order) for found in (lists[0], lists[-1]))
    return first, second, order.index(str(record["topic"]))


def spread(ranking: Ranking, order: tuple[str, ...]) -> Floats:
    """A ranking as probabilities in `order`."""
    found = {c.topic: c.probability for c in ranking.candidates} | {NONE: ranking.none}
    return np.array([found.get(topic, 0.0) for topic in order])


def fitted(pairs: list[Pair]) -> Floats:
    """The weights that make what was meant likeliest."""
    logs = np.log(np.array([((a + b) / 2, a, b) for a, b, _ in pairs]) + LEAST)
    aims, each = np.array([aim for *_, aim in pairs]), np.arange(len(pairs))

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = np.einsum("w,qwt->qt", weights, logs)
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        value = -float(np.log(likely[each, aims]).mean()) + PENALTY * float(weights @ weights)
        likely[each, aims] -= 1
        return value, np.einsum("qt,qwt->w", likely, logs) / len(pairs) + 2 * PENALTY * weights

    return np.asarray(minimize(loss, np.array(POOLING), jac=True, method="L-BFGS-B").x)


def show(name: str, likely: list[Floats], pairs: list[Pair], order: tuple[str, ...]) -> None:
    """One row: what becomes of the questions, as shares of those about a topic and of those about none."""
    told: Counter[tuple[bool, str, bool]] = Counter()
    for row, (*_, aim) in zip(likely, pairs, strict=True):
        places = np.argsort(-row[:-1], kind="stable")[:10]
        ranking = Ranking(tuple(Candidate(order[place], float(row[place])) for place in places), float(row[-1]))
        outcome = decide(ranking, Bands())
        told[order[aim] != NONE, outcome.kind, order[aim] in [c.topic for c in outcome.topics]] += 1
    about, none = (max(1, sum(n for (inside, *_), n in told.items() if inside is kind)) for kind in (True, False))
    shares = [
        " / ".join(f"{told[True, kind, right] / about:.3f}" for right in (True, False))
        for kind in ("answer", "confirm", "choose")
    ]
    declined = sum(n for (inside, kind, _), n in told.items() if inside and kind == "decline") / about
    outside = ", ".join(f"{told[False, kind, False] / none:.3f}" for kind in ("answer", "decline"))
    print(f"| {name} | {' | '.join(shares)} | {declined:.3f} | {outside} |", flush=True)


if __name__ == "__main__":
    main()

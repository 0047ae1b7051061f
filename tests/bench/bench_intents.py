"""Public tests of understanding, ours beside other ways in one run, with the published figures.

    python -m tests.bench.bench_intents hint3 FOLDER       # of github.com/hellohaptik/HINT3, the one with v1
    python -m tests.bench.bench_intents clinc FILE         # data_full.json of github.com/clinc/oos-eval

HINT3 (Arora and others 2020): examples of the train files, questions of the test files, full sets. CLINC150 "small"
(Larson and others 2019): the first 50 training examples of each of the 150 intents, all test questions.
"Kept at 75 % rejection" reads its threshold off the test questions, as all published figures do. The last column
(HINT3 only) takes it from training material alone: half are examples of topics that are hidden, a fifth at a time, and
half everyday questions about nothing of ours (models/training/none.txt); a threshold that rejects three quarters of
those is used.

padacioso and hassil are measured where they are installed (pip install padacioso hassil). padatious can not be
installed on Python 3.11: its library FANN no longer builds.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from assistant.matching import Matcher, normalise
from assistant.matching.classifier import NONE
from assistant.matching.encoder import shipped_encoder
from models import fit_matcher
from tests.bench.bench_matching import SIMPLE, Maker, Scorer, Scores, Ways, every_meaning, ours, place_in, unfitted

OUT_OF_SCOPE = "NO_NODES_DETECTED"
REJECTED = 0.75
PARTS = 5
SMALL = 50
"""Examples of each intent in CLINC150 "small"."""
SLOW = {"padacioso": 40}
"""It takes seconds a question, so it gets so many of each kind, and no threshold."""
HINT3_PUBLISHED = {
    "sofmattress": ((0.736, 0.693, 0.732, 0.593, 0.723), (0.636, 0.537, 0.606, 0.593, 0.571)),
    "curekart": ((0.836, 0.841, 0.750, 0.726, 0.803), (None, None, 0.573, 0.538, 0.673)),
    "powerplay11": ((0.585, 0.491, 0.596, 0.480, 0.665), (0.436, 0.338, 0.335, 0.364, 0.418)),
}
"""Best in-scope accuracy, and what is kept at 75 % rejection, of `SYSTEMS`; None: never rejects so much."""
SYSTEMS = ("BERT", "Rasa", "Dialogflow", "LUIS", "Haptik")
CLINC_PUBLISHED = {
    "BERT": (0.962, 0.589), "MLP": (0.913, 0.324), "Rasa": (0.896, 0.010), "Dialogflow": (0.892, 0.205),
    "SVM": (0.856, 0.130), "FastText": (0.848, 0.060),
}  # fmt: skip
"""In-scope accuracy and out-of-scope recall, from all training examples."""
HEADER = (
    "| set | method | questions | top-1 | top-3 | kept at 75 % rejection "
    "| kept / rejected at the threshold from training | ms |\n|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Asked:
    """The questions of a test set, normalised."""

    inside: list[tuple[str, str]]
    outside: list[str]

    def some(self, most: int) -> Asked:
        """At most so many of each kind, always the same."""

        def first(texts: list[str]) -> set[str]:
            return set(sorted(texts, key=lambda text: zlib.crc32(text.encode()))[:most])

        kept = first([text for text, _ in self.inside])
        return Asked([pair for pair in self.inside if pair[0] in kept], sorted(first(self.outside)))


def main() -> None:
    """Print the table asked for."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("set", choices=["hint3", "clinc"])
    ask.add_argument("path", type=Path)
    ask.add_argument("--methods", nargs="*", default=None)
    wanted = ask.parse_args()
    methods = {name: make for name, make in makers().items() if not wanted.methods or name in wanted.methods}
    print(HEADER)
    if wanted.set == "hint3":
        for name, published in HINT3_PUBLISHED.items():
            table(name, *hint3(wanted.path, name), methods)
            for system, best, kept in zip(SYSTEMS, *published, strict=True):
                print(f"| {name} | {system}, published | | {best:.3f} | | {kept or 'never'} | | |")
        return
    table("CLINC150 small", *clinc(wanted.path), methods, honest=False)
    for system, (accuracy, recall) in CLINC_PUBLISHED.items():
        print(f"| CLINC150 full | {system}, published | | {accuracy:.3f} | | | {accuracy:.3f} / {recall:.3f} | |")


def makers() -> dict[str, Maker]:
    """All methods that are here."""
    found = dict(SIMPLE)
    if find_spec("padacioso"):
        found["padacioso"] = padacioso
    if find_spec("hassil"):
        found["hassil"] = hassil
    return {**found, "ours, as a pack it never saw": unfitted, "ours, fitted": fitted}


def fitted(ways: Ways) -> Scorer:
    """Ours, with a classifier fitted on the examples and our own negatives, and the shipped weights."""
    material = fit_matcher.Material()
    for topic, texts in ways.items():
        for text in texts:
            material.add(text, topic)
    for text in negatives():
        material.add(text, NONE)
    classifier = fit_matcher.fit_classifier(material, range(len(material.texts)), shipped_encoder())
    return ours(Matcher(ways, meanings=every_meaning(), classifier=classifier), list(ways))


def padacioso(ways: Ways) -> Scorer:
    """Intents of padacioso with its fuzzy matching."""
    engine = importlib.import_module("padacioso").IntentContainer(fuzz=True, n_workers=1)
    places = {topic: place for place, topic in enumerate(ways)}
    for topic, texts in ways.items():
        engine.add_intent(topic, list(texts))

    def score(text: str) -> Scores:
        found = np.zeros(len(places))
        for intent in engine.calc_intents(text):
            if intent["name"]:
                found[places[intent["name"]]] = max(found[places[intent["name"]]], intent["conf"])
        return found

    return score


def hassil(ways: Ways) -> Scorer:
    """Templates of hassil: every example as a sentence. What is no such sentence is nothing."""
    engine = importlib.import_module("hassil")
    data = {f"i{place}": {"data": [{"sentences": list(texts)}]} for place, texts in enumerate(ways.values())}
    intents = engine.Intents.from_dict({"language": "en", "intents": data})

    def score(text: str) -> Scores:
        found = np.zeros(len(ways))
        if intent := engine.recognize(text, intents):
            found[int(intent.intent.name[1:])] = 1.0
        return found

    return score


def negatives() -> list[str]:
    """Everyday questions about nothing of ours, written for training."""
    path = fit_matcher.ROOT / "models" / "training" / "none.txt"
    return [normalise(line) for _, lines in fit_matcher.blocks(path) for line in lines]


def hint3(folder: Path, name: str) -> tuple[Ways, Asked]:
    """One of the three bots."""
    examples = [(normalise(text), label) for text, label in rows(folder / "v1" / "train" / f"{name}_train.csv")]
    asked = [(normalise(text), label) for text, label in rows(folder / "v1" / "test" / f"{name}_test.csv")]
    ways = grouped(examples)
    inside = [(text, label) for text, label in asked if label in ways]
    return ways, Asked(inside, [text for text, label in asked if label == OUT_OF_SCOPE])


def clinc(path: Path) -> tuple[Ways, Asked]:
    """CLINC150 small."""
    parts = json.loads(path.read_text("utf-8"))
    used: Counter[str] = Counter()
    examples: list[tuple[str, str]] = []
    for text, label in parts["train"]:
        used[label] += 1
        if used[label] <= SMALL:
            examples.append((normalise(text), label))
    inside = [(normalise(text), label) for text, label in parts["test"]]
    return grouped(examples), Asked(inside, [normalise(text) for text, _ in parts["oos_test"]])


def grouped(examples: Sequence[tuple[str, str]]) -> Ways:
    """Texts by label, each once."""
    ways: Ways = {}
    for text, label in dict.fromkeys(examples):
        if text:
            ways.setdefault(label, []).append(text)
    return ways


def rows(path: Path) -> list[tuple[str, str]]:
    """Text and label of each line."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["sentence"], row["label"]) for row in csv.DictReader(file)]


def table(name: str, ways: Ways, asked: Asked, methods: dict[str, Maker], *, honest: bool = True) -> None:
    """A row for each method; `honest`: with a threshold from training material too, which takes five times as long."""
    for method, make in methods.items():
        some = asked.some(SLOW[method]) if method in SLOW else asked
        print(f"| {name} | {method} | {measured(make, ways, some, honest=honest and method not in SLOW)} |", flush=True)


def measured(make: Maker, ways: Ways, asked: Asked, *, honest: bool) -> str:
    """The figures of one method as cells."""
    score, topics = make(ways), list(ways)
    begun = time.perf_counter()
    inside = [(score(text), topics.index(label)) for text, label in asked.inside]
    outside = np.array([score(text).max() for text in asked.outside])
    each_ms = 1000 * (time.perf_counter() - begun) / (len(inside) + len(outside))
    places = np.array([place_in(scores, aim) for scores, aim in inside])
    best = np.array([scores.max() for scores, _ in inside])
    first, read_off = places == 0, np.quantile(outside, REJECTED)
    cells = [str(len(inside)), f"{first.mean():.3f}", f"{(places < 3).mean():.3f}"]
    cells.append(f"{(first & (best > read_off)).mean():.3f}")
    limit = threshold(make, ways) if honest else None
    cells.append("" if limit is None else f"{(first & (best > limit)).mean():.3f} / {(outside <= limit).mean():.3f}")
    return " | ".join([*cells, f"{each_ms:.1f}"])


def threshold(make: Maker, ways: Ways) -> float:
    """From training material alone: what rejects three quarters of hidden topics and everyday talk, half and half."""
    hidden: list[float] = []
    everyday: list[float] = []
    others = negatives()
    for part in range(PARTS):
        gone = {topic for number, topic in enumerate(ways) if number % PARTS == part}
        score = make({topic: texts for topic, texts in ways.items() if topic not in gone})
        hidden += [score(text).max() for topic in gone for text in ways[topic]]
        everyday += [score(text).max() for text in others[part::PARTS]]
    limits = np.unique([*hidden, *everyday])
    rejected = [(np.mean(hidden <= limit) + np.mean(everyday <= limit)) / 2 for limit in limits]
    return float(limits[int(np.argmax(np.array(rejected) >= REJECTED))])


if __name__ == "__main__":
    main()

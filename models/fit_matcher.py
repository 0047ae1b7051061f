"""Fit the matcher's classifier and the weights of its evidence, and say how good they are.

    python -m models.fit_matcher --clinc data_full.json --other aac.txt kqa.txt

Everything a weight is fitted on was made without the question it is about: the questions are dealt into five parts,
and for each part the phrases known to the matcher and the classifier come from the other parts only. In each part a
tenth of the topics is hidden from the classifier, so that the weights for topics added later are fitted too.
Material: the content's questions, models/training, and public texts as "none of these" (see models/training/README.md).
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array, hstack

from assistant.matching import Bands, Candidate, Ranking, decide
from assistant.matching.classifier import NONE, SLOTS, WORDS_WEIGHT, Classifier, slots
from assistant.matching.classifier import TABLE as CLASSIFIER
from assistant.matching.encoder import WIDTH
from assistant.matching.features import PAIR, WHOLE, Evidence, Reader
from assistant.matching.fusion import TABLE as FUSION
from assistant.matching.fusion import Fusion
from assistant.matching.matcher import MOST_CANDIDATES
from assistant.matching.memory import shipped_meanings
from assistant.matching.normal import normalise
from assistant.matching.sounds import shipped_sounds
from assistant.topics import content_folder, read_content

ROOT = Path(__file__).resolve().parents[1]
PARTS = 5
HIDDEN = 0.1
CLASSIFIER_PENALTY = 6e-6
FUSION_PENALTY = 1e-4
ROUNDS = 300
PUBLIC_NEGATIVES = 1500
"""Public questions taken as "none of these": more would drown our own near misses."""
NEAR_MISS_WEIGHT = 2.0
"""Our own negatives are harder than the public ones and count more."""
SEED = 7
OUTCOMES = (
    "answer right", "answer wrong", "confirm right", "confirm wrong", "choose right", "choose wrong", "decline",
)  # fmt: skip

Floats = NDArray[np.float64]


@dataclass
class Material:
    """Questions with the topic they mean."""

    texts: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    authored: list[bool] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def add(self, text: str, topic: str, *, authored: bool = False, weight: float = 1.0) -> None:
        """Take in one question, once."""
        plain = normalise(text)
        if plain and plain not in self.texts:
            self.texts.append(plain)
            self.topics.append(topic)
            self.authored.append(authored)
            self.weights.append(weight)


def main() -> None:
    """Fit, report, write."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--clinc", type=Path, help="data_full.json of CLINC150")
    ask.add_argument("--other", type=Path, nargs="*", default=[], help="texts about none of our topics")
    wanted = ask.parse_args()
    material, ways = gather(wanted.clinc, wanted.other)
    print(f"{len(ways)} topics, {len(material.texts)} questions, {material.topics.count(NONE)} of none", flush=True)
    shipped_meanings().of_all(material.texts)  # all at once is four times as quick as one by one
    evidence = honest_evidence(material, ways)
    order = tuple(ways)
    fusion = fit_fusion(evidence, [place_of(order, topic) for topic in material.topics], material.weights)
    report(fusion, evidence, material, order)
    fusion.write(FUSION)
    shipped_meanings().write(text for texts in ways.values() for text in texts)
    write_classifier(fit_classifier(material, range(len(material.texts)), set()))


def place_of(order: tuple[str, ...], topic: str) -> int:
    """The place of a topic among the scores; that of none is last."""
    return len(order) if topic == NONE else order.index(topic)


def gather(clinc: Path | None, others: list[Path]) -> tuple[Material, dict[str, list[str]]]:
    """All questions, and the ways to ask that the product knows."""
    content, _ = read_content(content_folder())
    files = sorted((ROOT / "models" / "training").glob("*.txt"))
    trained = [block for path in files for block in blocks(path)]
    material, ways = Material(), {}
    for topic in content.topics.values():
        ways[topic.id] = [normalise(text) for text in (*topic.questions, topic.title, topic.say)]
        for question in topic.questions:
            material.add(question, topic.id, authored=True)
    for topic_id, lines in trained:
        for line in lines:
            if topic_id == "none":
                material.add(line, NONE, weight=NEAR_MISS_WEIGHT)
            elif topic_id in ways:
                material.add(line, topic_id)
    for line in public_negatives(clinc, others):
        material.add(line, NONE)
    return material, ways


def blocks(path: Path) -> list[tuple[str, list[str]]]:
    """Topics in square brackets, each with its lines."""
    found: list[tuple[str, list[str]]] = []
    for line in path.read_text("utf-8").splitlines():
        if named := re.fullmatch(r"\[([\w-]+)\]", line.strip()):
            found.append((named[1], []))
        elif line.strip() and not line.startswith("#"):
            found[-1][1].append(line.strip())
    return found


def public_negatives(clinc: Path | None, others: list[Path]) -> list[str]:
    """Out-of-scope and everyday questions of others."""
    lines = [line for path in others for line in path.read_text("utf-8").splitlines() if line.strip()]
    if clinc:
        parts = json.loads(clinc.read_text("utf-8"))
        lines += [text for name in ("oos_train", "oos_val", "val") for text, _ in parts[name]]
    random.Random(SEED).shuffle(lines)  # noqa: S311 - no secret
    return lines[:PUBLIC_NEGATIVES]


def honest_evidence(material: Material, ways: dict[str, list[str]]) -> list[Evidence]:
    """The evidence for each question, from everything but its own part."""
    rng = np.random.default_rng(SEED)
    part = rng.integers(0, PARTS, len(material.texts))
    evidence: list[Evidence | None] = [None] * len(material.texts)
    for number in range(PARTS):
        hidden = {topic for topic in ways if rng.random() < HIDDEN}
        out = {material.texts[i] for i in np.flatnonzero(part == number)}
        known = {topic: [t for t in texts if t not in out] or texts[-1:] for topic, texts in ways.items()}
        classifier = fit_classifier(material, np.flatnonzero(part != number), hidden)
        reader = Reader(known, shipped_meanings(), shipped_sounds(), classifier)
        for i in np.flatnonzero(part == number):
            evidence[i] = reader.evidence(material.texts[i])
        print(f"part {number + 1} of {PARTS}", flush=True)
    return [found for found in evidence if found is not None]


def fit_classifier(material: Material, chosen: range | NDArray[np.int64], hidden: set[str]) -> Classifier:
    """Multinomial logistic regression on meaning and hashed words, topics in `hidden` left out."""
    used = [i for i in chosen if material.topics[i] not in hidden]
    classes = [*sorted({material.topics[i] for i in used} - {NONE}), NONE]
    place = {name: number for number, name in enumerate(classes)}
    texts = [material.texts[i] for i in used]
    meanings = csr_array(shipped_meanings().of_all(texts))
    inputs = hstack([meanings, word_inputs(texts), csr_array(np.ones((len(texts), 1), np.float32))], format="csr")
    aims = np.array([place[material.topics[i]] for i in used])
    weights = np.array([material.weights[i] for i in used])
    solved = softmax_regression(inputs, aims, weights / weights.sum(), len(classes), CLASSIFIER_PENALTY)
    dimensions = WIDTH
    single = solved.astype(np.float32)
    return Classifier(classes, single[:dimensions].T, single[dimensions:-1], single[-1])


def word_inputs(texts: list[str]) -> csr_array:
    """One row a text, as `Classifier.judge` sees its words."""
    used = [slots(text) for text in texts]
    sizes = np.array([len(row) for row in used])
    values = np.repeat(WORDS_WEIGHT / np.sqrt(sizes), sizes).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return csr_array((values, np.concatenate(used), starts), shape=(len(texts), SLOTS))


def softmax_regression(
    inputs: csr_array, aims: NDArray[np.int64], weights: Floats, classes: int, penalty: float
) -> Floats:
    """Weights (inputs by classes) that make the aims likeliest."""
    rows = np.arange(len(aims))

    def loss(flat: Floats) -> tuple[float, Floats]:
        matrix = flat.reshape(inputs.shape[1], classes)
        scores = inputs @ matrix.astype(np.float32)
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        likely /= likely.sum(axis=1, keepdims=True)
        value = -float(weights @ np.log(likely[rows, aims] + 1e-12)) + penalty / 2 * float(flat @ flat)
        likely[rows, aims] -= 1
        slope = inputs.T @ (likely * weights[:, None].astype(np.float32))
        return value, slope.astype(np.float64).ravel() + penalty * flat

    begin = np.zeros(inputs.shape[1] * classes)
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS})
    return np.asarray(found.x).reshape(inputs.shape[1], classes)


def fit_fusion(evidence: list[Evidence], aims: list[int], counts: list[float]) -> Fusion:
    """The weights that make the meant topics likeliest."""
    pairs = np.stack([found.pairs for found in evidence]).astype(np.float64)
    learned = np.stack([found.learned for found in evidence])
    whole = np.stack([found.whole for found in evidence]).astype(np.float64)
    weights = np.array(counts) / sum(counts)
    rows = np.arange(len(aims))
    n, m = len(PAIR), len(PAIR) + 1

    def loss(flat: Floats) -> tuple[float, Floats]:
        first, added, none = flat[:n], flat[n : n + m], flat[n + m :]
        scores = np.where(learned, pairs @ first, pairs @ added[:-1] + added[-1])
        every = np.column_stack([scores, whole @ none])
        every -= every.max(axis=1, keepdims=True)
        likely = np.exp(every)
        likely /= likely.sum(axis=1, keepdims=True)
        value = -float(weights @ np.log(likely[rows, aims] + 1e-12)) + FUSION_PENALTY / 2 * float(flat @ flat)
        likely[rows, aims] -= 1
        likely *= weights[:, None]
        known, new = likely[:, :-1] * learned, likely[:, :-1] * ~learned
        slope = [np.einsum("qt,qtf->f", known, pairs), np.einsum("qt,qtf->f", new, pairs), [new.sum()]]
        return value, np.concatenate([*slope, likely[:, -1] @ whole]) + FUSION_PENALTY * flat

    begin = np.concatenate([np.ones(n), np.ones(n), [0.0], np.zeros(len(WHOLE))])
    found = np.asarray(minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x)
    return Fusion(found[:n], found[n : n + m], found[n + m :])


def report(fusion: Fusion, evidence: list[Evidence], material: Material, order: tuple[str, ...]) -> None:
    """How the fit does on the questions it was not made from (its few weights apart), as tables."""
    likely = np.stack([fusion.probabilities(found) for found in evidence])
    aims = np.array([place_of(order, topic) for topic in material.topics])
    inside, authored = aims < len(order), np.array(material.authored)
    groups = {"authored": inside & authored, "paraphrases": inside & ~authored, "none of these": ~inside}
    print("| questions | number | top-1 | top-3 | " + " | ".join(OUTCOMES) + " |")
    for name, chosen in groups.items():
        if chosen.any():
            print(f"| {name} | {chosen.sum()} | {figures(likely[chosen], aims[chosen])} |")
    best = likely[:, :-1].argmax(axis=1)
    said, right = likely[np.arange(len(aims)), best], best == aims
    print("| said | came true | number |")
    for low in np.linspace(0, 0.9, 10):
        band = (said > low) & (said <= low + 0.1)
        if band.any():
            print(f"| {said[band].mean():.2f} | {right[band].mean():.2f} | {band.sum()} |")


def figures(likely: Floats, aims: NDArray[np.int64]) -> str:
    """Top-1, top-3, and the share of each outcome, as cells."""
    order = np.argsort(-likely[:, :-1], axis=1)
    top = [(order[:, :n] == aims[:, None]).any(axis=1).mean() for n in (1, 3)]
    counts = Counter(outcome(row, places, aim) for row, places, aim in zip(likely, order, aims, strict=True))
    return " | ".join(f"{share:.3f}" for share in [*top, *(counts[name] / len(aims) for name in OUTCOMES)])


def outcome(row: Floats, places: NDArray[np.int64], aim: int) -> str:
    """What would be done, and whether it led to what was meant."""
    best = tuple(Candidate(str(place), float(row[place])) for place in places[:MOST_CANDIDATES])
    found = decide(Ranking(best, float(row[-1])), Bands())
    if found.kind == "decline":
        return "decline"
    return f"{found.kind} {'right' if str(aim) in [candidate.topic for candidate in found.topics] else 'wrong'}"


def write_classifier(classifier: Classifier) -> None:
    """Write it in one and two bytes a number."""
    names = "\n".join(classifier.places)
    meaning, words, bias = classifier.weights
    scale = np.maximum(np.abs(words).max(axis=0, keepdims=True), 1e-9) / 127
    np.savez_compressed(
        CLASSIFIER,
        classes=np.frombuffer(names.encode(), np.uint8),
        meaning=meaning.astype(np.float16),
        words=np.round(words / scale).astype(np.int8),
        scale=scale.astype(np.float16),
        bias=bias.astype(np.float16),
    )


if __name__ == "__main__":
    main()

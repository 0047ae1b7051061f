"""Gather how people ask into `asked.txt.gz`: the recogniser's language model learns from it what is likely to be said.

    python -m models.build_asked

The ways to ask for fitting (`models/training`) as a recogniser hears them, one a line, and before them the sounds of
words that its dictionary lacks: the word, a tab, its sounds.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from assistant.hearing.asked import FILE
from assistant.hearing.pocketsphinx import spoken_form
from assistant.hearing.pronouncing import guess, read_words

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Write the file."""
    special = read_words(ROOT / "content" / "en" / "recogniser-words.txt")
    lines = sorted({spoken_form(line, special) for line in ways_to_ask()} - {""})
    wanted = sorted({word for line in lines for word in line.split()} - dictionary() - set(special))
    sounds = {word: found for word, found in guess(wanted).items() if word in wanted}
    words = [f"{word}\t{sounds[word]}" for word in sorted(sounds)]
    FILE.write_bytes(gzip.compress("\n".join([*words, *lines, ""]).encode(), 9, mtime=0))
    print(f"{len(lines)} ways to ask, {len(words)} words with guessed sounds, {FILE.stat().st_size} bytes")


def ways_to_ask() -> list[str]:
    """Lines of the training files, also those about none of the topics: they too are said to the product."""
    files = sorted((ROOT / "models" / "training").glob("*.txt"))
    lines = [line.strip() for path in files for line in path.read_text("utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith(("#", "["))]


def dictionary() -> set[str]:
    """Words that PocketSphinx can say."""
    import pocketsphinx  # noqa: PLC0415 - engines load late

    lines = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict")).read_text("utf-8").splitlines()
    return {re.sub(r"\(\d+\)$", "", line.split()[0]) for line in lines if line.strip()}


if __name__ == "__main__":
    main()

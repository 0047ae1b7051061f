"""Write the content's questions and answers and the training paraphrases, one sentence a line, to standard output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def own_sentences() -> Iterator[str]:
    """Sentences of the content and lines of the training paraphrases."""
    for path in sorted((ROOT / "content" / "en" / "topics").glob("*.md")):
        body = path.read_text("utf-8").partition("# Questions")[2].partition("# Notes")[0]
        for line in body.splitlines():
            if not line.startswith("#"):
                yield from re.split(r"(?<=[.?!]) ", line.removeprefix("- "))
    for path in sorted((ROOT / "models" / "training").glob("*.txt")):
        yield from (line for line in path.read_text("utf-8").splitlines() if not line.startswith(("#", "[")))


if __name__ == "__main__":
    for sentence in own_sentences():
        if sentence.strip():
            print(sentence.strip())

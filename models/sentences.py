"""Write the sentences that the word vectors are fitted to, one a line, to standard output.

They are the content's questions and answers, the paraphrases in models/training, and the public texts named on the
command line: CLINC150 (train and val parts of its JSON file), or plain text with one sentence a line.
"""

from __future__ import annotations

import json
import re
import sys
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


def public_sentences(path: Path) -> Iterator[str]:
    """Sentences of a public text."""
    if path.suffix != ".json":
        yield from path.read_text("utf-8").splitlines()
        return
    parts = json.loads(path.read_text("utf-8"))
    for name in ("train", "val", "oos_train", "oos_val"):
        yield from (text for text, _ in parts[name])


if __name__ == "__main__":
    for sentence in [*own_sentences(), *(s for name in sys.argv[1:] for s in public_sentences(Path(name)))]:
        if sentence.strip():
            print(sentence.strip())

"""Builds the speech model that the tests use: `python -m models.test_voice_model train`.

    python -m models.test_voice_model train      needs espeak-ng and flite; some minutes
    python -m models.test_voice_model lexicon    sounds out new words of content/; needs flite

The model knows synthetic voices only. It is a test fixture, never offered to a person.
"""

import argparse
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from models.test_voice_model import lexicon
from models.test_voice_model.kaldi_files import write_final_mdl
from models.test_voice_model.training import some_text, spoken, train_on

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FIXTURE = ROOT / "tests" / "vosk_fixture"
SPOKEN_LINES = {
    "content/en/topics/*.md": ("- ", "title: ", "say: "),
    "content/en/groups.txt": ("title: ", "spoken: "),
    "content/en/commands.txt": ("",),
    "content/en/urgent.txt": ("",),
}
"""Which lines of content/ hold what a person may say, by their beginnings."""


def main() -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(description="Builds the speech model that the tests use.")
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("train", help="train the network, write final.mdl and the lexicon")
    training.add_argument("--to", type=Path, default=FIXTURE, help="folder to write to")
    training.add_argument("--utterances", type=int, default=2400)
    training.add_argument("--hidden", type=int, default=160, help="width of the two hidden layers")
    commands.add_parser("lexicon", help="add the words of content/ to the lexicon")
    chosen = parser.parse_args()
    if chosen.command == "lexicon":
        complete_lexicon(FIXTURE / "lexicon.txt")
    else:
        build(chosen.to, chosen.utterances, chosen.hidden)


def build(folder: Path, utterances: int, hidden: int) -> None:
    """Train, and write am/final.mdl, lexicon.txt and build-log.txt to `folder`."""
    started, lines = time.monotonic(), [f"{utterances} utterances, hidden layers {hidden} wide", *_versions()]
    report = _reporter(lines)
    sentences = (HERE / "sentences.txt").read_text(encoding="utf-8").splitlines()
    more_words = (HERE / "more_words.txt").read_text(encoding="utf-8").split()
    entries = lexicon.from_flite([*" ".join(sentences).split(), *more_words])
    random = np.random.default_rng(1)
    texts = [some_text(sentences, more_words, random) for _ in range(utterances)]
    net = train_on(spoken(texts, random, report), entries, hidden, report)
    (folder / "am").mkdir(parents=True, exist_ok=True)
    write_final_mdl(folder / "am" / "final.mdl", net)
    lexicon.write(folder / "lexicon.txt", entries)
    report(f"built in {time.monotonic() - started:.0f} s")
    (folder / "build-log.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def complete_lexicon(path: Path) -> None:
    """Add every word of content/ that a person may say and whose sounds nothing else tells."""
    entries = lexicon.read(path)
    missing = lexicon.unknown((word for line in spoken_lines() for word in lexicon.words_of(line)), entries)
    lexicon.write(path, entries | lexicon.from_flite(missing))
    print(f"{len(missing)} words added to {path}")


def spoken_lines() -> list[str]:
    """The questions, titles, commands and urgent phrases of content/."""
    return [
        line[len(beginning) :]
        for pattern, beginnings in SPOKEN_LINES.items()
        for file in sorted(ROOT.glob(pattern))
        for line in file.read_text(encoding="utf-8").splitlines()
        for beginning in beginnings
        if line.startswith(beginning) and not line.startswith("#")
    ]


def _reporter(lines: list[str]) -> Callable[[str], None]:
    def report(line: str) -> None:
        lines.append(line)
        print(line, flush=True)

    return report


def _versions() -> list[str]:
    """What the result depends on: a repeat with other versions, or more threads, gives another model."""
    threads = os.environ.get("OMP_NUM_THREADS", "not set")
    lines = [f"NumPy {np.__version__}, OMP_NUM_THREADS {threads}"]
    for command in (["espeak-ng", "--version"], ["flite", "--version"]):
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        lines += [line.strip() for line in told.splitlines() if "version" in line or "eSpeak" in line]
    return [line.split("Data at")[0].strip() for line in lines]


if __name__ == "__main__":
    main()

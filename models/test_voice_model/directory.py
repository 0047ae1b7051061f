"""A whole Vosk model directory from the trained network and the words of the day."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from models.test_voice_model import graph
from models.test_voice_model.aligner import Pronunciation
from models.test_voice_model.lexicon import sounds_of, words_of
from models.test_voice_model.phones import SILENCE, SOUNDS, Position, phone_number

# The beams are wide enough for ten guesses; the end-of-speech rules are those of the public small model.
MODEL_CONF = """\
--min-active=200
--max-active=3000
--beam=14.0
--lattice-beam=9.0
--acoustic-scale=0.6
--frame-subsampling-factor=3
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=0.75
--endpoint.rule4.min-trailing-silence=1.0
"""
FBANK_CONF = """\
--use-energy=false
--num-mel-bins=40
--sample-frequency=16000
--dither=0
"""


def write_directory(
    folder: Path, final_mdl: Path, phrases: Iterable[str], lexicon: Mapping[str, list[Pronunciation]]
) -> Path:
    """Write a Vosk model that knows the words of `phrases` and `[unk]`, and expects the phrases.

    Returns `folder`. Raises UnknownWordError for a word whose sounds are in neither `lexicon` nor the
    dictionaries behind it.
    """
    sentences = [words for words in map(words_of, phrases) if words]
    sounds = {word: sounds_of(word, lexicon) for word in sorted({w for words in sentences for w in words})}
    numbers = graph.word_numbers(list(sounds))
    for name in ("am", "conf", "graph/phones"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    shutil.copyfile(final_mdl, folder / "am" / "final.mdl")
    graph.graph_of_sounds(sounds, numbers).write(folder / "graph" / "HCLr.fst", by_output=True)
    graph.graph_of_sentences(sentences, numbers).write(folder / "graph" / "Gr.fst", by_output=False)
    for name, text in _text_files(numbers).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder


def _text_files(numbers: Mapping[str, int]) -> dict[str, str]:
    boundaries = [f"{phone_number(SILENCE, Position.BEGIN)} nonword\n"] + [
        f"{phone_number(phone, position)} {position.name.lower()}\n" for phone in SOUNDS for position in Position
    ]
    return {
        "conf/model.conf": MODEL_CONF,
        "conf/fbank.conf": FBANK_CONF,
        "graph/words.txt": "".join(f"{word} {number}\n" for word, number in numbers.items()),
        "graph/disambig_tid.int": "",  # Vosk wants the file; these graphs have no such symbols.
        "graph/phones/word_boundary.int": "".join(boundaries),
    }

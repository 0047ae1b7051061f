"""Hear with Vosk. Everything about its interface that can end the process is kept in this file.

Found on vosk 0.3.45: a grammar that is not a JSON list, or an empty one given to the constructor, is a segmentation
fault; changing the grammar inside an utterance aborts; ``Model(lang=...)`` opens the network and may exit; sound
that is not ``bytes`` and paths that are not ``str`` raise. So the constructor gets no grammar, grammars are made
here and set only after `Reset`, and models are opened by their folder alone.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.hearing import RATE_HZ
from assistant.hearing.recogniser import MOST_HYPOTHESES, Heard, RecogniserUnavailable, beside, tidy

UNKNOWN = "[unk]"
OVERLAY = {
    # Small models come with 2, which leaves about one guess of ten. Wider costs little after the search.
    "--lattice-beam": "6.0",
    # Turns are ended by the turn taker. The engine's own ends would only cut a slow speaker in pieces.
    "--endpoint.rule2.min-trailing-silence": "4.0",
    "--endpoint.rule3.min-trailing-silence": "4.5",
    "--endpoint.rule4.min-trailing-silence": "5.0",
    "--endpoint.rule5.min-utterance-length": "60",
}


class VoskRecogniser:
    """A Vosk model and one recogniser on it.

    Args:
        model: the model's folder.

    Raises:
        RecogniserUnavailable: the package or the model cannot be used.
    """

    name = "vosk"

    def __init__(self, model: Path) -> None:
        try:
            import vosk  # noqa: PLC0415 - engines load late
        except (ImportError, OSError) as problem:
            message = f"The recogniser Vosk cannot be loaded ({problem}). Use the recogniser 'pocketsphinx'."
            raise RecogniserUnavailable(message) from problem
        vosk.SetLogLevel(-3)  # its own lines on stderr are for programmers
        self._folder = tempfile.TemporaryDirectory(prefix="askaloud-vosk-")
        try:
            overlay(model, Path(self._folder.name))
            self._model: Any = vosk.Model(str(self._folder.name))
            self._questions: Any = _Decoding(vosk.KaldiRecognizer(self._model, RATE_HZ))
            self._lists: Any = _Decoding(vosk.KaldiRecognizer(self._model, RATE_HZ))
            self._try_out()
        except Exception as problem:  # the package raises bare Exception
            self._folder.cleanup()
            message = (
                f"The speech model in {model} is damaged or is no Vosk model. "
                "Remove the folder and fetch the model again; until then 'pocketsphinx' is used."
            )
            raise RecogniserUnavailable(message) from problem
        self.missing: set[str] = set()
        """Words that were asked for and that this model cannot hear."""
        self._phrases: frozenset[str] = frozenset()
        self._first = ""
        self._at_work: list[_Decoding] = []
        self.begin()

    def begin(self, words: Sequence[str] | None = None, *, closed: bool = True) -> None:
        """Start an utterance. Words the model does not know are left out and gathered in `missing`."""
        self._at_work = []
        if words is not None and (words or closed):
            self._phrases = self._sayable(words)
            self._first = words[0].lower() if words else ""
            self._lists.begin(self._phrases)
            self._at_work.append(self._lists)
        if words is None or not closed:
            self._questions.begin()
            self._at_work.append(self._questions)
        self._spent_s = 0.0

    def accept(self, frames: bytes) -> None:
        """Decode more sound now, while the person speaks."""
        began = time.perf_counter()
        for decoding in self._at_work:
            decoding.accept(bytes(frames))
        self._spent_s += time.perf_counter() - began

    def first_heard(self) -> bool:
        """Whether what was heard so far is the first of the listed words."""
        return self._lists in self._at_work and self._lists.so_far() == self._first

    def finish(self) -> Heard:
        """End the utterance: what was heard, the engine's own segments joined."""
        began = time.perf_counter()
        listed = self._listed(self._lists.finish()) if self._lists in self._at_work else ()
        free = self._questions in self._at_work
        hypotheses = beside(tidy(self._questions.finish()), listed) if free else listed
        self._spent_s += time.perf_counter() - began
        return Heard(hypotheses, self.name, 1000 * self._spent_s)

    def close(self) -> None:
        """Let go of the model."""
        self._at_work = []
        self._questions = self._lists = self._model = None
        with contextlib.suppress(OSError):
            self._folder.cleanup()

    def _sayable(self, words: Sequence[str]) -> frozenset[str]:
        """The phrases of which the model knows every word."""
        known = set()
        for phrase in words:
            parts = phrase.lower().split()
            strange = {w for w in parts if w.startswith("[") or self._model.vosk_model_find_word(w) < 0}
            self.missing |= strange
            if parts and not strange:
                known.add(" ".join(parts))
        return frozenset(known)

    def _listed(self, texts: list[str]) -> tuple[str, ...]:
        """Only whole phrases of the list, and none when the best guess is no such phrase.

        The engine strings listed words and `[unk]` together in any order, and foreign speech is often heard as a
        listed word beside `[unk]`.
        """
        if not texts or texts[0] not in self._phrases:
            return ()
        return tuple(dict.fromkeys(text for text in texts if text in self._phrases))[:MOST_HYPOTHESES]

    def _try_out(self) -> None:
        """Decode a second of noise: some damaged models fail only now."""
        self._questions.begin()
        self._questions.accept(np.random.default_rng(0).normal(0, 300, RATE_HZ).astype("<i2").tobytes())
        self._questions.finish()


class _Decoding:
    """One engine on the model: free, or on a word list of its own. The engine's ends are only segments."""

    def __init__(self, engine: Any) -> None:  # noqa: ANN401 - vosk has no types
        self._engine = engine
        self._engine.SetMaxAlternatives(MOST_HYPOTHESES)
        self._segments: list[list[str]] = []

    def begin(self, phrases: frozenset[str] | None = None) -> None:
        """Forget what was; `phrases` is set only after `Reset`, as anything else may end the process."""
        self._engine.Reset()
        if phrases is not None:
            # Vosk's parser does not decode \\uXXXX. [unk] takes what is none of the words.
            self._engine.SetGrammar(json.dumps([*sorted(phrases), UNKNOWN], ensure_ascii=False))
        self._segments = []

    def accept(self, frames: bytes) -> None:
        """Decode more."""
        if self._engine.AcceptWaveform(frames):
            self._keep(self._engine.Result())

    def so_far(self) -> str:
        """What was heard until now."""
        partial = str(json.loads(self._engine.PartialResult()).get("partial", ""))
        return " ".join([*(guesses[0] for guesses in self._segments), partial]).strip()

    def finish(self) -> list[str]:
        """Guesses for the whole utterance, best first."""
        self._keep(self._engine.FinalResult())
        return _joined(self._segments)

    def _keep(self, result: str) -> None:
        """Note one segment's guesses; none when its best guess is silence."""
        guesses = [str(a.get("text", "")) for a in json.loads(result).get("alternatives", [])]
        if guesses and guesses[0].strip():
            self._segments.append(guesses)


def _joined(segments: list[list[str]]) -> list[str]:
    """Guesses for the whole utterance: the best of every segment, then each segment's others in turn."""
    if not segments:
        return []
    best = [guesses[0] for guesses in segments]
    whole = [" ".join(best)]
    for rank in range(1, max(len(guesses) for guesses in segments)):
        for i, guesses in enumerate(segments):
            if rank < len(guesses) and guesses[rank].strip():
                whole.append(" ".join([*best[:i], guesses[rank], *best[i + 1 :]]))
    return whole


def overlay(model: Path, folder: Path) -> None:
    """Fill `folder` with links to `model`, and a configuration that suits slow speech.

    This version of Vosk has no call for these settings; its configuration file is the only way.

    Raises:
        OSError: the model's folder or its configuration cannot be read.
    """
    for part in model.resolve().iterdir():
        if part.name != "conf":
            _link(part, folder / part.name)
    (folder / "conf").mkdir()
    for part in (model / "conf").iterdir():
        if part.name != "model.conf":
            _link(part.resolve(), folder / "conf" / part.name)
    lines = (model / "conf" / "model.conf").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.split("=")[0].strip() not in OVERLAY]
    settings = [f"{key}={value}" for key, value in OVERLAY.items()]
    (folder / "conf" / "model.conf").write_text("\n".join([*kept, *settings]) + "\n", encoding="utf-8")


def _link(source: Path, target: Path) -> None:
    """Link, or copy where links are not allowed (Windows without developer mode)."""
    try:
        target.symlink_to(source, target_is_directory=source.is_dir())
    except OSError:
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy2(source, target)

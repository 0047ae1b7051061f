"""Questions spoken by synthetic voices: how often is the right topic found, and how often a wrong one told?

    python -m tests.bench.bench_spoken FILE ... [--n 100] [--ways normal slow ...] [--engine auto]

Each FILE has a topic, a tab and a question a line; topic "none" for what is about none of them. `--n` takes so many of
each kind, by the checksum of their text, so that a smaller number is always a part of a larger. No voice here was used
while anything was tuned (those were flite's rms, slt and awb, and espeak-ng's en-us): flite's kal16 and, in
the band of a telephone, kal, Festival's ked, and two other voices of espeak-ng. All are American, as PocketSphinx's
model is. Each question is spoken by one of them in turn, the same one in every way of speaking.

Needs the programs flite, espeak-ng and festival (with ked), and pyworld for simulated dysarthria.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from assistant.hearing import RATE_HZ
from assistant.hearing.wav import read_wav
from assistant.matching import normalise
from assistant.profile import Settings
from assistant.selftest import (
    EDGE_S,
    FLOOR,
    GAP_S,
    NOISE_DB,
    NONE,
    Asking,
    Row,
    Samples,
    among_three,
    answered_wrongly,
    as_frames,
    noisy,
    right_at_once,
    trimmed,
)
from assistant.startup import load_world, make_matcher, make_recogniser
from tests.bench.dysarthria import Grade, distort

SPEAKERS = ("flite:kal16", "flite:kal", "festival:ked_diphone", "espeak-ng:en-us+f3", "espeak-ng:en-us+m3")
GRADES: tuple[Grade, ...] = ("mild", "moderate", "severe")
RATE_WPM = "150"
WARMING_UP = ("hello there", "good morning to you all", "it is a fine day today", "please listen to what I say")
"""Said before anything counts: PocketSphinx levels sound by what it has heard so far, and hears the first worse."""
FRAME, HOP = 512, 128
"""Samples of a spectrum of the noise gate, and from one to the next."""
OVER, LEAST_GAIN = 2.0, 0.1
"""How far above the noise sound must be to pass whole, and what is left of it below."""
HEADER = (
    "| way | questions | word error | top-1 | top-3 | answered right | answered wrongly | asked back with it "
    "| declined | "
    "seconds |\n|---|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Question:
    """What is asked, and by whom."""

    text: str
    topic: str
    speaker: str
    number: int


@dataclass
class Way:
    """A way of speaking and what came of it."""

    name: str
    sound: Callable[[Question], Samples]
    row: Row = field(init=False)
    errors: list[tuple[int, int]] = field(default_factory=list)
    """Wrong words and words said, for each question."""

    def __post_init__(self) -> None:
        self.row = Row(self.name)

    def line(self) -> str:
        """The row of the table."""
        row = self.row
        shares = [
            sum(wrong for wrong, _ in self.errors) / max(1, sum(said for _, said in self.errors)),
            row.share(right_at_once),
            row.share(among_three),
            row.share(lambda topic, reply: reply.outcome in ("answer", "urgent") and right_at_once(topic, reply)),
            row.share(answered_wrongly),
            row.share(lambda topic, reply: reply.outcome in ("confirm", "choose") and among_three(topic, reply)),
            row.share(lambda _, reply: reply.outcome == "decline"),
            sum(row.seconds) / max(1, len(row.seconds)),
        ]
        return f"| {self.name} | {len(row.asked)} | " + " | ".join(f"{share:.3f}" for share in shares) + " |"

    def wrong(self) -> list[str]:
        """Each wrong answer: the topic meant, the one told, what was heard."""
        pairs = zip(self.row.asked, self.row.replies, strict=True)
        return [
            f"  {t}: {r.outcome} {r.topics[0].id}: {' / '.join(r.heard[:3])}"
            for t, r in pairs
            if answered_wrongly(t, r)
        ]


def main() -> None:
    """Print the table, line by line."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("files", type=Path, nargs="+")
    ask.add_argument("--n", type=int, default=100)
    ask.add_argument("--ways", nargs="*", default=list(ways()), help="some of: " + ", ".join(ways()))
    ask.add_argument("--engine", default="auto", help="auto (with Whisper), or pocketsphinx: that alone")
    ask.add_argument("--speakers", nargs="*", default=list(SPEAKERS), help="program:voice")
    ask.add_argument("--wrong", action="store_true", help="show what was answered wrongly")
    ask.add_argument("--each-speaker", action="store_true", help="every question by every speaker, one table each")
    wanted = ask.parse_args()
    settings = Settings()
    world, _ = load_world(settings)
    recogniser = make_recogniser(settings, world, wanted.engine)
    asking = Asking(world, make_matcher(world), recogniser, settings)
    inside, outside = chosen(wanted.files, wanted.n, set(world.topics))
    for text in WARMING_UP:
        recogniser.begin()
        recogniser.accept(as_frames(normal(Question(text, NONE, SPEAKERS[0], 0))))
        recogniser.finish()
    for speakers in [[speaker] for speaker in wanted.speakers] if wanted.each_speaker else [wanted.speakers]:
        print(f"\nspoken by {', '.join(speakers)}\n\n{HEADER}", flush=True)
        for kind, texts in (("", inside), (", about none", outside)):
            questions = [Question(text, topic, speakers[n % len(speakers)], n) for n, (text, topic) in enumerate(texts)]
            for name in wanted.ways if questions else ():
                way = measured(asking, Way(name + kind, ways()[name]), questions)
                print("\n".join([way.line(), *(way.wrong() if wanted.wrong else ())]), flush=True)


def measured(asking: Asking, way: Way, questions: Sequence[Question]) -> Way:
    """`way` with everything asked."""
    for question in questions:
        heard = asking.spoken(way.row, way.sound(question), question.topic)
        words = normalise(question.text).split()
        best = normalise(heard[0]).split() if heard else []
        way.errors.append((Levenshtein.distance(words, best), len(words)))
    return way


def chosen(files: Sequence[Path], number: int, topics: set[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """So many questions about topics and about none, each with its topic."""
    lines = [line.split("\t") for path in files for line in path.read_text("utf-8").splitlines() if "\t" in line]
    pairs = sorted({(zlib.crc32(text.encode()), text, topic) for topic, text, *_ in lines})
    inside = [(text, topic) for _, text, topic in pairs if topic in topics]
    return inside[:number], [(text, topic) for _, text, topic in pairs if topic == NONE][:number]


def ways() -> dict[str, Callable[[Question], Samples]]:
    """Ways of speaking by name."""
    found: dict[str, Callable[[Question], Samples]] = {"normal": normal, "slow": slow}
    for over_db in NOISE_DB:
        found[f"noise-{over_db}dB"] = partial(in_noise, over_db)
        found[f"noise-{over_db}dB-gated"] = partial(in_noise_gated, over_db)
    for grade in GRADES:
        found[grade] = partial(dysarthric, grade)
    return found


def normal(question: Question) -> Samples:
    """As the voice speaks, in a quiet room."""
    return in_a_room([spoken(question.text, question.speaker)])


def slow(question: Question) -> Samples:
    """Word by word with a pause after each."""
    return in_a_room([spoken(word, question.speaker) for word in question.text.split()])


def in_noise(over_db: int, question: Question) -> Samples:
    """With pink noise."""
    return noisy(normal(question), over_db, question.number)


def in_noise_gated(over_db: int, question: Question) -> Samples:
    """With pink noise, of which a gate takes away what it can."""
    return gated(in_noise(over_db, question))


def dysarthric(grade: Grade, question: Question) -> Samples:
    """As a simulated dysarthric speaker says it: one of five, by turns."""
    clear = spoken(question.text, question.speaker).astype(np.float32)
    sound = distort(clear, RATE_HZ, question.text, grade, question.number % 5, question.number)
    return in_a_room([sound.astype(np.float64)])


def in_a_room(parts: Sequence[Samples]) -> Samples:
    """Parts with pauses between them and the faint noise of a microphone."""
    edge, gap = np.zeros(int(EDGE_S * RATE_HZ)), np.zeros(int(GAP_S * RATE_HZ))
    between = [piece for part in parts for piece in (gap, part)][1:]
    whole = np.concatenate([edge, *between, edge])
    return whole + FLOOR * np.random.default_rng(len(whole)).standard_normal(len(whole))


@cache
def spoken(text: str, speaker: str) -> Samples:
    """`text` by one of the voices, without silence before and after."""
    program, _, voice = speaker.partition(":")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        commands = {
            "flite": ["flite", "-voice", voice, "-t", text, "-o", str(path)],
            "espeak-ng": ["espeak-ng", "-v", voice, "-s", RATE_WPM, "-w", str(path), text],
            "festival": ["text2wave", "-eval", f"(voice_{voice})", "-o", str(path)],
        }
        subprocess.run(commands[program], check=True, capture_output=True, input=text.encode(), timeout=60)
        return trimmed(np.frombuffer(read_wav(path), np.int16).astype(np.float64) / 32768)


def gated(samples: Samples) -> Samples:
    """Spectral subtraction (Boll 1979): in each band, what is hardly above its quieter moments is made soft."""
    window = np.hanning(FRAME + 1)[:-1]
    padded = np.pad(samples, FRAME)
    starts = np.arange(0, len(padded) - FRAME, HOP)
    spectra = np.fft.rfft(padded[starts[:, None] + np.arange(FRAME)] * window)
    strength = np.abs(spectra)
    noise = np.quantile(strength, 0.3, axis=0)
    gain = np.maximum(1 - (OVER * noise / np.maximum(smooth(strength), 1e-9)) ** 2, LEAST_GAIN)
    frames = np.fft.irfft(spectra * gain, FRAME) * window
    out, weight = np.zeros(len(padded)), np.full(len(padded), 1e-9)
    for start, frame in zip(starts, frames, strict=True):
        out[start : start + FRAME] += frame
        weight[start : start + FRAME] += window**2
    return np.asarray((out / weight)[FRAME:-FRAME])


def smooth(strength: NDArray[np.float64]) -> NDArray[np.float64]:
    """Over five moments, so that single ones do not flutter."""
    wide = np.pad(strength, ((2, 2), (0, 0)), mode="edge")
    return np.asarray(sum(wide[n : n + len(strength)] for n in range(5)) / 5)


if __name__ == "__main__":
    main()

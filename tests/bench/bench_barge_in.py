"""Said over the assistant's own voice: is "stop" heard, and does the assistant take its own words for somebody's?

    python -m tests.bench.bench_barge_in stops [--levels none -20 -12 -6 0] [--speaker clear|small] [--drift-ppm 0]
    python -m tests.bench.bench_barge_in own [--minutes 10]
    python -m tests.bench.bench_barge_in talk --sentences FILE [--minutes 30]
    python -m tests.bench.bench_barge_in commands
    python -m tests.bench.bench_barge_in over [--levels none -20 -12 -6 0]

Offline and the same at every run. The loudspeaker's sound reaches the microphone 0.12 s late through a room (0.3 s to
fade by 60 dB), so many dB louder or softer than the person there; "none" is a headset. A "small" loudspeaker has no
bass and is overdriven; `--drift-ppm` lets its clock run faster than the microphone's. With `--deaf` the ear is not told
what is played.

`stops`: six voices say "stop" at ten places each in its answers; found is what is acted on within 0.3 s of the end of
the word. `own`: answers alone, nobody speaks. `talk`: other voices say sentences of FILE (one a line) while it speaks,
12 dB below them. `commands`: other words of the list are said; how many are taken for "stop". `over`: every third of
them is said over its voice; how many are heard as what they mean.

Needs the programs flite and espeak-ng.
"""

from __future__ import annotations

import argparse
import queue
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.choices import World, wanted_words
from assistant.hearing import RATE_HZ
from assistant.hearing.listener import Listener, Utterance
from assistant.hearing.turns import FRAME_S
from assistant.hearing.voice_activity import voice_detector
from assistant.places import Conversation
from assistant.profile import Settings
from assistant.selftest import FLOOR, Samples
from assistant.speaking.voice import open_voice
from assistant.startup import load_world, make_recogniser
from assistant.turn import word_patience_s
from tests.bench.bench_spoken import spoken
from tests.bench.bench_urgent import VOICES, as_bytes

PERSON = 0.1
"""Amplitude of the person at the microphone, full scale being 1: 20 dB below it."""
LATE_S, FADES_S = 0.12, 0.3
SLOT_S = 8.6
PLACES = 10
ANSWERED_WITHIN_S = 0.3
LONGEST_S = 1.5
SLOW_S = 1.0
"""Words other than "stop" wait for a pause, and may be listened to a second time."""
PAUSE_S = 0.4
LEVELS = ("none", "-20", "-12", "-6", "0")


@dataclass(frozen=True)
class Room:
    """The way from the loudspeaker to the microphone."""

    small: bool
    drift_ppm: float
    told: bool
    """Whether the ear is told what is played."""

    def heard(self, own: Samples, level: str) -> Samples:
        """The own voice at the microphone."""
        if level == "none":
            return np.zeros(len(own))
        sound = overdriven(own) if self.small else own
        at = np.arange(len(sound)) * (1 + self.drift_ppm * 1e-6)
        sound = np.interp(at, np.arange(len(sound)), sound)
        echo = convolved(sound, room_of(FADES_S))
        late = np.concatenate([np.zeros(round(LATE_S * RATE_HZ)), echo])[: len(own)]
        return np.asarray(late / loudness(late) * PERSON * 10 ** (float(level) / 20))


class TimedListener(Listener):
    """Knows how much of the sound it has come to."""

    heard_s = 0.0

    def _frame(self, frame: bytes) -> None:
        self.heard_s += FRAME_S
        super()._frame(frame)


class Ears:
    """The product's ear as it listens while the assistant speaks, without devices; time is counted in its frames."""

    def __init__(self, world: World, settings: Settings, conversation: Conversation | None = None) -> None:
        self._reports: queue.SimpleQueue[tuple[float, object]] = queue.SimpleQueue()
        self._recogniser = make_recogniser(settings, world)
        self._words = wanted_words(world, conversation or Conversation(speaking=1))
        self._patience_s = word_patience_s(settings.conversation().pace)

    def hear(self, heard: Samples, played: Samples) -> list[tuple[float, Utterance]]:
        """All turns, each with the moment at which it was known."""
        listener = TimedListener(
            self._recogniser, voice_detector(), lambda report: self._reports.put((listener.heard_s, report))
        )
        listener.listen(1, self._words, self._patience_s)
        listener.hear(as_bytes(heard), as_bytes(played))
        listener.end_utterance()
        turns: list[tuple[float, Utterance]] = []
        while True:
            at, report = self._reports.get()
            if isinstance(report, Utterance):
                turns.append((at, report))
                if report.why == "switch":
                    listener.ignore()
                    return turns


def own_voice(world: World, minutes: float) -> Samples:
    """The assistant reads its answers."""
    voice = open_voice("espeak-ng", world.content.pronunciation)
    parts: list[Samples] = []
    for topic in world.topics.values():
        if sum(map(len, parts)) > 60 * minutes * RATE_HZ:
            break
        sound = voice.synthesise(f"{topic.title}. {topic.short}")
        samples = np.frombuffer(sound.pcm, np.int16) / 32768
        parts += [resampled(samples, sound.rate_hz), np.zeros(round(PAUSE_S * RATE_HZ))]
    voice.close()
    return np.concatenate(parts)


def resampled(samples: Samples, rate_hz: int) -> Samples:
    """At the microphone's rate, without what that cannot hold."""
    count = len(samples) * RATE_HZ // rate_hz
    spectrum = np.fft.rfft(samples)[: count // 2 + 1]
    return np.asarray(np.fft.irfft(spectrum, count) * count / len(samples))


def room_of(fades_s: float) -> Samples:
    """A direct path, and noise that fades, half as strong in all."""
    count = round(fades_s * RATE_HZ)
    tail = np.random.default_rng(5).standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    return np.concatenate([[1.0], np.zeros(40), tail / np.linalg.norm(tail) * 10 ** (-3 / 20)])


def convolved(sound: Samples, room: Samples) -> Samples:
    """`sound` in the room, as long as before."""
    size = 1 << (len(sound) + len(room)).bit_length()
    return np.asarray(np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(room, size), size)[: len(sound)])


def overdriven(sound: Samples) -> Samples:
    """From a small loudspeaker: nothing below 300 Hz, and the loud parts bent."""
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    thin = np.fft.irfft(spectrum / (1 + (300 / np.maximum(hertz, 1)) ** 4), len(sound))
    return np.asarray(np.tanh(2 * thin / np.abs(thin).max()))


def loudness(sound: Samples) -> float:
    """Root mean square of the moments of 20 ms that are not silence."""
    power = np.mean(sound[: len(sound) // 320 * 320].reshape(-1, 320) ** 2, axis=1)
    return float(np.sqrt(np.mean(power[power > power.max() * 10**-2.5])))


def said(text: str, voice: str) -> Samples:
    """As loud as the person."""
    sound = spoken(text, voice)
    return sound / loudness(sound) * PERSON


def with_floor(sound: Samples) -> Samples:
    """The faint noise of a microphone under it."""
    return sound + FLOOR * np.random.default_rng(3).standard_normal(len(sound))


def means_stop(world: World, turn: Utterance) -> bool:
    """Whether the turn is acted on as "stop"."""
    return bool(world.commands.find(turn.heard.hypotheses, {"stop"}))


def stops(world: World, ears: Ears, room: Room, levels: Sequence[str]) -> None:
    """One line a level."""
    count = PLACES * len(VOICES)
    own = own_voice(world, (count + 1) * SLOT_S / 60)[: round(count * SLOT_S * RATE_HZ)]
    print("| echo, dB | found in 0.3 s | found at all | median, ms | slowest, ms | missed | other words |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for level in levels:
        chance = np.random.default_rng(7)
        heard, ends = room.heard(own, level), []
        for number in range(count):
            word = said("stop", VOICES[number % len(VOICES)])
            at = round((number * SLOT_S + chance.uniform(2, 7)) * RATE_HZ)
            heard[at : at + len(word)] += word
            ends.append((at + len(word)) / RATE_HZ)
        turns = ears.hear(with_floor(heard), own * (room.told and level != "none"))
        report_stops(world, level, ends, turns)


def report_stops(world: World, level: str, ends: Sequence[float], turns: Sequence[tuple[float, Utterance]]) -> None:
    """The line of a level."""
    found: dict[int, float] = {}
    others: list[str] = []
    for at, turn in turns:
        near = [n for n, end in enumerate(ends) if -0.3 < at - end < LONGEST_S]
        if near and means_stop(world, turn):
            found.setdefault(near[0], at - ends[near[0]])
        elif turn.heard.hypotheses:
            others.append(turn.heard.hypotheses[0])
    waits = sorted(found.values()) or [0.0]
    fast = sum(wait <= ANSWERED_WITHIN_S for wait in found.values())
    missed = [VOICES[n % len(VOICES)] for n in range(len(ends)) if n not in found]
    figures = f"{fast} of {len(ends)} | {len(found)} | {waits[len(waits) // 2] * 1000:.0f} | {waits[-1] * 1000:.0f}"
    print(f"| {level} | {figures} | {', '.join(missed)} | {', '.join(others)} |", flush=True)


def alone(world: World, ears: Ears, room: Room, levels: Sequence[str], minutes: float) -> None:
    """Nobody speaks but the assistant."""
    own = own_voice(world, minutes)
    print("| echo, dB | minutes | turns | taken for stop | taken for other words |\n|---|---|---|---|---|", flush=True)
    for level in levels:
        turns = ears.hear(with_floor(room.heard(own, level)), own * room.told)
        report_false(world, level, len(own), turns)


def report_false(world: World, name: str, samples: int, turns: Sequence[tuple[float, Utterance]]) -> None:
    """What was taken for words although nobody said any."""
    false = [turn.heard.hypotheses[0] for _, turn in turns if turn.heard.hypotheses and not means_stop(world, turn)]
    stopped = [f"{at:.0f} s" for at, turn in turns if means_stop(world, turn)]
    minutes = samples / RATE_HZ / 60
    print(f"| {name} | {minutes:.1f} | {len(turns)} | {len(stopped)} {stopped} | {len(false)} {false} |", flush=True)


def conversation(sentences: Sequence[str], minutes: float) -> Iterator[Samples]:
    """Other people talk, one after the other, with pauses."""
    chance, count = np.random.default_rng(11), 0
    while count < minutes * 60 * RATE_HZ:
        sentence = sentences[int(chance.integers(len(sentences)))]
        part = said(sentence, VOICES[int(chance.integers(len(VOICES)))]) * chance.uniform(0.3, 1.2)
        pause = np.zeros(round(chance.uniform(0.3, 3.0) * RATE_HZ))
        count += len(part) + len(pause)
        yield from (part, pause)


def talk(world: World, ears: Ears, room: Room, sentences: Sequence[str], minutes: float) -> None:
    """People speak with each other while the assistant speaks."""
    others = np.concatenate(list(conversation(sentences, minutes)))
    own = np.resize(own_voice(world, min(minutes, 10)), len(others))
    turns = ears.hear(with_floor(room.heard(own, "-12") + others), own * room.told)
    print("| | minutes | turns | taken for stop | taken for other words |\n|---|---|---|---|---|")
    report_false(world, "talk", len(others), turns)


def commands(world: World, ears: Ears) -> None:
    """Every other form of the list, by two voices each."""
    forms = [form for form in wanted_words(world, Conversation(speaking=1)) if world.commands.forms.get(form) != "stop"]
    wrong: list[str] = []
    right = 0
    for number, form in enumerate(forms):
        for voice in (VOICES[number % len(VOICES)], VOICES[(number + 3) % len(VOICES)]):
            edge = np.zeros(RATE_HZ)
            sound = with_floor(np.concatenate([edge, said(form, voice), edge]))
            turns = [turn for _, turn in ears.hear(sound, np.zeros(len(sound))) if turn.heard.hypotheses]
            wrong += [f"{form} ({voice})" for turn in turns if means_stop(world, turn)]
            right += any(turn.heard.hypotheses[0] == form for turn in turns)
    print(f"{2 * len(forms)} sayings, {right} heard as said, {len(wrong)} taken for stop: {', '.join(wrong)}")


def over(world: World, ears: Ears, room: Room, levels: Sequence[str]) -> None:
    """Every third form of the list, each by one voice, while the assistant speaks."""
    forms = [form for form in wanted_words(world, Conversation(speaking=1)) if meant(world, form) != "stop"]
    forms = forms[::3]
    own = own_voice(world, (len(forms) + 1) * SLOT_S / 60)[: round(len(forms) * SLOT_S * RATE_HZ)]
    print("| echo, dB | words | heard as meant | as something else | missed |\n|---|---|---|---|---|", flush=True)
    for level in levels:
        chance, heard, ends = np.random.default_rng(7), room.heard(own, level), []
        for number, form in enumerate(forms):
            word = said(form, VOICES[number % len(VOICES)])
            at = round((number * SLOT_S + chance.uniform(1, 5)) * RATE_HZ)
            heard[at : at + len(word)] += word
            ends.append((at + len(word)) / RATE_HZ)
        found: dict[int, str] = {}
        for known, turn in ears.hear(with_floor(heard), own * (room.told and level != "none")):
            near = [n for n, end in enumerate(ends) if -0.3 < known - end < LONGEST_S + SLOW_S]
            if near and turn.heard.hypotheses:
                found.setdefault(near[0], turn.heard.hypotheses[0])
        right = sum(meant(world, forms[number]) == meant(world, text) for number, text in found.items())
        missed = [f"{form} ({VOICES[n % len(VOICES)]})" for n, form in enumerate(forms) if n not in found]
        wrong = [f"{forms[n]}: {text}" for n, text in found.items() if meant(world, forms[n]) != meant(world, text)]
        print(f"| {level} | {len(forms)} | {right} | {len(wrong)} {wrong} | {len(missed)} {missed} |", flush=True)


def meant(world: World, text: str) -> str | None:
    """The command or cry that a listed form is."""
    return world.commands.forms.get(text) or world.urgent.find((text,), heard=True)


def main() -> None:
    """Print the table that is asked for."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("what", choices=["stops", "own", "talk", "commands", "over"])
    ask.add_argument("--levels", nargs="+", choices=LEVELS, default=LEVELS)
    ask.add_argument("--minutes", type=float, default=10.0)
    ask.add_argument("--sentences", type=Path)
    ask.add_argument("--speaker", choices=["clear", "small"], default="clear")
    ask.add_argument("--drift-ppm", type=float, default=0.0)
    ask.add_argument("--deaf", action="store_true")
    wanted = ask.parse_args()
    settings = Settings()
    world, _ = load_world(settings)
    ears, room = Ears(world, settings), Room(wanted.speaker == "small", wanted.drift_ppm, not wanted.deaf)
    match wanted.what:
        case "stops":
            stops(world, ears, room, wanted.levels)
        case "own":
            alone(world, ears, room, [level for level in wanted.levels if level != "none"], wanted.minutes)
        case "talk":
            talk(world, ears, room, wanted.sentences.read_text("utf-8").splitlines(), wanted.minutes)
        case "commands":
            commands(world, ears)
        case "over":
            over(world, ears, room, wanted.levels)


if __name__ == "__main__":
    main()

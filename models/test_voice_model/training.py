"""Trains the test voice model on synthetic speech: first labels from flite's times, then two alignments."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from models.test_voice_model import synthesis
from models.test_voice_model.aligner import Lexicon, TimedPhone, align, labels_from_times
from models.test_voice_model.features import (
    FRAMES_PER_OUTPUT,
    SAMPLE_RATE_HZ,
    Floats,
    filter_banks,
    with_context,
)
from models.test_voice_model.net import Labelled, Net, train

ACOUSTIC_SCALE = 0.6
"""How much the network's word counts against the transitions; the decoder is told the same."""

SENTENCES, WORD_STRINGS = 0.45, 0.35
"""Shares of the training texts: whole sentences, their words in any order; the rest are further words."""

EPOCHS_ON_TIMES, EPOCHS_ON_ALIGNMENTS = 5, (5, 10)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A training utterance: its words, its features, and the times of its sounds where they are known."""

    words: tuple[str, ...]
    features: Floats
    phones: tuple[TimedPhone, ...]

    def frames(self, first: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Every third frame from `first` on."""
        return np.arange(first, len(self.features), FRAMES_PER_OUTPUT)


def some_text(sentences: Sequence[str], more_words: Sequence[str], random: np.random.Generator) -> str:
    """A text to speak, of one of the three sorts, drawn by lot."""
    lot = random.random()
    if lot < SENTENCES:
        return str(random.choice(np.array(sentences)))
    common = sorted({word for sentence in sentences for word in sentence.split()})
    words, most = (common, 6) if lot < SENTENCES + WORD_STRINGS else (more_words, 4)
    return " ".join(random.choice(np.array(words), int(random.integers(2, most + 1))))


def spoken(texts: Sequence[str], random: np.random.Generator, report: Callable[[str], None]) -> list[Spoken]:
    """Each text spoken by the next voice, in a room of its own."""
    voices = [synthesis.some_voice(turn, random) for turn in range(len(texts))]
    with ThreadPoolExecutor(2) as two:
        recordings = list(two.map(synthesis.speak, texts, voices))
    minutes = sum(len(recording.sound) for recording in recordings) / SAMPLE_RATE_HZ / 60
    report(f"{len(recordings)} utterances, {minutes:.1f} minutes of speech")
    rooms = [synthesis.in_a_room(recording, random) for recording in recordings]
    return [
        Spoken(tuple(text.split()), filter_banks(room.sound), room.phones)
        for text, room in zip(texts, rooms, strict=True)
    ]


def train_on(utterances: Sequence[Spoken], lexicon: Lexicon, hidden: int, report: Callable[[str], None]) -> Net:
    """A net with two hidden layers `hidden` wide, trained in three passes; same input, same net."""
    everything = np.concatenate([utterance.features for utterance in utterances])
    mean, deviation = everything.mean(axis=0), everything.std(axis=0)
    net = Net.fresh(hidden, mean, deviation, np.random.default_rng(1))
    loss = train(net, _labelled_by_times(utterances), EPOCHS_ON_TIMES, np.random.default_rng(1))
    report(f"trained on known times: loss {loss:.3f}")
    for turn, epochs in enumerate(EPOCHS_ON_ALIGNMENTS, start=2):
        offsets = range(FRAMES_PER_OUTPUT) if turn > len(EPOCHS_ON_ALIGNMENTS) else (1,)
        examples = [
            Labelled(utterance.features, frames[: len(labels)], labels)
            for utterance in utterances
            for labels in [_aligned(net, utterance, lexicon)]
            for frames in map(utterance.frames, offsets)
        ]
        # A shift by one frame of 10 ms moves no label: the three offsets share one alignment.
        examples = [e._replace(labels=e.labels[: len(e.frames)]) for e in examples]
        net = Net.fresh(hidden, mean, deviation, np.random.default_rng(turn))
        loss = train(net, examples, epochs, np.random.default_rng(turn))
        report(f"trained on alignment {turn - 1}: {len(examples)} sets, loss {loss:.3f}")
    return net


def _labelled_by_times(utterances: Sequence[Spoken]) -> list[Labelled]:
    return [
        Labelled(utterance.features, frames, labels_from_times(utterance.phones, frames))
        for utterance in utterances
        if utterance.phones
        for frames in map(utterance.frames, range(FRAMES_PER_OUTPUT))
    ]


def _aligned(net: Net, utterance: Spoken, lexicon: Lexicon) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    inputs = with_context(net.standardised(utterance.features), utterance.frames(1))
    return align(np.float32(ACOUSTIC_SCALE) * net.log_likelihoods(inputs), utterance.words, lexicon)

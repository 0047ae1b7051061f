"""Which output unit belongs to which frame: from flite's times, or a Viterbi search through known words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from models.test_voice_model.features import FRAME_SAMPLES, SAMPLE_RATE_HZ, SHIFT_SAMPLES, Floats
from models.test_voice_model.net import Labels
from models.test_voice_model.phones import INDEX, SILENCE, first_frame_output, later_frame_output

Pronunciation = tuple[str, ...]
Lexicon = Mapping[str, Sequence[Pronunciation]]

IMPOSSIBLE = -1e30


@dataclass(frozen=True, slots=True)
class TimedPhone:
    """A sound and the moment it ends."""

    phone: str
    end_s: float


def labels_from_times(phones: Sequence[TimedPhone], frames: npt.NDArray[np.intp]) -> Labels:
    """The output unit of each frame of `frames`, when the times of the sounds are known."""
    ends_s = np.array([phone.end_s for phone in phones])
    middles_s = (frames * SHIFT_SAMPLES + FRAME_SAMPLES / 2) / SAMPLE_RATE_HZ
    which = np.minimum(np.searchsorted(ends_s, middles_s), len(phones) - 1)
    indexes = np.array([INDEX[phone.phone] for phone in phones])[which]
    goes_on = np.concatenate([[False], which[1:] == which[:-1]])
    return np.where(goes_on, 2 * indexes + 1, 2 * indexes)


@dataclass(slots=True)
class _Path:
    """The sounds of a sentence as a graph: one state a sound, each with the states it can be entered from."""

    phones: list[int] = field(default_factory=lambda: [INDEX[SILENCE]])
    before: list[list[int]] = field(default_factory=lambda: [[]])
    starts: list[int] = field(default_factory=lambda: [0])
    ends: list[int] = field(default_factory=lambda: [0])

    def _add(self, phone: str, before: list[int]) -> int:
        self.phones.append(INDEX[phone])
        self.before.append(before)
        return len(self.phones) - 1

    def add_word(self, pronunciations: Sequence[Pronunciation]) -> None:
        """One word, in any of its pronunciations, with a silence after it that may be left out."""
        sentence_begins = len(self.phones) == 1
        ends = []
        for pronunciation in pronunciations:
            state = -1
            for place, phone in enumerate(pronunciation):
                state = self._add(phone, list(self.ends) if place == 0 else [state])
                if place == 0 and sentence_begins:
                    self.starts.append(state)
            ends.append(state)
        self.ends = [*ends, self._add(SILENCE, list(ends))]

    def table_of_predecessors(self) -> npt.NDArray[np.intp]:
        """States x most predecessors; empty places point one past the last state."""
        table = np.full((len(self.phones), max(1, *map(len, self.before))), len(self.phones))
        for state, before in enumerate(self.before):
            table[state, : len(before)] = before
        return table


def align(likelihoods: Floats, words: Sequence[str], lexicon: Lexicon) -> Labels:
    """The most likely output unit of each frame (frames x OUTPUTS log-likelihoods), the words being known."""
    path = _Path()
    for word in words:
        path.add_word(lexicon[word])
    phones, before = np.array(path.phones), path.table_of_predecessors()
    enter, stay = likelihoods[:, 2 * phones], likelihoods[:, 2 * phones + 1]
    states = np.arange(len(phones))
    scores = np.full(len(phones) + 1, IMPOSSIBLE)
    scores[path.starts] = enter[0][path.starts]
    came_from = np.zeros(stay.shape, np.intp)
    for frame in range(1, len(likelihoods)):
        best = before[states, scores[before].argmax(axis=1)]
        entering, staying = scores[best] + enter[frame], scores[:-1] + stay[frame]
        came_from[frame] = np.where(staying >= entering, states, best)
        scores[:-1] = np.maximum(staying, entering)
    last = path.ends[int(np.argmax(scores[path.ends]))]
    return _traced_back(came_from, phones, last)


def _traced_back(came_from: npt.NDArray[np.intp], phones: npt.NDArray[np.intp], state: int) -> Labels:
    labels = np.zeros(len(came_from), np.intp)
    for frame in reversed(range(len(came_from))):
        previous = int(came_from[frame, state]) if frame else -1
        index = int(phones[state])
        labels[frame] = later_frame_output(index) if previous == state else first_frame_output(index)
        state = previous
    return labels

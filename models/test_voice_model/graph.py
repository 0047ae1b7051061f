"""The decoding graphs of a Vosk model, written as OpenFst files in plain Python, in milliseconds.

`HCLr.fst` says how words sound; `Gr.fst` says which words follow which. Vosk joins the two, and puts a
grammar given at run time in the place of the second. How the files are laid out follows OpenFst's
`VectorFst::Write`.
"""

import math
import struct
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.test_voice_model.phones import SILENCE, SOUNDS, Position, enter_and_stay, position_in_word

UNKNOWN = "[unk]"
EPSILON = 0
HALF = math.log(2.0)
"""The cost (negative log-probability) of one of two equally likely ways."""

WORD_COST = 0.5
"""Added at the end of every word: without it, long words fall apart into short ones."""

SILENCE_COST = 0.4
"""What a silence after a word costs over going on at once."""

UNKNOWN_ENTRY_COST, UNKNOWN_SOUND_COST = 3.5, 0.5
"""An unknown word must not win where a known one fits: it costs once, and again for each sound."""

UNKNOWN_IN_SENTENCES_COST = 6.0
BACKOFF = 0.5
"""Share of a word's chance that goes to words never seen after it."""

MAGIC = 2125659606
VERSION, FLAGS, PROPERTIES = 2, 0, 3


@dataclass(frozen=True, slots=True)
class Arc:
    """A way from one state to another. `cost` is a negative log-probability."""

    takes: int
    gives: int
    cost: float
    to: int


@dataclass(slots=True)
class Graph:
    """States by number, each with its arcs; `final` holds the cost of ending in a state."""

    arcs: list[list[Arc]] = field(default_factory=list)
    final: dict[int, float] = field(default_factory=dict)
    start: int = 0

    def state(self) -> int:
        """A new state."""
        self.arcs.append([])
        return len(self.arcs) - 1

    def add(self, origin: int, to: int, cost: float, takes: int = EPSILON, gives: int = EPSILON) -> None:
        """A new arc."""
        self.arcs[origin].append(Arc(takes, gives, cost, to))

    def write(self, path: Path, *, by_output: bool) -> None:
        """Write an OpenFst vector graph, arcs sorted by what they give or by what they take."""
        kinds = b"".join(struct.pack("<i", len(name)) + name for name in (b"vector", b"standard"))
        total = sum(map(len, self.arcs))
        content = bytearray(struct.pack("<i", MAGIC) + kinds)
        content += struct.pack("<iiQqqq", VERSION, FLAGS, PROPERTIES, self.start, len(self.arcs), total)
        for state, arcs in enumerate(self.arcs):
            content += struct.pack("<fq", self.final.get(state, math.inf), len(arcs))
            for arc in sorted(arcs, key=lambda arc: arc.gives if by_output else arc.takes):
                content += struct.pack("<iifi", arc.takes, arc.gives, arc.cost, arc.to)
        path.write_bytes(content)


def word_numbers(words: Sequence[str]) -> dict[str, int]:
    """The number of every word; `<eps>` is 0, the unknown word comes last."""
    return {word: number for number, word in enumerate(["<eps>", *sorted(set(words)), UNKNOWN])}


@dataclass(slots=True)
class _Sounding:
    """The graph of sounds while it grows: words lead from `between` back to it, or to the silence."""

    graph: Graph
    between: int
    silence: int

    def sound(self, origin: int, phone: str, position: Position, cost: float, word: int = EPSILON) -> int:
        """A new state that is entered with the first frame of a sound and kept by its later ones."""
        enter, stay = enter_and_stay(phone, position)
        state = self.graph.state()
        self.graph.add(origin, state, cost, enter, word)
        self.graph.add(state, state, HALF, stay)
        return state

    def end_of_word(self, state: int) -> None:
        """From here, the next word or a silence."""
        enter, _ = enter_and_stay(SILENCE, Position.BEGIN)
        self.graph.add(state, self.between, HALF + WORD_COST)
        self.graph.add(state, self.silence, HALF + WORD_COST + SILENCE_COST, enter)

    def word(self, number: int, sounds: Sequence[str], ways: int) -> None:
        """One pronunciation of a word that has so many."""
        state = self.between
        for place, phone in enumerate(sounds):
            position = position_in_word(place, len(sounds))
            cost, given = (HALF, EPSILON) if place else (math.log(ways), number)
            state = self.sound(state, phone, position, cost, given)
        self.end_of_word(state)

    def unknown_word(self, number: int) -> None:
        """Any two or more sounds."""
        inside = self.graph.state()
        each = math.log(len(SOUNDS)) + UNKNOWN_SOUND_COST
        for phone in SOUNDS:
            first = self.sound(self.between, phone, Position.BEGIN, each + UNKNOWN_ENTRY_COST, number)
            middle = self.sound(inside, phone, Position.INTERNAL, each)
            self.graph.add(first, inside, HALF)
            self.graph.add(middle, inside, HALF)
            self.end_of_word(self.sound(inside, phone, Position.END, each))


def graph_of_sounds(lexicon: Mapping[str, Sequence[Sequence[str]]], numbers: Mapping[str, int]) -> Graph:
    """The graph from transition numbers to words (HCL), for all words of `lexicon` and the unknown one."""
    graph = Graph()
    start, between, silence = graph.state(), graph.state(), graph.state()
    enter, stay = enter_and_stay(SILENCE, Position.BEGIN)
    graph.add(start, between, HALF)
    graph.add(start, silence, HALF, enter)
    graph.add(silence, silence, HALF, stay)
    graph.add(silence, between, HALF)
    graph.final[between] = 0.0
    sounding = _Sounding(graph, between, silence)
    for word, pronunciations in lexicon.items():
        for sounds in pronunciations:
            sounding.word(numbers[word], sounds, len(pronunciations))
    sounding.unknown_word(numbers[UNKNOWN])
    return graph


def graph_of_sentences(sentences: Sequence[Sequence[str]], numbers: Mapping[str, int]) -> Graph:
    """Bigrams of the sentences' words, backing off to single words (each known word counted once more)."""
    pairs = [pair for words in sentences for pair in zip(["<s>", *words], [*words, "</s>"], strict=True)]
    follows, leaves = Counter(pairs), Counter(before for before, _ in pairs)
    known = [word for word in numbers if word not in ("<eps>", UNKNOWN)]
    counts = Counter(known) + Counter(word for words in sentences for word in words)
    total = sum(counts.values()) + len(sentences) + 1
    graph = Graph()
    backoff = graph.state()
    after = {word: graph.state() for word in ["<s>", *known]}
    graph.start = after["<s>"]
    graph.final[backoff] = -math.log((len(sentences) + 1) / total)
    for word in known:
        graph.add(backoff, after[word], -math.log(counts[word] / total), numbers[word], numbers[word])
    graph.add(backoff, backoff, UNKNOWN_IN_SENTENCES_COST, numbers[UNKNOWN], numbers[UNKNOWN])
    for word, state in after.items():
        graph.add(state, backoff, -math.log(BACKOFF) if leaves[word] else 0.0)
    for (before, word), count in follows.items():
        cost = -math.log((1 - BACKOFF) * count / leaves[before])
        if word == "</s>":
            graph.final[after[before]] = cost
        else:
            graph.add(after[before], after[word], cost, numbers[word], numbers[word])
    return graph

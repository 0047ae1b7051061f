"""Hear with PocketSphinx, whose English model is inside its wheel: nothing has to be downloaded.

Free questions use a language model that mixes the content's phrases and how people ask (`asked`) with general English
(`language_mix`). They are heard at two tempos, freed of long pauses (`unhurried`), and each is levelled by its own
beginning (`settling`). Word lists use a grammar with a way out: a loop over all single sounds that competes with the
words, because a closed grammar takes nearly every foreign word for one of its own.
"""

from __future__ import annotations

import dataclasses
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.hearing.asked import read_asked
from assistant.hearing.dictionary import Dictionary
from assistant.hearing.general_english import General, UnknownModel, read_general, read_vocabulary
from assistant.hearing.kept import fingerprint, kept
from assistant.hearing.language_mix import mix, write_arpa
from assistant.hearing.pronouncing import PHONES, BadWords, guess, read_words
from assistant.hearing.recogniser import Heard, RecogniserUnavailable, beside, tidy
from assistant.hearing.settling import MEASURING_PHRASE
from assistant.hearing.spotting import CLEAR_NATS, Spotter
from assistant.hearing.unhurried import SPEEDS, Unhurried

VOCABULARY = 10_000
LEAST_WORTH = 3e-8
"""Nats; see `_essential`."""
JUNK = "junk_"
JUNK_PROBABILITY = 1e-7
"""Of each single sound of the way out. Lower lets more words of the list through, and more foreign words as one."""
BEGUN_PROBABILITY = 1e-6
"""Of each single sound after words that only begin like a phrase: "i want to" may go on in a thousand ways. Of 497
everyday sentences 17 were taken for a cry for help without it and none with it; of single words it costs none."""
BEGUN_WORDS = 2
"""So many words of a phrase must have been said for it to count as begun."""
FIRST_LIKELIER = 1e6
"""How much likelier the first phrase of a list is. Of "stop" by eight voices, 7 are heard instead of 3; of 152 other
utterances only "top", "stopped" and "store" become it."""
QUESTIONS = "questions"
MIX_VERSION = "2"
"""Counted up when the way of mixing changes, so that models kept from before are not used."""
BINARY = 2
"""PocketSphinx's number for its binary form of a language model; it loads five times as fast as text."""
DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


class PocketSphinxRecogniser:
    """PocketSphinx with its English model.

    Args:
        phrases: the ways to ask that the content knows.
        words_file: pronunciations of words that the dictionary lacks; None: the content's own.
        cache: folder where the model for free questions is kept for the next start; None: it is made anew.
        cries: listed words that count whatever the free decoding heard.

    Raises:
        RecogniserUnavailable: the package, its model or the file of pronunciations cannot be used.
    """

    name = "pocketsphinx"

    def __init__(
        self,
        phrases: Sequence[str],
        words_file: Path | None = None,
        cache: Path | None = None,
        cries: Sequence[str] = (),
    ) -> None:
        try:
            import pocketsphinx  # noqa: PLC0415 - engines load late

            model = Path(pocketsphinx.get_model_path("en-us"))
            # The best path through a lattice of single sounds can take for ever; the first pass is enough for lists.
            self._lists: Any = _knowing_no_words(
                pocketsphinx.Decoder, bestpath=False, beam=1e-60, pbeam=1e-60, wbeam=1e-40
            )
            self._spotting: Any = _knowing_no_words(pocketsphinx.Decoder)
            self._dictionary = Dictionary(Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict")))
            self._special = read_words(words_file or _words_file())
            self._asked = read_asked()
        except ImportError as problem:
            message = (
                "The recogniser PocketSphinx is not installed; it has none for Python 3.14. "
                "Fetch a model for Vosk instead: askaloud models get."
            )
            raise RecogniserUnavailable(message) from problem
        except (OSError, RuntimeError, BadWords) as problem:
            message = f"The recogniser PocketSphinx cannot start. {problem}"
            raise RecogniserUnavailable(message) from problem
        self.missing: set[str] = set()
        """Words that were asked for and whose sound is not known."""
        self._grammars: dict[tuple[str, ...], str] = {}
        self._decoders: list[Any] = []
        """Those at work on the utterance."""
        self._spotter = Spotter(self._spotting)
        self._add_special()
        self._free: Any = self._open_free(model, [spoken_form(phrase, self._special) for phrase in phrases], cache)
        self._phrases: tuple[str, ...] = ()
        self._first = ""
        self._score: float | None = None
        """How clearly the first phrase was spotted when it was last looked for; None: it was not."""
        self._cries = frozenset(spoken_form(cry, self._special) for cry in cries)
        self._spent_s = 0.0

    def begin(self, words: Sequence[str] | None = None, *, closed: bool = True) -> None:
        """Start an utterance. Words without a known sound are left out and gathered in `missing`."""
        self._stop()
        if words is not None and (words or closed):
            listed = tuple(dict.fromkeys(spoken_form(word, self._special) for word in words))
            self._lists.activate_search(self._grammar(listed))
            self._phrases = listed
            self._decoders.append(self._lists)
        self._score = None
        self._first = self._phrases[0] if closed and words and self._is_sayable(self._phrases[0]) else ""
        if self._first:
            self._tell(self._spotting, self._first.split())
            self._spotter.begin(self._first)
        if words is None or not closed:
            self._decoders.append(self._free)
        for decoder in self._decoders:
            decoder.start_utt()
        self._spent_s = 0.0

    def accept(self, frames: bytes) -> None:
        """Decode more sound now, while the person speaks."""
        if not self._decoders:
            self.begin()
        began = time.perf_counter()
        if frames:
            for decoder in self._decoders:
                decoder.process_raw(frames[: len(frames) // 2 * 2])
            self._spotter.accept(frames[: len(frames) // 2 * 2])
        self._spent_s += time.perf_counter() - began

    def first_heard(self) -> bool:
        """Whether what was heard so far is the first of the listed words, or a phrase that begins with it."""
        if not self._first or self._lists not in self._decoders:
            return False
        best = self._lists.hyp()
        said = best.hypstr if best else ""
        self._score = self._spotter.alone()
        longer = said in self._phrases and said.startswith(self._first + " ")
        return said == self._first or longer or self._score is not None

    def finish(self) -> Heard:
        """End the utterance: what was heard."""
        began = time.perf_counter()
        at_work = list(self._decoders)
        self._stop()
        listed = self._listed() if self._lists in at_work else ()
        if self._score is not None and (not listed or self._score >= CLEAR_NATS):
            listed = (self._first,)
        hypotheses = beside(self._free.guesses(), listed, self._cries) if self._free in at_work else listed
        self._spent_s += time.perf_counter() - began
        return Heard(hypotheses, self.name, 1000 * self._spent_s)

    def close(self) -> None:
        """Let go of the decoders."""
        self._stop()
        self._free = self._lists = self._spotting = None

    def _listed(self) -> tuple[str, ...]:
        """A grammar's best guess may be an unfinished phrase; only a whole one counts."""
        best = self._lists.hyp()
        return tuple(text for text in tidy([best.hypstr] if best and best.hypstr else []) if text in self._phrases)

    def _stop(self) -> None:
        for decoder in self._decoders:
            decoder.end_utt()
        self._decoders = []
        self._spotter.stop()

    def _add_special(self) -> None:
        """Add listed words, words people ask with, and for the lists one for each single sound (the way out)."""
        self._dictionary.look_up([*self._special, *self._asked.sounds])
        for word, pronunciations in self._special.items():
            for sounds in pronunciations:
                self._dictionary.add(word, sounds)
        for word, sounds in self._asked.sounds.items():
            if not self._known(word):
                self._dictionary.add(word, sounds)
        for phone in sorted(PHONES):
            if self._lists.lookup_word(JUNK + phone.lower()) is None:
                self._lists.add_word(JUNK + phone.lower(), phone, False)  # noqa: FBT003 - PocketSphinx's order

    def _known(self, word: str) -> bool:
        return bool(self._dictionary.sounds(word))

    def _is_sayable(self, phrase: str) -> bool:
        return bool(phrase) and all(self._known(word) for word in phrase.split())

    def _tell(self, decoder: Any, words: Iterable[str]) -> None:  # noqa: ANN401 - PocketSphinx has no types
        """Let a decoder know all the sounds of `words`."""
        for name, sounds in self._dictionary.entries(words):
            if decoder.lookup_word(name) is None:
                decoder.add_word(name, sounds, False)  # noqa: FBT003 - searches made later see it

    def _make_sayable(self, words: Iterable[str]) -> None:
        """Guess the sounds of unknown words; what cannot be guessed goes to `missing`."""
        words = list(dict.fromkeys(words))
        self._dictionary.look_up(words)
        unknown = [word for word in words if not self._known(word) and word not in self.missing]
        if not unknown:
            return
        for word, sounds in guess(unknown).items():
            self._dictionary.add(word, sounds)
        self.missing |= {word for word in unknown if not self._known(word)}

    def _open_free(self, model: Path, phrases: list[str], cache: Path | None) -> Unhurried:
        """Decoders for free questions, with the mixed model or, when general English has a layout not read here, it."""
        self._make_sayable(sorted({word for phrase in phrases for word in phrase.split()}))
        general = model / "en-us.lm.bin"
        special = [f"{word} {' '.join(sounds)}" for word, sounds in sorted(self._special.items())]
        phrases = [*phrases, *self._asked.phrases]
        made_from = fingerprint([MIX_VERSION, str(general.stat().st_size), *special, "", *phrases])

        def make(path: Path) -> None:
            self._mix(general, phrases, path)

        try:
            with kept(cache, f"questions-{made_from}.lm.bin", make) as path:
                return self._decoding(path, read_vocabulary(path))
        except UnknownModel:
            return self._decoding(general, self._dictionary.words())

    def _mix(self, general_file: Path, phrases: list[str], path: Path) -> None:
        """Mix the phrases into general English and write PocketSphinx's binary form of it to `path`."""
        import pocketsphinx  # noqa: PLC0415 - engines load late

        general = read_general(general_file)
        words = list(dict.fromkeys([*general.words, *sorted({word for phrase in phrases for word in phrase.split()})]))
        self._dictionary.look_up(words)
        arpa = path.with_suffix(".arpa")
        known = [word for word in words if self._known(word)]
        write_arpa(mix(_essential(general), phrases, known, VOCABULARY), arpa)
        model = pocketsphinx.NGramModel(self._lists.config, self._lists.logmath, str(arpa))
        model.write(str(path), BINARY)

    def _decoding(self, model: Path, words: Iterable[str]) -> Unhurried:
        """Decoders that share a language model of `words`, and have only their own words in their dictionary."""
        import pocketsphinx  # noqa: PLC0415 - engines load late

        with tempfile.TemporaryDirectory(prefix="askaloud-") as folder:
            listed = Path(folder, "words")
            self._dictionary.write([*words, *MEASURING_PHRASE.split()], listed)
            # A second, flat pass over the words would cost 50 to 100 ms after the person's patience. On 150 paraphrases
            # by three voices it put no more questions right than the first pass does.
            decoders = [
                pocketsphinx.Decoder(lm=None, dict=str(listed), fwdflat=False, loglevel="FATAL") for _ in SPEEDS
            ]
        shared = pocketsphinx.NGramModel(decoders[0].config, decoders[0].logmath, str(model))
        for decoder in decoders:
            decoder.add_lm(QUESTIONS, shared)
            decoder.activate_search(QUESTIONS)
        return Unhurried(decoders, QUESTIONS)

    def _grammar(self, listed: tuple[str, ...]) -> str:
        """Name of the search for these phrases, made at their first use."""
        if listed in self._grammars:
            return self._grammars[listed]
        self._make_sayable([w for phrase in listed for w in phrase.split()])
        sayable = [phrase for phrase in listed if self._is_sayable(phrase)]
        name = f"list{len(self._grammars)}"
        self._tell(self._lists, [word for phrase in sayable for word in phrase.split()])
        network = arcs(sayable)
        self._lists.add_fsg(name, self._lists.create_fsg(name, 0, 1, network))
        self._grammars[listed] = name
        return name


def _knowing_no_words(decoder: Callable[..., Any], **options: object) -> Any:  # noqa: ANN401 - PocketSphinx has no types
    """A decoder for a few words, which it is told: the whole dictionary would take 23 MB."""
    with tempfile.TemporaryDirectory(prefix="askaloud-") as folder:
        words = Path(folder, "words")
        words.write_text(f"{JUNK}aa AA\n", "utf-8")  # one there must be
        return decoder(lm=None, dict=str(words), loglevel="FATAL", **options)


Arc = tuple[int, int, float, str] | tuple[int, int, float]


def arcs(phrases: Sequence[str]) -> list[Arc]:
    """A word network from state 0 to state 1: whole phrases, and a loop of single sounds that takes everything else.

    Each arc is (from, to, probability, word), without a word where nothing is said. State 2 is inside the loop, state 3
    inside another one, for what began like a phrase and goes on otherwise. The first phrase is the likeliest by far,
    the others are alike.
    """
    junk = [JUNK + phone.lower() for phone in sorted(PHONES)]
    loops = {(0, 2): JUNK_PROBABILITY / FIRST_LIKELIER, (2, 2): JUNK_PROBABILITY, (3, 3): BEGUN_PROBABILITY}
    out: list[Arc] = [
        (start, end, chance, sound)
        for (start, inside), chance in loops.items()
        for end in (1, inside)
        for sound in junk
    ]
    free = 4
    for place, phrase in enumerate(phrases):
        words = phrase.split()
        places = [0, *range(free, free + len(words) - 1), 1]
        chance = 1.0 if place == 0 else 1.0 / len(phrases) / FIRST_LIKELIER
        chances = [chance, *[1.0] * (len(words) - 1)]
        out.extend(zip(places, places[1:], chances, words, strict=False))
        if len(words) > BEGUN_WORDS:
            out.append((places[-2], 3, 1.0))
        free += len(words) - 1
    return out


def spoken_form(phrase: str, as_words: Iterable[str] = ()) -> str:
    """`phrase` as words of a recogniser: lower case, no signs, numbers and initials as they are said.

    "What is ALS?" becomes "what is a l s". Initials in `as_words` stay words.
    """
    out: list[str] = []
    for token in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+", phrase.replace("\u2019", "'")):
        if token.isdigit():
            out.extend(DIGITS[int(digit)] for digit in token)
        elif len(token) > 1 and token.isupper() and token.lower() not in as_words:
            out.extend(token.lower())
        else:
            out.append(token.lower())
    return " ".join(out)


def _words_file() -> Path:
    """The content's pronunciations: beside the package when installed, beside it in the repository."""
    inside = Path(__file__).parents[1] / "content"
    folder = inside if inside.is_dir() else Path(__file__).parents[2] / "content"
    return folder / "en" / "recogniser-words.txt"


def _essential(general: General) -> General:
    """The part of general English that is worth its loading time: 1-grams, and the 2-grams that say most.

    A 2-gram is kept by its share of the relative entropy to the model without it (Stolcke 1998). General 3-grams
    cost 6 s at the start and took 0.01 off the word error of unseen questions, which is within chance.
    """
    shorter = general.bow_one[general.two[:, 0]] * general.p_one[general.two[:, 1]]
    worth = general.p_one[general.two[:, 0]] * general.p_two * np.log(general.p_two / shorter)
    kept = worth > LEAST_WORTH
    return dataclasses.replace(
        general,
        two=general.two[kept],
        p_two=general.p_two[kept],
        bow_two=general.bow_two[kept],
        three=general.three[:0],
        p_three=general.p_three[:0],
    )

"""Words that mean someone needs help at once. They count in any state, before anything else is looked at."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.matching import normalise
from assistant.topics import read_phrases

CALL = "call"
"""The name for "someone is wanted at once" when no urgent topic is named."""
CLEAREST = 2
MOST_WORDS = (math.inf, 6, 4)
"""So many words the first, second and third hypothesis may have. Cries are short: in the lesser guesses of a longer
utterance a recogniser finds nearly anything; but one missed cry matters more than one false alarm."""
CALM_WORDS = 4
"""A calm question of so many words is believed whatever lesser guesses say: "is choking common" is not "is choking"."""
LONG_WORDS = 12
TELLING_WORDS = 3
"""In a longer sentence that was heard, not typed, only cries of so many words count, and the clearest: what a
recogniser makes of a television holds "no air" sooner or later."""
FILLERS = frozenset({"um", "uh", "er", "erm", "ah", "oh", "hm", "please", "just", "really"})
"""Words that may stand anywhere in a cry and change nothing."""
SHORTENED = re.compile(r"(?<=[^\W\d_])['\u2019]s\b")
"""What stands for "is", for "has" or for whose something is."""
DOTS = re.compile(r"(\.{3,4})")
GAPS = {"...": r"(?: \w+){0,2} ", "....": r"(?: \w+)* "}
"""Between words: up to two others, or any number."""
ENDS, OPEN = "=", "*"


@dataclass(frozen=True, slots=True)
class UrgentWords:
    """Urgent phrases by topic, and the calm phrases that hold them."""

    urgent: tuple[tuple[str, re.Pattern[str]], ...]
    telling: tuple[tuple[str, re.Pattern[str]], ...]
    """Those that count in a long sentence too."""
    calm: re.Pattern[str] | None
    phrases: tuple[str, ...]
    """As spoken, for a recogniser: all of them."""
    clearest: tuple[str, ...]
    """The few that are listened for while the assistant itself speaks: in a longer list its own voice finds one."""

    @classmethod
    def read(cls, path: Path) -> UrgentWords:
        """Read `topic: words` and `not: words` lines. Raises what `read_phrases` raises."""
        phrases = read_phrases(path)
        calm = phrases.pop("not", ())
        urgent = tuple((topic, _any_of(forms)) for topic, forms in phrases.items())
        telling = tuple(
            (topic, _any_of([form for at, form in enumerate(forms) if at < CLEAREST or _telling(form)]))
            for topic, forms in phrases.items()
        )
        spoken = tuple(_spoken(form) for forms in phrases.values() for form in forms if OPEN not in form)
        clearest = tuple(_spoken(form) for forms in phrases.values() for form in forms[:CLEAREST])
        return cls(urgent, telling, _any_of(calm) if calm else None, tuple(dict.fromkeys(spoken)), clearest)

    def find(
        self, hypotheses: Sequence[str], *, heard: bool = False, likely: Sequence[str] | None = None
    ) -> str | None:
        """The urgent topic meant, `CALL`, or None. The best hypotheses are asked one after the other.

        Args:
            hypotheses: best first.
            heard: by a recogniser, which is not to be believed as what was typed is.
            likely: what it may be too by a look at the sound itself; asked in place of the lesser hypotheses.
        """
        texts = zip(hypotheses, MOST_WORDS, strict=False)
        if likely is not None:
            texts = zip((*hypotheses[:1], *likely), itertools.repeat(math.inf), strict=False)
        for place, (text, most) in enumerate(texts):
            words = _bare(normalise(text))
            length = len(words.split())
            forms = self.telling if heard and length > LONG_WORDS else self.urgent
            found = self._in(text, forms) if length <= most else None
            if found and (not heard or length <= LONG_WORDS or self._seconded(found, hypotheses)):
                return found
            if not place and length >= CALM_WORDS and self.calm and self.calm.search(words):
                return None
        return None

    def words_beside(self, text: str) -> int | None:
        """How many words of what was heard stand beside the cry in it; None: there is no cry."""
        beside: list[int] = []
        for words in self._readings(text):
            length = len(words.split())
            forms = self.telling if length > LONG_WORDS else self.urgent
            cries = [len(found[0].split()) for _, pattern in forms for found in pattern.finditer(words)]
            beside += [length - max(cries)] if cries else []
        return min(beside, default=None)

    def _seconded(self, topic: str, hypotheses: Sequence[str]) -> bool:
        """Whether a further guess at the same sound has the cry too, if there is one: of misheard words few stay."""
        others = hypotheses[1 : len(MOST_WORDS)]
        return not others or any(self._in(text, self.telling) == topic for text in others)

    def _in(self, text: str, forms: tuple[tuple[str, re.Pattern[str]], ...]) -> str | None:
        readings = self._readings(text)
        return next((topic for topic, pattern in forms for words in readings if pattern.search(words)), None)

    def _readings(self, text: str) -> tuple[str, ...]:
        """The words without those of calm phrases; of "mum's choking" and "dad's fallen" all they may stand for."""
        plain = _bare(normalise(text))
        if self.calm and self.calm.search(plain):
            return (self.calm.sub(" ", plain),)
        longer = (SHORTENED.sub(" is", text), SHORTENED.sub(" has", text)) if SHORTENED.search(text) else ()
        readings = dict.fromkeys((plain, *(_bare(normalise(reading)) for reading in longer)))
        return tuple(self.calm.sub(" ", words) if self.calm else words for words in readings)


def _bare(text: str) -> str:
    return " ".join(word for word in text.split() if word not in FILLERS)


def _telling(form: str) -> bool:
    return len(_bare(normalise(form)).split()) >= TELLING_WORDS


def _spoken(form: str) -> str:
    """As people say it: nobody says "can not" when air is short."""
    words = " ".join(form.lower().strip(ENDS).replace("...", " ").replace(".", " ").split())
    return words.replace("can not", "can't").replace("do not", "don't").replace("i am", "i'm")


def _any_of(forms: Sequence[str]) -> re.Pattern[str]:
    """Any of the forms, the longest first. The start of a word is looked for once for all: that is ten times faster."""
    sources = sorted(((form.startswith(ENDS), _source(form)) for form in forms), key=lambda form: -len(form[1]))
    first = "|".join(source for at_start, source in sources if at_start)
    anywhere = "|".join(source for at_start, source in sources if not at_start)
    return re.compile("|".join([rf"^\s*(?:{first})"] * bool(first) + [rf"\b(?:{anywhere})"] * bool(anywhere)))


def _source(form: str) -> str:
    """A form as a pattern: `suicid*` keeps its open end, `=air=` is all there is, dots let other words in."""
    words = ""
    for part in DOTS.split(form.strip(ENDS + OPEN)):
        words += GAPS.get(part) or re.escape(_bare(normalise(part)))
    return words + {ENDS: r"\s*$", OPEN: ""}.get(form[-1], r"\b")

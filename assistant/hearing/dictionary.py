"""PocketSphinx's pronunciations of English words, and those that the content adds.

The file has 134,000 of them; loaded by a decoder they take 20 MB, and a decoder needs a tenth. Each decoder is
therefore given a dictionary of its own words.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


class Dictionary:
    """How words sound, in ARPAbet.

    Args:
        file: in PocketSphinx's form: a word and its sounds a line, further pronunciations as word(2), word(3).
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        file.stat()  # raises here and not later
        self._sounds: dict[str, list[str]] = {}
        """Of the words that were asked for or added so far; empty for those without a known sound."""

    def look_up(self, words: Iterable[str]) -> None:
        """Read what is known about `words`, all in one go: each takes as long as all of them."""
        wanted = {word for word in words if word not in self._sounds}
        if not wanted:
            return
        self._sounds.update((word, []) for word in wanted)
        with self._file.open(encoding="utf-8") as lines:
            for line in lines:
                name, _, sounds = line.partition(" ")
                if (word := name.partition("(")[0]) in wanted:
                    self._sounds[word].append(sounds.strip())

    def words(self) -> set[str]:
        """All that are known."""
        with self._file.open(encoding="utf-8") as lines:
            return {line.partition(" ")[0].partition("(")[0] for line in lines} | set(self._sounds)

    def add(self, word: str, sounds: str) -> None:
        """Add a pronunciation, if it is another than those known."""
        self.look_up([word])
        if sounds not in self._sounds[word]:
            self._sounds[word].append(sounds)

    def sounds(self, word: str) -> list[str]:
        """All pronunciations, the usual first; none if it is not known."""
        self.look_up([word])
        return self._sounds[word]

    def entries(self, words: Iterable[str]) -> list[tuple[str, str]]:
        """Names and sounds for a decoder: the second pronunciation of a word is called word(2)."""
        words = list(dict.fromkeys(words))
        self.look_up(words)
        return [
            (word if number == 1 else f"{word}({number})", sounds)
            for word in words
            for number, sounds in enumerate(self._sounds[word], 1)
        ]

    def write(self, words: Iterable[str], path: Path) -> None:
        """Write a dictionary of `words` alone for a decoder."""
        path.write_text("".join(f"{name} {sounds}\n" for name, sounds in self.entries(words)), "utf-8")

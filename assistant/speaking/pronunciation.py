"""From how a word is written to how it has to be spelled for a voice to say it.

Entries are pairs "written = spoken", a table for each engine. Four rules:

* An entry matches whole words only.
* An entry with a capital letter matches as written ("ER" is not "er"); one without matches in any case.
* `{n}` stands for a number of up to four digits, and any dash matches any other:
  `{n}-{n} = {n} to {n}` turns "2-5" with a short, long or longer dash into "2 to 5".
* The longest entry wins, and what was replaced is not looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

EVERY_ENGINE = "all"
"""Name of the table whose entries hold for every engine, unless the engine's own table differs."""
NUMBER = "{n}"
DASHES = "-‐‑‒–—"  # noqa: RUF001 - the very characters that are typed for one another


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text as a voice gets it, with the way back to the text that is shown."""

    text: str
    origins: tuple[int, ...]
    """For each character of `text`, the index of the written character it comes from."""

    def origin(self, index: int) -> int:
        """Index in the written text of character `index` of the spoken one, kept within bounds."""
        if not self.origins:
            return 0
        return self.origins[max(0, min(index, len(self.origins) - 1))]


class Pronunciation:
    """The entries for one engine, longest first."""

    def __init__(self, entries: Mapping[str, str] | None = None) -> None:
        self._entries = sorted((entries or {}).items(), key=lambda entry: (-len(entry[0]), entry[0]))
        parts = [f"(?P<e{i}>{_pattern(written)})" for i, (written, _) in enumerate(self._entries)]
        self._any = re.compile("|".join(parts)) if parts else None

    @classmethod
    def of_engine(cls, tables: Mapping[str, Mapping[str, str]], *engines: str) -> Pronunciation:
        """The entries for every engine, those of `engines` over them, the last one topmost."""
        entries: dict[str, str] = {}
        for name in (EVERY_ENGINE, *engines):
            entries.update(tables.get(name, {}))
        return cls(entries)

    def spoken(self, written: str) -> Spoken:
        """Rewrite a text for the voice."""
        pieces: list[str] = []
        origins: list[int] = []
        end = 0
        for start, stop, said in self._replacements(written):
            pieces += [written[end:start], said]
            origins += [*range(end, start), *([start] * len(said))]
            end = stop
        return Spoken("".join([*pieces, written[end:]]), (*origins, *range(end, len(written))))

    def _replacements(self, written: str) -> Iterator[tuple[int, int, str]]:
        if self._any is None:
            return
        for match in self._any.finditer(written):
            group = str(match.lastgroup)
            numbers = re.findall(r"\d+", match.group()) if NUMBER in self._entry(group)[0] else []
            said = self._entry(group)[1]
            for number in numbers:
                said = said.replace(NUMBER, number, 1)
            yield match.start(), match.end(), said

    def _entry(self, group: str) -> tuple[str, str]:
        return self._entries[int(group[1:])]


def _pattern(written: str) -> str:
    """Regular expression for one entry. It has no groups of its own, so that `lastgroup` names the entry."""
    any_dash = f"[{DASHES}]"
    pieces = [any_dash.join(re.escape(part) for part in _split_dashes(p)) for p in written.split(NUMBER)]
    body = r"\d{1,4}".join(pieces)
    # A number beside a further dash is part of a date or a telephone number, not of a range.
    beside = rf"[{DASHES}\w]" if NUMBER in written else r"\w"
    # Only a word character at the edge of an entry can run on into a longer word.
    before = rf"(?<!{beside})" if re.match(r"[\w{]", written) else ""
    after = rf"(?!{beside})" if re.search(r"[\w}]$", written) else ""
    flags = "" if any(letter.isupper() for letter in written) else "i"
    return f"{before}(?{flags}:{body}){after}"


def _split_dashes(text: str) -> list[str]:
    return re.split(f"[{DASHES}]", text)

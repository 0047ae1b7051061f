"""How people ask: word sequences for the recogniser's language model, made by `models/build_asked.py`.

They are no ways to ask that the matcher knows; they only make likely word sequences likelier to be heard.
"""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("asked.txt.gz")


@dataclass(frozen=True, slots=True)
class Asked:
    """What people say to the product."""

    phrases: tuple[str, ...]
    """As a recogniser hears them: lower case words."""
    sounds: dict[str, str]
    """ARPAbet of words in them that PocketSphinx's dictionary lacks."""


def read_asked(path: Path = FILE) -> Asked:
    """Read the file; empty when it is missing or damaged, as everything works without it, only less well."""
    try:
        lines = gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()
    except (OSError, EOFError, ValueError, zlib.error):
        return Asked((), {})
    pairs = [line.partition("\t") for line in lines]
    phrases = tuple(text for text, tab, _ in pairs if text and not tab)
    return Asked(phrases, {word: sounds for word, tab, sounds in pairs if tab})

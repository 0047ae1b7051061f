"""Which files are a person's: what of the folder of everything askaloud remembers goes along, and how it is checked.

Speech models and the recogniser's cache are none of them: they are large, and fetched or made again.
"""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from assistant.family.copies import FOLDER as FAMILY
from assistant.learning import leaning, own_voice, own_words
from assistant.learning.keeping import PROFILES, Damaged
from assistant.misses import FILE as MISSES
from assistant.models.errors import UnsafeArchiveError
from assistant.models.unpack import safe_parts
from assistant.pressing.counting import FILE as COUNTS
from assistant.profile import FILE as SETTINGS
from assistant.profile import Settings
from assistant.questions import FILE as QUESTIONS
from assistant.zips import DAMAGED

ABOUT_THE_PERSON = ("settings.", "journal.", "counts.", "learned-", "own-voice-", "misses.", "questions.", "fault.")
"""How the names of all files begin that hold what a person did, said or wants."""
OWN_TOPICS = ("topics", "packs", FAMILY)
"""The folders of a family's or clinic's own topics."""
JOURNALS = ("journal.jsonl", "journal.before.jsonl")
WORDS = tuple(own_words.words_file(Path(), profile).name for profile in PROFILES)
LEANINGS = tuple(leaning.leaning_file(Path(), profile).name for profile in PROFILES)
VOICES = tuple(own_voice.voice_file(Path(), profile).name for profile in PROFILES)
FILES = (SETTINGS, MISSES, QUESTIONS, COUNTS, *WORDS, *LEANINGS, *VOICES, *JOURNALS)
"""Everything that is a file of its own."""
TOPIC = re.compile(r"(topics|packs/[1-9][0-9]?)/((topics/)?[^/]+\.md|groups\.txt|sources\.txt)")
SAVED = re.compile(FAMILY + r"/[0-9]{5,9}_[0-9_-]{19}/(topics/[^/]+\.md|[a-z]+\.txt)")
MOST_VOICE_BYTES = 50_000_000
"""Unpacked. 40 triggers with six tries each are about 1,000,000."""


def belongs(name: str) -> bool:
    """Whether a profile may hold a file of this name, a path with `/` that every system can hold."""
    try:
        harmless = "/".join(safe_parts(name)) == name
    except UnsafeArchiveError:
        return False
    return harmless and (name in FILES or bool(TOPIC.fullmatch(name) or SAVED.fullmatch(name)))


def about_the_person(home: Path) -> Iterator[Path]:
    """Every file in `home` that holds what a person did, said or wants; not the own topics."""
    for path in sorted(home.glob("*")):
        if path.is_file() and path.name.startswith(ABOUT_THE_PERSON):
            yield path


def own_topics(home: Path) -> Iterator[Path]:
    """Every file of the own topics in `home`."""
    for name in OWN_TOPICS:
        yield from (path for path in sorted((home / name).rglob("*")) if path.is_file())


def sound(name: str, content: bytes) -> bool:
    """Whether the program would read `content` as the file `name` of a profile."""
    try:
        if name == SETTINGS:
            msgspec.convert(tomllib.loads(content.decode()), Settings)
        elif name in WORDS:
            own_words.decode(content)
        elif name in LEANINGS:
            leaning.decode(content)
        elif name in VOICES:
            _refuse_bombs(content)
            own_voice.decode(content)
        else:
            content.decode()
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError, msgspec.ValidationError, Damaged):
        return False
    return True


def _refuse_bombs(content: bytes) -> None:
    """The sizes told inside are those that are unpacked at most. Raises Damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            told_bytes = sum(entry.file_size for entry in archive.infolist())
    except DAMAGED as error:
        raise Damaged(str(error)) from None
    if told_bytes > MOST_VOICE_BYTES:
        raise Damaged(f"{told_bytes} bytes")

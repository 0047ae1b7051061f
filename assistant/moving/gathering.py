"""Collects a person's profile from this computer. What is damaged stays behind and is said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.family.copies import FOLDER as FAMILY
from assistant.learning.keeping import previous
from assistant.moving.packing import MOST_PACKS, Profile
from assistant.moving.parts import FILES, JOURNALS, belongs, sound


def gathered(home: Path, packs: Sequence[str], *, journal: bool) -> tuple[Profile, list[str]]:
    """The profile in `home` with the folders `packs` of own topics, and a sentence for whatever could not be taken.

    Args:
        home: the folder of everything askaloud remembers.
        packs: folders anywhere on this computer, as the settings name them.
        journal: whether what was said and done goes along.
    """
    files: dict[str, bytes] = {}
    troubles: list[str] = []
    for name in FILES:
        if name not in JOURNALS or journal:
            _take(home / name, name, files, troubles)
    for path in sorted((home / FAMILY).glob("*/**/*.*")):
        name = path.relative_to(home).as_posix()
        if belongs(name):
            _take(path, name, files, troubles)
    in_use: list[str] = []
    for folder, into in _named(home, packs).items():
        before = len(files)
        _take_topics(folder, into, files, troubles)
        if len(files) > before and folder in map(Path, packs):
            in_use.append(into)
        elif folder in map(Path, packs):
            troubles.append(f"There are no topics in {folder}, so it stays behind.")
    return Profile(files, tuple(in_use)), troubles


def _take(path: Path, name: str, files: dict[str, bytes], troubles: list[str]) -> None:
    """Add the file, or the copy before it if it is damaged."""
    damaged = False
    for source in (path, previous(path)):
        try:
            content = source.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            troubles.append(f"{source} can not be read: {error.strerror}. It stays behind.")
            return
        if sound(name, content):
            files[name] = content
            if damaged:
                troubles.append(f"{path} is damaged. The copy before it goes along.")
            return
        damaged = True
    if damaged:
        troubles.append(f"{path} is damaged and stays behind.")


def _named(home: Path, packs: Sequence[str]) -> dict[Path, str]:
    """Each folder of own topics with its name in a profile, in the order of the settings; the usual one always."""
    usual = home / "topics"
    others = [folder for folder in dict.fromkeys(map(Path, packs[:MOST_PACKS])) if folder != usual]
    named = {folder: f"packs/{number}" for number, folder in enumerate(others, 1)} | {usual: "topics"}
    return {folder: named[folder] for folder in dict.fromkeys([*map(Path, packs[:MOST_PACKS]), usual])}


def _take_topics(folder: Path, into: str, files: dict[str, bytes], troubles: list[str]) -> None:
    found = [*folder.glob("*.md"), *folder.glob("topics/*.md"), folder / "groups.txt", folder / "sources.txt"]
    known = {name.casefold() for name in files}
    for path in sorted(path for path in found if path.is_file()):
        name = f"{into}/{path.relative_to(folder).as_posix()}"
        if belongs(name) and name.casefold() not in known:
            _take(path, name, files, troubles)
            known.add(name.casefold())
        else:
            troubles.append(f"{path} has a name that not every computer can hold. It stays behind.")

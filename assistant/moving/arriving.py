"""Puts a profile in place of the one that is there, which is kept as a copy.

First everything new lies ready in a folder of its own and the copy is made; renaming that folder is the moment at which
it is decided. What was not finished then, because the process was killed or a file was held open, the next start does.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import msgspec
import tomlkit

from assistant.alone import changing
from assistant.atomic import write_atomic
from assistant.moving.names import KEPT, READY, UNFINISHED
from assistant.moving.packing import Profile
from assistant.moving.parts import about_the_person, own_topics
from assistant.profile import FILE as SETTINGS

NAMES = "names.json"


class MoveTrouble(Exception):
    """The profile could not be put in place; the text says what is the case now and what to do."""


def arrive(home: Path, profile: Profile, day: str) -> Path | None:
    """Put `profile` in place of what is in `home`; the copy of that, or None if there was nothing.

    Args:
        home: the folder of everything askaloud remembers.
        profile: what is to be there.
        day: today, such as 2026-11-24; the copy is named after it.

    Raises:
        MoveTrouble: the disk refused. The text says whether anything has changed.
    """
    troubles = finish_arrival(home)
    if troubles:
        raise MoveTrouble(troubles[0])
    try:
        home.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(home / UNFINISHED, ignore_errors=True)
        copy = _copied(home, day)
        _lay_ready(home, profile)
    except OSError as error:
        shutil.rmtree(home / UNFINISHED, ignore_errors=True)
        raise MoveTrouble(f"{home} can not be written: {error.strerror or error}. Nothing was changed.") from None
    troubles = finish_arrival(home)
    if troubles:
        raise MoveTrouble(troubles[0])
    return copy


def finish_arrival(home: Path) -> list[str]:
    """Put in place what lies ready since it was decided, and say what is in the way. Nothing happens without it."""
    with changing(home):  # two that start at once both find it
        return _finished(home, home / READY)


def _finished(home: Path, ready: Path) -> list[str]:
    if not ready.is_dir():
        return []
    try:
        names = msgspec.json.decode((ready / NAMES).read_bytes(), type=list[str])
        for name in names:
            if (ready / "files" / name).is_file():
                (home / name).parent.mkdir(parents=True, exist_ok=True)
                (ready / "files" / name).replace(home / name)
        _remove_others(home, names)
        # Away in one step: a half deleted folder must not be taken for one that lies ready.
        ready.replace(home / UNFINISHED)
        shutil.rmtree(home / UNFINISHED, ignore_errors=True)
    except (OSError, msgspec.MsgspecError) as error:
        why = getattr(error, "strerror", None) or error
        return [f"The imported profile is not all in place: {why}. Close every askaloud, see to {home}, start again."]
    return []


def _lay_ready(home: Path, profile: Profile) -> None:
    """All files, on the disk, and the list of them; then the renaming that decides. Raises OSError."""
    part = home / UNFINISHED
    part.mkdir()
    for name, content in profile.files.items():
        path = part / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, _with_packs(content, home, profile.packs) if name == SETTINGS else content)
    write_atomic(part / NAMES, msgspec.json.encode(list(profile.files)))
    part.rename(home / READY)


def _with_packs(content: bytes, home: Path, packs: Iterable[str]) -> bytes:
    """The settings with the folders of own topics where they are on this computer."""
    document = tomlkit.parse(content.decode())
    document.pop("packs", None)
    text = tomlkit.dumps(document)
    places = [str(home.joinpath(*pack.split("/"))) for pack in packs]
    line = tomlkit.dumps({"packs": places}) if places else ""
    return (line + text).encode()  # before the first table, to which it would belong after


def _copied(home: Path, day: str) -> Path | None:
    """A copy of what a profile takes the place of, whole or not there. Raises OSError."""
    old = [*about_the_person(home), *own_topics(home)]
    if not old:
        return None
    part = home / UNFINISHED
    for path in old:
        place = part / path.relative_to(home)
        place.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(place, path.read_bytes())
    taken = len(list(home.glob(f"{KEPT}{day}*")))
    copy = home / f"{KEPT}{day}{f'-{taken + 1}' if taken else ''}"
    part.rename(copy)
    return copy


def _remove_others(home: Path, names: Iterable[str]) -> None:
    """What belonged to the profile before and is not of this one. Raises OSError."""
    wanted = {home / name for name in names}
    for path in [*about_the_person(home), *own_topics(home)]:
        if path not in wanted:
            path.unlink()
            for folder in path.parents:
                if folder == home or folder.is_symlink() or next(folder.iterdir(), None):
                    break
                folder.rmdir()

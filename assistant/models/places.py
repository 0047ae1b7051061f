"""Where models are on this computer, and where they come from: the folder, the mirror, what is installed."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import platformdirs

from assistant.models.catalogue import NAME, SpeechModel, catalogue
from assistant.models.errors import FolderError, MirrorError, UnknownModelError

VARIABLE = "ASKALOUD_MODELS"
NEEDED_FILES = ("am/final.mdl", "conf/model.conf")
"""Vosk takes a folder for a model when it holds both."""

LEFTOVER = re.compile(r"\.(.+)\.(unpacking|discarded)")
LANGUAGE_IN_NAME = re.compile(r"vosk-model-(?:small-)?([a-z]{2,3}(?:-[a-z]{2})?)(?=-|$)")


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on disk. `model` is its catalogue entry; None if a person put it there."""

    name: str
    folder: Path
    language: str
    model: SpeechModel | None


def models_folder() -> Path:
    """Where models are kept: $ASKALOUD_MODELS if that is a folder, else the user's data folder (or to be)."""
    return _folder_asked_for() or _own_folder()


def _own_folder() -> Path:
    return Path(platformdirs.user_data_dir("askaloud", appauthor=False)) / "models"


def _folder_asked_for() -> Path | None:
    text = os.environ.get(VARIABLE, "").strip()
    if text.startswith("file:"):
        text = url2pathname(urlsplit(text).path)
    folder = Path(text).expanduser() if text else None
    return folder if folder is not None and folder.is_dir() else None


def source_of(model: SpeechModel) -> Path | str:
    """Where the archive comes from: a file in $ASKALOUD_MODELS, a mirror named there, or the publisher.

    MirrorError if $ASKALOUD_MODELS is set, but is neither a folder nor a web address.
    """
    text = os.environ.get(VARIABLE, "").strip()
    folder = _folder_asked_for()
    if folder is not None:
        archive = folder / f"{model.name}.zip"
        return archive if archive.is_file() else model.address
    if text.startswith(("http://", "https://")):
        return f"{text.rstrip('/')}/{model.name}.zip"
    if text:
        raise MirrorError(
            f"{VARIABLE} is set to '{text}', which is neither a folder on this computer nor a web address. "
            "Correct it, or remove it to fetch models from their publisher."
        )
    return model.address


def is_vosk_model(folder: Path) -> bool:
    """Whether Vosk would take `folder` for a model."""
    return all((folder / name).is_file() for name in NEEDED_FILES)


def installed() -> list[InstalledModel]:
    """The Vosk models on this computer: of $ASKALOUD_MODELS first, then of the user's data folder."""
    found: dict[str, InstalledModel] = {}
    for place in dict.fromkeys((models_folder(), _own_folder())):
        for folder in _model_folders(place):
            found.setdefault(folder.name, _described(folder))
    return list(found.values())


def _model_folders(place: Path) -> Iterator[Path]:
    try:
        entries = sorted(place.iterdir())
    except OSError:  # Not there yet, or not ours to read: then no model is there for us.
        return
    yield from (entry for entry in entries if not entry.name.startswith(".") and is_vosk_model(entry))


def _described(folder: Path) -> InstalledModel:
    entry = next((model for model in catalogue() if model.name == folder.name), None)
    told = LANGUAGE_IN_NAME.match(folder.name)
    language = entry.language if entry else told[1] if told else ""
    return InstalledModel(folder.name, folder, language, entry)


def find_vosk_model(language: str = "en") -> Path | None:
    """The folder of the best installed model of `language` (`en` also takes `en-us`); None if there is none.

    Of several the largest in the catalogue is best: it is there because somebody wanted it.
    """
    fitting = [
        one for one in installed() if one.language == language or one.language.startswith(f"{language}-")
    ]
    best = max(fitting, key=lambda one: one.model.unpacked_bytes if one.model else 0, default=None)
    return best.folder if best else None


def remove(name: str) -> None:
    """Delete an installed model, or what has arrived of it. UnknownModelError if there is neither."""
    unfinished = [place / f"{name}.zip.part" for place in (models_folder(), _own_folder())]
    folders = [one.folder for one in installed() if one.name == name]
    parts = [part for part in unfinished if NAME.fullmatch(name) and part.is_file()]
    if not folders and not parts:
        raise UnknownModelError(f"There is no speech model called '{name}' on this computer.")
    try:
        for part in parts:
            part.unlink(missing_ok=True)
        for folder in folders:
            discard(folder)
    except OSError as error:
        raise FolderError(
            f"The speech model '{name}' cannot be deleted: {error.strerror or error}."
        ) from error


def discard(folder: Path) -> None:
    """Delete a folder so that it is gone at once, even if deleting its files takes long or is interrupted."""
    doomed = folder.with_name(f".{folder.name}.discarded")
    if folder.is_symlink():  # Only the link is ours.
        folder.unlink()
        return
    shutil.rmtree(doomed, ignore_errors=True)
    folder.replace(doomed)
    shutil.rmtree(doomed, ignore_errors=True)


def sweep(place: Path) -> None:
    """Delete what an interrupted unpacking or removal left in `place`."""
    for entry in place.iterdir():
        if LEFTOVER.fullmatch(entry.name) and entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)

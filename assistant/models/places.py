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
    """Where models are kept; the folder may have to be made.

    The folder that $ASKALOUD_MODELS names, unless that is a mirror (a web address, or a folder of `.zip`
    files); else `models` in $ASKALOUD_HOME, if that is set; else the user's data folder.
    """
    asked_for = _folder_asked_for()
    if asked_for and not _archives(asked_for):
        return asked_for
    home = os.environ.get("ASKALOUD_HOME")
    return Path(home or platformdirs.user_data_dir("askaloud", appauthor=False)) / "models"


def _folder_asked_for() -> Path | None:
    text = os.environ.get(VARIABLE, "").strip()
    return Path(text).expanduser() if text and "://" not in text else None


def _archives(folder: Path) -> bool:
    return folder.is_dir() and any(folder.glob("*.zip"))


def source_of(model: SpeechModel) -> Path | str:
    """Where the archive comes from: the mirror that $ASKALOUD_MODELS names, else the publisher.

    A folder with `.zip` files counts as a mirror; it is named by its path or by a `file:` address.
    MirrorError if $ASKALOUD_MODELS is an address of another kind, or a mirror folder lacks the archive.
    """
    asked_for = os.environ.get(VARIABLE, "").strip()
    if asked_for.startswith(("http://", "https://")):
        return f"{asked_for.rstrip('/')}/{model.name}.zip"
    if asked_for.startswith("file:"):
        return _archive_in(Path(url2pathname(urlsplit(asked_for).path)), model)
    if "://" in asked_for:
        raise MirrorError(
            f"{VARIABLE} is set to '{asked_for}'. Only a folder, or an address that begins with http:// or "
            "https://, can be used. Correct it, or remove it to fetch models from their publisher."
        )
    folder = _folder_asked_for()
    return _archive_in(folder, model) if folder and _archives(folder) else model.address


def _archive_in(folder: Path, model: SpeechModel) -> Path:
    archive = folder / f"{model.name}.zip"
    if archive.is_file():
        return archive
    raise MirrorError(
        f"{folder} holds no {archive.name}. Copy that file there, or remove the setting {VARIABLE} to fetch "
        "the model from its publisher."
    )


def is_vosk_model(folder: Path) -> bool:
    """Whether Vosk would take `folder` for a model."""
    return all((folder / name).is_file() for name in NEEDED_FILES)


def installed() -> list[InstalledModel]:
    """The Vosk models on this computer: of $ASKALOUD_MODELS first, then of the usual folder."""
    found: dict[str, InstalledModel] = {}
    for place in (_folder_asked_for(), models_folder()):
        for folder in _model_folders(place) if place else ():
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
    fitting = [one for one in installed() if one.language == language or one.language.startswith(f"{language}-")]
    best = max(fitting, key=lambda one: one.model.unpacked_bytes if one.model else 0, default=None)
    return best.folder if best else None


def remove(name: str) -> None:
    """Delete an installed model, or what has arrived of one. UnknownModelError if there is neither."""
    part = part_of(models_folder(), name)
    folder = next((one.folder for one in installed() if one.name == name), None)
    if folder is None and not (NAME.fullmatch(name) and part.is_file()):
        raise UnknownModelError(f"There is no speech model called '{name}' on this computer.")
    try:
        part.unlink(missing_ok=True)
        if folder is not None:
            discard(folder)
    except OSError as error:
        raise FolderError(f"The speech model '{name}' cannot be deleted: {error.strerror or error}.") from error


def part_of(place: Path, name: str) -> Path:
    """Where the archive of a model grows while it is fetched."""
    return place / f"{name}.zip.part"


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

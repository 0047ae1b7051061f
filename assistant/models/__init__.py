"""Speech models: which there are, which are here, and how to get one.

    catalogue -> get -> (download, check, unpack, put in place) -> find_vosk_model -> a folder for Vosk

Only `get` opens a connection, and only when it is called.
"""

from collections.abc import Callable
from pathlib import Path

from assistant.models.catalogue import SpeechModel, catalogue
from assistant.models.errors import ModelTrouble
from assistant.models.places import InstalledModel, find_vosk_model, installed, models_folder, remove

__all__ = [
    "InstalledModel",
    "ModelTrouble",
    "SpeechModel",
    "catalogue",
    "find_vosk_model",
    "get",
    "installed",
    "models_folder",
    "remove",
]


def get(model: SpeechModel, folder: Path | None = None, progress: Callable[[int, int], None] | None = None) -> Path:
    """Fetch a model and put it in place; returns its folder, at once if it is already there.

    May be stopped at any moment, also by cutting the power: a model is either in place and whole, or not
    there, and the next call goes on with what has arrived. `progress` is called with (bytes arrived, bytes in
    all); if it raises, the download stops and the exception comes out of here.

    Args:
        model: an entry of the catalogue.
        folder: where models are kept; `models_folder()` if not given.
        progress: told how far the download is.

    Raises:
        ModelTrouble: one of its kinds (assistant/models/errors.py), with a sentence for a person.
    """
    from assistant.models.install import install  # noqa: PLC0415 - `requests` is slow to import and seldom needed

    return install(model, folder or models_folder(), progress or (lambda _arrived, _total: None))

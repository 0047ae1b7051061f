"""Which speech models exist: the catalogue, read from a checkout or from the installed package."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from assistant.models.errors import CatalogueError

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
SHA256 = re.compile(r"[0-9a-f]{64}")

_PACKAGE = Path(__file__).resolve().parents[1]
PLACES = (_PACKAGE / "catalogue.toml", _PACKAGE.parent / "models" / "catalogue.toml")
"""Where the catalogue is: inside the installed package, or in a checkout."""


@dataclass(frozen=True, slots=True)
class SpeechModel:
    """One model that can be fetched.

    Attributes:
        name: the publisher's name; also the name of the archive and of the folder.
        language: a language tag such as `en-us`.
        address: where the archive is.
        bytes: the exact size of the archive.
        sha256: the checksum of the archive, in small hexadecimal letters.
        unpacked_bytes: the size of everything in it.
        licence: its SPDX identifier.
        about: what a person wants to know before fetching it.
    """

    name: str
    language: str
    address: str
    bytes: int
    sha256: str
    unpacked_bytes: int
    licence: str
    about: str

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"'{self.name}' cannot be the name of a folder")
        if not SHA256.fullmatch(self.sha256):
            raise ValueError(f"the sha256 of {self.name} is not 64 hexadecimal digits")
        if self.bytes <= 0 or self.unpacked_bytes <= 0:
            raise ValueError(f"the sizes of {self.name} must be above zero")


def read_catalogue(path: Path) -> tuple[SpeechModel, ...]:
    """The models listed in the TOML file at `path`. CatalogueError says what is wrong with it."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        models = tuple(msgspec.convert(content.get("model", []), list[SpeechModel]))
    except (OSError, UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CatalogueError(f"The list of speech models, {path}, cannot be used: {error}.") from error
    if not models or len({model.name for model in models}) < len(models):
        raise CatalogueError(f"The list of speech models, {path}, is empty or names a model twice.")
    return models


@cache
def catalogue() -> tuple[SpeechModel, ...]:
    """The speech models that can be fetched, in the order they are offered."""
    for path in PLACES:
        if path.is_file():
            return read_catalogue(path)
    raise CatalogueError("The list of speech models is missing. Install askaloud again.")

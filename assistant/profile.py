"""The person's settings: one small TOML file a family can edit, read strictly and never lost.

Writing is atomic (a new file, flushed to the disk, renamed over the old one) and the copy before it is kept, so that a
full disk or a killed process leaves the old settings. A broken file is said, and the last good copy is used.
"""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import platformdirs
import tomlkit
from msgspec import Meta

from assistant.atomic import write_atomic
from assistant.places import Conversation, Pace
from assistant.showing.look import Look, Size, Theme, WhoSpeaks

FILE = "settings.toml"
PREVIOUS = "settings.previous.toml"
PATIENCE_S: dict[str, float | None] = {"short": 0.8, "medium": 1.5, "long": 3.0, "until switch": None}


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename=lambda name: name.replace("_", "-")):
    """Every setting with its default."""

    language: str = "en"
    region: str = "us"
    """Whose emergency numbers are given; a name in content/en/regions.txt."""
    engine: Literal["auto", "vosk", "pocketsphinx"] = "auto"
    voice: str = "auto"
    """auto, espeak-ng or pyttsx3, with a voice's name after a colon if wanted."""
    rate_wpm: Annotated[int, Meta(ge=80, le=300)] = 160
    pause_s: Annotated[float, Meta(ge=0.0, le=3.0)] = 0.0
    """Extra silence between sentences."""
    volume: Annotated[float, Meta(ge=0.1, le=1.0)] = 1.0
    patience: Literal["short", "medium", "long", "until switch"] = "medium"
    barge_in: Literal["commands", "full"] = "commands"
    microphone: str = ""
    """Part of the device's name; empty: the system's own choice."""
    loudspeaker: str = ""
    cue_loudspeaker: str = ""
    cue_volume: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.7
    journal: Literal["off", "steps", "words"] = "off"
    """steps: what happened, without a word of what was said; words: everything."""
    text_size: Size = "large"
    """Letters on the page; see `Look`."""
    theme: Theme = "day"
    motion: bool = True
    who_speaks: WhoSpeaks = "askaloud"
    dwell_s: Annotated[float, Meta(ge=0.0, le=5.0)] = 0.0
    packs: tuple[str, ...] = ()
    """Folders with a family's or clinic's own topics."""
    offered_model: bool = False
    """The better speech model was offered once."""

    def conversation(self) -> Conversation:
        """A conversation that starts with these settings."""
        pace = Pace(self.rate_wpm, self.pause_s, self.volume, PATIENCE_S[self.patience])
        return Conversation(pace=pace, usual=pace, barge_in=self.barge_in, region=self.region)

    def look(self) -> Look:
        """A page that looks as these settings say."""
        return Look(self.text_size, self.theme, self.motion, self.who_speaks, self.dwell_s)


class SettingsTrouble(Exception):
    """The settings could not be read or written; the text says where and what to do."""


def home() -> Path:
    """The folder of everything askaloud remembers; `ASKALOUD_HOME` names another."""
    return Path(os.environ.get("ASKALOUD_HOME") or platformdirs.user_config_dir("askaloud", appauthor=False))


def read_settings(folder: Path) -> tuple[Settings, list[str]]:
    """The settings in `folder` and what is wrong with them. Falls back to the copy before, then to the defaults."""
    troubles: list[str] = []
    for name in (FILE, PREVIOUS):
        try:
            return _read(folder / name), troubles
        except FileNotFoundError:
            continue
        except SettingsTrouble as trouble:
            troubles.append(str(trouble))
    return Settings(), troubles


def _read(path: Path) -> Settings:
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Settings)
    except FileNotFoundError:
        raise
    except UnicodeDecodeError:
        raise SettingsTrouble(f"{path} is not plain text. Save it as UTF-8. The settings before it are used.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsTrouble(f"{path} can not be read: {error}. The settings before it are used.") from None
    except msgspec.ValidationError as error:
        raise SettingsTrouble(f"{path}: {_plain(str(error))}. The settings before it are used.") from None
    except OSError as error:
        raise SettingsTrouble(f"{path} can not be opened: {error.strerror}. The settings before it are used.") from None


def _plain(error: str) -> str:
    """`Expected X - at $.rate-wpm` as `the setting "rate-wpm": expected X`."""
    what, found, where = error.partition(" - at `$.")
    if found:
        return f'the setting "{where.rstrip("`")}": {what[0].lower()}{what[1:]}'
    return error.replace("Object contains unknown field", "there is no setting")


def write_setting(folder: Path, changes: Mapping[str, float | str | bool]) -> None:
    """Change settings in the file, keeping the family's own lines and notes.

    Raises:
        SettingsTrouble: the folder is read-only, the disk is full, or a value is not allowed.
    """
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        document = _document(path)
        for name, value in changes.items():
            document[name.replace("_", "-")] = value
        msgspec.convert(document.unwrap(), Settings)
        if path.exists():
            shutil.copy2(path, folder / PREVIOUS)
        write_atomic(path, tomlkit.dumps(document).encode())
    except msgspec.ValidationError as error:
        raise SettingsTrouble(f"This can not be set: {_plain(str(error))}.") from None
    except OSError as error:
        raise SettingsTrouble(
            f"Your settings could not be saved in {folder}: {error.strerror}. They count until you close askaloud."
        ) from None


def _document(path: Path) -> tomlkit.TOMLDocument:
    """The file as it stands; a broken one starts anew from the copy before it."""
    for source in (path, path.with_name(PREVIOUS)):
        try:
            _read(source)
            return tomlkit.parse(source.read_text("utf-8"))
        except (SettingsTrouble, FileNotFoundError):
            continue
    return tomlkit.document()

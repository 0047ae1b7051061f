"""The person's settings: one small TOML file a family can edit, read strictly and never lost.

Writing is atomic (a new file, flushed to the disk, renamed over the old one) and the copy before it is kept, so that a
full disk or a killed process leaves the old settings. A broken file is said, and the last good copy is used.
"""

from __future__ import annotations

import os
import threading
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import platformdirs
import tomlkit
from msgspec import Meta

from assistant.alone import changing
from assistant.atomic import write_atomic
from assistant.events import Value
from assistant.places import PATIENCE_S, Conversation, Pace, PatienceName
from assistant.pressing.filters import FilterSettings
from assistant.scan import Mode, ScanSettings, usual_extra_s, usual_grace_s
from assistant.scan.ladder import method_of
from assistant.showing.look import Look, Size, Theme, WhoSpeaks

FILE = "settings.toml"
PREVIOUS = "settings.previous.toml"
DAMAGED = "settings.damaged.toml"
"""What could not be read when a setting was changed: a family's own lines are not thrown away for one slip."""
MOST_BYTES = 1_000_000
"""All settings take about 2,000 bytes; a file beyond this is something else."""
_writing = threading.Lock()
"""The page and the conversation change settings on threads of their own, `askaloud set` from beside: none may undo
another."""


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
    patience: PatienceName = "medium"
    told_patience: bool = False
    """Another patience was proposed once."""
    told_teaching: bool = False
    """Teaching it one's own sounds was proposed once."""
    listening: Literal["open", "switch"] = "open"
    """open: questions are heard at any time; switch: after a press only."""
    listening_sound: bool = False
    """A short sound when the ear opens and closes."""
    own_words: dict[str, str] = {}
    """Command to a phrase of this person's own for it."""
    misses: bool = False
    """What was not understood is kept in a list, on this computer only."""
    barge_in: Literal["commands", "full"] = "commands"
    sound_switch: bool = False
    """Any voiced sound of 0.3 s is a press of the switch."""
    learning: Literal["on", "off"] = "on"
    """Whether it learns how this person says things, from confirmed turns."""
    speaker: Literal["person", "caregiver"] = "person"
    """Who speaks: what is learned of one never changes the other."""
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
    scanning: Mode = "off"
    """How one switch, two or a few keys choose from lists; see `ScanSettings`."""
    scan_step_s: Annotated[float, Meta(ge=0.3, le=15.0)] = 1.5
    scan_usual_s: Annotated[float, Meta(ge=0.3, le=15.0)] = 1.5
    """The step that the switch test found; the profiles start from it."""
    scan_rounds: Annotated[int, Meta(ge=1, le=10)] = 3
    scan_list: Annotated[int, Meta(ge=5, le=8)] = 7
    scan_spoken: bool = False
    """Each item is spoken on the private output."""
    scan_undo: bool = True
    scan_grace: bool = True
    """A press just after the light moved counts for the item before. Not for those who press in rhythm."""
    scan_habits: bool = False
    """What is asked most stands on the first page. Needs `scan_counts`."""
    scan_counts: bool = False
    """Presses, misses and topics are counted, on this computer only."""
    cue_voice: str = ""
    """Name, within the engine, of the voice that speaks cues; empty: the voice of the answers."""
    cue_wpm: Annotated[int, Meta(ge=80, le=450)] = 200
    preview_wpm: Annotated[int, Meta(ge=0, le=450)] = 0
    """The first round is a quick one at this rate; 0: it is not."""
    hold_back_s: Annotated[float, Meta(ge=0.0, le=10.0)] = 1.0
    hold_call_s: Annotated[float, Meta(ge=1.0, le=20.0)] = 3.0
    accept_press_s: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.0
    repeat_press_s: Annotated[float, Meta(ge=0.0, le=2.0)] = 0.3
    release_press_s: Annotated[float, Meta(ge=0.0, le=0.5)] = 0.05
    switch_tested: str = ""
    """The day of the last switch test, such as 2026-11-24."""
    yes_signal: str = ""
    """How the person shows a yes to someone who reads aloud, such as "Eyes up"."""
    packs: tuple[str, ...] = ()
    """Folders with a family's or clinic's own topics."""
    offered_model: bool = False
    """One more speech model was offered once."""

    def conversation(self) -> Conversation:
        """A conversation that starts with these settings."""
        pace = Pace(self.rate_wpm, self.pause_s, self.volume, PATIENCE_S[self.patience], self.scan_step_s)
        usual = msgspec.structs.replace(pace, scan_step_s=self.scan_usual_s)
        method = method_of(self.scanning, self.dwell_s)
        return Conversation(
            pace=pace,
            usual=usual,
            barge_in=self.barge_in,
            region=self.region,
            signal=self.yes_signal,
            method=method,
            listens=self.listening,
            tones=self.listening_sound,
            keeps_misses=self.misses,
            told_patience=self.told_patience,
            told_teaching=self.told_teaching or self.learning == "off",
        )

    def scan(self, further: str) -> ScanSettings:
        """Scanning as these settings say; `further` is the label of the page turner."""
        return ScanSettings(
            mode=self.scanning,
            step_s=self.scan_step_s,
            first_extra_s=usual_extra_s(self.scan_step_s),
            loops=self.scan_rounds,
            undo_s=self.scan_step_s if self.scan_undo else 0.0,
            grace_s=usual_grace_s(self.scan_step_s) if self.scan_grace else 0.0,
            hold_back_s=self.hold_back_s,
            hold_call_s=max(self.hold_call_s, self.hold_back_s + 1.0),
            size=self.scan_list,
            auditory=self.scan_spoken,
            cue_wpm=self.cue_wpm,
            preview_wpm=self.preview_wpm,
            ends_speech=self.patience == "until switch",
            further=further,
        )

    def filters(self) -> FilterSettings:
        """What of a trembling hand is a press."""
        return FilterSettings(self.accept_press_s, self.repeat_press_s, self.release_press_s)

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
            return _read(folder / name), [f"{trouble} The settings before it are used." for trouble in troubles]
        except FileNotFoundError:
            continue
        except SettingsTrouble as trouble:
            troubles.append(str(trouble))
    return Settings(), [f"{trouble} The usual settings are used." for trouble in troubles]


def _read(path: Path) -> Settings:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SettingsTrouble(f"{path} is far too long for settings.")
        text = path.read_text("utf-8")
        if not text.strip():  # what a crash leaves; to a parser it is a wish for the usual settings
            raise SettingsTrouble(f"{path} is empty.")
        return _settings_in(text)
    except FileNotFoundError:
        raise
    except UnicodeDecodeError:
        raise SettingsTrouble(f"{path} is not plain text. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsTrouble(f"{path} can not be read: {error}.") from None
    except RecursionError:
        raise SettingsTrouble(f"{path} holds lists within lists.") from None
    except msgspec.ValidationError as error:
        raise SettingsTrouble(f"{path}: {_plain(str(error))}.") from None
    except OSError as error:
        raise SettingsTrouble(f"{path} can not be opened: {error.strerror}.") from None


def _settings_in(text: str) -> Settings:
    return msgspec.convert(tomllib.loads(text), Settings)


def _plain(error: str) -> str:
    """`Expected X - at $.rate-wpm` as `the setting "rate-wpm": expected X`."""
    what, found, where = error.partition(" - at `$.")
    if found:
        return f'the setting "{where.rstrip("`")}": {what[0].lower()}{what[1:]}'
    return error.replace("Object contains unknown field", "there is no setting")


def write_setting(folder: Path, changes: Mapping[str, Value | list[str]]) -> None:
    """Change settings in the file, keeping the family's own lines and notes.

    Raises:
        SettingsTrouble: the folder is read-only, the disk is full, or a value is not allowed.
    """
    try:
        with _writing, changing(folder):
            _change(folder, changes)
    except msgspec.ValidationError as error:
        raise SettingsTrouble(f"This can not be set: {_plain(str(error))}.") from None
    except OSError as error:
        raise SettingsTrouble(
            f"Your settings could not be saved in {folder}: {error.strerror}. They count until you close askaloud."
        ) from None


def _change(folder: Path, changes: Mapping[str, Value | list[str]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    document = _document(path)
    for name, value in changes.items():
        document[name.replace("_", "-")] = value
    text = tomlkit.dumps(document)
    _settings_in(text)
    if path.exists():
        write_atomic(folder / (PREVIOUS if _in_order(path) else DAMAGED), path.read_bytes())
    write_atomic(path, text.encode())


def _in_order(path: Path) -> bool:
    """A damaged file must not take the place of the last good copy."""
    try:
        _read(path)
    except SettingsTrouble:
        return False
    return True


def _document(path: Path) -> tomlkit.TOMLDocument:
    """The file as it stands; a broken one starts anew from the copy before it."""
    for source in (path, path.with_name(PREVIOUS)):
        try:
            _read(source)
            return tomlkit.parse(source.read_text("utf-8"))
        except (SettingsTrouble, FileNotFoundError):
            continue
    return tomlkit.document()

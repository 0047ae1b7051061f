"""The doctor: every sense is looked at, every finding is a sentence, and nothing stops it."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from assistant import doctor
from assistant.cli import main
from assistant.doctor import Finding, findings
from assistant.profile import FILE, Settings
from assistant.startup import load_world, phrases_of
from tests.vosk_fixture import write_model

SENSES = ["topics", "settings", "voice", "loudspeaker", "recogniser", "microphone", "echo", "switch"]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def no_sound(own_home: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer without PortAudio; PocketSphinx's language model is made once."""
    (tmp_path / "sounddevice.py").write_text('raise OSError("PortAudio library not found")\n')
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    (own_home / "cache").symlink_to(cache, target_is_directory=True)


def found(settings: Settings | None = None) -> dict[str, Finding]:
    return {finding.what: finding for finding in findings(settings or Settings())}


def test_everything_is_looked_at_and_told_in_sentences() -> None:
    all_found = list(findings(Settings()))
    assert [finding.what for finding in all_found] == SENSES
    assert all(finding.sentence.endswith(".") for finding in all_found)


def test_without_sound_the_rest_is_well_and_the_command_ends_with_0() -> None:
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    marks = {line[6:].partition(":")[0]: line[:4] for line in lines[:-1]}
    assert list(marks) == SENSES
    assert {name for name, mark in marks.items() if mark == "LOOK"} == {"loudspeaker", "microphone", "switch"}
    assert "libportaudio2" in result.stdout
    assert "works without what is marked LOOK" in lines[-1]


def test_broken_settings_are_a_finding_that_names_file_and_setting(own_home: Path) -> None:
    (own_home / FILE).write_text("rate-wpm = 9000\n")
    finding = found()["settings"]
    assert not finding.well
    assert FILE in finding.sentence
    assert "rate-wpm" in finding.sentence


def test_a_broken_topic_of_ones_own_is_a_finding_with_file_and_line(own_home: Path) -> None:
    (own_home / "topics").mkdir()
    (own_home / "topics" / "our-nurse.md").write_text("---\nid: our-nurse\n---\n")
    finding = found(Settings(packs=(str(own_home / "topics"),)))["topics"]
    assert not finding.well
    assert "our-nurse.md" in finding.sentence


def test_a_voice_that_is_not_there_is_a_finding() -> None:
    finding = found(Settings(voice="singing"))["voice"]
    assert not finding.well
    assert "singing" in finding.sentence


def test_a_model_in_order_is_said_and_a_broken_one_is_a_finding(own_home: Path) -> None:
    model = write_model(own_home / "models" / "vosk-model-small-en-us-0.1", phrases_of(load_world(Settings())[0]))
    assert found()["recogniser"] == Finding("recogniser", well=True, sentence="whisper+vosk is ready.")
    (model / "graph" / "words.txt").unlink()
    finding = found()["recogniser"]
    assert not finding.well
    assert str(model) in finding.sentence


def test_vosk_without_a_model_is_a_finding_that_says_what_to_do() -> None:
    finding = found(msgspec.structs.replace(Settings(), engine="vosk"))["recogniser"]
    assert not finding.well
    assert "askaloud models get" in finding.sentence


def test_whatever_goes_wrong_inside_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def wordless(*_: object) -> str:
        raise RuntimeError

    monkeypatch.setattr(doctor, "_microphone", wordless)
    assert found()["microphone"] == Finding("microphone", well=False, sentence="RuntimeError")
    assert found()["echo"].well

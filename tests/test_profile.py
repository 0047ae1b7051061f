"""Settings: read strictly, written atomically, never lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.profile import FILE, PREVIOUS, Settings, SettingsTrouble, read_settings, write_setting


def test_no_file_means_the_defaults_and_no_word_about_it(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == (Settings(), [])


def test_a_setting_is_kept_and_the_familys_own_lines_stay(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("# for mum\nrate-wpm = 140\n")
    write_setting(tmp_path, {"pause_s": 0.4})
    assert "# for mum" in (tmp_path / FILE).read_text()
    assert read_settings(tmp_path)[0] == Settings(rate_wpm=140, pause_s=0.4)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("rate-wpm = 'fast'", "rate-wpm"),
        ("rate-wpm = 9000", "rate-wpm"),
        ("rat-wpm = 140", "rat-wpm"),
        ("patience = 'forever'", "patience"),
        ("rate-wpm = ", FILE),
    ],
)
def test_a_wrong_line_is_named_and_the_copy_before_is_used(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / PREVIOUS).write_text("rate-wpm = 130\n")
    (tmp_path / FILE).write_text(text)
    read, troubles = read_settings(tmp_path)
    assert read.rate_wpm == 130
    assert named in troubles[0]
    assert len(troubles) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_settings_and_at_most_sentences(tmp_path: Path, content: bytes) -> None:
    (tmp_path / PREVIOUS).unlink(missing_ok=True)
    (tmp_path / FILE).write_bytes(content)
    read, troubles = read_settings(tmp_path)
    assert isinstance(read, Settings)
    assert all(FILE in trouble for trouble in troubles)


def test_a_wrong_value_is_refused_and_the_file_stays_as_it_was(tmp_path: Path) -> None:
    write_setting(tmp_path, {"rate_wpm": 150})
    with pytest.raises(SettingsTrouble, match="rate-wpm"):
        write_setting(tmp_path, {"rate_wpm": 5000})
    assert read_settings(tmp_path)[0].rate_wpm == 150


def test_a_full_disk_leaves_the_old_settings_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_setting(tmp_path, {"rate_wpm": 150})

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsTrouble, match="No space left"):
        write_setting(tmp_path, {"rate_wpm": 170})
    monkeypatch.undo()
    assert read_settings(tmp_path) == (Settings(rate_wpm=150), [])
    assert not list(tmp_path.glob("*.part"))

"""Settings: read strictly, written atomically, never lost."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.profile import (
    DAMAGED,
    FILE,
    MOST_BYTES,
    PREVIOUS,
    Settings,
    SettingsTrouble,
    read_settings,
    write_setting,
)


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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
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


@pytest.mark.parametrize("content", ["x = " + "[" * 5000, "#" * (MOST_BYTES + 1), "x = " + "{a=" * 3000])
def test_what_no_settings_file_looks_like_is_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    read, troubles = read_settings(tmp_path)
    assert read == Settings()
    assert len(troubles) == 1
    assert troubles[0].endswith("The usual settings are used.")
    write_setting(tmp_path, {"rate_wpm": 140})
    assert read_settings(tmp_path) == (Settings(rate_wpm=140), [])


def test_a_change_after_a_slip_keeps_the_last_good_copy_and_the_familys_lines(tmp_path: Path) -> None:
    good, slip = "rate-wpm = 130\n", "# for mum\nrate-wpm = 140\nvolume = loud\n"
    (tmp_path / PREVIOUS).write_text(good)
    (tmp_path / FILE).write_text(slip)
    write_setting(tmp_path, {"pause_s": 0.5})
    assert read_settings(tmp_path) == (Settings(rate_wpm=130, pause_s=0.5), [])
    assert (tmp_path / PREVIOUS).read_text() == good
    assert (tmp_path / DAMAGED).read_text() == slip


def test_settings_that_can_not_be_opened_are_never_written_over(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(SettingsTrouble, match="could not be saved"):
        write_setting(tmp_path, {"pause_s": 0.5})
    assert (tmp_path / FILE).is_dir()


CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "rate_wpm": st.integers(80, 300),
    "volume": st.floats(0.1, 1.0),
    "scan_spoken": st.booleans(),
    "microphone": st.text(max_size=20),
    "packs": st.lists(st.text(max_size=10), max_size=3),
}
NOTES = st.text("ab #=[]\"'\n.é", max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3),
    NOTES,
    st.lists(st.sampled_from(sorted(CHANGES)).flatmap(lambda n: st.tuples(st.just(n), CHANGES[n])), max_size=4),
)
def test_whatever_is_set_is_read_back_and_nothing_else_changes(
    tmp_path: Path, own_words: dict[str, str], note: str, changes: list[tuple[str, Any]]
) -> None:
    for name in (FILE, PREVIOUS, DAMAGED):
        (tmp_path / name).unlink(missing_ok=True)
    notes = "".join(f"# {line}\n" for line in note.splitlines())
    (tmp_path / FILE).write_text(notes + tomlkit.dumps({"own-words": own_words}), "utf-8")
    wanted: dict[str, Any] = {"own_words": own_words}
    for name, value in changes:
        write_setting(tmp_path, {name: value})
        wanted[name] = tuple(value) if name == "packs" else value
    assert read_settings(tmp_path) == (Settings(**wanted), [])
    assert (tmp_path / FILE).read_text("utf-8").startswith(notes)


def test_two_threads_that_change_settings_lose_none(tmp_path: Path) -> None:
    """The page keeps another size while the conversation keeps another rate."""

    def change(name: str, values: range) -> None:
        for value in values:
            write_setting(tmp_path, {name: value})

    threads = [
        threading.Thread(target=change, args=(name, range(100, 131))) for name in ("rate_wpm", "cue_wpm", "preview_wpm")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_settings(tmp_path) == (Settings(rate_wpm=130, cue_wpm=130, preview_wpm=130), [])

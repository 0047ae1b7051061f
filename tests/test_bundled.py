"""What a bundle, which has no interpreter to start, does in place of `python -m`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.bundled import LIBRARIES, child_in, give_back_libraries
from assistant.hearing import pronouncing
from assistant.speaking import pyttsx3_child, pyttsx3_voice

ROOT = Path(__file__).parents[1]


def bundle(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """The program as a bundle starts it: the same module, whatever the folder."""
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv[1:] = {words!r}; sys.frozen = True"
    run = "import runpy; runpy.run_module('assistant', run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", f"{start}; {run}"], input=given, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_bundle_started_for_a_voice_lists_its_voices(tmp_path: Path) -> None:
    order = json.dumps({"text": None, "out": str(tmp_path / "voices.json")})
    done = bundle(pyttsx3_child.ARGUMENT, given=order + "\n")
    assert (done.returncode, done.stdout) == (0, "")
    assert len(json.loads((tmp_path / "voices.json").read_text())) > 1


def test_a_bundle_started_to_sound_out_words_does_only_that() -> None:
    done = bundle(pronouncing.ARGUMENT, "mapleton", "joan")
    assert done.stdout.splitlines() == ["mapleton\tM EY P AH L T AH N", "joan\tJH OW N"]


def test_any_other_words_are_a_command() -> None:
    assert bundle("--version").stdout.startswith("askaloud")


def test_the_children_of_a_bundle_are_started_with_the_words_they_know(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, b"joan\tJH OW N\n")

    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(subprocess, "run", run)
    assert pronouncing.guess(["joan"]) == {"joan": "JH OW N"}
    asked.append(pyttsx3_voice._child_command())
    for command in asked:
        assert command[0] == sys.executable
        assert child_in(command[1:]) is not None


@given(st.lists(st.text(max_size=12), max_size=3))
def test_what_a_person_may_type_is_never_a_child(words: list[str]) -> None:
    if words[:1] not in ([pyttsx3_child.ARGUMENT], [pronouncing.ARGUMENT]):
        assert child_in(words) is None


@pytest.mark.parametrize(
    ("found", "left"),
    [
        ({LIBRARIES: "/bundle"}, {}),
        ({LIBRARIES: "/bundle", "LD_LIBRARY_PATH_ORIG": ""}, {}),
        ({LIBRARIES: "/bundle:/own", "LD_LIBRARY_PATH_ORIG": "/own"}, {LIBRARIES: "/own"}),
        ({"HOME": "/home/joan"}, {"HOME": "/home/joan"}),
    ],
)
def test_a_browser_gets_the_libraries_of_the_system(found: dict[str, str], left: dict[str, str]) -> None:
    give_back_libraries(found)
    assert found == left

"""The command line in a test: what was said, and the shape of replies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from assistant.cli import main
from assistant.profile import home
from assistant.sentence import FAULT_FILE

SHAPE = {"heard", "outcome", "topics", "say", "engine", "ms"}
OUTCOMES = {"urgent", "answer", "confirm", "choose", "decline"}


def run(*words: str | Path, given: str | bytes | None = None) -> Result:
    """The command in this process. What it raises beyond an exit is a traceback for a person: it fails the test."""
    result = CliRunner().invoke(main, [str(word) for word in words], input=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    fault = home() / FAULT_FILE
    assert not fault.exists(), fault.read_text()
    return result


def sentence(*words: str | Path, given: str | bytes | None = None) -> str:
    """The one sentence with which the command gives up."""
    result = run(*words, given=given)
    assert result.exit_code == 1
    said = result.stderr.strip()
    assert said.endswith((".", "questions.txt"))
    return said


def replies(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def assert_shape(reply: dict[str, Any], engine: str) -> None:
    assert set(reply) == SHAPE
    assert all(isinstance(text, str) for text in reply["heard"])
    assert reply["outcome"] in OUTCOMES
    assert len(reply["topics"]) <= 3
    for topic in reply["topics"]:
        assert set(topic) == {"id", "title", "probability"}
        assert 0 <= topic["probability"] <= 1
    assert isinstance(reply["say"], str)
    assert reply["engine"] == engine
    stages = {"match", "decide"} | ({"recognise"} if engine != "typed" else set())
    assert set(reply["ms"]) == stages
    assert all(ms >= 0 for ms in reply["ms"].values())

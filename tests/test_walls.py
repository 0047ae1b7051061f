"""The shape of the code, held by its imports and sizes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "assistant"
MODULES = sorted(PACKAGE.rglob("*.py"))
MIND = [
    "events",
    "places",
    "dialogue",
    "steering",
    "telling",
    "pacing",
    "choices",
    "turn",
    "commands",
    "urgent",
    "asking",
    "measuring",
    "reading",
    "touring",
    "partner/script",
    "partner/view",
    "scan/lists",
    "scan/state",
    "scan/light",
    "scan/machine",
    "scan/profiles",
    "scan/ladder",
    "scan/cost",
]
OUTSIDE_THE_MIND = {"threading", "time", "queue", "sounddevice", "socket", "requests", "subprocess", "random"}
SENSES = ["hearing", "speaking", "showing", "pressing"]
CONNECTING = {"requests", "urllib.request", "http.client", "socket", "ftplib", "urllib3", "httpx"}
LONGEST_MODULE, LONGEST_FUNCTION = 400, 40


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("name", MIND)
def test_the_mind_knows_no_device_thread_or_clock(name: str) -> None:
    used = set(imports(PACKAGE / f"{name}.py"))
    allowed = {"time"} if name == "asking" else set()  # it reports how long a stage took
    assert not (used & OUTSIDE_THE_MIND) - allowed
    assert not [u for u in used if any(u.startswith(f"assistant.{sense}") for sense in SENSES)]


@pytest.mark.parametrize("sense", SENSES)
def test_a_sense_never_imports_another(sense: str) -> None:
    others = [f"assistant.{other}" for other in SENSES if other != sense]
    for path in (PACKAGE / sense).rglob("*.py"):
        assert not [u for u in imports(path) if any(u.startswith(other) for other in others)], path.name


def test_only_the_speech_models_may_open_a_connection() -> None:
    connecting = [p.relative_to(PACKAGE).as_posix() for p in MODULES if CONNECTING & set(imports(p))]
    assert {name.split("/")[0] for name in connecting} <= {"models"}


def test_only_the_command_line_ends_the_program() -> None:
    ends = [p.name for p in MODULES if "sys.exit(" in p.read_text("utf-8") and p.name not in ("cli.py", "__main__.py")]
    assert not [name for name in ends if not name.endswith("_child.py")]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_module_and_no_function_is_too_long_to_hold_in_the_head(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST_MODULE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or 0) - node.lineno <= LONGEST_FUNCTION + 5, (
                node.name
            )  # a docstring with its arguments

"""The program as it is started: its first line, its requests, its end."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest


@contextmanager
def started(*options: str) -> Iterator[subprocess.Popen[str]]:
    """askaloud with `options`, ended at the end."""
    command = [sys.executable, "-m", "assistant", *options]
    running = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    )
    try:
        yield running
    finally:
        if running.poll() is None:
            running.communicate("quit\n", timeout=15)
    assert running.returncode == 0


def lines_of(running: subprocess.Popen[str]) -> Iterator[str]:
    assert running.stdout
    return iter(running.stdout.readline, "")


def request(address: str, path: str, body: object = None) -> object:
    parts = urlsplit(address)
    (token,) = parse_qs(parts.query)["token"]
    connection = http.client.HTTPConnection("127.0.0.1", parts.port or 0, timeout=5)
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    connection.request("GET" if body is None else "POST", path, json.dumps(body) if body else None, headers)
    answer = connection.getresponse().read()
    return json.loads(answer) if answer else None


def until(address: str, reached: Callable[[dict[str, object]], bool]) -> dict[str, object]:
    """The state, once it is so."""
    end_s = time.monotonic() + 15
    while time.monotonic() < end_s:
        state = request(address, "/state")
        assert isinstance(state, dict)
        if reached(state):
            return state
        time.sleep(0.02)
    raise AssertionError(state)


def test_the_first_line_is_the_address_and_programs_ask_press_and_see() -> None:
    with started("--port", "0", "--no-browser", "--no-microphone") as running:
        address = next(lines_of(running)).strip()
        assert address.startswith("http://127.0.0.1:")
        until(address, lambda state: bool(state["text"]))
        request(address, "/ask", {"text": "what is riluzole"})
        state = until(address, lambda state: state["title"] == "Riluzole")
        assert state["heard"] == "what is riluzole"
        assert "riluzole" in str(state["text"]).lower()
        assert running.stdin
        running.stdin.write("open\n")
        running.stdin.flush()
        assert any(line.strip() == address for line in lines_of(running))  # told again


def test_a_taken_port_is_said_and_the_terminal_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with started("--no-browser", "--no-microphone", "--no-loudspeaker") as first:
        port = urlsplit(next(lines_of(first)).strip()).port
        monkeypatch.setenv("ASKALOUD_HOME", str(tmp_path))  # two in one folder are one too many
        with started("--port", str(port), "--no-browser", "--no-microphone", "--no-loudspeaker") as second:
            assert "Hello." in next(lines_of(second))
            _, said = second.communicate("quit\n", timeout=15)
            assert f"can not use port {port}" in said
            assert "Traceback" not in said

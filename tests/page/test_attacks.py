"""Attacks on the served page, over real sockets."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack

import pytest

from assistant.choices import World
from assistant.showing.guard import BODY_BYTES, BODY_S
from assistant.showing.serving import PageTrouble
from tests.page.stage import Stage

POSTS = ("/press", "/pick", "/ask", "/look", "/clinic")
READS = ("/", "/state", "/events", "/main.js")


def raw(stage: Stage, text: str, wait_s: float = 5.0) -> bytes:
    """Send `text` as it is; the answer's beginning."""
    with socket.create_connection(("127.0.0.1", stage.port), timeout=wait_s) as line:
        line.sendall(text.replace("\n", "\r\n").encode())
        return line.recv(65536)


@pytest.mark.parametrize("path", [*READS, *POSTS])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1.evil.example", "127.1"])
def test_a_foreign_host_is_refused(stage: Stage, path: str, host: str) -> None:
    method, body = ("POST", {"item": "command:stop"}) if path in POSTS else ("GET", None)
    assert stage.ask(method, path, body, {"host": host})[0] == 403
    assert not stage.done


def test_a_rebound_name_is_refused_even_when_host_and_origin_agree(stage: Stage) -> None:
    rebound = {"host": f"evil.example:{stage.port}", "origin": f"http://evil.example:{stage.port}"}
    for path in READS:
        assert stage.ask("GET", path, headers=rebound)[0] == 403
    assert stage.ask("POST", "/pick", {"item": "command:stop"}, rebound)[0] == 403
    assert not stage.done


@pytest.mark.parametrize("path", [*READS, *POSTS])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1"])
def test_a_foreign_origin_is_refused_streams_included(stage: Stage, path: str, origin: str) -> None:
    method, body = ("POST", {"item": "command:stop"}) if path in POSTS else ("GET", None)
    assert stage.ask(method, path, body, {"origin": origin})[0] == 403
    assert not stage.done


@pytest.mark.parametrize("path", READS)
def test_a_web_socket_is_never_opened(stage: Stage, path: str) -> None:
    answer = raw(
        stage,
        f"GET {path} HTTP/1.1\nHost: 127.0.0.1:{stage.port}\nOrigin: https://evil.example\nUpgrade: websocket\n"
        "Connection: Upgrade\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n"
        f"Authorization: Bearer {stage.key}\n\n",
    )
    assert b" 403 " in answer.split(b"\r\n")[0]


@pytest.mark.parametrize("path", [*READS, *POSTS])
def test_without_the_key_or_with_an_old_one_nothing_is_answered(stage: Stage, path: str, world: World) -> None:
    method, body = ("POST", {"item": "command:stop"}) if path in POSTS else ("GET", None)
    assert stage.ask(method, path, body, key=False)[0] == 403
    before = Stage(world)
    before.page.close()
    stale = {"authorization": f"Bearer {before.key}", "cookie": f"askaloud-{stage.port}={before.key}"}
    assert stage.ask(method, path, body, stale)[0] == 403
    assert stage.ask("GET", f"/?token={before.key}", key=False)[0] == 403
    assert not stage.done


def test_the_key_opens_only_at_the_front_door(stage: Stage) -> None:
    assert stage.ask("GET", f"/?token={stage.key}", key=False)[0] == 303
    for path in ("/state", "/events", "/main.js"):
        assert stage.ask("GET", f"{path}?token={stage.key}", key=False)[0] == 403


@pytest.mark.parametrize("path", POSTS)
def test_reading_changes_nothing(stage: Stage, path: str) -> None:
    assert stage.ask("GET", path)[0] == 405
    assert not stage.done


@pytest.mark.parametrize(
    "path",
    [
        "/../page.py", "/..%2fpage.py", "/%2e%2e/page.py", "/static/../guard.py", "//etc/passwd", "/....//page.py",
        "/..\\page.py", "/%5c..%5cpage.py", "/main.js/../../page.py", "/%00", "/file:///etc/passwd", "/page.py", "/.",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_table_of_files(stage: Stage, path: str) -> None:
    answer = raw(stage, f"GET {path} HTTP/1.1\nHost: 127.0.0.1:{stage.port}\nAuthorization: Bearer {stage.key}\n\n")
    assert b" 404 " in answer.split(b"\r\n")[0]
    assert b"import" not in answer
    assert b"root:" not in answer


def test_an_oversized_body_is_refused_announced_or_not(stage: Stage) -> None:
    assert stage.ask("POST", "/ask", b"x" * (BODY_BYTES + 1))[0] == 413
    head = f"Host: 127.0.0.1:{stage.port}\nAuthorization: Bearer {stage.key}\nContent-Type: application/json\n"
    chunk = f"{BODY_BYTES + 1:x}\n{'x' * (BODY_BYTES + 1)}\n"
    assert b" 413 " in raw(stage, f"POST /ask HTTP/1.1\n{head}Transfer-Encoding: chunked\n\n{chunk}").split(b"\r\n")[0]
    assert b" 413 " in raw(stage, f"POST /ask HTTP/1.1\n{head}Content-Length: 999999999999\n\n").split(b"\r\n")[0]
    assert not stage.done


def test_a_body_that_trickles_is_given_up_and_others_are_served_meanwhile(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert BODY_S <= 10
    monkeypatch.setattr("assistant.showing.guard.BODY_S", 0.5)
    head = f"Host: 127.0.0.1:{stage.port}\nAuthorization: Bearer {stage.key}\nContent-Type: application/json\n"
    begun_s = time.monotonic()
    with socket.create_connection(("127.0.0.1", stage.port), timeout=5) as line:
        line.sendall(f"POST /ask HTTP/1.1\n{head}Content-Length: 40\n\n{{".replace("\n", "\r\n").encode())
        assert stage.ask()[0] == 200
        assert b" 408 " in line.recv(65536).split(b"\r\n")[0]
    assert 0.4 < time.monotonic() - begun_s < 3
    assert not stage.done


def test_a_head_that_never_ends_is_given_up(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.showing.serving.PATIENCE_S", 0.3)
    with socket.create_connection(("127.0.0.1", stage.port), timeout=5) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert line.recv(10) == b""


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/press", b"{"), ("/press", b"[]"), ("/press", b'{"down": "yes"}'), ("/press", b'{"other": 1}'),
        ("/press", b'{"at_s": NaN}'), ("/press", b"\xff\xfe"), ("/press", b'{"shown": "' + b"x" * 300 + b'"}'),
        ("/pick", b"{}"), ("/pick", b'{"item": ""}'), ("/ask", b'{"text": 3}'), ("/ask", b""),
        ("/ask", b'{"text": "\xff"}'),
        ("/look", b'{"name": "theme", "value": "<script>"}'), ("/look", b'{"name": "__class__", "value": "x"}'),
        ("/clinic", b'{"text": ["x"]}'), ("/clinic", b'{"clear": 1}'), ("/clinic", b'{"file": "x"}'),
        ("/look", b'{"name": "dwell_s", "value": -1}'), ("/look", b'{"name": "dwell_s", "value": true}'),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_a_sentence_and_changes_nothing(stage: Stage, path: str, body: bytes) -> None:
    status, sentence = stage.ask("POST", path, body)
    assert status == 400
    assert b"Traceback" not in sentence
    assert not stage.done
    assert not stage.kept


def test_two_hundred_connections_leave_the_page_working(stage: Stage) -> None:
    with ExitStack() as lines:
        for number in range(200):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", stage.port), timeout=5))
            ending = "\r\n\r\n" if number % 2 else ""  # half of them are streams, half never finish their head
            line.sendall(
                f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{stage.port}\r\n"
                f"Authorization: Bearer {stage.key}{ending}".encode()
            )
        begun_s = time.monotonic()
        assert stage.ask()[0] == 200
        assert stage.ask("POST", "/press", {"shown": "command:stop"})[0] == 204
        assert time.monotonic() - begun_s < 1.0
        assert len(stage.done) == 1
    assert stage.ask()[0] == 200


def test_every_answer_forbids_keeping_guessing_and_framing(stage: Stage) -> None:
    for answer in (
        raw(stage, f"GET / HTTP/1.1\nHost: 127.0.0.1:{stage.port}\nAuthorization: Bearer {stage.key}\n\n"),
        raw(stage, "GET / HTTP/1.1\nHost: evil.example\n\n"),
    ):
        head = answer.split(b"\r\n\r\n")[0].lower()
        for needed in (b"no-store", b"nosniff", b"frame-ancestors 'none'", b"default-src 'self'", b"no-referrer"):
            assert needed in head
        assert b"server:" not in head


def test_it_listens_on_this_computer_only(stage: Stage) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing; tells our own address on the network
        outside = probe.getsockname()[0]
    if outside.startswith("127."):
        pytest.skip("This computer has no other address.")
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((outside, stage.port), timeout=2)


def test_a_taken_port_is_said_in_a_sentence(stage: Stage, world: World) -> None:
    from assistant.showing.page import Page

    with pytest.raises(PageTrouble, match="--port 0"):
        Page(lambda _: None, lambda _: None, world.content.prompts, port=stage.port)

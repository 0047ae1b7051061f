"""The page's server is killed: the same address answers again, open pages come back, and nothing else notices."""

from __future__ import annotations

import asyncio
import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from assistant.choices import World
from assistant.events import Show
from tests.page.stage import Stage

BACK_WITHIN_S = 5.0


@pytest.fixture
def own_stage(world: World) -> Iterator[Stage]:
    stage = Stage(world)
    yield stage
    stage.page.close()


def opened(stage: Stage) -> http.client.HTTPConnection:
    """An open page: its stream of changes."""
    connection = http.client.HTTPConnection("127.0.0.1", stage.port, timeout=BACK_WITHIN_S)
    connection.request("GET", "/events", headers={"authorization": f"Bearer {stage.key}"})
    return connection


def kill_loop(stage: Stage) -> None:
    """The server's event loop stops in the middle of whatever it does; nothing is cleaned up in order."""
    (stream,) = stage.page.board._streams
    stream.loop.call_soon_threadsafe(stream.loop.stop)


def cancelled(stage: Stage) -> None:
    """What it was waiting for is taken from under it."""
    (stream,) = stage.page.board._streams
    for task in asyncio.all_tasks(stream.loop):
        if "Server.serve" in repr(task.get_coro()):
            stream.loop.call_soon_threadsafe(task.cancel)


def told_to_end(stage: Stage) -> None:
    stage.page._serving._server.should_exit = True


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # what was killed complains
@pytest.mark.parametrize("kill", [kill_loop, cancelled, told_to_end])
def test_a_killed_page_server_is_back_at_the_same_address_and_shows_what_happened_meanwhile(
    own_stage: Stage, kill: object
) -> None:
    port = own_stage.port
    first = own_stage.page._serving._server
    with closing(opened(own_stage)) as page:
        assert page.getresponse().readline() == b"event: change\n"
        kill(own_stage)  # type: ignore[operator]  # one of the three
        killed_s = time.monotonic()
        own_stage.page.show(Show("listening", "", "said while it was dead"))
        while own_stage.page._serving._server is first:
            assert time.monotonic() - killed_s < BACK_WITHIN_S
            time.sleep(0.005)
    assert own_stage.port == port
    status, body = own_stage.ask()
    print(f"{kill.__name__}: answered {time.monotonic() - killed_s:.2f} s after the kill")  # type: ignore[attr-defined]
    assert time.monotonic() - killed_s < BACK_WITHIN_S
    assert status == 200
    assert b"said while it was dead" in body
    with closing(opened(own_stage)) as page:
        answer = page.getresponse()
        assert answer.readline() == b"event: change\n"
        assert b"said while it was dead" in answer.readline()
    own_stage.page.show(Show("listening", "", "and the conversation goes on"))
    assert b"goes on" in own_stage.ask()[1]


def test_a_page_that_was_closed_stays_closed(world: World) -> None:
    stage = Stage(world)
    stage.page.close()
    time.sleep(0.3)
    with pytest.raises(OSError, match="refused"):
        stage.ask()
    assert not [one for one in threading.enumerate() if one is stage.page._serving._thread]

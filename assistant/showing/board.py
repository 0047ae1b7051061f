"""What all open pages show now, and how they learn of every change."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable

import msgspec

BEAT_S = 5.0
"""A page that hears nothing for longer than two beats knows that the assistant is gone."""
MOST_STREAMS = 5
"""A browser opens six connections to one place; one must stay free for presses."""
MOST_WAITING = 100
"""A page that is so far behind gets the whole state anew."""


class Stream:
    """One open page's share of the changes."""

    def __init__(self) -> None:
        self.waiting: deque[bytes] = deque()
        self.woken = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        self.ended = False

    def put(self, message: bytes, *, last: bool = False) -> None:
        """Hand over one message; from any thread. `last`: and stop."""
        with contextlib.suppress(RuntimeError):  # the server was killed and this stream with it; its page comes anew
            self.loop.call_soon_threadsafe(self._put, message, last)

    def _put(self, message: bytes, ended: bool) -> None:  # noqa: FBT001 - the loop hands on positions only
        self.waiting.append(message)
        self.ended = self.ended or ended
        self.woken.set()


class Board:
    """The state of the page: a dictionary of JSON parts, each replaced as a whole.

    Args:
        clock: seconds; told with every message, so that pages can say when a press happened.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._parts: dict[str, object] = {}
        self._streams: list[Stream] = []

    def set(self, **parts: object) -> None:
        """Replace parts and tell all pages; from any thread."""
        with self._lock:
            self._parts.update(parts)
            message = self._message("change", parts)
            for stream in self._streams:
                stream.put(message)

    def act(self, what: str) -> None:
        """Have all pages do something once."""
        with self._lock:
            message = self._message("act", {"what": what})
            for stream in self._streams:
                stream.put(message)

    def state(self) -> dict[str, object]:
        """Everything, with the time."""
        with self._lock:
            return {"now_s": self._clock(), **self._parts}

    def end(self) -> None:
        """Let go of every page."""
        with self._lock:
            for stream in self._streams:
                stream.put(b"", last=True)

    async def stream(self) -> AsyncIterator[bytes]:
        """Server-sent events: the whole state, then every change, and a beat when there is none."""
        stream = Stream()
        with self._lock:
            while len(self._streams) >= MOST_STREAMS:
                self._streams.pop(0).put(self._message("act", {"what": "elsewhere"}), last=True)
            self._streams.append(stream)
            stream.waiting.append(self._whole())
        try:
            async for message in self._messages(stream):
                yield message
        finally:
            with self._lock:
                if stream in self._streams:
                    self._streams.remove(stream)

    async def _messages(self, stream: Stream) -> AsyncIterator[bytes]:
        while stream.waiting or not stream.ended:
            if len(stream.waiting) > MOST_WAITING:
                stream.waiting.clear()
                with self._lock:
                    stream.waiting.append(self._whole())
            if stream.waiting:
                yield stream.waiting.popleft()
                continue
            stream.woken.clear()
            try:
                async with asyncio.timeout(BEAT_S):
                    await stream.woken.wait()
            except TimeoutError:
                yield self._message("beat", {})

    def _whole(self) -> bytes:
        return self._message("change", self._parts)

    def _message(self, event: str, data: dict[str, object]) -> bytes:
        body = msgspec.json.encode({"now_s": self._clock(), **data})
        return b"event: " + event.encode() + b"\ndata: " + body + b"\n\n"

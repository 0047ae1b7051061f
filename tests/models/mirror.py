"""A real web server on this computer that serves one file, well or badly."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Manners:
    """How the server behaves; `asked` keeps the Range header of every request."""

    content: bytes
    ranges: bool = True
    hang_up_after: list[int] = field(default_factory=list)
    """Bytes to send before hanging up, for the first requests; then it sends everything."""
    status: int = 200
    wrong_start: bool = False
    refuse_ranges: bool = False
    tell_length: bool = True
    asked: list[str | None] = field(default_factory=list)


class _Answering(BaseHTTPRequestHandler):
    manners: Manners

    def do_GET(self) -> None:
        manners, wanted = self.manners, self.headers.get("Range")
        manners.asked.append(wanted)
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and manners.ranges else 0
        if wanted and (manners.refuse_ranges or start > len(manners.content)):
            return self._begin(416, {"Content-Range": f"bytes */{len(manners.content)}"}, 0)
        headers = {}
        if wanted and manners.ranges:
            told = 0 if manners.wrong_start else start
            headers["Content-Range"] = f"bytes {told}-{len(manners.content) - 1}/{len(manners.content)}"
        body = manners.content[start:]
        self._begin(206 if headers else manners.status, headers, len(body))
        until = manners.hang_up_after.pop(0) if manners.hang_up_after else len(body)
        self.wfile.write(body[:until])
        return None

    def _begin(self, status: int, headers: dict[str, str], length: int) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if self.manners.tell_length:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name in the standard library
        """Stay silent."""


@contextmanager
def serving(manners: Manners) -> Iterator[str]:
    """The address of a server with these manners, as long as the block lasts."""
    answering = type("Answering", (_Answering,), {"manners": manners})
    server = ThreadingHTTPServer(("127.0.0.1", 0), answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

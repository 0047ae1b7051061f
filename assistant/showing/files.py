"""The fixed table of files that make the page. No request ever names a place on the disk."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response

from assistant.topics import Prompts

KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
WORDS = re.compile(r"\{\{(page [a-z0-9 ]+)\}\}")


@dataclass(frozen=True, slots=True)
class File:
    """One file of the page, ready to be sent."""

    body: bytes
    kind: str

    async def answer(self, _: Request) -> Response:
        """Send it."""
        return Response(self.body, headers={"content-type": self.kind})


def read_files(prompts: Prompts) -> dict[str, File]:
    """Every file beside this module in `static`, by name; in HTML, `{{page …}}` becomes the prompt of that name."""
    found: dict[str, File] = {}
    for entry in sorted(resources.files("assistant.showing").joinpath("static").iterdir(), key=lambda e: e.name):
        kind = KINDS.get(entry.name.rpartition(".")[2])
        if kind:
            text = entry.read_text("utf-8")
            found[entry.name] = File((filled(text, prompts) if "html" in kind else text).encode(), kind)
    return found


def filled(text: str, prompts: Prompts) -> str:
    """`text` with the page's words in it. Raises UnknownPrompt."""
    return WORDS.sub(lambda match: html.escape(prompts.variants(match.group(1))[0]), text)

"""Answers as boards for other communication programs, and back: the Open Board Format 0.1."""

from __future__ import annotations

import msgspec

from assistant import __version__
from assistant.boards.archive import Archive, BadArchive, archive_bytes, read_archive
from assistant.boards.bringing import Brought, bring
from assistant.boards.layout import Exporting, boards_of
from assistant.boards.pack import write_pack

__all__ = ["Archive", "BadArchive", "Brought", "Exporting", "archive_of", "bring", "read_archive", "write_pack"]


def archive_of(what: Exporting) -> tuple[bytes, int]:
    """Everything that is known, as an archive, and how many boards it has. The same day gives the same bytes."""
    content = what.content
    boards = boards_of(what)
    cited = {key for topic in content.topics.values() for key in topic.sources}
    extra: dict[str, object] = {
        "ext_askaloud_version": __version__,
        "ext_askaloud_made": what.day.isoformat(),
        "ext_askaloud_region": what.region,
        "ext_askaloud_groups": [msgspec.to_builtins(group) for group in content.groups],
        "ext_askaloud_sources": [
            msgspec.to_builtins(source) for key, source in content.sources.items() if key in cited
        ],
    }
    return archive_bytes(boards, extra), len(boards)

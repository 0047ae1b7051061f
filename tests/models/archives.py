"""Archives for the tests: a good one, and the means to make bad ones."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping

from assistant.models import SpeechModel

NAME = "vosk-model-small-xx-0.1"
FILES = {f"{NAME}/am/final.mdl": b"m" * 300_000, f"{NAME}/conf/model.conf": b"--beam=10\n", f"{NAME}/README": b""}


def zipped(files: Mapping[str, bytes] = FILES, *, method: int = zipfile.ZIP_STORED) -> bytes:
    """An archive of these files; a name with a slash at its end is a folder."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return target.getvalue()


def model_of(archive: bytes, address: str = "http://127.0.0.1:9/model.zip", **changes: object) -> SpeechModel:
    """The catalogue entry of an archive."""
    told: dict[str, object] = {
        "name": NAME,
        "language": "xx",
        "address": address,
        "bytes": len(archive),
        "sha256": hashlib.sha256(archive).hexdigest(),
        "unpacked_bytes": sum(map(len, FILES.values())),
        "licence": "Apache-2.0",
        "about": "For tests.",
    }
    return SpeechModel(**(told | changes))  # type: ignore[arg-type] # a wrong type is what some tests want

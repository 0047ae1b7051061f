"""Puts a model in place: room on the disk, archive, unpacking beside, one rename."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.models.catalogue import SpeechModel
from assistant.models.download import Progress, disk_full, fetch
from assistant.models.errors import ArchiveError, FolderError, NoSpaceError, WrongFileError
from assistant.models.places import discard, is_vosk_model, part_of, source_of, sweep
from assistant.models.unpack import unpack

SPARE_BYTES = 50_000_000
"""Room that must stay free: a full disk harms more than a missing model."""

BLOCK_BYTES = 1 << 20


def install(model: SpeechModel, folder: Path, progress: Progress) -> Path:
    """Bring `model` into `folder`, from wherever it can be had; see `assistant.models.get`."""
    target = folder / model.name
    if is_vosk_model(target):
        return target
    source = source_of(model)
    with _disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        if isinstance(source, Path):
            _need_room(folder, model.unpacked_bytes)
            _check_sum(source, model, progress)
            return _put_in_place(source, model, target)
        part = part_of(folder, model.name)
        arrived_bytes = part.stat().st_size if part.is_file() else 0
        _need_room(folder, model.bytes + model.unpacked_bytes - arrived_bytes)
        fetch(model, source, part, progress)
        try:
            return _put_in_place(part, model, target)
        except ArchiveError:
            part.unlink()  # The sum is right and the archive is not: fetching it again is the only hope.
            raise
        finally:
            if is_vosk_model(target):
                part.unlink(missing_ok=True)


def _put_in_place(archive: Path, model: SpeechModel, target: Path) -> Path:
    beside = target.with_name(f".{target.name}.unpacking")
    try:
        unpack(archive, beside, model.unpacked_bytes)
        if not is_vosk_model(beside):
            raise ArchiveError(f"The archive of {model.name} holds no speech model that Vosk can use.")
        if target.exists():  # A broken one, or `install` would have been content with it.
            discard(target)
        beside.replace(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return target


def _check_sum(archive: Path, model: SpeechModel, progress: Progress) -> None:
    digest, seen = hashlib.sha256(), 0
    with archive.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            seen += len(block)
            progress(min(seen, model.bytes), model.bytes)
    if seen != model.bytes or digest.hexdigest() != model.sha256:
        raise WrongFileError(
            f"{archive} is not the speech model we know: its size or checksum is different. Copy the file again."
        )


def _need_room(folder: Path, needed_bytes: int) -> None:
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < needed_bytes + SPARE_BYTES:
        needed_mb, free_mb = (needed_bytes + SPARE_BYTES) // 1_000_000, free_bytes // 1_000_000
        raise NoSpaceError(
            f"There is too little room for the speech model: {needed_mb} MB are needed in {folder}, "
            f"{free_mb} MB are free. Delete something, or set ASKALOUD_MODELS to a folder on another disk."
        )


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    """Turn what the file system raises into our errors."""
    try:
        yield
    except OSError as error:
        if disk_full(error):
            raise NoSpaceError(
                f"The disk became full while the speech model was put into {folder}. Delete something and "
                "try again; what has arrived is kept."
            ) from error
        raise FolderError(
            f"The folder for speech models, {folder}, cannot be used: {error.strerror or error}. "
            "Set ASKALOUD_MODELS to a folder that you may write to."
        ) from error

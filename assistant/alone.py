"""At most one askaloud at work on one home folder, by a lock that the system itself lets go of.

Whoever holds it has its file open; when that process ends, however it ends, the lock is gone. So nothing is ever left
behind that would have to be cleared away. Where a disk knows no locks, or may not be written to, all goes on without.
"""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

RUNNING = "running.lock"
"""Held by the assistant for as long as it runs, and by commands that change what it keeps in memory."""
CHANGING = "changing.lock"
"""Held for the moment in which files are read, changed and written again."""
FETCHING = "fetching.lock"
"""Held while a speech model is fetched."""
FAR = 1 << 30
"""The byte that is locked on Windows, where nobody else can read what is locked: far behind the words in the file."""
LOOK_AGAIN_S = 0.02
GLANCE_S = 0.2
"""A lock that someone only looked at is free again within this."""
LONGEST_CHANGE_S = 2.0
"""A process that was stopped in the middle of a change must not stop another one for ever."""
HELD = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}
"""What systems say of a lock that another process holds; anything else means that there are none."""


class Holder(msgspec.Struct, frozen=True):
    """What is written in the file by whoever holds its lock."""

    pid: int = 0
    computer: str = ""
    doing: str = ""
    """The command that is at work, such as `askaloud teach`; empty: the assistant itself."""
    page: str | None = None
    """Where its page can be opened, with its key; empty: it has none; None: not known yet."""

    @property
    def is_here(self) -> bool:
        """Whether it runs on this computer: a folder may be shared in a network."""
        return self.computer in ("", platform.node())

    @property
    def sentence(self) -> str:
        """What it is, for a person."""
        if not self.is_here:
            doing = self.doing or "askaloud"
            return f"{doing} is already running on the computer {self.computer}, which shares this folder."
        if self.doing:
            return f"{self.doing} is at work on this computer."
        return "askaloud is already running on this computer."


class AtWork(Exception):
    """Another one holds the lock; the text says which."""

    def __init__(self, holder: Holder) -> None:
        super().__init__(holder.sentence)
        self.holder = holder


class Held:
    """A lock that is held; on a disk without locks, only the thought of one."""

    def __init__(self, handle: int | None, holder: Holder) -> None:
        self._handle, self._holder = handle, holder
        self._write()

    def tell(self, page: str) -> None:
        """Let others know where the page is; empty: there is none."""
        self._holder = msgspec.structs.replace(self._holder, page=page)
        self._write()

    def let_go(self) -> None:
        """Free it. May be called twice."""
        handle, self._handle = self._handle, None
        if handle is not None:
            with contextlib.suppress(OSError):  # the key of a page that is gone need not lie about
                os.ftruncate(handle, 0)
            os.close(handle)

    def _write(self) -> None:
        """Into the same file: another one put in its place would have another lock."""
        if self._handle is None:
            return
        with contextlib.suppress(OSError):  # a full disk: the lock holds, nobody can read whose it is
            os.ftruncate(self._handle, 0)
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, msgspec.json.encode(self._holder))


def begin(folder: Path, doing: str = "", name: str = RUNNING, *, wait_s: float = GLANCE_S) -> Held:
    """Hold the lock `name` of `folder` until it is let go, or this process ends.

    Args:
        folder: the folder of everything askaloud remembers; made if it is not there.
        doing: the command that is at work; empty: the assistant itself.
        name: which lock.
        wait_s: seconds to wait for it.

    Raises:
        AtWork: another one holds it.
    """
    holder = Holder(os.getpid(), platform.node(), doing)
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)  # whoever can read it has the key of the page
    except OSError:
        return Held(None, holder)
    try:
        locked = _locked(handle, time.monotonic() + wait_s)
    except OSError:
        os.close(handle)
        return Held(None, holder)
    if not locked:
        os.close(handle)
        raise AtWork(holder_of(folder, name))
    return Held(handle, holder)


@contextlib.contextmanager
def holding(folder: Path, doing: str, name: str = RUNNING) -> Iterator[Held]:
    """Hold the lock `name` of `folder` meanwhile. Raises AtWork."""
    held = begin(folder, doing, name)
    try:
        yield held
    finally:
        held.let_go()


def holder_of(folder: Path, name: str = RUNNING) -> Holder:
    """What whoever holds the lock wrote. It says nothing about whether it is held still."""
    try:
        return msgspec.json.decode((folder / name).read_bytes(), type=Holder)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Holder()


def at_work(folder: Path, name: str = RUNNING) -> Holder | None:
    """Whoever holds the lock now; None: nobody."""
    if not (folder / name).is_file():
        return None
    try:
        begin(folder, name=name).let_go()
    except AtWork as other:
        return other.holder
    return None


@contextlib.contextmanager
def changing(folder: Path) -> Iterator[None]:
    """A moment in which no other process changes files in `folder` that are read first and then written."""
    try:
        held = begin(folder, name=CHANGING, wait_s=LONGEST_CHANGE_S)
    except AtWork:
        yield
        return
    try:
        yield
    finally:
        held.let_go()


def _locked(handle: int, until_s: float) -> bool:
    """Lock an open file. False: another one holds it. Raises OSError where there are no locks."""
    while True:
        try:
            _lock(handle)
        except OSError as error:
            if error.errno not in HELD:
                raise
        else:
            return True
        if time.monotonic() >= until_s:
            return False
        time.sleep(LOOK_AGAIN_S)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

"""Fetches one archive over the network: goes on where it stopped, and checks size and SHA-256.

This is the only place in the product that connects to anything outside this computer.
"""

import errno
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests
import urllib3

from assistant.models import errors
from assistant.models.catalogue import SpeechModel

Progress = Callable[[int, int], None]
"""Called with the bytes that have arrived and the bytes there are."""

CONNECT_S, SILENCE_S = 10.0, 30.0
"""How long to wait for a connection, and for the next piece of the file."""

TRIES = 4
BLOCK_BYTES = 1 << 16
OK, PARTIAL, RANGE_NOT_SATISFIABLE = 200, 206, 416


class _Broken(Exception):  # noqa: N818 - never leaves this module
    """The connection broke off; what has arrived is good."""


class _StartAgain(Exception):  # noqa: N818 - never leaves this module
    """What has arrived is of no use with this server's answer."""


@dataclass(slots=True)
class _Arrived:
    """The unfinished file on disk, its length and its checksum so far."""

    path: Path
    total_bytes: int
    progress: Progress
    length: int = 0
    digest: "hashlib._Hash" = None  # type: ignore[assignment] # set by recount, before any use

    def recount(self) -> None:
        """Read what is on disk; too long a file is of another model and dropped."""
        self.length, self.digest = 0, hashlib.sha256()
        self.path.touch()
        if self.path.stat().st_size > self.total_bytes:
            self.drop()
        with self.path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                self._count(block)

    def drop(self) -> None:
        """Forget what has arrived."""
        self.path.write_bytes(b"")
        self.length, self.digest = 0, hashlib.sha256()

    def add(self, blocks: Iterator[bytes]) -> None:
        """Append blocks as they come. WrongFileError as soon as there is more than the file should hold."""
        with self.path.open("ab") as file:
            for block in blocks:
                if self.length + len(block) > self.total_bytes:
                    raise _StartAgain
                file.write(block)
                self._count(block)
                self.progress(self.length, self.total_bytes)

    def _count(self, block: bytes) -> None:
        self.length += len(block)
        self.digest.update(block)


def fetch(model: SpeechModel, address: str, part: Path, progress: Progress) -> None:
    """Fetch `address` into `part`, until it is the file that `model` describes.

    Goes on from what `part` holds. Raises a DownloadError; unless the file proved wrong, `part` then keeps
    what has arrived. An exception raised by `progress` stops the download and goes through.
    """
    arrived = _Arrived(part, model.bytes, progress)
    arrived.recount()
    starts_again = 0
    breaks = 0
    while not _complete(arrived, model):
        before = arrived.length
        try:
            with _in_plain_words(address):
                _ask_for_the_rest(model, address, arrived)
        except _StartAgain:
            arrived.drop()
            starts_again += 1
            if starts_again == 2:  # A fresh start did not help: the file itself has changed.
                raise _wrong_file(address) from None
        except _Broken:
            breaks = 1 if arrived.length > before else breaks + 1
            if breaks == TRIES:
                raise _interrupted(address, arrived) from None


def _complete(arrived: _Arrived, model: SpeechModel) -> bool:
    """Whether everything has arrived and is right."""
    if arrived.length < model.bytes:
        return False
    return arrived.digest.hexdigest() == model.sha256


def _ask_for_the_rest(model: SpeechModel, address: str, arrived: _Arrived) -> None:
    if arrived.length == model.bytes:  # Everything is here, and it is wrong.
        raise _StartAgain
    headers = {"Accept-Encoding": "identity"}
    if arrived.length:
        headers["Range"] = f"bytes={arrived.length}-"
    with closing(
        requests.get(address, headers=headers, stream=True, timeout=(CONNECT_S, SILENCE_S))
    ) as answer:
        _check_answer(answer, arrived)
        arrived.add(answer.iter_content(BLOCK_BYTES))
    if arrived.length < model.bytes:
        raise _Broken


def _check_answer(answer: requests.Response, arrived: _Arrived) -> None:
    """Make sure that what follows continues what has arrived."""
    if answer.status_code == RANGE_NOT_SATISFIABLE and arrived.length:
        raise _StartAgain
    if answer.status_code not in (OK, PARTIAL):
        raise errors.ServerError(
            f"{urlsplit(answer.url).hostname} answered {answer.status_code} {answer.reason} "
            "instead of the speech model. Try again later, or set ASKALOUD_MODELS to another source."
        )
    if answer.status_code == PARTIAL:
        told = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", answer.headers.get("Content-Range", ""))
        if not told or int(told[1]) != arrived.length or told[2] not in ("*", str(arrived.total_bytes)):
            raise _StartAgain
    elif arrived.length:  # The server does not know ranges: the file comes from its beginning.
        arrived.drop()
    length = answer.headers.get("Content-Length", "")
    if length.isdecimal() and arrived.length + int(length) != arrived.total_bytes:
        raise _StartAgain


@contextmanager
def _in_plain_words(address: str) -> Iterator[None]:
    """Turn what requests raises into our errors."""
    host = urlsplit(address).hostname or address
    try:
        yield
    except requests.exceptions.ProxyError as error:
        raise errors.ProxyError(
            f"The proxy of this network did not let us through to {host}. "
            "Ask whoever looks after the network, or check the settings HTTPS_PROXY and HTTP_PROXY."
        ) from error
    except requests.exceptions.SSLError as error:
        raise errors.SecureConnectionError(
            f"The secure connection to {host} failed. Check that date and time of this computer are right; "
            "some offices and hospitals also look into connections, which their network staff can confirm."
        ) from error
    except requests.exceptions.ConnectTimeout as error:
        raise errors.SlowConnectionError(
            f"{host} did not answer within {CONNECT_S:.0f} seconds. Try again."
        ) from error
    except (requests.exceptions.ReadTimeout, requests.exceptions.ChunkedEncodingError) as error:
        raise _Broken from error
    except requests.exceptions.ConnectionError as error:
        if _broke_off(error):
            raise _Broken from error
        raise errors.OfflineError(
            f"{host} cannot be reached. Is this computer connected to the internet? "
            "The assistant works without it, only less well at hearing."
        ) from error
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
        raise errors.MirrorError(f"'{address}' cannot be used as an address: {error}.") from error


def _broke_off(error: requests.exceptions.ConnectionError) -> bool:
    """Whether there was a connection: a server that hangs up, or falls silent in the middle of the file."""
    cause = error.args[0] if error.args else None
    return isinstance(cause, urllib3.exceptions.ProtocolError | urllib3.exceptions.ReadTimeoutError)


def _wrong_file(address: str) -> errors.WrongFileError:
    return errors.WrongFileError(
        f"What {urlsplit(address).hostname} sent is not the speech model we know: its size or checksum is "
        "different. It was thrown away. Perhaps the network shows a sign-in page first; otherwise the file "
        "has changed, and a newer version of askaloud may know it."
    )


def _interrupted(address: str, arrived: _Arrived) -> errors.InterruptedDownloadError:
    share = 100 * arrived.length // arrived.total_bytes
    return errors.InterruptedDownloadError(
        f"The connection to {urlsplit(address).hostname} broke off. {share} % has arrived and is kept: "
        "start the download again to go on from there."
    )


def disk_full(error: OSError) -> bool:
    """Whether an error means that there is no room left."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)

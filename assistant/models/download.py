"""Fetches one archive over the network: goes on where it stopped, and checks size and SHA-256.

This is the only place in the product that connects to anything outside this computer.
"""

import errno
import hashlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
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

TRIES, PAUSE_S = 4, 1.0
"""How often to connect without getting one byte further, and the pause before the first try again."""

MOST_RESTARTS = 3
BLOCK_BYTES = 1 << 14
OK, PARTIAL, PROXY_WANTS_PASSWORD, RANGE_NOT_SATISFIABLE = 200, 206, 407, 416

BAD_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    urllib3.exceptions.LocationParseError,
    UnicodeError,
)


class _Broken(Exception):
    """The connection broke off; what has arrived is good."""


class _StartAgain(Exception):
    """What has arrived is of no use with this server's answer."""


@dataclass(slots=True)
class _Arrived:
    """The unfinished file on disk, its length and its checksum so far."""

    path: Path
    total_bytes: int
    progress: Progress
    length: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

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

    def is_right(self, sha256: str) -> bool:
        """Whether everything has arrived, and is what it should be."""
        return self.length == self.total_bytes and self.digest.hexdigest() == sha256

    def add(self, blocks: Iterator[bytes]) -> None:
        """Append blocks as they come; stop as soon as there is more than the file should hold."""
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
    restarts = breaks = 0
    while not arrived.is_right(model.sha256):
        before = arrived.length
        try:
            _ask_for_the_rest(model, address, arrived)
        except _StartAgain:
            arrived.drop()
            restarts += 1
            if before == 0 or restarts == MOST_RESTARTS:  # It came whole and is wrong: the file has changed.
                raise _wrong_file(address) from None
        except _Broken:
            breaks = 1 if arrived.length > before else breaks + 1
            if breaks == TRIES:
                raise _interrupted(address, arrived) from None
            time.sleep(breaks * PAUSE_S)


def _ask_for_the_rest(model: SpeechModel, address: str, arrived: _Arrived) -> None:
    if arrived.length == model.bytes:  # Left from another time, and wrong.
        raise _StartAgain
    headers = {"Accept-Encoding": "identity"}
    if arrived.length:
        headers["Range"] = f"bytes={arrived.length}-"
    times_s = (CONNECT_S, SILENCE_S)
    with (
        _in_plain_words(address),
        closing(requests.get(address, headers=headers, stream=True, timeout=times_s)) as answer,
    ):
        _check_answer(answer, arrived)
        arrived.add(answer.iter_content(BLOCK_BYTES))
    if arrived.length < model.bytes:
        raise _Broken
    if not arrived.is_right(model.sha256):
        raise _StartAgain


def _check_answer(answer: requests.Response, arrived: _Arrived) -> None:
    """Make sure that what follows continues what has arrived."""
    if answer.status_code == RANGE_NOT_SATISFIABLE and arrived.length:
        raise _StartAgain
    if answer.status_code == PROXY_WANTS_PASSWORD:
        raise requests.exceptions.ProxyError
    if answer.status_code not in (OK, PARTIAL):
        raise errors.ServerError(
            f"{_host(answer.url)} answered {answer.status_code} {answer.reason} "
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
    host = _host(address)
    try:
        yield
    except (requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL) as error:
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
        raise errors.SlowConnectionError(f"{host} did not answer within {CONNECT_S:.0f} seconds. Try again.") from error
    except (requests.exceptions.ReadTimeout, requests.exceptions.ChunkedEncodingError) as error:
        raise _Broken from error
    except requests.exceptions.ConnectionError as error:
        if _broke_off(error):
            raise _Broken from error
        raise errors.OfflineError(
            f"{host} cannot be reached. Is this computer connected to the internet? "
            "The assistant works without it, only less well at hearing."
        ) from error
    except BAD_ADDRESS as error:
        raise errors.MirrorError(
            f"'{address}' is no address that a file can be fetched from ({error}). Check ASKALOUD_MODELS."
        ) from error
    except requests.exceptions.RequestException as error:
        raise errors.ServerError(f"{host} did not send the speech model ({error}). Try again later.") from error


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or address
    except ValueError:  # So odd an address is best shown whole.
        return address


def _broke_off(error: requests.exceptions.ConnectionError) -> bool:
    """Whether there was a connection: a server that hangs up, or falls silent in the middle of the file."""
    cause = error.args[0] if error.args else None
    return isinstance(cause, urllib3.exceptions.ProtocolError | urllib3.exceptions.ReadTimeoutError)


def _wrong_file(address: str) -> errors.WrongFileError:
    return errors.WrongFileError(
        f"What {_host(address)} sent is not the speech model we know: its size or checksum is "
        "different. It was thrown away. Perhaps the network shows a sign-in page first; otherwise the file "
        "has changed, and a newer version of askaloud may know it."
    )


def _interrupted(address: str, arrived: _Arrived) -> errors.InterruptedDownloadError:
    share = 100 * arrived.length // arrived.total_bytes
    return errors.InterruptedDownloadError(
        f"The connection to {_host(address)} broke off. {share} % has arrived and is kept: "
        "start the download again to go on from there."
    )


def disk_full(error: OSError) -> bool:
    """Whether an error means that there is no room left."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)

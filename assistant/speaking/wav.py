"""Sound to a file, and what speech engines write to a file back to sound."""

from __future__ import annotations

import struct
import sys
import wave
from array import array
from pathlib import Path

from assistant.speaking.sound import BYTES_A_SAMPLE, Sound


class UnreadableSound(Exception):
    """A file holds no sound that can be played. The text is a sentence for a person."""


def write_wav(sound: Sound, path: Path) -> None:
    """Write 16-bit mono WAV. Raises OSError when the file cannot be written."""
    with path.open("wb") as opened, wave.open(opened, "wb") as file:  # `wave` alone complains when it can not open
        file.setnchannels(1)
        file.setsampwidth(BYTES_A_SAMPLE)
        file.setframerate(sound.rate_hz)
        file.writeframes(sound.pcm)


def read_speech(path: Path) -> Sound:
    """Read 16-bit WAV or AIFF (what the voices of macOS write), as one channel, without word times.

    Raises:
        UnreadableSound: the file is missing, cut, or in another format.
    """
    try:
        data = path.read_bytes()
        if data[:4] == b"FORM":
            pcm, channels, rate_hz = _aiff(data)
        else:
            pcm, channels, rate_hz = _wav(path)
    except (OSError, EOFError, wave.Error, struct.error, ValueError) as error:
        raise UnreadableSound(f"The sound file {path} cannot be read: {error}. Make it again.") from error
    if channels > 1:
        samples = array("h", pcm)
        pcm = samples[::channels].tobytes()
    return Sound(pcm, rate_hz)


def _wav(path: Path) -> tuple[bytes, int, int]:
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != BYTES_A_SAMPLE:
            raise ValueError(f"it has {8 * file.getsampwidth()} bits a sample, not 16")
        return file.readframes(file.getnframes()), file.getnchannels(), file.getframerate()


def _aiff(data: bytes) -> tuple[bytes, int, int]:
    """Samples, channels and rate of an AIFF or an uncompressed AIFF-C file.

    The layout is that of Apple's "Audio Interchange File Format 1.3": big-endian chunks, the rate as an
    80-bit float, `sowt` in AIFF-C for little-endian samples.
    """
    chunks = _chunks(data)
    common, body = chunks[b"COMM"], chunks[b"SSND"]
    channels, _, bits, exponent, mantissa = struct.unpack(">hIhHQ", common[:18])
    kind = common[18:22] if data[8:12] == b"AIFC" else b"NONE"
    if bits != 8 * BYTES_A_SAMPLE or kind not in (b"NONE", b"twos", b"sowt"):
        raise ValueError(f"it has {bits} bits a sample in the form {kind!r}, not plain 16")
    rate_hz = round(mantissa * 2.0 ** (exponent - 16383 - 63))
    (skip,) = struct.unpack(">I", body[:4])
    raw = body[8 + skip :]
    samples = array("h", raw[: len(raw) // BYTES_A_SAMPLE * BYTES_A_SAMPLE])
    if (kind == b"sowt") != (sys.byteorder == "little"):
        samples.byteswap()
    return samples.tobytes(), channels, rate_hz


def _chunks(data: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {b"COMM": b"", b"SSND": b""}
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack(">4sI", data[at : at + 8])
        found[name] = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    return found

"""Read sound files: any ordinary WAV becomes 16 kHz, one channel, 16 bit."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.hearing import RATE_HZ

LONGEST_S = 300
"""A question is never this long; a longer file is a mistake."""
MOST_SAMPLES = 16_000_000
"""Bounds the memory used: about 0.4 GB."""
MOST_BYTES = MOST_SAMPLES * 8
LOWEST_HZ, HIGHEST_HZ = 4_000, 192_000
PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE


class BadSound(Exception):
    """A sound file cannot be used; the text is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class _Format:
    kind: int
    channels: int
    rate_hz: int
    bits: int


def read_wav(path: Path) -> bytes:
    """The sound in the file `path` as 16 kHz mono 16 bit samples.

    Raises:
        BadSound: the file cannot be read, is no WAV, is empty, too long, or of a kind not known here.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)  # what is no file, such as a pipe, does not tell its size
        if len(content) > MOST_BYTES:
            message = f"{path} is too large for a spoken question. Use a recording of at most {LONGEST_S} s."
            raise BadSound(message)
        return decode_wav(content, str(path))
    except OSError as problem:
        message = f"The sound file {path} cannot be read: {problem.strerror or problem}."
        raise BadSound(message) from problem


def decode_wav(content: bytes, name: str = "The sound") -> bytes:
    """`content`, a whole WAV file, as 16 kHz mono 16 bit samples.

    A file cut short, or written by a program that did not know its length, gives the sound that is there.

    Raises:
        BadSound: it is no WAV, is empty, too long, or of a kind not known here. The sentence starts with `name`.
    """
    form, data = _parts(content, name)
    samples = _samples(form, data, name)
    frames = samples[: len(samples) // form.channels * form.channels].reshape(-1, form.channels)
    if not len(frames):
        message = f"{name} holds no sound. Record it again."
        raise BadSound(message)
    if len(frames) > min(LONGEST_S * form.rate_hz, MOST_SAMPLES):
        message = f"{name} is too long for a spoken question. Use a recording of at most {LONGEST_S} s."
        raise BadSound(message)
    mono = np.nan_to_num(frames, nan=0.0, posinf=1.0, neginf=-1.0).clip(-1.0, 1.0).mean(axis=1)
    heard = resample(mono, form.rate_hz, RATE_HZ)
    return np.round(heard * 32767).clip(-32768, 32767).astype("<i2").tobytes()


def _parts(content: bytes, name: str) -> tuple[_Format, bytes]:
    """The format and the sound data of a RIFF file, walking its chunks."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        message = f"{name} is not a WAV file. Save the recording as WAV."
        raise BadSound(message)
    form: _Format | None = None
    at = 12
    while at + 8 <= len(content):
        tag, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        body = content[at + 8 : at + 8 + size]
        if tag == b"fmt ":
            form = _format(body, name)
        elif tag == b"data" and form is not None:
            # Programs that write to a pipe leave the size 0: everything that follows is sound.
            return form, body or content[at + 8 :]
        at += 8 + size + size % 2  # chunks start at even places
    message = f"{name} is a WAV file without sound in it. Record it again."
    raise BadSound(message)


def _format(body: bytes, name: str) -> _Format:
    if len(body) < 16:
        message = f"{name} is a damaged WAV file. Record it again."
        raise BadSound(message)
    kind, channels, rate_hz, _, _, bits = struct.unpack("<HHIIHH", body[:16])
    if kind == EXTENSIBLE and len(body) >= 26:
        kind = int.from_bytes(body[24:26], "little")
    if not 1 <= channels <= 32 or not LOWEST_HZ <= rate_hz <= HIGHEST_HZ:
        message = (
            f"{name} has {channels} channels and {rate_hz} samples a second; "
            f"1 to 32 channels and {LOWEST_HZ} to {HIGHEST_HZ} are understood."
        )
        raise BadSound(message)
    return _Format(kind, channels, rate_hz, bits)


def _samples(form: _Format, data: bytes, name: str) -> NDArray[np.float64]:
    """All samples in the order of the file, in -1 to 1."""
    data = data[: len(data) // max(form.bits // 8, 1) * max(form.bits // 8, 1)]
    match form.kind, form.bits:
        case (1, 8):
            return (np.frombuffer(data, np.uint8).astype(np.float64) - 128.0) / 128.0
        case (1, 16):
            return np.frombuffer(data, "<i2").astype(np.float64) / 32768.0
        case (1, 24):
            three = np.frombuffer(data, np.uint8).reshape(-1, 3)
            four = np.zeros((len(three), 4), np.uint8)
            four[:, 1:] = three
            return four.reshape(-1).view("<i4") / 2147483648.0
        case (1, 32):
            return np.frombuffer(data, "<i4") / 2147483648.0
        case (3, 32) | (3, 64):
            return np.frombuffer(data, f"<f{form.bits // 8}").astype(np.float64)
    message = (
        f"{name} is a WAV file of a kind not understood here (format {form.kind}, {form.bits} bits). "
        "Save it as uncompressed 16 bit WAV."
    )
    raise BadSound(message)


def resample(samples: NDArray[np.float64], rate_hz: int, wanted_hz: int) -> NDArray[np.float64]:
    """`samples` at another rate, band-limited, by cutting or padding the spectrum of the whole sound.

    The top 5 % of the band fade out, so that a hard edge does not ring.
    """
    if rate_hz == wanted_hz or not len(samples):
        return samples
    step = int(rate_hz / np.gcd(rate_hz, wanted_hz))
    edge = int(0.02 * rate_hz)  # silence on both sides: the transform takes the sound for a circle
    padded = np.pad(samples, (0, edge + (-len(samples) - edge) % step))
    count = len(padded) * wanted_hz // rate_hz
    spectrum = np.fft.rfft(padded)[: count // 2 + 1]
    fade = min(len(spectrum), max(1, min(len(padded), count) // 40))
    if wanted_hz < rate_hz:
        spectrum[-fade:] *= np.cos(np.linspace(0, np.pi / 2, fade)) ** 2
    out = np.fft.irfft(spectrum, count) * (count / len(padded))
    return np.asarray(out[: -(-len(samples) * wanted_hz // rate_hz)], np.float64)

from __future__ import annotations

import struct
import wave
from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.speaking.sound import Sound
from assistant.speaking.wav import UnreadableSound, read_speech, write_wav

PCM = array("h", [0, 1, -1, 32_767, -32_768]).tobytes()


def aiff(samples: bytes, *, kind: bytes = b"", channels: int = 1, rate_hz: int = 22_050) -> bytes:
    exponent = 16_383 + rate_hz.bit_length() - 1
    mantissa = rate_hz << (64 - rate_hz.bit_length())
    frames = len(samples) // 2 // channels
    common = struct.pack(">hIhHQ", channels, frames, 16, exponent, mantissa)
    common += kind + b"\0\0" if kind else b""
    chunks = b"COMM" + struct.pack(">I", len(common)) + common
    chunks += b"FVER" + struct.pack(">I", 3) + b"abc\0"
    chunks += b"SSND" + struct.pack(">III", len(samples) + 8, 0, 0) + samples
    return b"FORM" + struct.pack(">I", len(chunks) + 4) + (b"AIFC" if kind else b"AIFF") + chunks


def big_endian(pcm: bytes) -> bytes:
    return struct.pack(f">{len(pcm) // 2}h", *array("h", pcm))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    sound = Sound(PCM, 22_050)
    write_wav(sound, tmp_path / "a.wav")
    assert read_speech(tmp_path / "a.wav") == sound


def test_of_two_channels_the_first_is_taken(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(array("h", [1, 9, 2, 9, 3, 9]).tobytes())
    assert read_speech(tmp_path / "a.wav").pcm == array("h", [1, 2, 3]).tobytes()


@pytest.mark.parametrize(("kind", "samples"), [(b"", big_endian(PCM)), (b"NONE", big_endian(PCM)), (b"sowt", PCM)])
def test_the_files_of_macos_voices_are_read(tmp_path: Path, kind: bytes, samples: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(aiff(samples, kind=kind))
    assert read_speech(tmp_path / "a.wav") == Sound(PCM, 22_050)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"FORM", aiff(PCM, kind=b"ulaw"), b"RIFF0000WAVEjunk"])
def test_a_file_without_plain_sound_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(data)
    with pytest.raises(UnreadableSound, match=r"The sound file .*a\.wav cannot be read"):
        read_speech(tmp_path / "a.wav")


def test_eight_bits_are_refused_and_a_missing_file_too(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8_000)
        file.writeframes(b"12")
    with pytest.raises(UnreadableSound, match="8 bits"):
        read_speech(tmp_path / "a.wav")
    with pytest.raises(UnreadableSound):
        read_speech(tmp_path / "b.wav")


@given(st.binary(max_size=80), st.sampled_from([b"", b"FORM0000AIFF", b"RIFF0000WAVEfmt ", aiff(PCM)[:60]]))
def test_no_content_of_a_file_is_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, head: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "junk.wav"
    path.write_bytes(head + junk)
    try:
        sound = read_speech(path)
    except UnreadableSound:
        return
    assert sound.rate_hz > 0

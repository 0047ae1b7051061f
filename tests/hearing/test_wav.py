from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.hearing.wav import BadSound, decode_wav, read_wav, resample


def wav(data: bytes, *, rate_hz: int = 16_000, channels: int = 1, bits: int = 16, kind: int = 1) -> bytes:
    step = channels * bits // 8
    form = struct.pack("<HHIIHH", kind, channels, rate_hz, rate_hz * step, step, bits)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def tone(hertz: float, rate_hz: int, seconds: float = 0.5) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(rate_hz * seconds)) / rate_hz)


def samples(sound: bytes) -> np.ndarray:
    return np.frombuffer(sound, "<i2") / 32768


def test_sixteen_bit_mono_at_sixteen_kilohertz_is_unchanged_but_for_rounding() -> None:
    sound = (tone(440, 16_000) * 32767).astype("<i2")
    assert np.abs(samples(decode_wav(wav(sound.tobytes()))) - sound / 32768).max() < 2 / 32768


@pytest.mark.parametrize(
    ("kind", "bits", "encode"),
    [
        (1, 8, lambda x: (x * 127 + 128).astype(np.uint8).tobytes()),
        (1, 24, lambda x: b"".join(int(v * 8388607).to_bytes(3, "little", signed=True) for v in x)),
        (1, 32, lambda x: (x * 2147483647).astype("<i4").tobytes()),
        (3, 32, lambda x: x.astype("<f4").tobytes()),
        (3, 64, lambda x: x.astype("<f8").tobytes()),
    ],
)
def test_every_ordinary_way_to_write_samples_sounds_the_same(kind: int, bits: int, encode: object) -> None:
    wanted = tone(440, 16_000)
    heard = samples(decode_wav(wav(encode(wanted), kind=kind, bits=bits)))  # type: ignore[operator]  # a parameter
    assert np.abs(heard - wanted).max() < (0.02 if bits == 8 else 0.001)


@pytest.mark.parametrize("rate_hz", [4_000, 8_000, 11_025, 22_050, 44_100, 44_101, 48_000, 96_000, 192_000])
def test_a_tone_keeps_its_pitch_length_and_loudness_at_any_rate(rate_hz: int) -> None:
    heard = samples(decode_wav(wav((tone(1000, rate_hz) * 32767).astype("<i2").tobytes(), rate_hz=rate_hz)))
    assert abs(len(heard) - 8_000) <= 1
    middle = heard[1000:-1000]
    assert np.abs(middle - tone(1000, 16_000)[: len(heard)][1000:-1000]).max() < 0.01


def test_sound_above_the_band_does_not_fold_back_into_it() -> None:
    heard = resample(tone(11_000, 48_000), 48_000, 16_000)
    assert np.abs(heard[500:-500]).max() < 0.5 * 10 ** (-60 / 20)


def test_both_channels_of_a_stereo_file_are_heard() -> None:
    left = (tone(440, 16_000) * 32767).astype("<i2")
    both = np.stack([left, np.zeros_like(left)], axis=1).tobytes()
    assert np.abs(samples(decode_wav(wav(both, channels=2))) - left / 65536).max() < 0.001


def test_a_file_cut_short_gives_what_is_there() -> None:
    whole = wav((tone(440, 16_000) * 32767).astype("<i2").tobytes())
    assert 7_000 < len(samples(decode_wav(whole[:-1001]))) < 8_000


def test_a_file_written_to_a_pipe_is_read_although_its_length_says_nothing() -> None:
    made = wav((tone(440, 16_000) * 32767).astype("<i2").tobytes())
    for size in (0, 0xFFFFFFFF, 0x7FFFF000):
        piped = made[:40] + struct.pack("<I", size) + made[44:]
        assert len(samples(decode_wav(piped))) == 8_000


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a WAV"),
        (b"OggS" + bytes(100), "not a WAV"),
        (wav(b""), "no sound"),
        (wav(bytes(100), rate_hz=100), "4000 to 192000"),
        (wav(bytes(100), kind=85), "not understood"),
        (wav(bytes(2 * 4_000 * 301), rate_hz=4_000), "too long"),
    ],
)
def test_what_is_no_question_is_refused_in_a_sentence(content: bytes, says: str) -> None:
    with pytest.raises(BadSound, match=says):
        decode_wav(content)


@pytest.mark.parametrize("endless", ["/dev/zero", "sparse"])
def test_what_never_ends_is_refused_at_once(tmp_path: Path, endless: str) -> None:
    path = Path(endless)
    if endless == "sparse":
        path = tmp_path / "huge.wav"
        with path.open("wb") as file:
            file.truncate(1 << 40)
    elif not path.exists():
        pytest.skip("this system has no such device")
    with pytest.raises(BadSound, match="too large"):
        read_wav(path)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(BadSound, match=r"nowhere\.wav"):
        read_wav(Path("nowhere.wav"))


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda tail: wav(bytes(20))[:36] + tail))
def test_arbitrary_bytes_raise_nothing_but_bad_sound(content: bytes) -> None:
    try:
        assert len(decode_wav(content)) % 2 == 0
    except BadSound as refused:
        assert str(refused).endswith(".")  # noqa: PT017 - it need not be raised


@given(
    st.sampled_from([1, 3, 0xFFFE]),
    st.integers(0, 40),
    st.integers(0, 300_000),
    st.sampled_from([0, 1, 8, 12, 16, 24, 32, 64]),
    st.binary(max_size=300),
)
def test_arbitrary_headers_raise_nothing_but_bad_sound(
    kind: int, channels: int, rate_hz: int, bits: int, data: bytes
) -> None:
    form = struct.pack("<HHIIHH", kind, channels, rate_hz, 0, 0, bits)
    content = b"RIFF\0\0\0\0WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(data)) + data
    try:
        decode_wav(content)
    except BadSound as refused:
        assert str(refused).endswith(".")  # noqa: PT017 - it need not be raised

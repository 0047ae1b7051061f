"""Any bytes at every door: read, or refused in a sentence."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzzing import DOORS, SAMPLES

PIECES = st.binary(max_size=12) | st.sampled_from(
    [b"[" * 2000, b'{"a":' * 2000, b"\xff", b"\0", b"-1", b"1e999", b"9" * 40, b"null", b"\xed\xa0\x80", b"\r\n", b'"']
)
QUICK = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("door", DOORS)
@QUICK
@given(raw=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(door: str, raw: bytes) -> None:
    DOORS[door](raw)


@pytest.mark.parametrize("door", DOORS)
@QUICK
@given(data=st.data())
def test_what_is_nearly_right_is_read_or_refused(door: str, data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(SAMPLES[door]))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(at, min(len(raw), at + 30)))
        raw = raw[:at] + data.draw(PIECES) + raw[end:]
    DOORS[door](raw)


@pytest.mark.parametrize("door", DOORS)
def test_the_samples_are_let_in(door: str) -> None:
    for raw in SAMPLES[door]:
        DOORS[door](raw)

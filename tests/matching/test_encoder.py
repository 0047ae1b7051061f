"""What a question means."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.matching.encoder import MOST_TOKENS, WIDTH, Encoder, packed, shipped_encoder
from assistant.matching.memory import Meanings

FOLDER = Path(__file__).parents[2] / "assistant" / "matching"
MOST_BYTES = 8_000_000
MOST_BYTES_TOGETHER = 9_000_000


@pytest.mark.parametrize(
    ("asked", "same", "other"),
    [
        ("how long have i got", "what is the life expectancy", "how long is the table"),
        ("spit runs down my chin", "i have too much saliva", "i run all day"),
        ("can my kids get it", "will my children inherit this", "can my kids swim"),
        ("i am worn out", "why am i so tired", "why is it raining"),
    ],
)
def test_other_words_for_the_same_are_nearer_than_like_words_for_something_else(
    asked: str, same: str, other: str
) -> None:
    of = shipped_encoder().of
    assert of(asked) @ of(same) > of(asked) @ of(other)


@given(st.lists(st.text(alphabet="abcdefgh \u00e9\u4e2d", max_size=30), min_size=1, max_size=6))
@settings(max_examples=40)
def test_texts_together_give_what_each_gives_alone(texts: list[str]) -> None:
    """Every direction has length one, or is nothing where there is no text."""
    together = shipped_encoder().of_all(texts)
    assert together == pytest.approx(np.stack([shipped_encoder().of(text) for text in texts]), abs=1e-4)
    lengths = np.linalg.norm(together, axis=1)
    assert lengths == pytest.approx([1.0 if text else 0.0 for text in texts], abs=1e-4)


def test_however_long_a_text_is_only_so_much_of_it_is_read() -> None:
    assert len(shipped_encoder().tokens("words and more " * 500)) == MOST_TOKENS


@given(rows=st.integers(1, 80), columns=st.sampled_from([32, 96, 384]), seed=st.integers(0, 99))
@settings(max_examples=30)
def test_panels_give_the_plain_product(rows: int, columns: int, seed: int) -> None:
    """The quick way to multiply, against the plain one."""
    rng = np.random.default_rng(seed)
    x, matrix = (rng.normal(size=size).astype(np.float32) for size in ((rows, 48), (48, columns)))
    encoder = Encoder(["[CLS]"], {"d": matrix, "d.bias": np.ones(columns, np.float32)})
    assert encoder._dense(x, "d") == pytest.approx(x @ matrix + 1, abs=1e-4)


def test_four_bits_a_number_are_near_the_number() -> None:
    matrix = np.random.default_rng(0).normal(size=(64, 64)).astype(np.float32)
    parts = dict(packed(matrix))
    assert parts["codes"].nbytes == matrix.size / 2
    codes = np.asarray(parts["codes"], np.uint8)
    flat = np.stack([codes >> 4, codes & 15], axis=1).astype(np.float32).reshape(-1, 64) - 8
    back = (flat * np.asarray(parts["scale"], np.float32)).reshape(64, 64)
    assert np.corrcoef(back.ravel(), matrix.ravel())[0, 1] > 0.99


def test_phrases_are_remembered_and_questions_are_not(tmp_path: Path) -> None:
    encoder = shipped_encoder()
    first = Meanings(encoder)
    first.write(["a phrase of ours", "another"], tmp_path / "kept.npz")
    again = Meanings.read(encoder, tmp_path / "kept.npz")
    assert again.of("a phrase of ours") == pytest.approx(encoder.of("a phrase of ours"), abs=0.01)
    known = len(again._known)
    again.of("what someone asks")
    assert len(again._known) == known == 2


def test_without_kept_directions_everything_still_works(tmp_path: Path) -> None:
    assert Meanings.read(shipped_encoder(), tmp_path / "gone.npz").of_all(["a phrase", ""]).shape == (2, WIDTH)


def test_the_model_stays_small_enough_to_ship() -> None:
    sizes = [path.stat().st_size for path in FOLDER.glob("*.npz")]
    assert max(sizes) < MOST_BYTES
    assert sum(sizes) < MOST_BYTES_TOGETHER

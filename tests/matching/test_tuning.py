"""How the sentence model is taught: the way back through it, and what comes of it."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.matching.encoder import TABLE, Encoder, shipped_encoder, unpacked
from assistant.matching.sounds import shipped_sounds
from models.mishearing import Mishearing
from models.tune_encoder import Layers, Task, Weights, tuned

TEXTS = ["what is als", "can not swallow my pills", "hello"]


@pytest.fixture(scope="module")
def weights() -> Weights:
    with np.load(TABLE) as table:
        names = {name.partition(":")[0] for name in table.files} - {"pieces"}
        parts = ("codes", "scale", "shape")
        return {
            name: table[name].astype(np.float32)
            if name in table
            else unpacked({part: table[f"{name}:{part}"] for part in parts})
            for name in names
        }


@pytest.fixture(scope="module")
def tokens() -> list[list[int]]:
    return [shipped_encoder().tokens(text) for text in TEXTS]


def directions(weights: Weights, tokens: list[list[int]]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return Layers(weights, np.random.default_rng(0)).forward(tokens, learning=False)[0]


def test_it_is_the_same_model_as_the_one_that_ships(weights: Weights, tokens: list[list[int]]) -> None:
    assert directions(weights, tokens) == pytest.approx(shipped_encoder().of_all(TEXTS), abs=1e-4)


@pytest.mark.parametrize("name", ["2.qkv", "3.qkv.bias", "4.out", "2.in", "5.back", "3.out.level", "5.back.level.bias"])
def test_slopes_are_what_a_small_step_gives(weights: Weights, tokens: list[list[int]], name: str) -> None:
    rng = np.random.default_rng(1)
    layers = Layers(dict(weights), rng)
    found, back = layers.forward(tokens, learning=False)
    aim = rng.normal(size=found.shape).astype(np.float32)
    back(aim)
    step = (rng.normal(size=weights[name].shape) * np.abs(weights[name]).mean() * 0.01).astype(np.float32)
    ahead, behind = (directions({**weights, name: weights[name] + way * step}, tokens) for way in (1, -1))
    change = float(((ahead.astype(np.float64) - behind) * aim).sum()) / 2
    assert change == pytest.approx(float((layers.slopes[name] * step).sum()), rel=0.02, abs=1e-5)


def test_questions_of_one_topic_come_together(weights: Weights) -> None:
    ways = [["red lorry", "crimson truck", "scarlet van"], ["green apple", "olive pear", "lime plum"]]
    encoder = shipped_encoder()
    forms = [[encoder.tokens(text)] for texts in ways for text in texts]
    task = Task(forms, np.repeat([0, 1], 3), np.ones(6, np.float32))

    def contrast(model: Encoder) -> float:
        rows = model.of_all([text for texts in ways for text in texts])
        near = rows @ rows.T
        return float(near[:3, :3].mean() + near[3:, 3:].mean() - 2 * near[:3, 3:].mean())

    pieces = list(encoder._places)
    after = Encoder(pieces, tuned(weights, [task], 48.0, 0, lambda _: None))
    assert contrast(after) > contrast(encoder) + 0.05


def test_words_are_taken_for_others_that_sound_alike_and_never_all_is_lost() -> None:
    sounds = shipped_sounds()
    mishearing = Mishearing(["feeding", "tube", "a"], ["feeling", "tune", "elephant", "tube"], sounds, 3)
    heard = {mishearing.of("a feeding tube") for _ in range(200)}
    words = {word for text in heard for word in text.split()}
    assert words == {"a", "feeding", "feeling", "tube", "tune"}
    assert all(mishearing.of("a") for _ in range(50))

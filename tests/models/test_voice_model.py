"""The trainer of the test voice model, piece by piece, and once as a whole."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.test_voice_model import graph, lexicon, phones
from models.test_voice_model.aligner import TimedPhone, align, labels_from_times
from models.test_voice_model.features import BANDS, FILTERS, filter_banks, with_context
from models.test_voice_model.kaldi_files import KaldiFile, write_final_mdl
from models.test_voice_model.net import INPUTS, Labelled, Net, gradients, train
from models.test_voice_model.phones import INDEX, OUTPUTS, PHONES, SOUNDS, Position
from models.test_voice_model.synthesis import Recording, in_a_room, resampled


def a_net(hidden: int = 8) -> Net:
    zeros, ones = np.zeros(BANDS, np.float32), np.ones(BANDS, np.float32)
    return Net.fresh(hidden, zeros, ones, np.random.default_rng(3))


def test_every_phone_number_belongs_to_one_sound_and_place() -> None:
    numbers = {phones.phone_number(sound, place): sound for sound in SOUNDS for place in Position}
    assert sorted(numbers) == list(range(2, phones.PHONE_NUMBERS + 1))
    assert all(PHONES[phones.index_of_number(number)] == sound for number, sound in numbers.items())
    assert phones.enter_and_stay("SIL", Position.BEGIN) == (2, 1)


def test_a_sound_knows_its_place_in_the_word() -> None:
    assert [phones.position_in_word(place, 3).name for place in range(3)] == ["BEGIN", "INTERNAL", "END"]
    assert phones.position_in_word(0, 1) is Position.SINGLETON


def test_phrases_are_spelled_as_the_model_spells_them() -> None:
    assert lexicon.words_of("What\u2019s A.L.S., really \u2013 in-depth?") == ["what's", "als", "really", "in", "depth"]


@given(st.text())
def test_spelling_twice_changes_nothing(text: str) -> None:
    words = lexicon.words_of(text)
    assert lexicon.words_of(" ".join(words)) == words


def test_a_lexicon_is_read_as_it_was_written(tmp_path: Path) -> None:
    entries = {"the": [("dh", "ah"), ("dh", "iy")], "no": [("n", "ow")]}
    lexicon.write(tmp_path / "lexicon.txt", entries)
    assert lexicon.read(tmp_path / "lexicon.txt") == entries


def test_a_word_that_nobody_can_say_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(lexicon.UnknownWordError, match=r"'xqzzv' sounds.*test_voice_model lexicon"):
        lexicon.sounds_of("xqzzv", {})


def test_a_tone_lights_the_band_around_its_frequency() -> None:
    tone = 8000 * np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000)
    features = filter_banks(tone)
    assert features.shape == (98, BANDS)
    loudest = int(features.mean(axis=0).argmax())
    assert FILTERS[32, loudest] == FILTERS[32].max()  # Bin 32 of 512 at 16 kHz is 1,000 Hz.
    assert np.allclose(filter_banks(2 * tone)[:, loudest] - features[:, loudest], np.log(4), atol=1e-3)


def test_the_edges_repeat_where_there_are_no_neighbours() -> None:
    features = np.arange(3 * BANDS, dtype=np.float32).reshape(3, BANDS)
    rows = with_context(features, np.array([0])).reshape(-1, BANDS)
    assert np.array_equal(rows[:10], np.repeat(features[:1], 10, axis=0))
    assert np.array_equal(rows[11:], np.repeat(features[2:], 8, axis=0))


def test_known_times_become_labels() -> None:
    timed = [TimedPhone("SIL", 0.03), TimedPhone("ah", 0.06), TimedPhone("b", 9.0)]
    labels = labels_from_times(timed, np.arange(6))
    ah, b = INDEX["ah"], INDEX["b"]
    assert list(labels) == [0, 1, 2 * ah, 2 * ah + 1, 2 * ah + 1, 2 * b]


def test_the_aligner_finds_the_sounds_where_they_are_and_the_way_the_word_was_said() -> None:
    said = ["SIL", "SIL", "t", "t", "ah", "SIL", "b", "iy", "iy", "SIL"]
    likelihoods = np.full((len(said), OUTPUTS), -9.0, np.float32)
    for frame, phone in enumerate(said):
        likelihoods[frame, 2 * INDEX[phone] : 2 * INDEX[phone] + 2] = 0.0
    words = {"to": [("t", "uw"), ("t", "ah")], "be": [("b", "iy")]}
    labels = align(likelihoods, ["to", "be"], words)
    assert [PHONES[label // 2] for label in labels] == said
    assert [label % 2 for label in labels] == [0, 1, 0, 1, 0, 0, 0, 0, 1, 0]


def test_gradients_agree_with_small_steps() -> None:
    net, random = a_net(), np.random.default_rng(5)
    net.weights = [weights.astype(np.float64) for weights in net.weights]  # Finer steps than 32 bits allow.
    inputs = random.standard_normal((4, INPUTS))
    labels = np.array([0, 3, 7, 7])

    def smoothed_loss() -> float:
        log_probabilities = net.layers(inputs)[1]  # type: ignore[arg-type] # float64 on purpose
        right = log_probabilities[np.arange(4), labels]
        return -float((0.95 * right + 0.05 * log_probabilities.mean(axis=1)).mean())

    slopes, _ = gradients(net, inputs, labels)  # type: ignore[arg-type] # float64 on purpose
    for layer, place in [(0, (5, 2)), (1, (3, 3)), (2, (4, 7))]:
        before = net.weights[layer][place]
        net.weights[layer][place] = before + 1e-5
        above = smoothed_loss()
        net.weights[layer][place] = before - 1e-5
        below = smoothed_loss()
        net.weights[layer][place] = before
        assert slopes[layer][place] == pytest.approx((above - below) / 2e-5, abs=1e-4)


def test_training_learns_what_can_be_learned_and_counts_the_priors() -> None:
    random = np.random.default_rng(1)
    features = random.standard_normal((3000, BANDS)).astype(np.float32)
    labels = np.where(np.arange(3000) % 200 < 100, 5, 9)
    features[labels == 5, :20] += 1
    features[labels == 5, 20:] -= 1
    net = a_net(16)
    train(net, [Labelled(features, np.arange(3000), labels)], 12, np.random.default_rng(2))
    guesses = net.layers(with_context(features, np.arange(3000)))[1].argmax(axis=1)
    assert (guesses == labels).mean() > 0.9
    assert net.priors[[5, 9]].sum() == pytest.approx(3100 / (3000 + 50 * OUTPUTS))


def test_numbers_are_written_as_kaldi_reads_them() -> None:
    file = KaldiFile().tokens("<A> <B>").integers(7).floats(0.5).integer_vector([1, 2]).vector([1.0])
    file.matrix(np.array([[1, 2]], np.float32))
    assert bytes(file.content) == (
        b"\0B<A> <B> \4" + struct.pack("<i", 7) + b"\4" + struct.pack("<f", 0.5)
        + b"\4" + struct.pack("<iii", 2, 1, 2) + b"FV \4" + struct.pack("<if", 1, 1.0)
        + b"FM \4" + struct.pack("<i", 1) + b"\4" + struct.pack("<i", 2) + struct.pack("<ff", 1, 2)
    )  # fmt: skip


def test_the_network_file_holds_every_weight_once(tmp_path: Path) -> None:
    net = a_net()
    write_final_mdl(tmp_path / "final.mdl", net)
    content = (tmp_path / "final.mdl").read_bytes()
    assert content.startswith(b"\0B<TransitionModel> <Topology> ")
    assert net.weights[2].T.tobytes() in content
    assert content.index(b"<Priors>") > content.index(b"</Nnet3>") > content.index(b"logsoftmax")


def read_back(path: Path) -> list[list[tuple[int, int, float, int]]]:
    """The arcs of each state of a graph file."""
    content = path.read_bytes()
    start, states, arcs = struct.unpack_from("<qqq", content, 4 + 10 + 12 + 16)
    assert start < states
    at, found = 4 + 10 + 12 + 40, []
    for _ in range(states):
        _final, count = struct.unpack_from("<fq", content, at)
        found.append([struct.unpack_from("<iifi", content, at + 12 + 16 * number) for number in range(count)])
        at += 12 + 16 * count
    assert at == len(content)
    assert sum(map(len, found)) == arcs
    return found


def test_a_graph_is_written_whole_and_sorted_the_way_it_will_be_joined(tmp_path: Path) -> None:
    numbers = graph.word_numbers(["yes", "no"])
    assert numbers == {"<eps>": 0, "no": 1, "yes": 2, "[unk]": 3}
    sounds = graph.graph_of_sounds({"no": [("n", "ow")], "yes": [("y", "eh", "s")]}, numbers)
    sentences = graph.graph_of_sentences([["yes", "yes"], ["no"]], numbers)
    sounds.write(tmp_path / "HCLr.fst", by_output=True)
    sentences.write(tmp_path / "Gr.fst", by_output=False)
    for arcs in read_back(tmp_path / "HCLr.fst"):
        assert [arc[1] for arc in arcs] == sorted(arc[1] for arc in arcs)
    for arcs in read_back(tmp_path / "Gr.fst"):
        assert [arc[0] for arc in arcs] == sorted(arc[0] for arc in arcs)
    assert {arc[1] for arcs in read_back(tmp_path / "HCLr.fst") for arc in arcs} == {0, 1, 2, 3}


def test_the_ways_on_from_a_state_of_the_sentences_share_one_chance() -> None:
    numbers = graph.word_numbers(["a", "b"])
    sentences = graph.graph_of_sentences([["a", "b"], ["a"], ["b", "b", "a"]], numbers)
    for state, arcs in enumerate(sentences.arcs):
        known = [arc.cost for arc in arcs if arc.takes != numbers["[unk]"]]
        chance = sum(np.exp(-cost) for cost in known) + np.exp(-sentences.final.get(state, np.inf))
        assert chance == pytest.approx(1.0)


def test_resampling_keeps_a_tone_what_it_is() -> None:
    tone = np.sin(2 * np.pi * 500 * np.arange(22_050) / 22_050)
    expected = np.sin(2 * np.pi * 500 * np.arange(16_000) / 16_000)
    assert np.allclose(resampled(tone, 22_050), expected, atol=1e-6)


def test_a_room_adds_quiet_at_both_ends_and_moves_the_times_along() -> None:
    recording = Recording(np.full(1600, 1000.0), (TimedPhone("ah", 0.1),))
    room = in_a_room(recording, np.random.default_rng(4))
    assert len(room.sound) > 1600 + 1600
    assert [phone.phone for phone in room.phones] == ["SIL", "ah", "SIL"]
    assert room.phones[1].end_s - room.phones[0].end_s == pytest.approx(0.1)

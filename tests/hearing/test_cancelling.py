from __future__ import annotations

import pytest

from assistant.hearing.cancelling import Canceller, canceller_in, find_canceller, prefer, use_canceller
from tests.real_sound.virtual_card import virtual_card

PULSE_SOURCES = (
    "0\tspeaker.monitor\tmodule-null-sink.c\ts16le 2ch 48000Hz\tIDLE\n"
    "3\tec_spk.monitor\tmodule-echo-cancel.c\ts16le 1ch 32000Hz\tIDLE\n"
    "4\tec_mic\tmodule-echo-cancel.c\ts16le 1ch 32000Hz\tIDLE\n"
)
PULSE_SINKS = (
    "0\tspeaker\tmodule-null-sink.c\ts16le 2ch 48000Hz\tIDLE\n"
    "2\tec_spk\tmodule-echo-cancel.c\ts16le 1ch 32000Hz\tIDLE\n"
)
PIPEWIRE_SOURCES = "51\talsa_input.pci\tPipeWire\ts32le\tIDLE\n60\techo-cancel-source\tPipeWire\tfloat32le\tIDLE\n"
PIPEWIRE_SINKS = "50\talsa_output.pci\tPipeWire\ts32le\tIDLE\n61\techo-cancel-sink\tPipeWire\tfloat32le\tIDLE\n"


@pytest.mark.parametrize(
    ("sources", "sinks", "found"),
    [
        (PULSE_SOURCES, PULSE_SINKS, Canceller("ec_mic", "ec_spk")),
        (PIPEWIRE_SOURCES, PIPEWIRE_SINKS, Canceller("echo-cancel-source", "echo-cancel-sink")),
        (PULSE_SOURCES, PIPEWIRE_SINKS.splitlines()[0], None),
        ("", "", None),
        ("nonsense\n\t\n", "\t\t\t", None),
    ],
)
def test_a_canceller_is_its_microphone_and_its_loudspeaker(sources: str, sinks: str, found: Canceller | None) -> None:
    assert canceller_in(sources, sinks) == found


def test_devices_a_person_chose_are_left_alone() -> None:
    chosen = {"PULSE_SINK": "kitchen"}
    assert not prefer(Canceller("a", "b"), chosen)
    assert chosen == {"PULSE_SINK": "kitchen"}
    assert use_canceller("headset", "") is None


def test_streams_go_through_the_canceller_otherwise() -> None:
    environment: dict[str, str] = {}
    assert prefer(Canceller("a", "b"), environment)
    assert environment == {"PULSE_SOURCE": "a", "PULSE_SINK": "b"}


@pytest.mark.real_sound
def test_a_real_sound_server_says_whether_it_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    with virtual_card() as card:
        monkeypatch.setenv("PULSE_SERVER", card.env["PULSE_SERVER"])
        assert find_canceller() is None
        load = ["pactl", "load-module", "module-echo-cancel", "source_name=ec_mic", "sink_name=ec_spk"]
        masters = ["source_master=mic", "sink_master=speaker"]
        if subprocess.run([*load, *masters], env=card.env, capture_output=True, check=False).returncode:
            pytest.skip("this PulseAudio has no echo canceller")
        assert find_canceller() == Canceller("ec_mic", "ec_spk")

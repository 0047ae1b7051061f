from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np
import pytest

from assistant.speaking.espeak import EspeakVoice, _Library
from assistant.speaking.pronunciation import Pronunciation
from assistant.speaking.voice import VoiceFailed

ENTRIES = {"ALS": "A-L-S", "{n}-{n}": "{n} to {n}", "911": "nine one one"}
TEXT = "ALS is a disease of the nerves. It takes 2–5 years — “really”. Call 911 now!"  # noqa: RUF001


@pytest.fixture(scope="module")
def voice() -> EspeakVoice:
    return EspeakVoice(Pronunciation(ENTRIES))


def test_speech_has_the_length_its_rate_says(voice: EspeakVoice) -> None:
    text = "Riluzole is a medicine that slows the disease a little, and the clinic does blood tests."
    lengths = {rate: voice.synthesise(text, rate_wpm=rate).seconds for rate in (80, 120, 160, 240, 320)}
    for rate, seconds in lengths.items():
        assert seconds == pytest.approx(lengths[160] * 160 / rate, rel=0.16), rate
    assert 4.0 < lengths[160] < 6.5


def test_the_rate_of_one_text_does_not_leak_into_the_next(voice: EspeakVoice) -> None:
    lengths = [voice.synthesise("The same words.", rate_wpm=rate).seconds for rate in (160, 320, 160)]
    assert lengths[0] == pytest.approx(lengths[2], abs=0.02)
    assert lengths[1] < 0.75 * lengths[0]


def test_rates_beyond_the_ends_are_taken_as_the_ends(voice: EspeakVoice) -> None:
    slowest = voice.synthesise("Stop.", rate_wpm=80).seconds
    assert voice.synthesise("Stop.", rate_wpm=1).seconds == pytest.approx(slowest, abs=0.01)


def test_every_word_has_its_place_in_the_written_text_and_a_time(voice: EspeakVoice) -> None:
    sound = voice.synthesise(TEXT)
    assert [word.text for word in sound.words] == [word for word in TEXT.split() if word != "—"]
    assert all(TEXT[word.offset :].startswith(word.text) for word in sound.words)
    times = [word.start_s for word in sound.words]
    assert times == sorted(times)
    assert 0 <= times[0] < times[-1] < sound.seconds


def test_a_word_is_heard_when_its_time_says(voice: EspeakVoice) -> None:
    """Between two sentences it is quiet; the first word of the second begins where the quiet ends."""
    sound = voice.synthesise("Stop now. Take care.", pause_s=1.0)
    at_s = next(word.start_s for word in sound.words if word.text == "Take")
    samples = np.abs(np.frombuffer(sound.pcm, np.int16).astype(int))
    at = round(at_s * sound.rate_hz)
    assert samples[at - sound.rate_hz : at].max() < 100
    assert samples[at : at + sound.rate_hz // 5].max() > 1_000


def test_a_pause_is_added_between_sentences_only(voice: EspeakVoice) -> None:
    text = "One thing. Two things. Three things."
    plain, slow = voice.synthesise(text), voice.synthesise(text, pause_s=0.5)
    assert slow.seconds - plain.seconds == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("text", ["", "  \n", "—", "\0", "<speak>[[h@l'oU]]</speak>", "😀 café"])
def test_odd_texts_give_a_sound_and_no_error(voice: EspeakVoice, text: str) -> None:
    assert voice.synthesise(text).seconds < 5


@pytest.mark.parametrize("text", ["ALS", "In ALS, walk.", "People with ALS can.", "Als ALS's?"])
def test_als_is_spelled_out_wherever_it_stands(voice: EspeakVoice, text: str) -> None:
    assert "'eI'El'Es" in voice.phonemes(text)
    assert "'eI'El'Es" not in EspeakVoice().phonemes("ALS"), "the trap has gone: the entry is no longer needed"


@pytest.mark.parametrize("dash", ["-", "–", "—"])  # noqa: RUF001 - the dashes are what is tested
def test_a_range_of_years_is_not_read_as_two_numbers(voice: EspeakVoice, dash: str) -> None:
    assert voice.phonemes(f"It takes 2{dash}5 years.") == voice.phonemes("It takes 2 to 5 years.")
    assert "t'u: f'aIv" not in voice.phonemes(f"2{dash}5 years")


def test_emergency_numbers_are_read_digit_by_digit(voice: EspeakVoice) -> None:
    assert voice.phonemes("Call 911.").replace(",", "'").count("w'Vn") == 2


def test_another_accent_sounds_different_and_does_not_stay(voice: EspeakVoice) -> None:
    american, british = voice.synthesise("Water."), voice.synthesise("Water.", voice="en-gb")
    assert "en-gb" in voice.voices()
    assert american.pcm != british.pcm
    assert voice.phonemes("water") == voice.phonemes("water", "en-us")


def test_an_unknown_voice_is_a_sentence_that_names_the_known_ones(voice: EspeakVoice) -> None:
    with pytest.raises(VoiceFailed, match=r"no voice 'zz'.*en-us"):
        voice.synthesise("Hello.", voice="zz")
    assert voice.synthesise("Hello.").seconds > 0.3


def test_threads_wait_for_one_another() -> None:
    texts = [f"Answer number {i} of several." for i in range(8)]
    lengths: dict[str, set[float]] = {text: set() for text in texts}

    def speak() -> None:
        for text in texts:
            lengths[text].add(round(EspeakVoice().synthesise(text).seconds, 1))

    threads = [threading.Thread(target=speak) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(len(seen) <= 2 for seen in lengths.values())


def test_three_hundred_sentences_are_all_there(voice: EspeakVoice) -> None:
    lengths = [voice.synthesise("This one has to be complete, every time.").seconds for _ in range(300)]
    assert max(lengths) - min(lengths) < 0.05


def test_missing_data_is_an_error_and_not_the_end_of_the_process() -> None:
    code = (
        "import espeakng_loader\n"
        "from assistant.speaking.espeak import _Library\n"
        "try: _Library(espeakng_loader.get_library_path(), '/nowhere')\n"
        "except OSError as error: print('told:', error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "told: its data was not found at /nowhere" in done.stdout


def test_a_missing_library_is_an_error_that_can_be_caught() -> None:
    with pytest.raises(OSError, match="nowhere"):
        _Library("/nowhere/libespeak-ng.so", None)

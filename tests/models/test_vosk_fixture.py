"""The test voice model in the real Vosk: it loads, it hears sentences it never met, and it comes out of `get`."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import vosk

from assistant.models import find_vosk_model, get
from models.test_voice_model.__main__ import HERE, build, spoken_lines
from models.test_voice_model.lexicon import unknown, words_of
from tests.models.archives import model_of, zipped
from tests.models.mirror import Manners, serving
from tests.vosk_fixture import FINAL_MDL, known_sounds, write_model
from tests.vosk_fixture.speech import Line, say

vosk.SetLogLevel(-1)

UNHEARD = (
    *("What can help with my breathing?", "Is the illness passed on in families?", "How do I sleep better?"),
    *("How will the doctor test my nerves?", "Can I get a feeding tube later?", "What is a stem cell?"),
    *("How long do people with ALS live?", "Do stem cells help people with ALS?", "Will I lose my voice?"),
    *("Why do my legs cramp at night?", "What do I do when food goes down the wrong way?", "Does ALS hurt?"),
    *("How can my family help me?", "When do I need a machine to breathe?", "Which drug is best for me?"),
    *("What is the brain doing?", "Where can I join a clinical trial?", "Who can help us at home?"),
    *("How do I get out of bed?", "Can I use my eyes to speak?", "What should I eat for breakfast?"),
    *("My arms are getting weak.", "How is ALS different from other diseases?", "Who pays for the equipment?"),
    "Can the wheelchair go in the car?",
)
"""None of these is among the sentences that the model was trained on."""

COMMANDS = (
    *("yes", "stop", "repeat", "say it again", "more", "tell me more", "menu", "main menu", "help", "next"),
    *("go back", "louder", "slower", "faster", "stop talking", "number two", "number three", "number seven"),
    *("thank you", "please", "pause", "go on", "cancel", "goodbye", "the first one", "none of these"),
)
FOREIGN = (
    *("banana computer window", "purple monkey dishwasher", "seventeen elephants dancing", "play some music"),
    *("january football championship", "give the dog a cookie", "turn on the kitchen lights"),
    *("the weather is lovely today", "chocolate pudding recipe", "bicycle mountain champion"),
)


def grammar(phrases: Sequence[str] = (*UNHEARD, *COMMANDS)) -> str:
    return json.dumps([" ".join(words_of(phrase)) for phrase in phrases] + ["[unk]"])


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = write_model(tmp_path_factory.mktemp("vosk"), [*UNHEARD, *COMMANDS])
    return vosk.Model(str(folder))


def hear(model: Any, sound: bytes, phrases: str | None = None) -> str:
    """All that is heard, the pieces between pauses joined."""
    recogniser = vosk.KaldiRecognizer(model, 16_000, *([phrases] if phrases else []))
    pieces = [
        json.loads(recogniser.Result())["text"]
        for start in range(0, len(sound), 8000)
        if recogniser.AcceptWaveform(sound[start : start + 8000])
    ]
    pieces.append(json.loads(recogniser.FinalResult())["text"])
    return " ".join(piece for piece in pieces if piece)


@cache
def spoken(texts: tuple[str, ...], voice: str, rate_wpm: int = 150, noise: float = 2.0) -> list[bytes]:
    return say([Line(text, voice, rate_wpm) for text in texts], noise)


def share_right(model: Any, texts: Sequence[str], sounds: Sequence[bytes], phrases: str | None) -> float:
    heard = [hear(model, sound, phrases) for sound in sounds]
    return sum(said == " ".join(words_of(text)) for said, text in zip(heard, texts, strict=True)) / len(texts)


def test_the_sentences_of_these_tests_were_not_trained_on() -> None:
    trained = set((HERE / "sentences.txt").read_text(encoding="utf-8").splitlines())
    assert not {" ".join(words_of(sentence)) for sentence in UNHEARD} & trained


@pytest.mark.parametrize("voice", ["en-us", "en", "en-us+f2", "en-us+m3"])
def test_with_a_grammar_known_voices_are_heard_nearly_always(model: Any, voice: str) -> None:
    assert share_right(model, UNHEARD, spoken(UNHEARD, voice), grammar()) >= 0.88
    assert share_right(model, COMMANDS, spoken(COMMANDS, voice), grammar()) >= 0.88


@pytest.mark.parametrize("voice", ["en-us+m1", "en-us+f3", "en-us+f5"])
def test_with_a_grammar_voices_it_never_met_are_heard_mostly(model: Any, voice: str) -> None:
    assert share_right(model, UNHEARD, spoken(UNHEARD, voice), grammar()) >= 0.8


@pytest.mark.parametrize("rate_wpm", [110, 190])
def test_slow_and_fast_speech_is_heard(model: Any, rate_wpm: int) -> None:
    assert share_right(model, UNHEARD, spoken(UNHEARD, "en-us", rate_wpm), grammar()) >= 0.8


def test_without_a_grammar_the_sentences_of_the_model_are_heard(model: Any) -> None:
    assert share_right(model, UNHEARD, spoken(UNHEARD, "en-us"), None) >= 0.8


def test_sound_without_any_noise_is_heard_too(model: Any) -> None:
    assert share_right(model, UNHEARD, spoken(UNHEARD, "en-us", 150, 0.0), grammar()) >= 0.8


@pytest.mark.parametrize("noise", [0.0, 3.0, 100.0])
def test_silence_and_hiss_say_nothing(model: Any, noise: float) -> None:
    assert hear(model, say([Line(" ")], noise)[0] * 4, grammar()) == ""


def test_foreign_sentences_are_mostly_told_from_known_ones(model: Any) -> None:
    noticed = ["[unk]" in hear(model, sound, grammar()) for sound in spoken(FOREIGN, "en-us")]
    assert sum(noticed) >= 0.8 * len(FOREIGN)
    mistaken = ["[unk]" in hear(model, sound, grammar()) for sound in spoken(UNHEARD, "en-us")]
    assert sum(mistaken) <= 0.1 * len(UNHEARD)


def test_several_guesses_can_be_had(model: Any) -> None:
    recogniser = vosk.KaldiRecognizer(model, 16_000, grammar())
    recogniser.SetMaxAlternatives(5)
    recogniser.AcceptWaveform(spoken(UNHEARD, "en-us")[0])
    guesses = json.loads(recogniser.FinalResult())["alternatives"]
    assert len(guesses) > 1
    assert guesses[0]["text"] == "what can help with my breathing"


def test_a_model_of_new_words_is_written_in_no_time_and_hears_them(tmp_path: Path) -> None:
    write_model(tmp_path / "first", ["warm up"])
    started = time.perf_counter()
    folder = write_model(tmp_path / "second", ["Give the blue umbrella to grandmother.", "yes"])
    assert time.perf_counter() - started < 1.0
    sound = spoken(("Give the blue umbrella to grandmother.",), "en-us")[0]
    assert hear(vosk.Model(str(folder)), sound) == "give the blue umbrella to grandmother"


def test_a_model_of_all_questions_of_the_content_can_be_made_and_hears_some(tmp_path: Path) -> None:
    model = vosk.Model(str(write_model(tmp_path / "all", spoken_lines())))
    texts = ("What is the ALS registry?", "How can I help research?", "Can I donate samples to science?")
    assert share_right(model, texts, spoken(texts, "en-us"), grammar(texts)) >= 0.6


def test_the_sounds_of_all_words_of_the_content_are_known_without_flite() -> None:
    """Where one is missing: `python -m models.test_voice_model lexicon`."""
    assert unknown({word for line in spoken_lines() for word in words_of(line)}, known_sounds()) == set()


def test_the_committed_network_is_small() -> None:
    assert FINAL_MDL.stat().st_size < 900_000


def test_from_the_archive_to_the_first_heard_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "vosk-model-small-en-us-0.0"
    made = write_model(tmp_path / name, UNHEARD)
    files = {f"{name}/{path.relative_to(made).as_posix()}": path.read_bytes() for path in made.rglob("*.*")}
    archive = zipped(files)
    with serving(Manners(archive, hang_up_after=[200_000])) as address:
        monkeypatch.setenv("ASKALOUD_MODELS", address)
        unpacked_bytes = sum(map(len, files.values()))
        get(model_of(archive, name=name, language="en-us", unpacked_bytes=unpacked_bytes))
    found = find_vosk_model("en")
    assert found is not None
    assert found.name == name
    assert hear(vosk.Model(str(found)), spoken(UNHEARD, "en-us")[5], grammar(UNHEARD)) == "what is a stem cell"


@pytest.mark.skipif(not (shutil.which("flite") and shutil.which("espeak-ng")), reason="needs espeak-ng and flite")
def test_the_trainer_makes_a_network_that_vosk_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path / "trained", utterances=20, hidden=12)
    log = (tmp_path / "trained" / "build-log.txt").read_text(encoding="utf-8")
    assert "20 utterances" in log
    monkeypatch.setattr("tests.vosk_fixture.FINAL_MDL", tmp_path / "trained" / "am" / "final.mdl")
    folder = write_model(tmp_path / "model", ["yes", "no"])
    recogniser = vosk.KaldiRecognizer(vosk.Model(str(folder)), 16_000)
    recogniser.AcceptWaveform(spoken(("yes",), "en-us")[0])
    assert set(json.loads(recogniser.FinalResult())["text"].split()) <= {"yes", "no", "[unk]"}

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.hearing.recogniser import RecogniserUnavailable, open_recogniser
from assistant.hearing.vosk import VoskRecogniser, overlay
from tests.hearing.sounds import espeak, noise
from tests.vosk_fixture import write_model

QUESTIONS = (
    "What is a stem cell?",
    "How do I sleep better?",
    "Will I lose my voice?",
    "Is the illness passed on in families?",
    "How can my family help me?",
)
COMMANDS = ("stop", "repeat", "go back", "yes", "louder", "number two")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("vosk"), [*QUESTIONS, *COMMANDS])


@pytest.fixture(scope="module")
def recogniser(model: Path) -> VoskRecogniser:
    return VoskRecogniser(model)


def hear(recogniser: VoskRecogniser, sound: bytes, words: tuple[str, ...] | None = None) -> tuple[str, ...]:
    recogniser.begin(words)
    for at in range(0, len(sound), 1024):
        recogniser.accept(sound[at : at + 1024])
    return recogniser.finish().hypotheses


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_free_question_is_heard(recogniser: VoskRecogniser, question: str) -> None:
    assert hear(recogniser, espeak(question))[0] == question.lower().rstrip("?")


def test_guesses_are_distinct_and_several(recogniser: VoskRecogniser) -> None:
    heard = hear(recogniser, espeak("How do I sleep better?"))
    assert 2 <= len(heard) <= 10
    assert len(set(heard)) == len(heard)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_word_of_the_list_is_heard_as_itself_or_not_at_all(recogniser: VoskRecogniser, command: str) -> None:
    assert hear(recogniser, espeak(command), COMMANDS)[:1] in {(command,), ()}


def test_most_words_of_the_list_are_heard(recogniser: VoskRecogniser) -> None:
    assert sum(hear(recogniser, espeak(c), COMMANDS)[:1] == (c,) for c in COMMANDS) >= 5


@pytest.mark.parametrize("foreign", ["banana computer window", "purple monkey dishwasher"])
def test_foreign_words_are_none_of_the_list(recogniser: VoskRecogniser, foreign: str) -> None:
    assert hear(recogniser, espeak(foreign), COMMANDS) == ()


def test_silence_and_noise_are_nothing(recogniser: VoskRecogniser) -> None:
    assert hear(recogniser, noise(2.0)) == ()
    assert hear(recogniser, noise(2.0), COMMANDS) == ()


def test_after_a_word_list_free_questions_are_heard_again(recogniser: VoskRecogniser) -> None:
    hear(recogniser, espeak("stop"), COMMANDS)
    assert hear(recogniser, espeak("Will I lose my voice?"))[0] == "will i lose my voice"


def test_a_pause_of_two_seconds_does_not_cut_a_question(recogniser: VoskRecogniser) -> None:
    sound = espeak("Will I lose") + noise(1.5) + espeak("my voice")
    assert hear(recogniser, sound)[0] == "will i lose my voice"


def test_words_the_model_cannot_hear_are_left_out_and_told(recogniser: VoskRecogniser) -> None:
    assert hear(recogniser, espeak("stop"), ("stop", "zyzzyva now"))[:1] in {("stop",), ()}
    assert "zyzzyva" in recogniser.missing
    assert hear(recogniser, espeak("stop"), ("zyzzyva",)) == ()


def test_the_overlay_changes_the_configuration_and_nothing_else(model: Path, tmp_path: Path) -> None:
    overlay(model, tmp_path)
    assert "--endpoint.rule5.min-utterance-length=60" in (tmp_path / "conf/model.conf").read_text()
    assert (tmp_path / "am/final.mdl").samefile(model / "am/final.mdl")
    assert "rule5" not in (model / "conf/model.conf").read_text()


GUARDED = {
    "an empty list": "r.begin(())",
    "a new list inside an utterance": "r.begin(('stop',)); r.accept(s); r.begin(('yes',)); r.accept(s); r.begin()",
    "a list without a known word": "r.begin(('zyzzyva', '', '  ', '[unk]', '[]', '{}', '\"'))",
    "words that would break the list": "r.begin(('\"]', '\\\\', 'caf\\u00e9', 'stop')); r.accept(s); r.finish()",
    "other buffers than bytes": "r.accept(bytearray(s)); r.accept(memoryview(s))",
    "an odd number of bytes": "r.accept(s[:1001]); r.finish()",
    "no sound": "r.accept(b''); r.finish(); r.finish()",
    "use after the end": "r.finish(); r.accept(s); r.finish(); r.begin(); r.finish()",
    "closing twice": "r.close(); r.close()",
}


@pytest.mark.parametrize("what", GUARDED)
def test_nothing_ends_the_process(model: Path, what: str) -> None:
    code = (
        "import socket; from pathlib import Path; from assistant.hearing.vosk import VoskRecogniser\n"
        "socket.socket.connect = None\n"  # any use of the network is a failure
        f"r = VoskRecogniser(Path({str(model)!r})); s = b'\\x01\\x00' * 8000\n{GUARDED[what]}\nprint('lived')"
    )
    root = Path(__file__).parents[2]
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=root)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "lived\n", "")


BROKEN = ("am/final.mdl", "graph/words.txt", "graph/Gr.fst", "graph/HCLr.fst", "conf/model.conf")


@pytest.mark.parametrize(
    ("broken", "how"),
    [*((file, "missing") for file in BROKEN), *((file, "cut") for file in BROKEN if file[-3:] in {"mdl", "fst"})],
)
def test_a_broken_model_is_refused_in_a_sentence(model: Path, tmp_path: Path, broken: str, how: str) -> None:
    copy = Path(shutil.copytree(model, tmp_path / "copy"))
    damaged = copy / broken
    if how == "missing":
        damaged.unlink()
    else:
        damaged.write_bytes(damaged.read_bytes()[:-200])
    with pytest.raises(RecogniserUnavailable, match="damaged or is no Vosk model"):
        VoskRecogniser(copy)


def test_without_a_model_vosk_says_what_to_do() -> None:
    with pytest.raises(RecogniserUnavailable, match="askaloud models get"):
        open_recogniser("vosk", phrases=(), vosk_model=None)
    with pytest.raises(RecogniserUnavailable, match="nowhere"):
        open_recogniser("vosk", phrases=(), vosk_model=Path("nowhere"))

from __future__ import annotations

import pytest

from assistant.speaking import voice as voices
from assistant.speaking.sound import Sound, silence
from assistant.speaking.voice import Tables, Voice, VoiceFailed, open_voice


class Mute:
    name = "pyttsx3"
    closed = False

    def synthesise(self, text: str, *, rate_wpm: int = 160, pause_s: float = 0.0, voice: str = "") -> Sound:
        raise VoiceFailed(f"{text} {rate_wpm} {pause_s} {voice}")

    def voices(self) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        self.closed = True


class Fine(Mute):
    def synthesise(self, text: str, *, rate_wpm: int = 160, pause_s: float = 0.0, voice: str = "") -> Sound:
        assert text
        assert not voice
        return Sound(silence(pause_s + 60 / rate_wpm, 22_050), 22_050)


@pytest.mark.parametrize(
    ("platform", "systems_own", "chosen"),
    [
        ("linux", Fine, "espeak-ng"),
        ("win32", Fine, "pyttsx3"),
        ("darwin", Fine, "pyttsx3"),
        ("win32", Mute, "espeak-ng"),
    ],
)
def test_the_systems_own_voice_is_taken_where_there_is_one_that_speaks(
    monkeypatch: pytest.MonkeyPatch, platform: str, systems_own: type[Mute], chosen: str
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    opened = systems_own()

    def open_it(_tables: Tables) -> Voice:
        return opened

    monkeypatch.setattr(voices, "_open_pyttsx3", open_it)
    voice = open_voice()
    assert voice.name == chosen
    assert opened.closed == (systems_own is Mute)


@pytest.mark.parametrize(("platform", "engine"), [("win32", "sapi5"), ("darwin", "nsss"), ("linux", "espeak-ng")])
def test_pyttsx3_takes_the_pronunciation_of_the_engine_behind_it(platform: str, engine: str) -> None:
    assert voices._systems_own(platform) == engine


def test_an_unknown_name_is_a_sentence_that_lists_the_known_ones() -> None:
    with pytest.raises(VoiceFailed, match=r"no voice called 'robot'.*auto, espeak-ng, pyttsx3"):
        open_voice("robot")


def test_the_pronunciation_of_the_content_reaches_the_voice() -> None:
    plain, taught = open_voice("espeak-ng"), open_voice("espeak-ng", {"all": {"ALS": "A-L-S"}})
    assert taught.synthesise("ALS").seconds > plain.synthesise("ALS").seconds + 0.2

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.speaking.sound import Mark, Sound, silence, timed_words


def test_a_sound_knows_how_long_it_is() -> None:
    assert Sound(silence(0.5, 22_050), 22_050).seconds == 0.5
    assert Sound(b"", 16_000).seconds == 0


def test_a_word_the_engine_ran_together_is_placed_between_its_neighbours() -> None:
    text = "that has been studied"
    words = timed_words(text, [Mark(0, 0.1), Mark(5, 0.5), Mark(14, 1.4)], 0.1, 2.0)
    assert [word.text for word in words] == ["that", "has", "been", "studied"]
    assert [word.start_s for word in words] == [0.1, 0.5, 0.9, 1.4]
    assert [word.offset for word in words] == [0, 5, 9, 14]


def test_signs_that_are_not_spoken_are_no_words() -> None:
    assert [word.text for word in timed_words("yes — “no”", [], 0, 1)] == ["yes", "“no”"]
    assert timed_words("—", [], 0, 1) == ()


@given(
    st.text(alphabet="ab. -", max_size=40),
    st.lists(st.builds(Mark, st.integers(0, 45), st.floats(-1, 4))),
    st.floats(0, 1),
    st.floats(1, 3),
)
def test_times_never_go_back_and_stay_within_the_speech(
    text: str, marks: list[Mark], start_s: float, end_s: float
) -> None:
    words = timed_words(text, marks, start_s, end_s)
    times = [word.start_s for word in words]
    assert times == sorted(times)
    assert all(start_s - 1e-3 <= time <= end_s + 1e-3 for time in times)
    assert all(text[word.offset :].startswith(word.text) for word in words)

"""The journal: all that happened, in lines that can be read back, and not a word where words are not wanted."""

from __future__ import annotations

import contextlib
import itertools
import os
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import journal as journals
from assistant.choices import World
from assistant.dialogue import step
from assistant.events import AnyEffect, AnyEvent, Heard, Keep, Picked, Started
from assistant.journal import FILE, Beginning, Journal, JournalTrouble, Step, read_journal, replay, told
from assistant.places import Conversation
from tests.talk import meaning

Happened = tuple[float, AnyEvent, tuple[AnyEffect, ...]]
WORDS = st.text(max_size=30)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(-(2**40), 2**40),
    float: st.floats(0, 1e6),
    type(None): st.none(),
}


def any_of(kind: Any, words: st.SearchStrategy[str], ours: frozenset[str] = frozenset()) -> st.SearchStrategy[Any]:
    """Any value of the type `kind`; all text in it is of `words`, but in fields of `ours`, named as Heard.engine."""
    if kind is str:
        return words
    if kind in PLAIN:
        return PLAIN[kind]
    parts, origin = get_args(kind), get_origin(kind)
    if origin is Literal:
        return st.sampled_from(parts)
    if origin is tuple and parts[-1] is Ellipsis:
        return st.lists(any_of(parts[0], words, ours), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*(any_of(part, words, ours) for part in parts))
    if parts:
        return st.one_of(*(any_of(part, words, ours) for part in parts))
    fields = get_type_hints(kind)
    chosen = {name: st.just("ours") if f"{kind.__name__}.{name}" in ours else words for name in fields}
    return st.builds(kind, **{name: any_of(hint, chosen[name], ours) for name, hint in fields.items()})


def happened(words: st.SearchStrategy[str], ours: frozenset[str] = frozenset()) -> st.SearchStrategy[list[Happened]]:
    effects = st.lists(any_of(AnyEffect, words, ours), max_size=4).map(tuple)
    return st.lists(st.tuples(PLAIN[float], any_of(AnyEvent, words, ours), effects), max_size=5)


QUICK = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(folder: Path, keep: Any, steps: list[Happened]) -> list[Beginning | Step]:
    (folder / FILE).unlink(missing_ok=True)
    journal = Journal(folder, keep, Conversation())
    for at_s, event, effects in steps:
        journal.record(at_s, event, effects)
    journal.close()
    return list(read_journal(folder / FILE))


@QUICK
@given(happened(WORDS))
def test_whatever_happens_is_read_back_as_it_was(tmp_path: Path, steps: list[Happened]) -> None:
    first, *rest = written(tmp_path, "words", steps)
    assert first == Beginning(Conversation(), words=True)
    assert rest == [Step(*one) for one in steps]


def test_off_writes_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "new", "off", Conversation())
    journal.record(1.0, Started(), ())
    journal.close()
    assert not (tmp_path / "new").exists()


FROM_THE_PERSON = "zqxj"
"""No word of ours."""
OURS = frozenset(
    {"Heard.engine", "Troubled.sentence", "Tone.name", "Keep.name", "Keep.value", "Tested.changes", "Tested.method"}
    | {"Renewed.gone", "Renewed.region"}
)
"""Text that never holds what a person said: names of engines, settings and topics, sentences of our own."""


@QUICK
@given(happened(st.text("abc ", max_size=5).map(lambda around: around + FROM_THE_PERSON + around), OURS))
def test_without_words_no_word_of_the_person_is_in_the_file(tmp_path: Path, steps: list[Happened]) -> None:
    lines = written(tmp_path, "steps", steps)
    assert len(lines) == len(steps) + 1
    assert FROM_THE_PERSON not in (tmp_path / FILE).read_text()
    for line, (at_s, event, effects) in zip(lines[1:], steps, strict=True):
        assert isinstance(line, Step)
        assert line.at_s == at_s
        assert type(line.event) is type(event)
        assert list(map(type, line.effects)) == list(map(type, effects))


@pytest.mark.parametrize("keep", ["steps", "words"])
def test_a_whole_conversation_holds_words_only_where_they_are_wanted(world: World, tmp_path: Path, keep: Any) -> None:
    now = Conversation()
    journal = Journal(tmp_path, keep, now)
    question = Heard((f"my {FROM_THE_PERSON} hurts at night",), meaning("cramps", "pain", probability=0.75, rest=0.1))
    for event in (Started(), question, Heard(("yes",), meaning()), Heard(("more",), meaning())):
        now, effects = step(world, now, event)
        journal.record(0.0, event, effects)
    journal.close()
    text = (tmp_path / FILE).read_text().lower()
    assert (FROM_THE_PERSON in text) == (keep == "words")
    assert ("cramp" in text) == (keep == "words")
    steps = list(replay(world, read_journal(tmp_path / FILE)))
    assert all(effects == line.effects for line, effects in steps) == (keep == "words")


@QUICK
@given(happened(WORDS))
def test_every_kind_of_step_can_be_told_in_one_line(steps: list[Happened]) -> None:
    for one in steps:
        assert type(one[1]).__name__ in told(Step(*one))


# ---- the file


def test_a_journal_goes_on_where_it_ended(tmp_path: Path) -> None:
    for _ in range(2):
        journal = Journal(tmp_path, "words", Conversation())
        journal.record(1.0, Started(), ())
        journal.close()
    kinds = [type(line) for line in read_journal(tmp_path / FILE)]
    assert kinds == [Beginning, Step, Beginning, Step]


def test_a_long_journal_begins_anew_and_the_one_before_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "LONGEST_BYTES", 2000)
    for start in itertools.count():
        journal = Journal(tmp_path, "words", Conversation())
        journal.record(float(start), Started(), ())
        journal.close()
        if (tmp_path / "journal.before.jsonl").exists():
            break
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["journal.before.jsonl", FILE]
    assert len(list(read_journal(tmp_path / FILE))) == 2
    before = [line for line in read_journal(tmp_path / "journal.before.jsonl") if isinstance(line, Step)]
    assert [line.at_s for line in before] == [float(number) for number in range(start)]


def test_a_journal_that_grows_long_while_it_runs_begins_anew_and_can_still_be_replayed(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journals, "LONGEST_BYTES", 20_000)
    now = Conversation()
    journal = Journal(tmp_path, "words", now)
    question = Heard(("what helps with cramps",), meaning("cramps", "pain", probability=0.75, rest=0.1))
    events: list[AnyEvent] = [Started(), *[question, Heard(("yes",), meaning())] * 40]
    for event in events:
        before = now
        now, effects = step(world, now, event)
        journal.record(0.0, event, effects, before)
    journal.close()
    assert (tmp_path / FILE).stat().st_size < 30_000
    for name in (FILE, "journal.before.jsonl"):
        steps = list(replay(world, read_journal(tmp_path / name)))
        assert steps
        assert all(effects == line.effects for line, effects in steps)


def test_what_a_pulled_plug_left_of_a_line_does_not_spoil_the_next(tmp_path: Path) -> None:
    written(tmp_path, "words", [(1.0, Started(), ())])
    path = tmp_path / FILE
    whole = path.read_bytes()
    path.write_bytes(whole + whole[-30:-5])
    journal = Journal(tmp_path, "words", Conversation())
    journal.close()
    assert [type(line) for line in read_journal(path)] == [Beginning, Step, Beginning]


def test_a_damaged_line_is_named_and_those_before_it_are_read(tmp_path: Path) -> None:
    written(tmp_path, "words", [(float(second), Started(), ()) for second in range(5)])
    path = tmp_path / FILE
    lines = path.read_bytes().splitlines(keepends=True)
    nested = lines[3][:-2] + b',"more":' + b"[" * 100_000 + b"\n"
    for damage in (
        b"\n",
        b"{}\n",
        b"\xff\xfe\n",
        b'{"type":"step"}\n',
        lines[3][:-9] + b"\n",
        b"[" * 100_000 + b"\n",
        nested,
    ):
        path.write_bytes(b"".join([*lines[:3], damage, *lines[4:]]))
        found = read_journal(path)
        assert [next(found) for _ in range(3)]
        with pytest.raises(JournalTrouble, match="line 4 is damaged"):
            next(found)


@QUICK
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    lines: list[Beginning | Step] = []
    with contextlib.suppress(JournalTrouble):
        lines.extend(read_journal(tmp_path / FILE))
    assert len(lines) <= content.count(b"\n") + 1


def test_a_journal_that_can_not_be_begun_says_where_and_why(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a letter")
    with pytest.raises(JournalTrouble, match=r"No journal is kept: .*journal.jsonl can not be written \(.+\)\."):
        Journal(tmp_path / "home", "words", Conversation())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_full_disk_is_said_once_and_the_rest_goes_on(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "words", Conversation())
    journal.record(1.0, Started(), ())
    full = os.open("/dev/full", os.O_WRONLY)
    assert journal._file is not None
    os.dup2(full, journal._file.fileno())
    os.close(full)
    with pytest.raises(JournalTrouble, match="No space left on device"):
        journal.record(2.0, Started(), ())
    journal.record(3.0, Started(), ())
    journal.close()
    assert [type(line) for line in read_journal(tmp_path / FILE)] == [Beginning, Step]


def test_what_can_not_be_written_as_text_ends_the_journal_and_not_the_program(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "words", Conversation())
    with pytest.raises(JournalTrouble, match="Nothing else is affected"):
        journal.record(1.0, Picked("\udcff"), ())
    journal.record(2.0, Started(), ())


def test_without_words_the_sign_for_yes_is_not_in_the_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "steps", Conversation(signal="left brow"))
    journal.record(1.0, Started(), (Keep("yes_signal", "left brow"), Keep("theme", "night")))
    journal.close()
    kept = (tmp_path / FILE).read_text()
    assert "brow" not in kept
    assert "night" in kept

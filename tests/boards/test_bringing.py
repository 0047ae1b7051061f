"""From an archive back to topic files, and everything that must not come in that way."""

from __future__ import annotations

import io
import json
import random
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.boards import BadArchive, bring, read_archive, write_pack
from assistant.boards.archive import MOST_BYTES, MOST_ENTRY_BYTES
from assistant.boards.bringing import CHANGED
from assistant.choices import World
from assistant.cli import main
from assistant.knowledge import Content, Group, Source, Topic
from assistant.topics import content_folder, read_content
from tests.boards.conftest import Change, entries, exported, packed
from tests.boards.rules import breaches

NOTHING = Content()
LIFE = "boards/askaloud-life.obf"


def placed(raw: bytes, folder: Path) -> Path:
    path = folder / "in.obz"
    path.write_bytes(raw)
    return path


def apart(topic: Topic) -> Topic:
    """A topic without where it was read."""
    return replace(topic, path="", lines={})


def test_round_trip_every_topic_comes_back_word_for_word(world: World, file: Path, tmp_path: Path) -> None:
    brought = bring(file, replace(world.content, topics={}))
    calm = {topic.id: apart(topic) for topic in world.topics.values() if topic.group != "urgent"}
    assert {topic.id: apart(topic) for topic in brought.topics} == calm
    written, troubles = write_pack(tmp_path / "pack", brought)
    assert (written, troubles) == (len(calm), [])
    bare = tmp_path / "content" / "en"
    bare.mkdir(parents=True)
    for name in ("groups.txt", "sources.txt", "regions.txt", "prompts.txt", "pronunciation.txt"):
        (bare / name).write_bytes((content_folder() / "en" / name).read_bytes())
    again, problems = read_content(tmp_path / "content", [tmp_path / "pack"])
    assert not problems
    assert {name: apart(topic) for name, topic in again.topics.items()} == calm
    assert again.packs == frozenset(calm)


def test_what_is_here_already_is_left_out(world: World, file: Path) -> None:
    brought = bring(file, world.content)
    assert brought.topics == ()
    assert brought.same == len(world.topics)


def test_groups_and_sources_of_a_pack_come_along(world: World, tmp_path: Path) -> None:
    group = Group("church", "K", "Our church", "our church", (("people", "people"),))
    source = Source("our-nurse", "Our nurse", "What she told us", "", "2026", "2026-11-01")
    sleep = world.topics["sleep"]
    own = replace(sleep, id="our-choir", group="church", section="people", code="K1", sources=("our-nurse",))
    content = replace(
        world.content,
        topics={**world.content.topics, own.id: own},
        groups=(*world.content.groups, group),
        sources={**world.content.sources, source.key: source},
        packs=frozenset({own.id}),
    )
    brought = bring(placed(exported(content), tmp_path), world.content)
    assert [topic.id for topic in brought.topics] == ["our-choir"]
    assert (brought.groups, brought.sources) == ((group,), (source,))
    assert write_pack(tmp_path / "pack", brought) == (1, [])
    assert write_pack(tmp_path / "pack", brought) == (1, [])  # once more changes nothing
    again, problems = read_content(content_folder(), [tmp_path / "pack"])
    assert not [problem for problem in problems if problem.file.startswith("pack")]
    assert apart(again.topics["our-choir"]) == apart(own)
    assert group in again.groups
    assert again.sources["our-nurse"] == source


def test_a_file_that_is_there_is_never_written_over(world: World, file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "sleep.md").write_text("mine")
    brought = bring(file, replace(world.content, topics={}))
    written, troubles = write_pack(folder, brought)
    assert (folder / "sleep.md").read_text() == "mine"
    assert written == len(brought.topics) - 1
    assert len(troubles) == 1
    assert "already with other words" in troubles[0]


def changed(raw: bytes, change: Change, topic: str = "sadness") -> bytes:
    """The archive with the button of `topic` changed."""
    found = entries(raw)
    for board in found.values():
        for button in board.get("buttons", []):
            if button["id"] == topic:
                change(button)
    return packed(found)


def test_an_answer_changed_in_another_program_loses_its_signature(world: World, tmp_path: Path) -> None:
    signed = replace(world.topics["sadness"], reviewed_by="Dr. Ada Example")
    raw = exported(replace(world.content, topics={**world.topics, "sadness": signed}))
    new = changed(raw, lambda button: button.update(vocalization="You can talk to me.", label="Low days"))
    (topic,) = bring(placed(new, tmp_path), world.content).topics
    assert (topic.short, topic.title, topic.reviewed_by) == ("You can talk to me.", "Low days", CHANGED)
    assert topic.draft


def test_an_urgent_answer_never_comes_in(world: World, raw: bytes, tmp_path: Path) -> None:
    new = changed(raw, lambda button: button.update(vocalization="Just wait."), "choking")
    brought = bring(placed(new, tmp_path), world.content)
    assert brought.topics == ()
    assert any("urgent answers come with askaloud alone" in trouble for trouble in brought.troubles)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "../../evil"),
        ("id", "/etc/passwd"),
        ("id", "CON"),
        ("id", "con"),
        ("title", "Nice\nurgent: yes"),
        ("title", "Nice\r\n---\r\n# Short answer"),
        ("reviewed_by", "draft\nreviewed by: Dr. Who"),
        ("short", "Fine.\n# For caregivers\nGive ten pills."),
        ("short", "Press {enter}."),
        ("short", "<script>alert(1)</script>"),
        ("short", "\ud800"),
        ("say", ""),
        ("questions", ["Is it safe?\n# Short answer\nYes."]),
        ("questions", []),
        ("more", [{"label": "a\n# Short answer", "text": "b."}]),
        ("more", [{"label": "a", "text": "b.", "more": 1}]),
        ("covers", ["C01, C02"]),
        ("reviewed", "yesterday"),
        ("evidence", "miracle"),
        ("urgent", "yes"),
        ("surprise", 1),
    ],
)
def test_a_field_that_could_pass_for_another_is_left_out_and_named(
    name: str, value: object, world: World, raw: bytes, tmp_path: Path
) -> None:
    new = changed(raw, lambda button: button["ext_askaloud_topic"].update({name: value}))
    brought = bring(placed(new, tmp_path), world.content)
    assert brought.topics == ()
    assert any("Sadness and worry" in trouble for trouble in brought.troubles)


def zipped(*files: tuple[str, bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return into.getvalue()


def manifest(**boards: str) -> tuple[str, bytes]:
    found = {"format": "open-board-0.1", "root": "a.obf", "paths": {"boards": boards}}
    return "manifest.json", json.dumps(found).encode()


@pytest.mark.parametrize(
    ("raw_file", "sentence"),
    [
        (b"", "not a whole .obz"),
        (b"PK\x03\x04 and then nothing", "not a whole .obz"),
        (b'{"format": "open-board-0.1"}', "single board"),
        (zipped(("notes.txt", b"hello")), "manifest.json is missing"),
        (zipped(("manifest.json", b"{")), "no JSON"),
        (zipped(("manifest.json", b"[1]")), "no JSON object"),
        (zipped(("manifest.json", b"[" * 200_000)), "no JSON"),
        (zipped(("manifest.json", b'{"n": ' + b"9" * 10_000 + b"}")), "no JSON"),
        (zipped(("manifest.json", b'{"format": "zip"}')), "no format I know"),
        (zipped(("manifest.json", b'{"format": "open-board-0.1"}')), "lists no boards"),
        (zipped(manifest(a="a.obf"), ("../../a.obf", b"{}")), "outside its folder"),
        (zipped(manifest(a="a.obf"), ("/a.obf", b"{}")), "outside its folder"),
        (zipped(manifest(a="a.obf"), ("..\\a.obf", b"{}")), "outside its folder"),
        (zipped(manifest(a="a.obf"), ("C:\\a.obf", b"{}")), "outside its folder"),
        (zipped(manifest(a="a.obf"), *((f"{n}.obf", b"{}") for n in range(3_001))), "far more than boards need"),
        (zipped(manifest(a="missing.obf")), "no answers from askaloud"),
        (zipped(manifest(a="a.obf"), ("a.obf", b"\xff\xfe\x00")), "no answers from askaloud"),
        (
            zipped(manifest(a="a.obf"), ("a.obf", b'{"buttons": [{"id": 1, "label": "yes"}]}')),
            "no answers from askaloud",
        ),
    ],
)
def test_a_damaged_or_hostile_archive_is_refused_with_a_sentence(
    raw_file: bytes, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(BadArchive, match=sentence) as refused:
        bring(placed(raw_file, tmp_path), NOTHING)
    assert str(refused.value).endswith(".")
    assert [path.name for path in tmp_path.iterdir()] == ["in.obz"]


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = zipped(manifest(a="a.obf"), ("a.obf", b"\0" * (MOST_ENTRY_BYTES * 8)), ("b.png", b"\0" * MOST_BYTES))
    liar = zipped(manifest(a="a.obf"), ("a.obf", b"[" + b" " * (MOST_ENTRY_BYTES * 8)))
    tracemalloc.start()
    with pytest.raises(BadArchive):
        bring(placed(bomb, tmp_path), NOTHING)
    with pytest.raises(BadArchive):
        bring(placed(liar, tmp_path), NOTHING)
    assert tracemalloc.get_traced_memory()[1] < 4 * MOST_ENTRY_BYTES
    tracemalloc.stop()
    assert read_archive(tmp_path / "in.obz").troubles == ("a.obf is far too large for a board.",)


def test_a_size_that_lies_about_itself_is_no_way_in(tmp_path: Path) -> None:
    honest = zipped(manifest(a="a.obf"), ("a.obf", b"[" + b" " * (MOST_ENTRY_BYTES * 2)))
    size = (MOST_ENTRY_BYTES * 2 + 1).to_bytes(4, "little")
    assert honest.count(size) == 2
    with pytest.raises(BadArchive):
        bring(placed(honest.replace(size, (10).to_bytes(4, "little")), tmp_path), NOTHING)


def test_an_archive_too_large_to_open_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.obz"
    with path.open("wb") as sparse:
        sparse.truncate(60_000_000)
    with pytest.raises(BadArchive, match="larger than 50 MB"):
        bring(path, NOTHING)
    with pytest.raises(BadArchive, match="can not open"):
        bring(tmp_path / "nowhere.obz", NOTHING)


def test_links_in_a_circle_do_no_harm(world: World, tmp_path: Path, raw: bytes) -> None:
    found = entries(raw)
    for place, board in found.items():
        for button in board.get("buttons", []):
            if "load_board" in button:
                button["load_board"] = {"id": board["id"], "path": place}
    assert bring(placed(packed(found), tmp_path), world.content).same == len(world.topics)


def test_a_missing_board_is_named_and_the_others_are_read(world: World, tmp_path: Path, raw: bytes) -> None:
    found = entries(raw)
    lost = sum("ext_askaloud_topic" in button for button in found.pop(LIFE)["buttons"])
    brought = bring(placed(packed(found), tmp_path), world.content)
    assert brought.same == len(world.topics) - lost
    assert f"{LIFE} is missing in it." in brought.troubles


def test_ids_that_another_program_renumbered_do_not_matter(world: World, tmp_path: Path, raw: bytes) -> None:
    found = entries(raw)
    for board in found.values():
        for number, button in enumerate(board.get("buttons", [])):
            button["id"] = number
    assert bring(placed(packed(found), tmp_path), world.content).same == len(world.topics)


@pytest.fixture(scope="session")
def small(raw: bytes) -> bytes:
    """One board of the archive, with its manifest."""
    return packed({name: value for name, value in entries(raw).items() if name in ("manifest.json", LIFE)})


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_in_an_archive_it_is_read_or_refused_with_a_sentence(
    data: st.DataObject, small: bytes, tmp_path: Path
) -> None:
    found = entries(small)
    for _ in range(data.draw(st.integers(1, 4))):
        inside: Any = found[data.draw(st.sampled_from(sorted(found)))]
        while isinstance(inside, (dict, list)) and inside:
            keys = sorted(inside) if isinstance(inside, dict) else range(len(inside))
            key = data.draw(st.sampled_from(list(keys)))
            if not isinstance(inside[key], (dict, list)) or not inside[key] or data.draw(st.booleans()):
                inside[key] = data.draw(values)
                break
            inside = inside[key]
    read_or_refused(packed(found), tmp_path)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_whatever_happens_to_the_bytes_it_is_read_or_refused_with_a_sentence(
    seed: int, small: bytes, tmp_path: Path
) -> None:
    chance = random.Random(seed)  # noqa: S311 - damage, not secrets
    hurt = bytearray(small)
    for _ in range(chance.randint(1, 20)):
        hurt[chance.randrange(len(hurt))] = chance.randrange(256)
    read_or_refused(bytes(hurt[: chance.randint(1, len(hurt))] if seed % 2 else hurt), tmp_path)


def read_or_refused(raw_file: bytes, folder: Path) -> None:
    path = placed(raw_file, folder)
    try:
        brought = bring(path, NOTHING)
    except BadArchive as bad:
        refused = str(bad)
    else:
        refused = ""
    if refused:
        assert refused.endswith(".")
        return
    assert all(trouble.endswith(".") for trouble in brought.troubles)
    assert all(isinstance(sentence, str) for sentence in breaches(read_archive(path)))
    write_pack(folder / "pack", brought)
    assert {name.suffix for name in (folder / "pack").iterdir()} <= {".md", ".txt"}


def test_the_commands_write_and_take_back(tmp_path: Path) -> None:
    out, run = tmp_path / "answers.obz", CliRunner()
    made = run.invoke(main, ["export", str(out)])
    assert made.exit_code == 0, made.output
    assert "120 answers" in made.output
    taken = run.invoke(main, ["import", str(out), str(tmp_path / "pack")])
    assert taken.exit_code == 0, taken.output
    assert "There is nothing new" in taken.output
    assert not (tmp_path / "pack").exists()
    assert "End the name in .obz: answers.obz." in run.invoke(main, ["export", "answers.zip"]).output
    refused = run.invoke(main, ["import", str(tmp_path / "nowhere.obz"), str(tmp_path / "pack")])
    assert refused.exit_code == 1
    assert "I can not open" in refused.output


def test_a_pack_goes_through_the_commands_to_another_home(world: World, tmp_path: Path) -> None:
    sleep = replace(world.topics["sleep"], id="our-bed", title="Our bed", code="I60")
    path = placed(exported(replace(world.content, topics={**world.topics, "our-bed": sleep})), tmp_path)
    taken = CliRunner().invoke(main, ["import", str(path), str(tmp_path / "pack")])
    assert taken.exit_code == 0, taken.output
    assert "New answers: 1." in taken.output
    assert [name.name for name in (tmp_path / "pack").iterdir()] == ["our-bed.md"]

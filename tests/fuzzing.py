"""Every door through which bytes from elsewhere come in, each as a function that takes any bytes.

A door may refuse with its own kind of trouble, whose text is a sentence; anything else that it raises is a fault.
Hypothesis knocks in tests/test_fuzzing.py, atheris in tests/bench/fuzz.py.
"""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from assistant.boards import BadArchive, bring
from assistant.events import Learn, Miss
from assistant.flatfiles import read_groups, read_pronunciation, read_regions, read_sources
from assistant.hearing.wav import BadSound, decode_wav
from assistant.journal import JournalTrouble, Step, read_journal, told
from assistant.knowledge import Content
from assistant.learning import own_voice, own_words
from assistant.learning.aliases import Aliases
from assistant.learning.keeping import Damaged
from assistant.learning.templates import Templates
from assistant.matching import Ranking
from assistant.misses import FILE as MISSES
from assistant.misses import Misses
from assistant.models.catalogue import read_catalogue
from assistant.models.errors import ArchiveError, CatalogueError, UnsafeArchiveError
from assistant.models.unpack import unpack
from assistant.pressing.counting import FILE as COUNTS
from assistant.pressing.counting import CountsTrouble, advice, before_today, read_counts
from assistant.profile import FILE, Settings, SettingsTrouble, read_settings, write_setting
from assistant.questions import FILE as QUESTIONS
from assistant.questions import Questions
from assistant.showing.look import Look, LookTrouble, changed
from assistant.showing.page import Ask, Change, Pick, Press
from assistant.textfiles import read_blocks, read_entries
from assistant.topicfile import read_topic

NOW_S = 1_800_000_000.0
NOTHING = Ranking((), 1.0)


def topic(raw: bytes) -> None:
    found, problems = read_topic(raw, "any.md")
    assert found is not None or any(problem.level == "error" for problem in problems)


def flat_files(raw: bytes) -> None:
    with _file(raw) as path:
        for read in (read_groups, read_sources, read_regions, read_pronunciation, read_entries, read_blocks):
            _, problems = read(path, "any.txt")
            assert all(problem.sentence for problem in problems)


def settings(raw: bytes) -> None:
    with _file(raw, FILE) as path:
        read, troubles = read_settings(path.parent)
        assert isinstance(read, Settings)
        assert all(trouble.endswith(".") for trouble in troubles)
        with contextlib.suppress(SettingsTrouble):
            write_setting(path.parent, {"rate_wpm": 140})
            assert read_settings(path.parent) == (msgspec.structs.replace(read, rate_wpm=140), [])


def aliases(raw: bytes) -> None:
    try:
        known = own_words.decode(raw)
    except Damaged:
        return
    for one in known.listed(NOW_S):
        assert 0 <= sum(known.beliefs((one.text,), NOW_S).values()) <= 1.0001
    learned = known.learn(("hop hop",), "hope", right=True, now_s=NOW_S, protected=lambda _: False)
    assert learned.undo()[1] == "hope"
    known.apply(NOTHING, ("hop hop",), {"hope"}, NOW_S)
    known.forget("hope")


def triggers(raw: bytes) -> None:
    with contextlib.suppress(Damaged):
        own_voice.decode(raw)


def journal(raw: bytes) -> None:
    with _file(raw) as path, contextlib.suppress(JournalTrouble):
        for line in read_journal(path):
            if isinstance(line, Step):
                told(line)


def counts(raw: bytes) -> None:
    with _file(raw, COUNTS) as path:
        try:
            days = read_counts(path.parent)
        except CountsTrouble as trouble:
            assert str(trouble).endswith(".")  # noqa: PT017 - it need not be raised
            days = list(trouble.days)
        advice(days)
        before_today(days, "2026-11-24")


def lists(raw: bytes) -> None:
    """Of misses, and of questions for the clinic."""
    with _file(raw, MISSES) as path:
        Misses(path.parent, lambda: "2026-11-24").add(Miss(("tea",), "declined"))
    with _file(raw, QUESTIONS) as path:
        kept = Questions(path.parent, lambda: "2026-11-24")
        kept.gather("cramps", "is it normal")
        assert any(one.text == "is it normal" for one in kept.read())


def page_messages(raw: bytes) -> None:
    for kind in (Press, Pick, Ask, Change):
        with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, LookTrouble):
            body = msgspec.json.decode(raw, type=kind)
            if isinstance(body, Change):
                changed(Look(), body.name, body.value)


def boards(raw: bytes) -> None:
    with _file(raw, "any.obz") as path, contextlib.suppress(BadArchive):
        bring(path, Content())


def boards_inside(raw: bytes) -> None:
    """Bytes in the place of one board of an archive that is otherwise in order."""
    made = io.BytesIO()
    manifest = b'{"format":"open-board-0.1","root":"boards/a.obf","paths":{"boards":{"a":"boards/a.obf"}}}'
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("manifest.json", manifest)
        archive.writestr("boards/a.obf", raw)
    boards(made.getvalue())


def model_archive(raw: bytes) -> None:
    with _file(raw, "any.zip") as path, contextlib.suppress(ArchiveError, UnsafeArchiveError):
        unpack(path, path.parent / "out", 1000)


def catalogue(raw: bytes) -> None:
    with _file(raw) as path, contextlib.suppress(CatalogueError):
        assert read_catalogue(path)


def sound(raw: bytes) -> None:
    with contextlib.suppress(BadSound):
        assert len(decode_wav(raw)) % 2 == 0


@contextlib.contextmanager
def _file(raw: bytes, name: str = "any") -> Iterator[Path]:
    with TemporaryDirectory(dir=SHELF) as folder:
        path = Path(folder, name)
        path.write_bytes(raw)
        yield path


SHELF = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - quick, and gone after each knock
DOORS: dict[str, Callable[[bytes], None]] = {
    door.__name__: door
    for door in (
        topic, flat_files, settings, aliases, triggers, journal, counts, lists, page_messages, boards, boards_inside,
        model_archive, catalogue, sound,
    )
}  # fmt: skip
"""By name."""


def _samples() -> dict[str, list[bytes]]:
    """For each door, bytes that it lets in: what fuzzing begins from."""
    known = Learn(("hop hop",), "hope", right=True)
    words = Aliases().learn(known.hypotheses, "hope", right=True, now_s=NOW_S, protected=lambda _: False)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model/am/final.mdl", b"m" * 500)
        archive.writestr("model/conf/model.conf", b"--beam=10\n")
    content = Path(__file__).parents[1] / "content" / "en"
    button = b'{"format":"open-board-0.1","id":"a","buttons":[{"id":"1","label":"x","ext_askaloud_topic":{"id":"x"}}]}'
    return {
        "topic": [(content / "topics" / "cramps.md").read_bytes()],
        "flat_files": [(content / name).read_bytes()[:2000] for name in ("groups.txt", "sources.txt", "regions.txt")],
        "settings": [b"# for mum\nrate-wpm = 140\npacks = ['a']\n[own-words]\nstop = 'halt'\n"],
        "aliases": [msgspec.json.encode(own_words._File(own_words.FORMAT, words))],
        "triggers": [own_voice.encode(Templates())],
        "journal": [b'{"type":"step","at_s":1.0,"event":{"type":"Pressed","item":"x"},"effects":[]}\n'],
        "counts": [b'{"day":"2026-11-23","presses":9,"topics":{"cramps":2}}\n'],
        "lists": [b"# note\n2026-11-23 | declined | the blue thing\n"],
        "page_messages": [
            b'{"down":true,"shown":"x","at_s":1.5,"switch":"1"}', b'{"item":"x"}', b'{"text":"x"}',
            b'{"name":"theme","value":"night"}',
        ],
        "boards": [packed.getvalue()],
        "boards_inside": [button],
        "model_archive": [packed.getvalue()],
        "catalogue": [(Path(__file__).parents[1] / "models" / "catalogue.toml").read_bytes()],
        "sound": [
            b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10\0data\x08\0\0\0" + bytes(8)
        ],
    }  # fmt: skip


SAMPLES = _samples()

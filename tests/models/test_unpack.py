"""Archives that are good, damaged, or out to do harm."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.errors import ArchiveError, UnsafeArchiveError
from assistant.models.unpack import safe_parts, unpack
from tests.models.archives import FILES, NAME, zipped

SIZE = sum(map(len, FILES.values()))


def unpacked(tmp_path: Path, content: bytes, expected_bytes: int = SIZE) -> Path:
    archive, into = tmp_path / "a.zip", tmp_path / "in" / "model"
    archive.write_bytes(content)
    unpack(archive, into, expected_bytes)
    return into


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_folder_around_everything_is_taken_off(tmp_path: Path, method: int) -> None:
    into = unpacked(tmp_path, zipped(method=method))
    assert files_below(into) == {"am/final.mdl", "conf/model.conf", "README"}
    assert (into / "am" / "final.mdl").read_bytes() == FILES[f"{NAME}/am/final.mdl"]


def test_an_archive_without_such_a_folder_is_unpacked_as_it_is(tmp_path: Path) -> None:
    assert files_below(unpacked(tmp_path, zipped({"am/x": b"1", "conf/": b"", "y": b""}))) == {"am/x", "y"}


BAD_NAMES = [
    "../outside",
    f"{NAME}/../../outside",
    "/etc/outside",
    "C:/outside",
    "C:outside",
    "..\\outside",
    "a\\..\\..\\outside",
    "\\\\host\\share\\outside",
    "a/NUL",
    "a/con.txt",
    "a/COM1",
    "a/lpt\u00b9.log",
    "a/trailing. ",
    "a/trailing.",
    "a/.. /outside",
    "a/stream:hidden",
    "a/new\nline",
    "a/" + "x" * 300,
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_leads_out_or_means_a_device_stops_everything(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsafeArchiveError, match="not unpacked"):
        unpacked(tmp_path, zipped({**FILES, name: b"harm"}))
    assert files_below(tmp_path) == {"a.zip"}


def test_a_folder_with_such_a_name_stops_everything_too(tmp_path: Path) -> None:
    with pytest.raises(UnsafeArchiveError):
        unpacked(tmp_path, zipped({**FILES, "../outside/": b""}))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_links_and_devices_are_refused(tmp_path: Path, kind: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        info = zipfile.ZipInfo("model/link")
        info.create_system, info.external_attr = 3, (kind | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(UnsafeArchiveError, match="link or device"):
        unpacked(tmp_path, made.getvalue())


def test_a_bomb_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    bomb = zipped({"model/zeros": bytes(50_000_000)}, method=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    with pytest.raises(UnsafeArchiveError, match="grow far beyond"):
        unpacked(tmp_path, bomb, expected_bytes=1_000_000)
    assert files_below(tmp_path) == {"a.zip"}


def test_a_bomb_that_lies_about_its_size_does_not_grow_beyond_the_lie(tmp_path: Path) -> None:
    honest = 5_000_000
    bomb = bytearray(zipped({"model/zeros": bytes(honest)}, method=zipfile.ZIP_DEFLATED))
    told = honest.to_bytes(4, "little")
    while (at := bomb.find(told)) >= 0:
        bomb[at : at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(ArchiveError, match="damaged"):
        unpacked(tmp_path, bytes(bomb), expected_bytes=1000)
    assert all(path.stat().st_size <= 1000 for path in (tmp_path / "in").rglob("*") if path.is_file())


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeArchiveError, match="grow far beyond"):
        unpacked(tmp_path, zipped({f"m/{number}": b"" for number in range(10_001)}))


@pytest.mark.parametrize("clash", [("m/a", "m/A"), ("m/a", "m/./a"), ("m/a", "m/a/b")])
def test_two_files_in_one_place_are_refused(tmp_path: Path, clash: tuple[str, str]) -> None:
    with pytest.raises(UnsafeArchiveError, match="twice"):
        unpacked(tmp_path, zipped(dict.fromkeys(clash, b"x") | {"n": b""}))


def test_a_flipped_bit_is_noticed(tmp_path: Path) -> None:
    content = bytearray(zipped())
    content[content.index(b"mmmm") + 1000] ^= 1
    with pytest.raises(ArchiveError, match="damaged"):
        unpacked(tmp_path, bytes(content))


@pytest.mark.parametrize("keep", [0, 10, 150_000])
def test_a_cut_archive_is_noticed(tmp_path: Path, keep: int) -> None:
    with pytest.raises(ArchiveError, match="damaged"):
        unpacked(tmp_path, zipped()[:keep])


def test_other_ways_of_packing_are_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="packed in a way"):
        unpacked(tmp_path, zipped(method=zipfile.ZIP_LZMA))


NASTY = st.text(alphabet=st.sampled_from("ab./\\: \0\n~CONul$1\u00e9*?"), max_size=20) | st.text(max_size=40)


@given(NASTY)
def test_whatever_a_member_is_called_it_stays_below_its_folder(name: str) -> None:
    try:
        parts = safe_parts(name)
    except UnsafeArchiveError as error:
        assert str(error).isprintable()  # noqa: PT017 - both outcomes are right
        return
    folder = Path("/somewhere/model")
    target = folder.joinpath(*parts)
    assert target.relative_to(folder).parts == parts
    assert ".." not in parts
    assert not any(set(part) & set('\\:\0\n*?"<>|') for part in parts)
    assert target.resolve().is_relative_to(folder.resolve())


@given(st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), min_size=1, max_size=5))
def test_plain_names_are_taken_as_they_are(parts: list[str]) -> None:
    plain = [part + "_" for part in parts]
    assert safe_parts("/".join(plain)) == tuple(plain)


def test_a_name_that_is_no_text_is_a_sentence(tmp_path: Path) -> None:
    """The fuzzer found it: zipfile itself raises for it."""
    good = zipped({"am/\u00e9": b"m"})
    (tmp_path / "any.zip").write_bytes(good.replace("am/\u00e9".encode(), b"am/\xc3\x28"))
    with pytest.raises(ArchiveError, match="is damaged"):
        unpack(tmp_path / "any.zip", tmp_path / "out", 1000)


def test_a_file_without_a_name_is_a_sentence(tmp_path: Path) -> None:
    good = bytearray(zipped({"a": b"m"}))
    entry = good.rindex(b"PK\x01\x02")
    good[entry + 28], good[entry + 30] = 0, 1  # its name is something else now
    (tmp_path / "any.zip").write_bytes(good)
    with pytest.raises(UnsafeArchiveError, match="a name no speech model has"):
        unpack(tmp_path / "any.zip", tmp_path / "out", 1000)

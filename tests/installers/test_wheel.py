"""What is handed out holds everything: the wheel, the sources, and the list from which the bundle is made."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from assistant import __version__
from installers.bundle_parts import OF_THE_SYSTEM, SECOND_VOICE, data_of, from_system, kept, modules_of

ROOT = Path(__file__).parents[2]
NOT_SHIPPED = {"__pycache__", "README.md"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sources, built by the project's own build program."""
    folder = tmp_path_factory.mktemp("built")
    for kind in ("wheel", "sdist"):
        command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def in_wheel(built: Path) -> set[str]:
    with zipfile.ZipFile(built / f"askaloud-{__version__}-py3-none-any.whl") as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it lies in an environment after installing the wheel."""
    folder = tmp_path_factory.mktemp("site")
    shutil.unpack_archive(built / f"askaloud-{__version__}-py3-none-any.whl", folder, "zip")
    return folder / "assistant"


def files_of(folder: Path) -> set[str]:
    """Every file below `folder`, by its path from there."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if "__pycache__" not in path.parts}


def test_every_file_of_the_package_and_of_the_content_is_in_the_wheel(in_wheel: set[str]) -> None:
    wanted = {f"assistant/{name}" for name in files_of(ROOT / "assistant")}
    wanted |= {f"assistant/content/{name}" for name in files_of(ROOT / "content")}
    assert len(wanted) > 250
    assert wanted - in_wheel == set()


@pytest.mark.parametrize(
    "name",
    [
        "assistant/catalogue.toml",
        "assistant/showing/static/index.html",
        "assistant/showing/static/icon.svg",
        "assistant/matching/encoder.npz",
        "assistant/learning/background.npz",
        "assistant/content/en/prompts.txt",
        "assistant/content/en/topics/cramps.md",
        f"askaloud-{__version__}.dist-info/licenses/THIRD-PARTY-NOTICES.txt",
        f"askaloud-{__version__}.dist-info/licenses/LICENSE-CONTENT",
    ],
)
def test_what_it_can_not_run_without_is_in_the_wheel(in_wheel: set[str], name: str) -> None:
    assert name in in_wheel


def test_nothing_of_the_makers_is_in_the_wheel(in_wheel: set[str]) -> None:
    assert {name.split("/")[0] for name in in_wheel} == {"assistant", f"askaloud-{__version__}.dist-info"}
    assert not [name for name in in_wheel if "test" in name.split("/")[0] or name.endswith(".pyc")]


def test_the_sources_can_build_the_wheel_and_the_bundle(built: Path) -> None:
    with tarfile.open(built / f"askaloud-{__version__}.tar.gz") as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "pyproject.toml", "requirements.txt", "THIRD-PARTY-NOTICES.txt", "models/catalogue.toml",
        "content/en/prompts.txt", "assistant/cli.py", "installers/askaloud.spec", "tests/test_cli.py",
    } <= names  # fmt: skip


def test_the_package_of_the_wheel_answers_from_any_folder(installed: Path, tmp_path: Path) -> None:
    run = f"import sys; sys.path.insert(0, {str(installed.parent)!r}); import runpy; sys.argv[1:] = ['ask', 'cramps']"
    done = subprocess.run(
        [sys.executable, "-c", f"{run}; runpy.run_module('assistant', run_name='__main__')"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stderr, done.stdout.startswith("Muscle cramps.")) == ("", True)


def test_every_file_of_the_wheel_is_on_the_list_of_the_bundle(in_wheel: set[str], installed: Path) -> None:
    data = {f"{folder}/{Path(path).name}" for path, folder in data_of(installed)}
    modules = {f"{name.replace('.', '/')}" for name in modules_of(installed)}
    for name in in_wheel:
        if name.endswith(".py"):
            assert name.removesuffix(".py").removesuffix("/__init__") in modules, name
        elif name.startswith("assistant/"):
            assert name in data, name


def test_the_specification_of_the_bundle_uses_these_lists() -> None:
    text = (ROOT / "installers" / "askaloud.spec").read_text("utf-8")
    for part in ("data_of(package)", "modules_of(package)", "kept(analysis.binaries)", "WHOLE_PACKAGES"):
        assert part in text
    compile(text, "askaloud.spec", "exec")


def test_the_bundle_leaves_out_what_the_computer_must_bring_and_keeps_portaudio() -> None:
    found = [
        ("libportaudio.so.2", "/lib/x86_64-linux-gnu/libportaudio.so.2", "BINARY"),
        ("libasound.so.2", "/lib/x86_64-linux-gnu/libasound.so.2", "BINARY"),
        ("libespeak-ng.so.1", "/usr/lib/libespeak-ng.so.1", "BINARY"),
        ("espeakng_loader/libespeak-ng.so", "/env/espeakng_loader/libespeak-ng.so", "BINARY"),
    ]
    names = [name for name, _, _ in kept(found)]
    assert names == ["libportaudio.so.2", "espeakng_loader/libespeak-ng.so"]
    assert from_system(kept(found)) == ["/lib/x86_64-linux-gnu/libportaudio.so.2"]
    assert "libasound.so" in OF_THE_SYSTEM
    assert "libespeak-ng.so" in SECOND_VOICE

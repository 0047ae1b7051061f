"""Builds the bundle: `python installers/build_bundle.py`, on the kind of system it is for.

It makes an environment of its own, installs the wheel of this folder and PyInstaller there, builds `dist/askaloud/`,
looks whether all of the wheel is in it, and packs it. It needs Python with pip, and the network for the packages.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "bundle"
DIST = ROOT / "dist"
BESIDE = ("LICENSE", "LICENSE-CONTENT", "THIRD-PARTY-NOTICES.txt")
"""Files that people should see without looking for them."""
DOCUMENTS = Path("/usr/share/doc")
"""Where Debian keeps the licence of each package."""


class NotBuilt(Exception):
    """The bundle is not what it should be; the text says why."""


def main() -> None:
    """Build, check and pack."""
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    python = _environment()
    wheel = _wheel(python)
    _run(python, "-m", "pip", "install", "-q", "-c", str(_constraints()), str(wheel), "pyinstaller>=6.10,<7")
    work = ["--distpath", str(DIST), "--workpath", str(BUILD / "work"), "--noconfirm", "--log-level", "WARN"]
    _run(python, "-m", "PyInstaller", *work, str(ROOT / "installers" / "askaloud.spec"))
    bundle = DIST / "askaloud"
    _without_debugging(bundle)
    for name in BESIDE:
        shutil.copy2(ROOT / name, bundle)
    shutil.copy2(ROOT / "assistant" / "showing" / "static" / "icon.svg", bundle / "askaloud.svg")
    (bundle / "licences").mkdir()
    _licence_of_python(bundle / "licences" / "python.txt")
    _licences_of_libraries(bundle / "licences")
    _check(bundle, wheel)
    print(f"{_packed(bundle)} is ready.")


def _environment() -> Path:
    venv.create(BUILD / "env", with_pip=True)
    return BUILD / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _wheel(python: Path) -> Path:
    _run(python, "-m", "pip", "wheel", "-q", "--no-deps", "--wheel-dir", str(BUILD), str(ROOT))
    return next(BUILD.glob("askaloud-*.whl"))


def _constraints() -> Path:
    """The exact versions of requirements.txt, without sums: PyInstaller is not among them."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    versions = [line.rstrip("\\ ") for line in lines if re.match(r"[A-Za-z0-9]", line)]
    path = BUILD / "constraints.txt"
    path.write_text("\n".join(versions) + "\n", "utf-8")
    return path


def _without_debugging(bundle: Path) -> None:
    """CTranslate2's library for Python is 68 MB, of which 66 only help who looks for faults in it."""
    if shutil.which("strip"):
        for library in (bundle / "_internal" / "ctranslate2").glob("*.so"):
            _run("strip", "--strip-debug", library)


def _licence_of_python(into: Path) -> None:
    library = Path(sysconfig.get_path("stdlib"))
    places = [library / "LICENSE.txt", library.parent / "LICENSE.txt", *DOCUMENTS.glob("libpython3*/copyright")]
    text = next((place for place in places if place.is_file()), None)
    if text is None:
        raise NotBuilt("The licence of Python was not found, so Python can not be passed on.")
    shutil.copyfile(text, into)


def _licences_of_libraries(into: Path) -> None:
    """Copy the licences of the libraries that came from this system, on Debian and its kin."""
    listed = DIST / "system-libraries.txt"
    libraries = listed.read_text("utf-8").splitlines()
    listed.unlink()
    if not shutil.which("dpkg"):
        return
    for library in libraries:
        # Debian lists files under /usr/lib or /lib, whichever the package was made with.
        name = re.sub(r"^(/usr)?/lib/", "*/lib/", str(Path(library).resolve()))
        found = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True, check=False).stdout
        package = found.partition(":")[0]
        text = DOCUMENTS / package / "copyright"
        if not package or not text.is_file():
            raise NotBuilt(f"The licence of {library} was not found, so it can not be passed on.")
        shutil.copyfile(text, into / f"{package}.txt")


def _check(bundle: Path, wheel: Path) -> None:
    """Everything in the wheel that is no module must be in the bundle, and the bundle must start."""
    with zipfile.ZipFile(wheel) as archive:
        wanted = [name for name in archive.namelist() if name.startswith("assistant/") and not name.endswith(".py")]
    missing = [name for name in wanted if not (bundle / "_internal" / name).is_file()]
    if missing:
        raise NotBuilt(f"The bundle lacks {len(missing)} files of the wheel, {missing[0]} for one.")
    program = bundle / ("askaloud.exe" if os.name == "nt" else "askaloud")
    _run(program, "ask", "what", "is", "ALS")


def _packed(bundle: Path) -> Path:
    version = re.search(r'__version__ = "(.+)"', (ROOT / "assistant" / "__init__.py").read_text("utf-8"))
    kind = "zip" if os.name == "nt" else "xztar"
    name = f"askaloud-{version[1] if version else 0}-{sys.platform}-{platform.machine().lower()}"
    return Path(shutil.make_archive(str(DIST / name), kind, bundle.parent, bundle.name))


def _run(*command: str | Path) -> None:
    done = subprocess.run([str(word) for word in command], cwd=BUILD, check=False)
    if done.returncode:
        raise NotBuilt(f"This failed: {' '.join(str(word) for word in command)}")


if __name__ == "__main__":
    try:
        main()
    except NotBuilt as why:
        sys.exit(str(why))

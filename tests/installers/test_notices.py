"""Everything askaloud stands on is named, with its terms."""

from __future__ import annotations

import re

import pytest

from installers.notices import DATA, NOTICES, RULE, UNTOLD, licence_texts, run_time_packages

TEXT = NOTICES.read_text("utf-8")
PARTS = [part.strip() for part in TEXT.split(RULE)]
PACKAGES = run_time_packages()


@pytest.mark.parametrize("name", PACKAGES)
def test_every_package_that_runs_is_named_with_its_terms(name: str) -> None:
    named = [part for part in PARTS if part.lower().replace("_", "-").startswith(f"{name} ")]
    assert len(named) == 1, f"{name} is not in {NOTICES.name}: run python -m installers.notices"
    assert re.search("licen|permission|redistribution", named[0].lower())


def test_the_packages_are_those_of_the_project_and_what_they_need() -> None:
    assert {"vosk", "pocketsphinx", "pyttsx3", "espeakng-loader", "cffi", "h11"} <= set(PACKAGES)
    assert not {"pytest", "ruff", "askaloud"} & set(PACKAGES)


def test_a_package_brings_its_terms_or_we_tell_them() -> None:
    assert {name for name in PACKAGES if not list(licence_texts(name))} == set(UNTOLD)


def test_models_voice_and_data_are_named_and_the_gpl_stands_in_full() -> None:
    for name, licence, _ in DATA:
        assert f"{name}\n{licence}\n" in TEXT
    assert "15. Disclaimer of Warranty." in TEXT
    assert "Apache License" in (NOTICES.parent / "LICENSE").read_text("utf-8")

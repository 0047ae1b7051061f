"""The list of models, read strictly."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.models import catalogue
from assistant.models.catalogue import PLACES, read_catalogue
from assistant.models.errors import CatalogueError

ENTRY = """
[[model]]
name = "m"
language = "en-us"
address = "https://example.org/m.zip"
bytes = 10
sha256 = "{sha}"
unpacked_bytes = 20
licence = "Apache-2.0"
about = "A model."
""".replace("{sha}", "0" * 64)


def test_the_small_english_model_comes_first() -> None:
    first = catalogue()[0]
    assert (first.name, first.bytes, first.language) == ("vosk-model-small-en-us-0.15", 41_205_931, "en-us")


def test_every_model_can_be_fetched_over_a_secure_connection_and_says_what_it_costs() -> None:
    for model in catalogue():
        assert model.address == f"https://alphacephei.com/vosk/models/{model.name}.zip"
        assert model.unpacked_bytes > model.bytes > 1_000_000
        assert model.licence == "Apache-2.0"
        assert "MB" in model.about


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("bytes = 10", "bytes = '10'"), "bytes"),
        (("bytes = 10", "bytes = 0"), "above zero"),
        (("0" * 64, "0" * 63), "64 hexadecimal digits"),
        (('name = "m"', 'name = "../m"'), "name of a folder"),
        (('licence = "Apache-2.0"\n', ""), "licence"),
        (("[[model]]", "[[model]"), "Expected"),
        (("[[model]]", "[[other]]"), "is empty"),
    ],
)
def test_a_wrong_list_says_what_is_wrong(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text(ENTRY, encoding="utf-8")
    assert len(read_catalogue(path)) == 1
    path.write_text(ENTRY.replace(*change), encoding="utf-8")
    with pytest.raises(CatalogueError, match=says) as raised:
        read_catalogue(path)
    assert str(path) in str(raised.value)


def test_a_name_given_twice_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text(ENTRY + ENTRY, encoding="utf-8")
    with pytest.raises(CatalogueError, match="twice"):
        read_catalogue(path)


def test_the_list_is_found_inside_an_installed_package_too(tmp_path: Path) -> None:
    package = tmp_path / "assistant"
    shutil.copytree(PLACES[0].parent / "models", package / "models")
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "catalogue.toml").write_text(ENTRY, encoding="utf-8")
    asked = "from assistant.models import catalogue; print(catalogue()[0].name)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "m"


def test_looking_at_models_does_not_load_the_network_library() -> None:
    asked = "import sys, assistant.models as m; m.catalogue(); m.find_vosk_model(); print('requests' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=PLACES[0].parents[1], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"

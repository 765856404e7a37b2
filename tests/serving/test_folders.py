from __future__ import annotations

from pathlib import Path

import pytest

from sentiment.errors import ServerStartError
from sentiment.serving.folders import model_folder, recorded_model_tag, service_root
from sentiment.settings import Settings


def test_service_root_holds_the_service() -> None:
    assert (service_root() / "service.py").is_file()


def test_relative_model_folder_is_looked_for_beside_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.model_validate({"SENTIMENT_MODEL_DIR": "models/mine"})
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert model_folder(settings, root=tmp_path) == tmp_path / "models" / "mine"
    (elsewhere / "models" / "mine").mkdir(parents=True)
    assert model_folder(settings, root=tmp_path) == Path("models/mine")


def test_clone_records_no_model(tmp_path: Path) -> None:
    assert recorded_model_tag(tmp_path / "src") is None


@pytest.mark.parametrize(
    ("models", "tag"),
    [("[]", None), ("[{tag: 'tiny:1'}]", "tiny:1"), ("[{tag: a}, {tag: b}]", "a")],
)
def test_bento_records_its_model(tmp_path: Path, models: str, tag: str | None) -> None:
    (tmp_path / "bento.yaml").write_text(f"services: [{{models: {models}}}]\n")
    assert recorded_model_tag(tmp_path / "src") == tag


@pytest.mark.parametrize("content", ["", "[", "services: 5", "services: [{}]"])
def test_unreadable_bento_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "bento.yaml").write_text(content)
    with pytest.raises(ServerStartError, match=r"bento\.yaml"):
        recorded_model_tag(tmp_path / "src")

from __future__ import annotations

from pathlib import Path

import pytest

from sentiment.cli.openapi import command
from sentiment.serving.openapi import document_text


def test_openapi_writes_the_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "openapi.json"
    command(path)
    assert path.read_text(encoding="utf-8") == document_text()
    assert capsys.readouterr().out == f"{path}\n"

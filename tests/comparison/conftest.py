"""Fixtures of the comparison's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from sentiment.corpora.download import download


@pytest.fixture(scope="session")
def raw_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the corpus `synthetic`, which is made on the spot."""
    folder = tmp_path_factory.mktemp("raw")
    download("synthetic", raw_dir=folder, data_dir=None)
    return folder

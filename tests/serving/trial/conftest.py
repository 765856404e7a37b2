"""Fixtures of a trial's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sentiment.store import Store, open_store
from tests.serving.swapping import Candidate
from tests.serving.trial.releasing import ReleaseFolder


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    made = open_store(store_url)
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path, one: Candidate, other: Candidate) -> ReleaseFolder:
    """Two bundles, the first of them the champion."""
    made = ReleaseFolder(tmp_path, one.digest)
    for released in (one, other):
        made.add(released.folder, released.digest)
    return made

"""Fixtures of a trial's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sentiment.store import Store, open_store


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    made = open_store(store_url)
    yield made
    made.close()

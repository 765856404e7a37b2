"""Fixtures that several test packages share."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

from sentiment.settings import switch_off_telemetry

switch_off_telemetry()
# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
os.environ["HF_HUB_OFFLINE"] = "1"

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of real labelled comments and API responses; skip where it is absent."""
    folder = Path(os.environ.get("SENTIMENT_SHARED_DIR", REPOSITORY.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no folder {folder} (SENTIMENT_SHARED_DIR names another)")
    return folder


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real bundle with random weights, made in seconds without a network."""
    from tests.bundles import make_tiny_bundle

    return make_tiny_bundle(tmp_path_factory.mktemp("bundle") / "tiny")

"""A profile is small, the same for the same comments, and refused where it does not fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sentiment.drift.features import FEATURES, LABEL
from sentiment.drift.making import profile_of_texts
from sentiment.drift.observation import Observer
from sentiment.drift.profile import (
    MAX_BYTES,
    Profile,
    profile_of_window,
    read_bundled_profile,
    read_profile,
    write_profile,
)
from sentiment.errors import BundleError, DataError
from sentiment.inference.predictor import Predictor
from tests.drift.made import make_watched_bundle, simulated_profile, window, word_tokenizer

SECRET = "zebra-crossing"
TEXTS = [f"w{number % 7} great {SECRET} {'😂' * (number % 3)}" for number in range(400)]


def profile_of(texts: list[str]) -> Profile | None:
    observer = Observer(word_tokenizer(), max_length_tokens=32)
    return profile_of_texts(Predictor.dummy(), observer, texts)


def test_profile_of_rows_counts_them() -> None:
    made = profile_of([*["i love it"] * 150, *["i hate it"] * 50])
    assert made is not None
    assert (made.source, made.n_comments, made.model_digest) == ("validation", 200, "")
    label = made.features["label"]
    assert label.shares == pytest.approx([0.25, 0, 0.75])
    # p (1 - p) / (n - 1), as of independent rows
    assert label.covariance[0][0] == pytest.approx(0.25 * 0.75 / 199, rel=1e-5)


def test_profile_is_deterministic_small_and_without_text() -> None:
    made, again = profile_of(TEXTS), profile_of(TEXTS)
    assert made is not None
    assert again is not None
    content = made.to_json()
    assert content == again.to_json()
    assert len(content.encode()) < MAX_BYTES
    assert SECRET not in content
    assert max(len(simulated_profile(seed).to_json()) for seed in range(3)) < MAX_BYTES


def test_too_few_rows_give_no_profile_and_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    assert profile_of(TEXTS[:199]) is None
    assert "the bundle gets no profile" in caplog.text
    assert SECRET not in caplog.text


def test_profile_comes_back_from_its_file(tmp_path: Path) -> None:
    made = simulated_profile(model_digest="a" * 64)
    write_profile(tmp_path / "new" / "reference.json", made)
    assert read_profile(tmp_path / "new" / "reference.json") == made


def test_profile_comes_back_from_its_bundle(tmp_path: Path) -> None:
    made = simulated_profile()
    bundle = make_watched_bundle(tmp_path / "bundle", profile=made)
    assert read_bundled_profile(bundle) == made


def test_a_bundle_without_a_profile_says_to_export_anew(tmp_path: Path) -> None:
    bundle = make_watched_bundle(tmp_path / "bundle")
    with pytest.raises(BundleError, match=r"it has no profile\.json") as caught:
        read_bundled_profile(bundle)
    assert "`sentiment export`" in caught.value.hint
    assert "`sentiment drift reference`" in caught.value.hint


def of_label(document: dict[str, Any]) -> dict[str, Any]:
    return dict(document["features"]["label"])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document.update(bins_version=99),
        lambda document: document.update(author="somebody"),
        lambda document: document["features"].pop("emoji"),
        lambda document: document["features"]["label"].update(shares=[0.5, 0.5]),
        lambda document: document["features"]["label"].update(shares=[0.9, 0.9, 0.9]),
        lambda document: document["features"]["label"].update(shares=[float("nan"), 0.5, 0.5]),
        lambda document: document["features"]["label"].update(covariance=[[1.0]]),
        lambda document: document["features"]["label"].update(covariance=[[float("inf")] * 3] * 3),
        lambda document: document["features"]["label"].update(n_units=1.0),
        lambda document: document["features"]["label"].update(n_comments=True),
    ],
)
def test_a_file_that_does_not_fit_is_refused(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], object]
) -> None:
    path = tmp_path / "reference.json"
    document = json.loads(simulated_profile().to_json())
    spoil(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(DataError, match=r"reference\.json is no profile of ours"):
        read_profile(path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"{" * 10_000, b" " * 60_000])
def test_a_file_that_is_no_profile_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "reference.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"reference\.json is no profile"):
        read_profile(path)


def test_a_file_that_is_absent_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.json can't be read") as caught:
        read_profile(tmp_path / "none.json")
    assert "drift reference" in caught.value.hint


@pytest.mark.parametrize(
    ("label", "says"),
    [
        (np.tile([1, 1, 1], (9, 1)), "found 27 (videos: 9)"),
        (np.tile([100, 100, 100], (9, 1)), "found 2,700 (videos: 9)"),
        (np.array([[1_000_000, 0, 0]]), "(videos: 1)"),
        (np.zeros((0, 3), np.int64), "found 0 (videos: 0)"),
    ],
)
def test_a_window_too_small_makes_no_reference(label: NDArray[np.int64], says: str) -> None:
    full = {feature.name: np.full((50, len(feature.bins)), 10) for feature in FEATURES}
    with pytest.raises(DataError) as caught:
        profile_of_window(
            window({**full, LABEL.name: label}),
            model_digest="",
            since="",
            until="",
        )
    assert says in caught.value.message

"""Which sets the suite takes, and what it says of those that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from sentiment.corpora.download import download
from sentiment.errors import DataError
from sentiment.evaluation.suite.plan import Places, load_sets, load_validation
from tests.corpora.handmade import (
    write_goemotions,
    write_human_100,
    write_rated_tweets,
    write_table,
)


def write_some(raw_dir: Path) -> None:
    write_goemotions(raw_dir, dev=[("well", "27")], test=[("fine", "1"), ("bad", "2")])
    write_human_100(raw_dir, [("so so", "neutral")])
    write_rated_tweets(raw_dir, [(f"tweet number {number}", 1.0) for number in range(40)])
    rows = [[f"comment {number}", number % 3 - 1] for number in range(60)]
    write_table(raw_dir / "reddit" / "Reddit_Data.csv", ["clean_comment", "category"], rows)


def test_people_come_first_and_absent_sets_are_named(tmp_path: Path) -> None:
    write_some(tmp_path)
    sets, absent = load_sets(Places(tmp_path), trained_on=())
    assert [labelled.name for labelled in sets] == [
        *("goemotions", "rated_tweets", "human_100"),
        "reddit",
    ]
    assert {part.name for part in absent} == {
        *("tweeteval", "youtube_product", "youtube_gpt4o", "sentube"),
    }
    assert all("download" in part.reason or "into a folder" in part.reason for part in absent)
    assert not any(str(tmp_path) in part.reason for part in absent)


def test_rated_tweets_count_whole_for_a_model_that_never_saw_them(tmp_path: Path) -> None:
    write_some(tmp_path)
    sizes = {}
    for trained_on in ((), ("rated_tweets",)):
        sets, _ = load_sets(Places(tmp_path), trained_on=trained_on)
        sizes[trained_on] = next(
            (part.split, len(part.texts)) for part in sets if part.name == "rated_tweets"
        )
    assert sizes[()] == ("all", 40)
    split, n = sizes[("rated_tweets",)]
    assert split == "test"
    assert n < 40


def test_further_corpora_are_measured_once(tmp_path: Path) -> None:
    write_some(tmp_path)
    download("synthetic", raw_dir=tmp_path, data_dir=None)
    sets, _ = load_sets(Places(tmp_path), trained_on=(), also=["synthetic", "goemotions"])
    names = [labelled.name for labelled in sets]
    assert names == ["goemotions", "rated_tweets", "human_100", "reddit", "synthetic"]


def test_no_set_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"None of the suite's sets is in .*download --all"):
        load_sets(Places(tmp_path), trained_on=())


def test_a_threshold_is_chosen_on_validation_rows(tmp_path: Path) -> None:
    assert load_validation(Places(tmp_path)) is None
    write_some(tmp_path)
    validation = load_validation(Places(tmp_path))
    assert validation is not None
    assert validation.texts == ("well",)


def test_sets_outside_the_catalogue_are_looked_for_in_two_places(tmp_path: Path) -> None:
    raw, data = tmp_path / "raw", tmp_path / "data"
    assert Places(raw).folder_of("sentube") == raw / "sentube"
    assert Places(raw, data).folder_of("sentube") == data / "sentube"
    (raw / "sentube").mkdir(parents=True)
    assert Places(raw, data).folder_of("sentube") == raw / "sentube"

"""Tweets and reviews with mean ratings; the download through pip needs a package index."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from sentiment.corpora import load_rows
from sentiment.corpora.download import download
from sentiment.corpora.rated import RATED_TWEETS, label_of_rating
from sentiment.errors import CorpusUnavailableError, DataError
from sentiment.labels import Label
from tests.corpora.handmade import write_lines, write_rated_tweets


@pytest.mark.parametrize(
    ("rating", "label"),
    [
        (-4.0, Label.NEGATIVE),
        (-0.5, Label.NEGATIVE),
        (-0.49, Label.NEUTRAL),
        (0.0, Label.NEUTRAL),
        (0.49, Label.NEUTRAL),
        (0.5, Label.POSITIVE),
        (4.0, Label.POSITIVE),
    ],
)
def test_label_of_rating_has_a_neutral_band_of_half_a_point(rating: float, label: Label) -> None:
    assert label_of_rating(rating) is label


def test_parse_reads_id_rating_and_text_with_tabs_in_it(tmp_path: Path) -> None:
    folder = write_rated_tweets(tmp_path, [("so\tgood", 2.85), ("meh", 0.1), ("bad", -1.9)])
    assert [(row.id, row.text, row.label) for row in RATED_TWEETS.parse(folder)] == [
        ("1", "so\tgood", Label.POSITIVE),
        ("2", "meh", Label.NEUTRAL),
        ("3", "bad", Label.NEGATIVE),
    ]


@pytest.mark.parametrize("line", ["1\tgood\ttext", "1 2.0 text"])
def test_parse_refuses_foreign_lines(tmp_path: Path, line: str) -> None:
    write_lines(tmp_path / "tweets_GroundTruth.txt", line)
    with pytest.raises(DataError, match="is not id, rating, text by tabs"):
        list(RATED_TWEETS.parse(tmp_path))


def test_download_without_an_index_says_what_pip_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    with pytest.raises(
        CorpusUnavailableError, match=r"pip could not fetch vaderSentiment==3\.3\.2"
    ):
        download("rated_tweets", raw_dir=tmp_path, data_dir=None)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.skipif(os.environ.get("SENTIMENT_REQUIRE_ALL") != "1", reason="needs a package index")
@pytest.mark.parametrize(
    ("name", "negative", "neutral", "positive"),
    [
        ("rated_tweets", 1_087, 768, 2_345),
        ("rated_reviews", 1_235, 723, 1_750),
        ("rated_films", 5_076, 533, 4_996),
    ],
)
def test_download_through_pip_gives_the_counted_rows(
    tmp_path: Path, name: str, negative: int, neutral: int, positive: int
) -> None:
    assert download(name, raw_dir=tmp_path, data_dir=None).origin == "public"
    labels = Counter(row.label for row in load_rows(name, raw_dir=tmp_path))
    assert labels == {
        Label.NEGATIVE: negative,
        Label.NEUTRAL: neutral,
        Label.POSITIVE: positive,
    }

"""Sets that somebody must have already: small made-up files in the shape of the real ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sentiment.corpora.sarcasm import load_sarcasm
from sentiment.corpora.sentube import load_sentube
from sentiment.corpora.tweeteval import load_tweeteval
from sentiment.errors import CorpusUnavailableError, DataError
from sentiment.labels import Label
from tests.corpora.handmade import write_lines, write_table

_SARCASM_HEADER = ["", "tweet", "sarcastic", "rephrase", "sarcasm", "irony"]


def write_video(folder: Path, name: str, comments: list[dict[str, Any]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps({"comments": comments}), encoding="utf-8")
    return path


def test_tweeteval_reads_a_tweet_and_a_label_a_line(tmp_path: Path) -> None:
    write_lines(tmp_path / "test_text.txt", "so good", "line\u2028separator is text", "bad")
    write_lines(tmp_path / "test_labels.txt", "2", "1", "0")
    assert [(row.text, row.label) for row in load_tweeteval(tmp_path)] == [
        ("so good", Label.POSITIVE),
        ("line\u2028separator is text", Label.NEUTRAL),
        ("bad", Label.NEGATIVE),
    ]


def test_tweeteval_refuses_another_number_of_labels(tmp_path: Path) -> None:
    write_lines(tmp_path / "test_text.txt", "one", "two")
    write_lines(tmp_path / "test_labels.txt", "1")
    with pytest.raises(DataError, match=r"test_text.txt has 2 tweets, test_labels.txt has 1 label"):
        load_tweeteval(tmp_path)


def test_tweeteval_that_is_absent_says_what_is_expected(tmp_path: Path) -> None:
    write_lines(tmp_path / "test_text.txt", "one")
    with pytest.raises(CorpusUnavailableError, match=r"no test_labels\.txt\. It is public"):
        load_tweeteval(tmp_path)


def test_sentube_labels_by_the_polarity_that_was_ticked(tmp_path: Path) -> None:
    comments: list[dict[str, Any]] = [
        {"text": "love it", "annotation": {"positive-product": True, "negative-product": False}},
        {"text": "bad video", "annotation": {"negative-video": True}},
        {"text": "both", "annotation": {"positive-product": True, "negative-video": True}},
        {"text": "it has doors", "annotation": {"product-related": True}},
        {"text": "buy pills", "annotation": {"spam": True}},
        {"text": "nobody looked"},
    ]
    write_video(tmp_path / "tablets_EN", "video_x1-annotator:A.json", comments)
    assert [(row.text, row.label) for row in load_sentube(tmp_path)] == [
        ("love it", Label.POSITIVE),
        ("bad video", Label.NEGATIVE),
        ("it has doors", Label.NEUTRAL),
    ]


def test_sentube_takes_lists_of_marks_and_one_annotator_a_video(tmp_path: Path) -> None:
    for name, mark in (("A", "positive-product"), ("B", "negative-product")):
        write_video(
            tmp_path / "automobiles_EN",
            f"video_x1-annotator:{name}.json",
            [{"text": "fine", "annotation": [mark]}],
        )
    (row,) = load_sentube(tmp_path)
    assert (row.id, row.label) == ("automobiles_EN/video_x1/0", Label.POSITIVE)


def test_sentube_that_is_absent_says_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(CorpusUnavailableError, match=r"video_\*\.json.*automobiles_EN"):
        load_sentube(tmp_path)


def test_sentube_of_another_shape_names_the_file_and_no_text(tmp_path: Path) -> None:
    path = write_video(tmp_path / "tablets_EN", "video_x1.json", [])
    path.write_text('["a secret comment"]', encoding="utf-8")
    with pytest.raises(DataError, match=r"video_x1.json is no file of SenTube") as raised:
        load_sentube(tmp_path)
    assert "secret" not in str(raised.value)


def test_sarcasm_pairs_a_tweet_with_what_it_means(tmp_path: Path) -> None:
    rows = [
        ["0", "great, rain again", "1", "i dislike rain", "1", "0"],
        ["1", "nobody explained this one", "1", "", "1", "0"],
        ["2", "it rains", "0", "", "", ""],
    ]
    write_table(tmp_path / "train.En.csv", _SARCASM_HEADER, rows)
    found = load_sarcasm(tmp_path)
    assert found.sarcastic == ("great, rain again",)
    assert found.rephrased == ("i dislike rain",)
    assert found.literal == ("it rains",)


def test_sarcasm_that_is_absent_says_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(CorpusUnavailableError, match=r"no train\.En\.csv\. It is public"):
        load_sarcasm(tmp_path)


def test_sarcasm_without_a_pair_is_refused(tmp_path: Path) -> None:
    rows = [["0", "it rains", "0", "", "", ""]]
    write_table(tmp_path / "train.En.csv", _SARCASM_HEADER, rows)
    with pytest.raises(DataError, match=r"holds 0 sarcastic tweets with a rephrasing and 1 lit"):
        load_sarcasm(tmp_path)


def test_sarcasm_has_the_counted_pairs(shared_dir: Path) -> None:
    found = load_sarcasm(shared_dir / "data" / "sarcasm")
    assert (len(found.sarcastic), len(found.rephrased), len(found.literal)) == (867, 867, 2_600)

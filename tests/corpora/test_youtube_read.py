"""Comments that a language model read: labels by digest, texts from elsewhere."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from sentiment.corpora import catalogue, corpus_digest, corpus_info, load_rows
from sentiment.corpora.download import download
from sentiment.corpora.youtube_read import READINGS_PATH, read_readings
from sentiment.errors import ChecksumError, DataError
from sentiment.labels import Label
from sentiment.textclean import short_digest
from tests.corpora.handmade import write_lines, write_table

SILVER_FILE = "YoutubeCommentsDataSet.csv"
UNREAD = "a comment that nobody read 4711"


@pytest.fixture(scope="module")
def read_comments(shared_dir: Path) -> list[tuple[str, Label]]:
    rows = corpus_info("youtube_read").parse(shared_dir / "data" / "youtube")
    return [(row.text or "", row.label) for row in rows]


def test_every_reading_finds_its_comment(read_comments: list[tuple[str, Label]]) -> None:
    readings = read_readings()
    assert {short_digest(text) for text, _ in read_comments} == readings.keys()
    assert len(read_comments) == corpus_info("youtube_read").n_rows
    assert Counter(label for _, label in read_comments).keys() == set(Label)


def test_the_smaller_edition_has_the_comments_of_one_file(
    tmp_path: Path, read_comments: list[tuple[str, Label]]
) -> None:
    (text, label), *_ = read_comments
    path = tmp_path / "youtube_read" / SILVER_FILE
    # What the file says itself is not believed.
    rows = [[text, "positive"], [UNREAD, "positive"], ["", "neutral"]]
    write_table(path, ["Comment", "Sentiment"], rows)
    loaded = load_rows("youtube_read", raw_dir=tmp_path)
    assert [(row.text, row.label) for row in loaded] == [(text, label)]
    assert loaded[0].id == "YoutubeCommentsDataSet/0"


def test_a_copying_that_was_cut_short_is_no_smaller_edition(
    shared_dir: Path, tmp_path: Path
) -> None:
    local = tmp_path / "local"
    shutil.copytree(shared_dir / "data" / "youtube", local / "youtube")
    spoilt = local / "youtube" / "toxicity_1000.csv"
    whole = spoilt.read_bytes()
    spoilt.write_bytes(b"spoilt")
    with pytest.raises(ChecksumError):
        download("youtube_read", raw_dir=tmp_path / "raw", data_dir=local)
    spoilt.write_bytes(whole)
    assert download("youtube_read", raw_dir=tmp_path / "raw", data_dir=local).origin == "local"
    assert len(load_rows("youtube_read", raw_dir=tmp_path / "raw")) == 21_356


def test_the_digest_of_the_corpus_counts_its_labels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_table(tmp_path / "youtube_read" / SILVER_FILE, ["Comment", "Sentiment"], [["a", "b"]])
    before = corpus_digest("youtube_read", raw_dir=tmp_path)
    other = write_lines(tmp_path / READINGS_PATH.name, "digest,reading")
    with_other = replace(corpus_info("youtube_read"), labels_path=other)
    monkeypatch.setattr(catalogue, "corpus_info", lambda _: with_other)
    assert corpus_digest("youtube_read", raw_dir=tmp_path) != before


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'3' is no reading; wanted one of -2, -1, 0, 1, 2"):
        read_readings(write_lines(tmp_path / "r.csv", "digest,reading", "abc,3"))
    with pytest.raises(DataError, match="lacks the column 'reading'"):
        read_readings(write_lines(tmp_path / "r.csv", "digest,label", "abc,1"))


def test_no_test_row_of_another_corpus_was_read(shared_dir: Path) -> None:
    readings = read_readings()
    for name in ("youtube_gpt4o", "human_100", "youtube_product"):
        rows = corpus_info(name).parse(shared_dir / "data" / "youtube")
        assert not {short_digest(row.text or "") for row in rows} & readings.keys()

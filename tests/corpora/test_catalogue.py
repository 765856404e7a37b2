"""Corpora by name, as rows and as data sets; the counts of the real files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from sentiment.corpora import (
    all_corpora,
    corpus_digest,
    corpus_info,
    corpus_names,
    load_corpus,
    load_rows,
)
from sentiment.corpora.split import TEST, split_of
from sentiment.errors import CorpusUnavailableError, DataError
from sentiment.labels import LABEL_NAMES, Label
from tests.corpora.handmade import write_goemotions, write_human_100, write_lines, write_table

REAL_ROWS = {
    "semeval": 49_570,
    "reddit": 37_249,
    "youtube_gpt4o": 6_000,
    "human_100": 100,
    "youtube_product": 1_185,
}
REAL_FOLDERS = {"semeval": "semeval", "reddit": "reddit"}


def test_all_corpora_are_described() -> None:
    assert set(corpus_names()) == {
        *("goemotions", "semeval", "rated_tweets", "reddit", "youtube_gpt4o", "human_100"),
        *(
            "youtube_product",
            "youtube_silver",
            "youtube_read",
            "synthetic",
            "contrasts",
            "written",
            "feedback",
        ),
        *("rated_reviews", "rated_films"),
    }
    for corpus in all_corpora():
        assert all((corpus.title, corpus.labeller, corpus.licence))
        assert corpus.n_rows > 0 or corpus.collected
        assert corpus.human_labelled or corpus.caution
        # Either every file of some edition has an address, or there is a way to fetch.
        addressed = any(all(file.url for file in edition) for edition in corpus.editions)
        assert addressed or corpus.fetch


@pytest.mark.parametrize("name", ["youtube_gpt4o", "human_100", "youtube_product"])
def test_youtube_comments_that_measure_are_never_trained_on(name: str) -> None:
    assert corpus_info(name).evaluation_only


def test_corpus_info_names_the_nearest() -> None:
    with pytest.raises(DataError, match=r"There is no corpus 'redit'\. Did you mean 'reddit'\?"):
        corpus_info("redit")


def test_load_rows_of_an_absent_corpus_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(CorpusUnavailableError, match="Run `sentiment download reddit`"):
        load_rows("reddit", raw_dir=tmp_path)


def test_load_rows_takes_a_half_downloaded_corpus_for_absent(tmp_path: Path) -> None:
    (write_goemotions(tmp_path, train=[("fine", "1")]) / "test.tsv").unlink()
    (tmp_path / "reddit").mkdir()
    for name in ("goemotions", "reddit"):
        with pytest.raises(CorpusUnavailableError, match=f"Run `sentiment download {name}`"):
            load_rows(name, raw_dir=tmp_path)


def test_load_rows_refuses_an_empty_corpus(tmp_path: Path) -> None:
    write_table(tmp_path / "reddit" / "Reddit_Data.csv", ["clean_comment", "category"], [])
    with pytest.raises(DataError, match=r"The corpus reddit in .* holds no row"):
        load_rows("reddit", raw_dir=tmp_path)


def test_load_rows_splits_by_the_text_where_the_corpus_does_not(tmp_path: Path) -> None:
    rows = [[f"comment {number}", number % 3 - 1] for number in range(50)] + [["", 0]]
    write_table(tmp_path / "reddit" / "Reddit_Data.csv", ["clean_comment", "category"], rows)
    loaded = load_rows("reddit", raw_dir=tmp_path)
    assert [row.split for row in loaded] == [split_of(row.text or "") for row in loaded]
    assert len({row.split for row in loaded}) == 3


def test_load_rows_keeps_official_splits_and_calls_evaluation_rows_test(tmp_path: Path) -> None:
    write_goemotions(tmp_path, train=[("a", "1")], dev=[("b", "1")], test=[("c", "1")])
    write_human_100(tmp_path, [(f"comment {number}", "neutral") for number in range(20)])
    official = [row.split for row in load_rows("goemotions", raw_dir=tmp_path)]
    assert official == ["train", "validation", "test"]
    assert {row.split for row in load_rows("human_100", raw_dir=tmp_path)} == {TEST}


def test_load_corpus_is_a_dataset_with_a_three_way_class_label(tmp_path: Path) -> None:
    import datasets

    header = ["clean_comment", "category"]
    rows: list[list[object]] = [["good one", 1], ["", 0], ["bad one", -1]]
    write_table(tmp_path / "reddit" / "Reddit_Data.csv", header, rows)

    dataset = load_corpus("reddit", raw_dir=tmp_path)

    assert isinstance(dataset, datasets.Dataset)
    assert set(dataset.column_names) == {"text", "label", "source", "id", "split"}
    assert dataset.features["label"].names == list(LABEL_NAMES)
    assert dataset["text"] == ["good one", None, "bad one"]
    assert dataset["label"] == [2, 1, 0]
    assert set(dataset["source"]) == {"reddit"}


def test_corpus_digest_changes_with_the_content_alone(tmp_path: Path) -> None:
    folder = write_goemotions(tmp_path, train=[("fine", "1")])
    before = corpus_digest("goemotions", raw_dir=tmp_path)
    write_lines(folder / "manifest.json", "{}")
    assert corpus_digest("goemotions", raw_dir=tmp_path) == before
    write_lines(folder / "dev.tsv", "more\t1\tid")
    assert corpus_digest("goemotions", raw_dir=tmp_path) != before


def test_goemotions_has_the_counted_rows(shared_dir: Path) -> None:
    rows = load_rows("goemotions", raw_dir=shared_dir / "data")
    splits = Counter(row.split for row in rows)
    assert splits == {"train": 38_428, "validation": 4_806, "test": 4_816}
    assert len(rows) == corpus_info("goemotions").n_rows
    test_labels = Counter(row.label for row in rows if row.split == TEST)
    assert test_labels == {Label.POSITIVE: 2_026, Label.NEUTRAL: 1_606, Label.NEGATIVE: 1_184}


@pytest.mark.parametrize(("name", "n_rows"), REAL_ROWS.items())
def test_corpus_has_the_counted_rows(shared_dir: Path, name: str, n_rows: int) -> None:
    corpus = corpus_info(name)
    rows = list(corpus.parse(shared_dir / "data" / REAL_FOLDERS.get(name, "youtube")))
    assert len(rows) == n_rows == corpus.n_rows
    assert len({row.id for row in rows}) == n_rows
    assert {row.label for row in rows} == set(Label)

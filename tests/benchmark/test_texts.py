from __future__ import annotations

import csv
import statistics
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.benchmark.texts import load_texts, sample_by_length
from sentiment.textclean import clean


def write_corpus(path: Path, comments: list[str]) -> None:
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Comment", "label"])
        writer.writerows([comment, "neutral"] for comment in comments)


def test_texts_are_synthetic_and_say_so_without_the_corpus(tmp_path: Path) -> None:
    texts = load_texts(50, raw_dir=tmp_path, data_dir=tmp_path)
    assert texts.source == "synthetic"
    assert len(texts.texts) == 50


@pytest.mark.parametrize("is_downloaded", [True, False])
def test_texts_are_real_comments_where_the_corpus_is(tmp_path: Path, is_downloaded: bool) -> None:
    folder = tmp_path / ("youtube_gpt4o" if is_downloaded else "youtube")
    write_corpus(folder / "raw_comments_gpt4o.csv", ["one", "two", "three"])
    texts = load_texts(2, raw_dir=tmp_path, data_dir=None if is_downloaded else tmp_path)
    assert texts.source == "youtube_gpt4o"
    assert len(texts.texts) == 2
    assert set(texts.texts) < {"one", "two", "three"}


def test_texts_hold_none_that_the_predictor_would_score_once(tmp_path: Path) -> None:
    comments = [
        "nice",
        "nice ",
        "ni\u200bce",
        "see https://a.example",
        "see https://b.example",
        " ",
    ]
    write_corpus(tmp_path / "youtube_gpt4o" / "raw_comments_gpt4o.csv", comments)
    texts = load_texts(10, raw_dir=tmp_path, data_dir=None).texts
    assert len(texts) == 2
    assert {clean(text) for text in texts} == {"nice", "see http"}


def test_texts_differ_by_seed_and_only_by_it(tmp_path: Path) -> None:
    write_corpus(
        tmp_path / "youtube_gpt4o" / "raw_comments_gpt4o.csv", [f"word {n}" for n in range(40)]
    )
    first, again, other = (
        load_texts(10, raw_dir=tmp_path, data_dir=None, seed=seed) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


@given(st.lists(st.integers(1, 128), max_size=60), st.integers(1, 80), st.integers(0, 5))
def test_sample_holds_distinct_texts_of_the_wanted_number(
    lengths: list[int], size: int, seed: int
) -> None:
    chosen = sample_by_length(lengths, size=size, seed=seed)
    assert len(set(chosen)) == len(chosen) == min(size, len(lengths))
    assert set(chosen) <= set(range(len(lengths)))


def test_sample_has_the_mean_length_of_all_texts() -> None:
    lengths = [1 + n % 100 for n in range(2_000)]
    chosen = sample_by_length(lengths, size=100, seed=3)
    mean = statistics.fmean(lengths[index] for index in chosen)
    assert mean == pytest.approx(statistics.fmean(lengths), abs=0.5)

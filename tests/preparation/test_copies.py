"""What is measured on, and what nearly equals it, is not trained on."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sentiment.config import TeachingConfig
from sentiment.corpora import load_rows
from sentiment.corpora.split import SPLITS, TEST
from tests.corpora.handmade import (
    write_goemotions,
    write_human_100,
    write_rated_tweets,
    write_reddit,
)
from tests.preparation.preparing import JOY, LONG, NEUTRAL, config_for, run, texts_of


def test_prepare_pushes_copies_of_measured_comments_out_of_training(raw_dir: Path) -> None:
    write_human_100(raw_dir, [("SUCH joy!", "positive"), (f"{LONG}!", "positive")])
    config = config_for("goemotions", evaluation=("goemotions", "human_100"))
    prepared = run(config, raw_dir)
    assert texts_of(prepared, "train") == ["see http @user at 0:00"]
    for split in SPLITS:
        frame = pd.read_parquet(prepared.directory / f"{split}.parquet")
        assert set(frame["source"]) == {"goemotions"}


def test_prepare_pushes_copies_of_every_row_of_an_unseen_corpus_out_of_training(
    raw_dir: Path,
) -> None:
    # All of rated_tweets tests a model that did not learn from it, whatever splits it would have.
    tweets = [f"tweet number {number} of many" for number in range(30)]
    write_rated_tweets(raw_dir, [(text, 2.0) for text in tweets])
    write_goemotions(
        raw_dir,
        train=[("Such joy", JOY), *((text.upper(), JOY) for text in tweets)],
        dev=[("dev alone", NEUTRAL)],
        test=[("test alone", JOY)],
    )
    config = config_for("goemotions", evaluation=("goemotions", "rated_tweets"))
    assert texts_of(run(config, raw_dir), "train") == ["Such joy"]


def test_prepare_pushes_copies_of_a_dropped_test_row_out_of_training(raw_dir: Path) -> None:
    # The second test row is near the first and dropped; the suite measures on the raw file.
    words = [f"word{number}" for number in range(40)]
    first, second, third = (" ".join(words[start : start + 36]) for start in (0, 2, 4))
    write_goemotions(
        raw_dir,
        train=[("Such joy", JOY), (third, JOY)],
        dev=[("dev alone", NEUTRAL)],
        test=[(first, JOY), (second, JOY)],
    )
    prepared = run(config_for("goemotions"), raw_dir)
    assert texts_of(prepared, "test") == [first]
    assert texts_of(prepared, "train") == ["Such joy"]


def test_prepare_lets_a_test_row_of_one_corpus_win_over_training_of_another(raw_dir: Path) -> None:
    # The hash of these texts decides their split; GoEmotions tests on the same words.
    write_rated_tweets(raw_dir, [("test alone", 2.0), ("TEST ALONE", 2.0), ("dev alone", 0.0)])
    prepared = run(config_for("rated_tweets", "goemotions"), raw_dir)
    everywhere = [text.lower() for split in SPLITS for text in texts_of(prepared, split)]
    assert everywhere.count("test alone") == 1
    assert "test alone" in [text.lower() for text in texts_of(prepared, "test")]
    assert "dev alone" not in texts_of(prepared, "train")


def test_prepare_pushes_copies_of_a_taught_corpus_test_rows_out_of_training(
    raw_dir: Path,
) -> None:
    texts = [f"comment number {number} of many" for number in range(40)]
    write_reddit(raw_dir, texts)
    of_split = {row.text: row.split for row in load_rows("reddit", raw_dir=raw_dir)}
    write_goemotions(
        raw_dir,
        train=[(text.upper(), JOY) for text in texts],
        dev=[("dev alone", NEUTRAL)],
        test=[("test alone", JOY)],
    )
    config = config_for("goemotions").model_copy(
        update={"teaching": TeachingConfig(soft_labels="soft.csv", corpora=["reddit"])}
    )
    prepared = run(config, raw_dir)
    tested = {text.upper() for text, split in of_split.items() if text and split == TEST}
    assert tested
    assert set(texts_of(prepared, "train")) == {text.upper() for text in texts} - tested
    assert prepared.manifest["rows"].keys() == {"goemotions"}

"""From raw files to three splits, on corpora small enough to read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sentiment.config import (
    PipelineConfig,
    PreparationConfig,
    TeachingConfig,
)
from sentiment.corpora import load_rows
from sentiment.corpora.split import SPLITS, TRAIN
from sentiment.errors import ConfigError, ContractError, CorpusUnavailableError, DataError
from sentiment.preparation import prepare as prepare_module
from sentiment.preparation.prepare import UNLABELLED_FILE, is_prepared, prepare
from tests.corpora.handmade import (
    write_goemotions,
    write_human_100,
    write_rated_tweets,
    write_reddit,
)
from tests.preparation.preparing import ANGER, JOY, LONG, NEUTRAL, config_for, run, texts_of


def test_prepare_cleans_and_keeps_a_copy_where_it_is_measured(raw_dir: Path) -> None:
    prepared = run(config_for("goemotions"), raw_dir)
    assert texts_of(prepared, "test") == ["In ALL three", "test alone"]
    assert texts_of(prepared, "validation") == ["In validation too.", "dev alone"]
    assert texts_of(prepared, "train") == ["Such joy", LONG, "see http @user at 0:00"]


def test_prepare_writes_the_columns_that_training_reads(raw_dir: Path) -> None:
    prepared = run(config_for("goemotions"), raw_dir)
    frame = pd.read_parquet(prepared.directory / "train.parquet")
    first = frame.iloc[0]
    assert (first["label"], first["source"], first["split"]) == (2, "goemotions", "train")
    assert list(first["emotions"]) == [17]
    assert frame["label"].dtype == "int64"


def test_prepare_counts_every_row_once(raw_dir: Path) -> None:
    manifest = run(config_for("goemotions"), raw_dir).manifest
    assert manifest["dropped"] == {"null_or_blank": 2, "duplicate": 4, "near_duplicate": 1}
    kept = sum(
        n_rows
        for splits in manifest["rows"].values()
        for labels in splits.values()
        for n_rows in labels.values()
    )
    assert kept + sum(manifest["dropped"].values()) == 14
    assert manifest["corpora"]["goemotions"]["rows_trained_on"] == 3
    assert manifest["rows"]["goemotions"]["test"] == {"negative": 1, "positive": 1}


def test_prepare_thins_the_training_rows_of_a_corpus_alone(raw_dir: Path) -> None:
    config = config_for("goemotions")
    limited = config.model_copy(
        update={"preparation": PreparationConfig(max_training_rows={"goemotions": 2})}
    )
    prepared = run(config, raw_dir)
    whole = {split: texts_of(prepared, split) for split in SPLITS}
    prepared = run(limited, raw_dir)
    kept = texts_of(prepared, "train")
    assert len(kept) == 2
    assert set(kept) < set(whole[TRAIN])
    assert [texts_of(prepared, split) for split in ("validation", "test")] == [
        whole["validation"],
        whole["test"],
    ]
    assert prepared.manifest["dropped"]["beyond_max_training_rows"] == 1
    assert prepared.manifest["corpora"]["goemotions"]["rows_trained_on"] == 2
    assert texts_of(run(limited, raw_dir), "train") == kept


def test_prepare_keeps_the_cleaned_rows_before_any_was_dropped(raw_dir: Path) -> None:
    run(config_for("goemotions"), raw_dir)
    interim = pd.read_parquet(raw_dir.parent / "interim" / "comments.parquet")
    assert len(interim) == 14
    assert list(interim["text"]).count("") == 2


def test_prepare_refuses_to_train_on_what_is_for_evaluation(raw_dir: Path) -> None:
    write_human_100(raw_dir, [("so good", "positive")])
    with pytest.raises(ConfigError, match="human_100 is for evaluation only") as caught:
        run(config_for("goemotions", "human_100"), raw_dir)
    assert "evaluation.corpora" in caught.value.hint


def test_prepare_of_an_absent_corpus_says_how_to_get_it(raw_dir: Path) -> None:
    with pytest.raises(CorpusUnavailableError, match="Run `sentiment download semeval`"):
        run(config_for("goemotions", "semeval"), raw_dir)


def test_prepare_refuses_rows_that_share_an_id_and_writes_nothing(raw_dir: Path) -> None:
    folder = write_rated_tweets(raw_dir, [("one", 1.0)])
    (folder / "tweets_GroundTruth.txt").write_text("1\t1.0\tone\n1\t2.0\ttwo\n")
    with pytest.raises(ContractError, match="rated_tweets/1"):
        run(config_for("goemotions", "rated_tweets"), raw_dir)
    assert not (raw_dir.parent / "processed").exists()


def test_prepare_that_fails_keeps_the_older_splits(raw_dir: Path) -> None:
    before = run(config_for("goemotions"), raw_dir)
    kept = {path.name: path.read_bytes() for path in before.directory.iterdir()}
    write_goemotions(raw_dir, train=[("alone", JOY)], dev=[("two", JOY)])
    with pytest.raises(DataError, match="The test split of small is empty"):
        run(config_for("goemotions"), raw_dir)
    assert {path.name: path.read_bytes() for path in before.directory.iterdir()} == kept
    assert [path.name for path in raw_dir.parent.iterdir() if "partial" in path.name] == []


def test_prepare_twice_gives_the_same_bytes(raw_dir: Path) -> None:
    first = run(config_for("goemotions"), raw_dir)
    kept = {path.name: path.read_bytes() for path in first.directory.iterdir()}
    second = run(config_for("goemotions"), raw_dir)
    assert {path.name: path.read_bytes() for path in second.directory.iterdir()} == kept


def test_prepare_tells_its_progress(raw_dir: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    prepare(
        config_for("goemotions"),
        raw_dir=raw_dir,
        interim_dir=tmp_path / "interim",
        processed_dir=tmp_path / "processed",
        on_progress=lambda *step: told.append(step),
    )
    assert told[-1] == ("near duplicates", 8, 8)


def test_adding_a_corpus_moves_no_row_to_another_split(raw_dir: Path) -> None:
    alone = run(config_for("goemotions"), raw_dir)
    before = {text: split for split in SPLITS for text in texts_of(alone, split)}
    write_rated_tweets(raw_dir, [(f"tweet number {number}", 1.0) for number in range(40)])
    together = run(config_for("rated_tweets", "goemotions"), raw_dir)
    after = {text: split for split in SPLITS for text in texts_of(together, split)}
    assert {text: after[text] for text in before} == before


class TestIsPrepared:
    """Splits are stale as soon as anything that they depend on has changed."""

    @pytest.fixture
    def config(self, raw_dir: Path, monkeypatch: pytest.MonkeyPatch) -> PipelineConfig:
        monkeypatch.chdir(raw_dir.parent)
        config = config_for("goemotions")
        assert not is_prepared(config, raw_dir=raw_dir)
        prepare(config, raw_dir=raw_dir)
        assert is_prepared(config, raw_dir=raw_dir)
        return config

    def test_other_data_is_stale(self, config: PipelineConfig, raw_dir: Path) -> None:
        with (raw_dir / "goemotions" / "train.tsv").open("a") as file:
            file.write(f"one more\t{JOY}\tid\n")
        assert not is_prepared(config, raw_dir=raw_dir)

    def test_other_parameters_are_stale(self, config: PipelineConfig, raw_dir: Path) -> None:
        other: dict[str, Any] = {"preparation": {"near_duplicate_jaccard": 0.9}}
        changed = PipelineConfig.model_validate(config.model_dump() | other)
        assert not is_prepared(changed, raw_dir=raw_dir)

    def test_another_cleaner_is_stale(
        self, config: PipelineConfig, raw_dir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(prepare_module, "CLEANER_VERSION", 99)
        assert not is_prepared(config, raw_dir=raw_dir)

    def test_training_parameters_do_not_matter(self, config: PipelineConfig, raw_dir: Path) -> None:
        other: dict[str, Any] = {"seed": 99, "training": {"epochs": 9}}
        changed = PipelineConfig.model_validate(config.model_dump() | other)
        assert is_prepared(changed, raw_dir=raw_dir)

    @pytest.mark.parametrize("name", ["test.parquet", "manifest.json"])
    def test_a_missing_file_is_stale(
        self, config: PipelineConfig, raw_dir: Path, name: str
    ) -> None:
        (config.processed_dir / name).unlink()
        assert not is_prepared(config, raw_dir=raw_dir)

    def test_a_broken_manifest_is_stale(self, config: PipelineConfig, raw_dir: Path) -> None:
        (config.processed_dir / "manifest.json").write_text("{")
        assert not is_prepared(config, raw_dir=raw_dir)

    def test_the_manifest_on_disk_is_the_one_returned(
        self, config: PipelineConfig, raw_dir: Path
    ) -> None:
        manifest = json.loads((config.processed_dir / "manifest.json").read_text())
        assert manifest == prepare(config, raw_dir=raw_dir).manifest


def test_prepare_drops_and_counts_rows_without_text(tmp_path: Path) -> None:
    folder = tmp_path / "raw" / "reddit"
    folder.mkdir(parents=True)
    comments = [f"comment number {number} about {number * 7} things" for number in range(200)]
    lines = ["clean_comment,category", *(f"{text},1" for text in comments), ",0", ",0"]
    (folder / "Reddit_Data.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    manifest = run(config_for("reddit"), tmp_path / "raw").manifest
    assert manifest["dropped"]["null_or_blank"] == 2


def test_prepare_keeps_texts_that_are_only_taught_apart(raw_dir: Path) -> None:
    """Without labels, without copies of what is trained or measured on, test rows left out."""
    folder = raw_dir.parent / "raw-two"
    write_goemotions(
        folder, train=[("Great joy", JOY)], dev=[("dev alone", NEUTRAL)], test=[("tested", ANGER)]
    )
    write_reddit(folder, ["great joy", "tested", "only taught", "taught as well", "only taught"])
    config = config_for("goemotions").model_copy(
        update={"teaching": TeachingConfig(soft_labels="soft.csv", corpora=["reddit"])}
    )
    prepared = run(config, folder)
    taught = pd.read_parquet(prepared.directory / UNLABELLED_FILE)
    assert list(taught.columns) == ["id", "source", "text"]
    reddit_train = {row.text for row in load_rows("reddit", raw_dir=folder) if row.split == TRAIN}
    assert set(taught["text"]) == reddit_train - {"great joy", "tested"}
    assert prepared.manifest["taught"]["reddit"]["rows_taught"] == len(taught)
    assert texts_of(prepared, "train") == ["Great joy"]


def test_a_corpus_is_trained_on_or_taught_and_never_both() -> None:
    with pytest.raises(ValueError, match="whose labels are trained on"):
        PipelineConfig.model_validate(
            {
                **config_for("goemotions").model_dump(),
                "teaching": {"soft_labels": "soft.csv", "corpora": ["goemotions"]},
            }
        )


def test_only_a_corpus_that_is_trained_on_keeps_its_labels_from_teachers() -> None:
    with pytest.raises(ValueError, match="label_only names youtube_read, not among the corpora"):
        PipelineConfig.model_validate(
            {
                **config_for("goemotions").model_dump(),
                "teaching": {"soft_labels": "soft.csv", "label_only": ["youtube_read"]},
            }
        )

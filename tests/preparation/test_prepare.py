"""From raw files to three splits, on corpora small enough to read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sentiment.config import (
    EvaluationConfig,
    ModelConfig,
    PipelineConfig,
    PreparationConfig,
    TeachingConfig,
)
from sentiment.corpora import load_rows
from sentiment.corpora.split import SPLITS, TEST, TRAIN
from sentiment.errors import ConfigError, ContractError, CorpusUnavailableError, DataError
from sentiment.preparation import prepare as prepare_module
from sentiment.preparation.prepare import UNLABELLED_FILE, Prepared, is_prepared, prepare
from tests.corpora.handmade import (
    write_goemotions,
    write_human_100,
    write_rated_tweets,
    write_reddit,
)

LONG = "I watched this whole documentary twice and the part about the whales made me cry again"
JOY, ANGER, NEUTRAL = "17", "2", "27"


def config_for(*corpora: str, evaluation: tuple[str, ...] = ()) -> PipelineConfig:
    measured = list(evaluation or corpora)
    return PipelineConfig(
        name="small",
        corpora=list(corpora),
        model=ModelConfig(base="tiny"),
        evaluation=EvaluationConfig(corpora=measured, primary=measured[0]),
    )


@pytest.fixture
def raw_dir(tmp_path: Path) -> Path:
    """A small GoEmotions with copies over its splits, blanks and near copies."""
    folder = tmp_path / "raw"
    write_goemotions(
        folder,
        train=[
            ("Such joy", JOY),
            ("In all three!!", ANGER),
            ("in validation too", JOY),
            ("", NEUTRAL),
            ("\u200b <br> ", NEUTRAL),
            ("such  JOY...", JOY),
            (LONG, JOY),
            (f"{LONG} ok", JOY),
            ("see http://a.b/c @someone at 1:23", NEUTRAL),
        ],
        dev=[("in all three", ANGER), ("In validation too.", JOY), ("dev alone", NEUTRAL)],
        test=[("In ALL three", ANGER), ("test alone", JOY)],
    )
    return folder


def run(config: PipelineConfig, raw_dir: Path) -> Prepared:
    folder = raw_dir.parent
    return prepare(
        config,
        raw_dir=raw_dir,
        interim_dir=folder / "interim",
        processed_dir=folder / "processed",
    )


def texts_of(prepared: Prepared, split: str) -> list[str]:
    return list(pd.read_parquet(prepared.directory / f"{split}.parquet")["text"])


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


def test_a_corpus_is_trained_on_or_taught_and_never_both() -> None:
    with pytest.raises(ValueError, match="whose labels are trained on"):
        PipelineConfig.model_validate(
            {
                **config_for("goemotions").model_dump(),
                "teaching": {"soft_labels": "soft.csv", "corpora": ["goemotions"]},
            }
        )

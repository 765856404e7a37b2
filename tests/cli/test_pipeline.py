"""The pipeline's commands on bad configurations and data: exit status, words, nothing half-made."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from sentiment.corpora import corpus_names
from tests.cli.calling import CommandLine, Outcome, assert_clear, in_a_process
from tests.conftest import REPOSITORY
from tests.corpora.handmade import write_human_100, write_rated_tweets, write_table

SMOKE = REPOSITORY / "configs" / "smoke.yaml"
TAKING_A_CONFIGURATION = ("download", "prepare", "train", "export", "evaluate")


def write_config(folder: Path, **changes: object) -> Path:
    """Write the smoke configuration with other values; None drops a key."""
    document: dict[str, object] = yaml.safe_load(SMOKE.read_text(encoding="utf-8"))
    merged = {key: value for key, value in {**document, **changes}.items() if value is not None}
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump(merged), encoding="utf-8")
    return path


def files_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("command", TAKING_A_CONFIGURATION)
def test_unknown_key_ends_with_2_and_names_the_nearest(
    sentiment: CommandLine, folder: Path, command: str
) -> None:
    config = write_config(folder, training={"learning_rat": 1e-3})
    outcome = sentiment(command, "--config", config)
    assert_clear(outcome, 2, "unknown key 'training.learning_rat'", "did you mean 'learning_rate'?")
    assert files_below(folder) == {"mine.yaml"}


@pytest.mark.parametrize("command", TAKING_A_CONFIGURATION)
def test_missing_configuration_ends_with_2_and_names_the_others(
    sentiment: CommandLine, folder: Path, command: str
) -> None:
    write_config(folder)
    outcome = sentiment(command, "--config", folder / "mein.yaml")
    assert_clear(outcome, 2, "mein.yaml can't be read: No such file", "mine.yaml")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"seed": "many"}, "seed: Input should be a valid integer, found 'many'"),
        ({"corpora": []}, "corpora: List should have at least 1 item"),
        ({"model": None}, "missing key 'model'"),
        ({"export": {"quantisation": "int4"}}, "found 'int4'"),
    ],
    ids=str,
)
def test_wrong_values_end_with_2(
    sentiment: CommandLine, folder: Path, changes: dict[str, object], said: str
) -> None:
    assert_clear(sentiment("prepare", "--config", write_config(folder, **changes)), 2, said)


def test_corpora_as_json_lists_all_with_licence_and_labeller(sentiment: CommandLine) -> None:
    rows: list[dict[str, Any]] = json.loads(sentiment("corpora", "--json").stdout)
    assert [row["name"] for row in rows] == corpus_names()
    assert all(row["licence"] and row["labeller"] for row in rows)
    # How many corrections there will be, nobody knows.
    assert [row["name"] for row in rows if not row["rows"]] == ["feedback"]
    assert not any(row["downloaded"] for row in rows)


def test_corpora_as_a_table_names_all(sentiment: CommandLine) -> None:
    outcome = sentiment("corpora")
    assert outcome.code == 0
    assert all(name in outcome.stdout for name in corpus_names())


def test_download_makes_a_corpus_and_says_where_it_came_from(
    sentiment: CommandLine, folder: Path
) -> None:
    first = json.loads(sentiment("download", "synthetic", "--json").stdout)
    assert [row["origin"] for row in first] == ["made"]
    # Anew: what makes it may have changed.
    again = json.loads(sentiment("download", "synthetic", "synthetic", "--json").stdout)
    assert [row["origin"] for row in again] == ["made"]
    assert files_below(folder) == {
        "data/raw/synthetic/manifest.json",
        "data/raw/synthetic/synthetic.csv",
    }


def test_download_of_an_unknown_corpus_ends_with_3_and_names_the_nearest(
    sentiment: CommandLine, folder: Path
) -> None:
    outcome = sentiment("download", "goemotion")
    assert_clear(outcome, 3, "There is no corpus 'goemotion'.", "Did you mean 'goemotions'?")
    assert files_below(folder) == set()


def test_download_of_nothing_ends_with_2(sentiment: CommandLine) -> None:
    assert_clear(sentiment("download"), 2, "No corpus is named.", "--all")


def test_download_of_a_damaged_local_file_ends_with_3_and_keeps_nothing(
    sentiment: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sentiment.corpora import corpus_info

    for file in corpus_info("rated_tweets").editions[0]:
        path = folder / "local" / str(file.local)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("damaged")
    monkeypatch.setenv("SENTIMENT_DATA_DIR", str(folder / "local"))
    outcome = sentiment("download", "rated_tweets")
    assert_clear(outcome, 3, "has sha256", "wanted")
    assert not any((folder / "data").rglob("*.*"))


def test_download_of_a_damaged_file_does_not_stop_the_corpora_that_follow(
    sentiment: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("rated_tweets/tweets_GroundTruth", "rated_films/movieReviewSnippets_GroundTruth"):
        path = folder / "local" / f"{name}.txt"
        path.parent.mkdir(parents=True)
        path.write_text("damaged")
    monkeypatch.setenv("SENTIMENT_DATA_DIR", str(folder / "local"))
    outcome = sentiment("download", "rated_tweets", "rated_films", "synthetic", "--json")
    assert outcome.code == 3
    assert [row["name"] for row in json.loads(outcome.stdout)] == ["synthetic"]
    flat = " ".join(outcome.stderr.split())
    assert "2 corpora can't be had" in flat
    assert "tweets_GroundTruth.txt has sha256" in flat
    assert "movieReviewSnippets_GroundTruth.txt has sha256" in flat


def test_synthetic_writes_the_rows_asked_for(sentiment: CommandLine, folder: Path) -> None:
    assert sentiment("synthetic", "--rows", "5", "--output", "made.csv").code == 0
    with (folder / "made.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["id", "source", "text", "label"]
    assert [row[1] for row in rows] == ["synthetic"] * 5


def test_prepare_of_corpora_that_are_not_there_ends_with_3(
    sentiment: CommandLine, folder: Path
) -> None:
    outcome = sentiment("prepare", "--config", SMOKE)
    assert_clear(outcome, 3, "synthetic is not in data/raw/synthetic", "download synthetic")
    assert files_below(folder) == set()


def test_prepare_of_an_unknown_corpus_ends_with_3(sentiment: CommandLine, folder: Path) -> None:
    outcome = sentiment("prepare", "--config", write_config(folder, corpora=["sintetic"]))
    assert_clear(outcome, 3, "no corpus 'sintetic'", "Did you mean 'synthetic'?")


def test_prepare_of_a_corpus_for_evaluation_ends_with_2(
    sentiment: CommandLine, folder: Path
) -> None:
    config = write_config(folder, corpora=["human_100"])
    assert_clear(sentiment("prepare", "--config", config), 2, "human_100 is for evaluation only")


def test_prepare_of_a_corpus_without_its_column_ends_with_3(
    sentiment: CommandLine, folder: Path
) -> None:
    write_table(folder / "data/raw/synthetic/synthetic.csv", ["id", "text"], [["1", "good"]])
    outcome = sentiment("prepare", "--config", SMOKE)
    assert_clear(outcome, 3, "lacks the column 'label'")
    assert files_below(folder) == {"data/raw/synthetic/synthetic.csv"}


def test_prepare_of_wrong_labels_ends_with_3(sentiment: CommandLine, folder: Path) -> None:
    path = folder / "data/raw/synthetic/synthetic.csv"
    write_table(path, ["id", "text", "label"], [["1", "good", "7"]])
    outcome = sentiment("prepare", "--config", SMOKE)
    assert_clear(outcome, 3, "synthetic.csv", "'7'")
    assert files_below(folder) == {"data/raw/synthetic/synthetic.csv"}


def test_train_from_a_base_that_is_nowhere_ends_with_4(folder: Path) -> None:
    config = write_config(folder, model={"base": "./nowhere", "max_length_tokens": 16})
    assert in_a_process("download", "synthetic", folder=folder).code == 0
    outcome = in_a_process("train", "--config", config, folder=folder, OMP_NUM_THREADS="1")
    assert outcome.code == 4, outcome.stderr
    assert "nowhere" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert not (folder / "outputs/smoke/checkpoint").exists()


def test_export_without_a_checkpoint_ends_with_6(sentiment: CommandLine, folder: Path) -> None:
    outcome = sentiment("export", "--config", SMOKE)
    assert_clear(
        outcome, 6, "no whole checkpoint in outputs/smoke/checkpoint", "sentiment train --config"
    )
    assert files_below(folder) == set()


def test_evaluate_on_nothing_ends_with_2(sentiment: CommandLine) -> None:
    assert_clear(sentiment("evaluate"), 2, "Nothing to evaluate on.", "--corpus")


@pytest.mark.parametrize(
    ("corpus", "said"),
    [("gomotions", "Did you mean 'goemotions'?"), ("semeval", "Run `sentiment download semeval`")],
)
def test_evaluate_on_a_corpus_that_is_not_there_ends_with_3(
    sentiment: CommandLine, folder: Path, tiny_bundle: Path, corpus: str, said: str
) -> None:
    outcome = sentiment("evaluate", "--bundle", tiny_bundle, "--corpus", corpus)
    assert_clear(outcome, 3, said)
    assert files_below(folder) == set()


def test_evaluate_on_a_file_with_other_labels_ends_with_3(
    sentiment: CommandLine, folder: Path, tiny_bundle: Path
) -> None:
    table = write_table(folder / "in.csv", ["text", "label"], [["good", "2"], ["bad", "angry"]])
    outcome = sentiment("evaluate", "--bundle", tiny_bundle, "--input", table)
    assert_clear(outcome, 3, "row 1: label '2'", "row 2: label 'angry'", "--label-map")
    mapped = sentiment(
        *("evaluate", "--bundle", tiny_bundle, "--input", table, "--label-map", "2=great")
    )
    assert_clear(mapped, 3, "found '2=great'")
    assert files_below(folder) == {"in.csv"}


def test_evaluate_on_a_file_as_json_parses(
    sentiment: CommandLine, folder: Path, tiny_bundle: Path
) -> None:
    rows = [["so good", "positive"], ["bad", "-1"], ["it is a video", "neutral"], ["no label", ""]]
    table = write_table(folder / "in.csv", ["words", "said"], rows)
    outcome = sentiment(
        *("evaluate", "--bundle", tiny_bundle, "--input", table, "--text-column", "words"),
        *("--label-column", "said", "--resamples", "200", "--json", "--output", "report"),
    )
    assert outcome.code == 0
    (result,) = json.loads(outcome.stdout)["results"]
    assert (result["corpus"], result["n"], result["human_labelled"]) == ("in", 3, False)
    low, value, high = (result["metrics"]["macro_f1"][key] for key in ("low", "value", "high"))
    assert 0 <= low <= value <= high <= 1
    assert {"report/index.html", "report/metrics.json"} <= files_below(folder)


def evaluated(outcome: Outcome) -> dict[str, dict[str, Any]]:
    assert outcome.code == 0, outcome.stderr
    return {result["corpus"]: result for result in json.loads(outcome.stdout)["results"]}


def test_evaluate_takes_the_rows_that_export_and_the_suite_take(
    sentiment: CommandLine, folder: Path, tiny_bundle: Path
) -> None:
    write_rated_tweets(folder / "data/raw", [(f"tweet number {n}", 2.0) for n in range(40)])
    rest = ("--bundle", tiny_bundle, "--corpus", "rated_tweets", "--resamples", "200", "--json")
    n_rows = {
        split: evaluated(sentiment("evaluate", *rest, *(("--split", split) if split else ())))[
            "rated_tweets"
        ]["n"]
        for split in (None, "all", "test")
    }
    assert n_rows[None] == n_rows["all"] == 40
    assert 0 < n_rows["test"] < 20


def test_evaluate_obeys_its_options_before_the_configuration(
    sentiment: CommandLine, folder: Path, tiny_bundle: Path
) -> None:
    assert sentiment("download", "synthetic").code == 0
    rest = ("--config", SMOKE, "--bundle", tiny_bundle, "--json")
    intervals = [
        evaluated(sentiment("evaluate", *rest, *options))["synthetic"]["metrics"]
        for options in ((), ("--seed", "99"), ("--resamples", "300"), ("--seed", "99"))
    ]
    assert intervals[0] != intervals[1] == intervals[3]
    assert intervals[0] != intervals[2]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--corpus", "goemotions", "--no-pdf"), "Leave out --pdf or --no-pdf."),
        (("--corpus", "goemotions", "--champion", "x"), "Leave out --champion."),
        (("--corpus", "goemotions", "--with-texts", "--cases", "3"), "--cases, --with-texts"),
        (("--suite", "--split", "test"), "Leave out --split."),
        (("--corpus", "goemotions", "--text-column", "x"), "Leave out --text-column."),
        (("--input", "in.csv", "--split", "test"), "Leave out --split."),
    ],
)
def test_evaluate_refuses_options_that_would_have_no_effect(
    sentiment: CommandLine, tiny_bundle: Path, options: tuple[str, ...], said: str
) -> None:
    assert_clear(sentiment("evaluate", "--bundle", tiny_bundle, *options), 2, said)


@pytest.mark.parametrize("place", ["file", "file/mlflow.db"])
def test_publish_with_a_registry_that_can_t_be_used_ends_with_9(
    sentiment: CommandLine,
    folder: Path,
    tiny_bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    write_human_100(folder / "data/raw", [("good", "positive"), ("bad", "negative")])
    (folder / "file").write_text("This is no database. " * 50)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder / place}")
    outcome = sentiment("publish", "--bundle", tiny_bundle, "--corpus", "human_100")
    assert_clear(outcome, 9, "The MLflow registry can't be opened", "MLFLOW_TRACKING_URI")
    assert (folder / "file").read_text().startswith("This is no database.")

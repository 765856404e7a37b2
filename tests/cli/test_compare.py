"""`sentiment compare` as a shell calls it."""

from __future__ import annotations

import json
from pathlib import Path

from sentiment.models.catalogue import load_model
from tests.cli.calling import CommandLine, assert_clear
from tests.comparison.racing import WITH_CHARACTERS, WORDS_ALONE, write_config


def test_compare_prints_json_and_leaves_a_report(sentiment: CommandLine, folder: Path) -> None:
    config = write_config(folder, WORDS_ALONE, WITH_CHARACTERS)
    assert sentiment("download", "--config", config).code == 0
    done = sentiment("compare", "--config", config, "--sample", "200", "--json")
    assert done.code == 0, done.stderr
    figures = json.loads(done.stdout)
    assert {model["name"] for model in figures["models"]} == {"words", "characters"}
    report = folder / "reports" / "race" / "sample-200"
    assert json.loads((report / "comparison.json").read_text()) == figures
    again = sentiment("compare", "--config", config, "--sample", "200")
    assert again.code == 0, again.stderr
    assert f"Choice: {figures['choice']['name']}" in again.stdout
    assert "kept" in again.stderr


def test_compare_names_a_mistake_in_its_configuration(sentiment: CommandLine, folder: Path) -> None:
    config = write_config(folder, {**WORDS_ALONE, "min_document": 1})
    outcome = sentiment("compare", "--config", config)
    assert_clear(outcome, 2, "did you mean 'min_documents'?")


def test_compare_without_its_corpus_says_how_to_get_it(
    sentiment: CommandLine, folder: Path
) -> None:
    outcome = sentiment("compare", "--config", write_config(folder, WORDS_ALONE))
    assert outcome.code == 3
    assert "sentiment download synthetic" in " ".join(outcome.stderr.split())


def test_compare_runs_a_model_that_is_left_out_when_it_is_asked_for(
    sentiment: CommandLine, folder: Path
) -> None:
    assert sentiment("download", "synthetic").code == 0
    config = write_config(folder, WORDS_ALONE, {**WITH_CHARACTERS, "enabled": False})
    called = ("compare", "--config", config, "--sample", "200", "--json")

    def names(*more: str) -> set[str]:
        done = sentiment(*called, *more)
        assert done.code == 0, done.stderr
        return {model["name"] for model in json.loads(done.stdout)["models"]}

    assert names() == {"words"}
    assert names("--with", "characters") == {"words", "characters"}
    assert_clear(sentiment(*called, "--with", "letters"), 2, "It describes: words, characters.")


def test_the_chosen_model_is_kept_and_can_be_loaded(sentiment: CommandLine, folder: Path) -> None:
    assert sentiment("download", "synthetic").code == 0
    config = write_config(folder, WORDS_ALONE)
    called = ("compare", "--config", config, "--sample", "200", "--keep", folder / "chosen")
    done = sentiment(*called)
    assert done.code == 0, done.stderr
    assert "Model: " in done.stdout
    probabilities = load_model(folder / "chosen").predict_proba(["i love this", "i hate this"])
    assert probabilities.shape == (2, 3)
    assert probabilities[0, 2] > probabilities[1, 2]
    assert sentiment(*called).code == 0, "an older kept model is replaced"


def test_a_kept_model_replaces_nothing_but_a_saved_model(
    sentiment: CommandLine, folder: Path
) -> None:
    (folder / "thesis").mkdir()
    (folder / "thesis" / "chapter.txt").write_text("years of work", encoding="utf-8")
    config = write_config(folder, WORDS_ALONE)
    outcome = sentiment("compare", "--config", config, "--keep", folder / "thesis")
    assert_clear(outcome, 2, "something other than a saved model")
    assert (folder / "thesis" / "chapter.txt").is_file()

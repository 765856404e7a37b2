"""`sentiment evaluate --suite` as one calls it, with the shipped model on small made-up sets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.calling import CommandLine, assert_clear
from tests.conftest import REPOSITORY
from tests.corpora.handmade import write_goemotions, write_human_100, write_table

_STARTER = REPOSITORY / "models" / "starter"
_QUICK = ("--cases", "6", "--resamples", "200", "--no-pdf")


def write_sets(folder: Path) -> None:
    raw = folder / "data/raw"
    rows = [("i love it", "18"), ("it is a table", "27"), ("i hate this", "2")] * 4
    write_goemotions(
        raw, dev=rows, test=[(f"{text} {place}", e) for place, (text, e) in enumerate(rows)]
    )
    write_human_100(raw, [("so good 😍", "positive"), ("awful, not worth it", "negative")])
    sarcasm = [["0", "great, rain again", "1", "i hate rain"], ["1", "it rains", "0", ""]]
    write_table(raw / "sarcasm/train.En.csv", ["", "tweet", "sarcastic", "rephrase"], sarcasm)


def test_suite_writes_page_and_figures_and_says_what_is_absent(
    sentiment: CommandLine, folder: Path
) -> None:
    write_sets(folder)
    outcome = sentiment(
        *("evaluate", "--suite", "--bundle", _STARTER, "--champion", _STARTER, *_QUICK),
        *("--output", "reports/own", "--json"),
    )
    assert outcome.code == 0, outcome.stderr
    found = json.loads(outcome.stdout)
    assert found == json.loads((folder / "reports/own/figures.json").read_text(encoding="utf-8"))
    assert [part["corpus"] for part in found["sets"]] == ["goemotions", "human_100"]
    assert {part["name"] for part in found["absent"]} >= {"tweeteval", "sentube", "reddit"}
    assert found["sarcasm"]["same_label_as_meaning"]["n"] == 1
    against = found["sets"][0]["against_champion"]
    assert (against["mcnemar_p_value"], against["differences"]["accuracy"]["value"]) == (1, 0)
    assert len(found["behaviour"]) > 25
    assert "so good 😍" not in outcome.stdout
    page = (folder / "reports/own.html").read_text(encoding="utf-8")
    assert "In one minute" in page
    assert not (folder / "reports/own.pdf").exists()


@pytest.mark.parametrize("option", [("--corpus", "goemotions"), ("--input", "in.csv")])
def test_suite_takes_no_other_sets(sentiment: CommandLine, option: tuple[str, str]) -> None:
    outcome = sentiment("evaluate", "--suite", "--bundle", _STARTER, *option)
    assert_clear(outcome, 2, "The suite has its own sets.")


def test_suite_refuses_a_risk_that_is_none(sentiment: CommandLine) -> None:
    outcome = sentiment("evaluate", "--suite", "--bundle", _STARTER, "--max-risk", "2")
    assert_clear(outcome, 2, "A risk is a share between 0 and 1, got 2.0.", "--max-risk 0.2")


def test_suite_without_any_set_ends_with_3(sentiment: CommandLine, folder: Path) -> None:
    outcome = sentiment("evaluate", "--suite", "--bundle", _STARTER, "--no-pdf")
    assert outcome.code == 3
    assert "None of the suite's sets is in data/raw" in outcome.stderr
    assert not (folder / "reports").exists()


def test_suite_of_a_configuration_measures_its_corpora_too(
    sentiment: CommandLine, folder: Path
) -> None:
    assert sentiment("download", "synthetic").code == 0
    outcome = sentiment(
        *("evaluate", "--suite", "--config", REPOSITORY / "configs" / "smoke.yaml"),
        *("--bundle", _STARTER, "--no-pdf", "--output", "reports/smoke/suite", "--json"),
    )
    assert outcome.code == 0, outcome.stderr
    metrics = json.loads((folder / "reports/smoke/suite/metrics.json").read_text(encoding="utf-8"))
    assert set(metrics) == {"synthetic", "behaviour", "identity_largest_shift"}
    # As many sentences as the configuration wants.
    n_cases = [part["pass_rate"]["n"] for part in json.loads(outcome.stdout)["behaviour"]]
    assert max(n_cases) == 20


def test_suite_asks_for_chromium_before_it_works(
    sentiment: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sets(folder)
    monkeypatch.setenv("PATH", str(folder))
    outcome = sentiment("evaluate", "--suite", "--bundle", _STARTER)
    assert_clear(outcome, 2, "The PDF needs Chromium", "--no-pdf")
    assert not (folder / "reports").exists()

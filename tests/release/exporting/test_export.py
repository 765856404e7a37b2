"""Export of a tiny trained network: the bundle, its figures and its card."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sentiment.config import ExportConfig, TeachingConfig
from sentiment.corpora import corpus_info
from sentiment.drift.profile import read_bundled_profile
from sentiment.evaluation.behaviour.run import behaviour_tests, run_behaviour, run_identity
from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import PROFILE_FILE, Bundle, CorpusRecord, load_bundle
from sentiment.release.checkpoint import TorchEngine, load_checkpoint
from sentiment.release.export import Ancestry
from tests.corpora.handmade import write_rated_tweets
from tests.release.exporting.place import Place, names_below
from tests.training_data import DIGEST


def test_export_makes_a_whole_bundle(place: Place, bundle: Bundle) -> None:
    assert load_bundle(bundle.directory) == bundle
    assert names_below(bundle.directory) == {
        "model.onnx",
        "tokenizer.json",
        "MODEL_CARD.md",
        "sentiment.json",
    }
    assert bundle.manifest.name == "small"
    assert bundle.manifest.base_model == "tiny"
    assert bundle.manifest.quantisation == "int8"
    assert bundle.manifest.unsure_below == 0.42
    assert bundle.manifest.max_length_tokens == 16
    assert set(bundle.manifest.versions) >= {"torch", "transformers", "onnxruntime"}


def test_export_records_what_was_trained_on(bundle: Bundle) -> None:
    # The digest that preparation took, whatever lies in the raw folder now.
    (corpus,) = bundle.manifest.corpora
    assert (corpus.name, corpus.rows, corpus.sha256) == ("synthetic", 240, DIGEST)


def test_export_knows_what_the_model_learned_that_it_began_with(
    place: Place, tmp_path: Path
) -> None:
    write_rated_tweets(place.folder / "raw", [(f"tweet number {n}", 2.0) for n in range(40)])
    seen = [CorpusRecord(name="rated_tweets", rows=33, sha256=DIGEST)]
    config = place.config(corpora=("synthetic", "rated_tweets"))
    fresh = place.export(tmp_path / "fresh", config=config)
    assert rows_measured(fresh) == 40
    ancestry = Ancestry(corpora=seen, taught=[CorpusRecord(name="reddit", rows=9, sha256=DIGEST)])
    begun = place.export(tmp_path / "begun", config=config, ancestry=ancestry)
    # Its own rows of tests alone: the others were trained on by what it began with.
    assert 0 < rows_measured(begun) < 20
    assert [one.name for one in begun.manifest.corpora] == ["synthetic", "rated_tweets"]
    assert begun.manifest.learnt_corpora == ("synthetic", "rated_tweets", "reddit")
    assert "| 33 |" in (begun.directory / "MODEL_CARD.md").read_text(encoding="utf-8")


def rows_measured(bundle: Bundle) -> int:
    figures: Any = bundle.manifest.metrics["rated_tweets"]
    return int(figures["n"])


def test_export_records_parity_and_temperature(bundle: Bundle) -> None:
    parity = bundle.manifest.parity
    assert parity.rows == 60
    assert parity.label_agreement >= 0.5
    assert 0 < parity.largest_probability_gap < 1
    assert 0.2 <= bundle.manifest.temperature <= 5
    assert bundle.manifest.temperature != 1.0


def test_export_records_metrics_with_intervals(bundle: Bundle) -> None:
    figures: Any = bundle.manifest.metrics["synthetic"]
    assert figures["n"] > 100
    assert figures["human_labelled"] is False
    for metric in ("accuracy", "macro_f1", "macro_recall"):
        low, high = figures[f"{metric}_interval"]
        assert 0 <= low <= figures[metric] <= high <= 1
        assert low < high


def test_bundle_predicts_what_its_checkpoint_does(place: Place, bundle: Bundle) -> None:
    frame = pd.read_parquet(place.folder / "processed" / "validation.parquet")
    served = Predictor.from_bundle(bundle, threads=1).predict(list(frame["text"]))
    said = [one.label.class_index for one in served]
    tokenizer, model = load_checkpoint(place.folder / "one-task" / "checkpoint")
    reference = Predictor(
        TorchEngine(model),
        tokenizer.backend_tokenizer,
        name="checkpoint",
        digest="",
        max_length_tokens=16,
    )
    wanted = [one.label.class_index for one in reference.predict(list(frame["text"]))]
    agreement = np.mean(np.array(said) == np.array(wanted))
    assert agreement == pytest.approx(bundle.manifest.parity.label_agreement)


def test_card_of_the_bundle_holds_its_figures_and_the_caution(bundle: Bundle) -> None:
    card = (bundle.directory / "MODEL_CARD.md").read_text(encoding="utf-8")
    figures: Any = bundle.manifest.metrics["synthetic"]
    (row,) = (line for line in card.splitlines() if line.startswith("| synthetic |"))
    cells = row.strip("| ").split(" | ")
    for metric, cell in zip(("accuracy", "macro_f1", "macro_recall"), cells[3:], strict=False):
        shown = [float(number) for number in re.findall(r"[\d.]+", cell)]
        assert shown == pytest.approx([figures[metric], *figures[f"{metric}_interval"]], abs=6e-4)
    assert f"Temperature {bundle.manifest.temperature}" in card
    assert f"{bundle.manifest.parity.label_agreement:.2%} of labels agree" in card
    assert corpus_info("synthetic").caution in card
    assert "240" in card


def test_card_of_the_bundle_tells_what_was_trained_whatever_the_configuration_says_now(
    place: Place, tmp_path: Path
) -> None:
    config = place.config()
    edited = config.model_copy(
        update={
            "seed": 99,
            "training": config.training.model_copy(update={"learning_rate": 0.03}),
            "teaching": TeachingConfig(soft_labels="soft.csv"),
        }
    )
    exported = place.export(tmp_path / "edited", config=edited)
    card = (exported.directory / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "Seed 13; epochs 6.0, batch_size 16" in card
    assert "learning_rate 0.005" in card
    assert "Taught by larger models" not in card
    assert exported.manifest.seed == 13


def test_card_of_the_bundle_holds_what_the_suite_finds(bundle: Bundle) -> None:
    card = (bundle.directory / "MODEL_CARD.md").read_text(encoding="utf-8")
    model = Predictor.from_bundle(bundle, threads=1)
    seed = bundle.manifest.seed
    tests = run_behaviour(model, behaviour_tests(seed=seed, n=4))
    assert {test.share.value for test in tests} > {1.0}
    for test in tests:
        assert f"| {test.name} | {test.kind.value} |" in card
        assert f"{test.share.held} of {test.share.n} | {test.share.value:.1%}" in card
    for shift in run_identity(model, seed=seed, n_resamples=200):
        assert f"| {shift.group} | {shift.n_terms} in {shift.n_sentences} " in card
        assert f"| {shift.largest_shift:.3f} | {' < '.join(shift.largest_pair)} |" in card


def test_export_twice_gives_the_same_digest(place: Place, bundle: Bundle, tmp_path: Path) -> None:
    assert place.export(tmp_path / "again").digest == bundle.digest


def test_export_without_quantisation_keeps_every_label(place: Place, tmp_path: Path) -> None:
    strict = ExportConfig(quantisation="none", min_label_agreement=1.0, max_macro_f1_loss=0.0)
    steps: list[str] = []
    exported = place.export(
        tmp_path / "float", config=place.config(export=strict), on_step=steps.append
    )
    assert exported.manifest.quantisation == "none"
    assert exported.manifest.parity.label_agreement == 1.0
    assert exported.manifest.parity.largest_probability_gap < 1e-3
    assert any("60 validation rows" in step for step in steps)


def test_export_of_two_tasks_keeps_the_three_labels(place: Place, tmp_path: Path) -> None:
    checkpoint = place.folder / "two-tasks" / "checkpoint"
    assert load_checkpoint(checkpoint)[1].config.num_labels == 31
    exported = place.export(tmp_path / "bundle", checkpoint_dir=checkpoint)
    # Loading refuses a graph with any number of columns but three.
    (said,) = Predictor.from_bundle(exported).predict(["this video is so good"])
    assert sum(said.probabilities) == pytest.approx(1)


def test_export_seals_a_profile_of_the_validation_rows(place: Place, tmp_path: Path) -> None:
    processed = Path(shutil.copytree(place.folder / "processed", tmp_path / "processed"))
    rows = pd.read_parquet(processed / "validation.parquet")
    pd.concat([rows] * 4).to_parquet(processed / "validation.parquet", index=False)
    bundle = place.export(tmp_path / "bundle", processed_dir=processed)
    profile = read_bundled_profile(bundle)
    assert (profile.source, profile.n_comments) == ("validation", 4 * len(rows))
    content = (bundle.directory / PROFILE_FILE).read_text(encoding="utf-8")
    assert not any(text in content for text in rows["text"])


def test_export_of_few_rows_seals_no_profile(bundle: Bundle) -> None:
    assert bundle.profile_path is None

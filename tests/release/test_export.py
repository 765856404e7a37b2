"""Export of a tiny trained network: the bundle, its figures, its card, and every refusal."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from tokenizers import Tokenizer

from sentiment.comments import Status
from sentiment.config import EvaluationConfig, ExportConfig, PipelineConfig
from sentiment.corpora import corpus_info
from sentiment.corpora.download import download
from sentiment.drift.profile import read_bundled_profile
from sentiment.errors import CorpusUnavailableError, ExportError
from sentiment.evaluation.behaviour.run import behaviour_tests, run_behaviour, run_identity
from sentiment.inference.engine import OnnxEngine
from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import PROFILE_FILE, Bundle, load_bundle
from sentiment.release.checkpoint import TorchEngine, load_checkpoint
from sentiment.release.export import export_bundle
from sentiment.train import train
from tests.training_data import DIGEST, small_config, write_splits

# A network this small is quantised coarsely.
LENIENT = ExportConfig(unsure_below=0.42, min_label_agreement=0.5, max_macro_f1_loss=0.5)


@dataclass(frozen=True)
class Place:
    """A folder with raw and processed data and trained checkpoints."""

    folder: Path

    def config(
        self, *, export: ExportConfig = LENIENT, corpora: tuple[str, ...] = ("synthetic",)
    ) -> PipelineConfig:
        evaluation = EvaluationConfig(
            corpora=list(corpora), primary=corpora[0], resamples=200, behaviour_cases=4
        )
        changes = {"export": export, "evaluation": evaluation}
        return small_config().model_copy(update=changes)

    def export(
        self,
        bundle_dir: Path,
        *,
        config: PipelineConfig | None = None,
        checkpoint_dir: Path | None = None,
        processed_dir: Path | None = None,
        on_step: Callable[[str], None] = lambda _: None,
    ) -> Bundle:
        return export_bundle(
            config or self.config(),
            raw_dir=self.folder / "raw",
            checkpoint_dir=checkpoint_dir or self.folder / "one-task" / "checkpoint",
            processed_dir=processed_dir or self.folder / "processed",
            bundle_dir=bundle_dir,
            on_step=on_step,
        )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("export")
    splits = write_splits(folder / "processed")
    download("synthetic", raw_dir=folder / "raw", data_dir=None)
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)  # MLflow puts artefacts below the working directory
        for name, values in (
            ("one-task", {"epochs": 6, "learning_rate": 5e-3, "checkpoints_per_epoch": 1}),
            ("two-tasks", {"emotion_loss_weight": 0.2, "max_steps": 4}),
        ):
            train(
                small_config(**values),
                tracking_uri=f"sqlite:///{folder / 'mlflow.db'}",
                processed_dir=splits,
                checkpoint_dir=folder / name / "checkpoint",
            )
        yield Place(folder)
    torch.set_num_threads(n_threads)


@pytest.fixture(scope="module")
def bundle(place: Place) -> Bundle:
    return place.export(place.folder / "bundle")


@pytest.fixture
def checkpoint(place: Place, tmp_path: Path) -> Path:
    """A copy of the checkpoint, to be spoilt."""
    return Path(
        shutil.copytree(place.folder / "one-task" / "checkpoint", tmp_path / "a" / "checkpoint")
    )


def names_below(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


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


def write_doubtful_splits(folder: Path, bundle: Bundle) -> pd.DataFrame:
    """Write splits where the model is wrong only on what it is less sure of; return validation."""
    path = write_splits(folder) / "validation.parquet"
    frame = pd.read_parquet(path)
    # The bundle's own temperature makes it equally sure of all that it has right.
    model = Predictor(
        OnnxEngine(bundle.model_path),
        Tokenizer.from_file(str(bundle.tokenizer_path)),
        name="exported",
        digest="",
        max_length_tokens=16,
        temperature=2.0,
    )
    confidence = [one.confidence for one in model.predict(list(frame["text"]))]
    surest_first = np.argsort(-np.array(confidence), kind="stable")
    doubtful = surest_first[len(frame) // 3 :: 2]
    frame.loc[doubtful, "label"] = (frame.loc[doubtful, "label"] + 1) % 3
    frame.to_parquet(path, index=False)
    return frame


def with_risk(risk: float) -> ExportConfig:
    """Return the lenient configuration with a risk in place of its threshold."""
    values = LENIENT.model_dump(exclude={"unsure_below"}) | {"unsure_risk": risk}
    return ExportConfig.model_validate(values)


def test_export_chooses_the_threshold_of_a_stated_risk(
    place: Place, bundle: Bundle, tmp_path: Path
) -> None:
    frame = write_doubtful_splits(tmp_path / "processed", bundle)
    exported = place.export(
        tmp_path / "bundle",
        config=place.config(export=with_risk(0.3)),
        processed_dir=tmp_path / "processed",
    )
    stated = exported.manifest.unsure_risk
    assert stated is not None
    assert (stated.max_risk, stated.rows) == (0.3, len(frame))
    assert stated.risk <= stated.risk_bound <= 0.3
    assert 0.2 < stated.coverage < 0.8
    # What the manifest promises is what is served, `unsure` included.
    served = Predictor.from_bundle(exported, threads=1).predict(list(frame["text"]))
    sure = [one.confidence >= exported.manifest.unsure_below for one in served]
    told = [one.status for one in served]
    assert Status.UNSURE in told
    for status, is_sure in zip(told, sure, strict=True):
        assert status is Status.NOT_ENGLISH or (status is Status.OK) == is_sure
    right = np.array([one.label.class_index for one in served]) == frame["label"].to_numpy()
    assert np.mean(sure) == pytest.approx(stated.coverage)
    assert 1 - right[sure].mean() == pytest.approx(stated.risk)
    card = (exported.directory / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"A confidence below {exported.manifest.unsure_below:.4f} is reported" in card
    assert f"{stated.coverage:.1%} are answered, and {stated.risk:.1%} of these are wrong" in card


def test_export_of_a_threshold_by_hand_states_no_risk(bundle: Bundle) -> None:
    assert bundle.manifest.unsure_risk is None
    # Code that does not know the key refuses it: it must not be there in vain.
    assert "unsure_risk" not in (bundle.directory / "sentiment.json").read_text(encoding="utf-8")


def test_export_refuses_a_risk_that_no_threshold_keeps(
    place: Place, bundle: Bundle, tmp_path: Path
) -> None:
    older = Path(shutil.copytree(bundle.directory, tmp_path / "bundle"))
    with pytest.raises(ExportError) as caught:
        place.export(older, config=place.config(export=with_risk(0.01)))
    assert "a risk of 0.01 (unsure_risk)" in caught.value.message
    assert "found none on 60 validation rows" in caught.value.message
    assert "set unsure_below instead" in caught.value.hint
    assert load_bundle(older).digest == bundle.digest


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


def test_export_that_strays_names_both_figures_and_keeps_the_older_bundle(
    place: Place, bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = Path(shutil.copytree(bundle.directory, tmp_path / "bundle"))
    impossible = ExportConfig(min_label_agreement=1.0, max_macro_f1_loss=0.0)
    # Even int8 may agree on all of 60 rows: what is coarser by far can't.
    monkeypatch.setattr("sentiment.release.export.quantise_to_int8", quantise_to_one_bit)
    with pytest.raises(ExportError) as caught:
        place.export(older, config=place.config(export=impossible))
    assert "label agreement 0." in caught.value.message
    assert "(wanted at least 1.0)" in caught.value.message
    assert "macro-F1 loss " in caught.value.message
    assert "(wanted at most 0.0)" in caught.value.message
    assert load_bundle(older) == Bundle(older, bundle.manifest, bundle.digest)
    assert names_below(tmp_path) == {"bundle"}


def quantise_to_one_bit(float_path: Path, output: Path) -> None:
    """Keep of each weight its sign alone, and the wrong one."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(float_path))
    for tensor in graph.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.ndim == 2:
            coarse = (-np.sign(values) * np.abs(values).mean()).astype(np.float32)
            tensor.CopyFrom(numpy_helper.from_array(coarse, tensor.name))
    onnx.save(graph, str(output))


def test_export_without_a_checkpoint_says_to_train(place: Place, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"no whole checkpoint in .*nowhere") as caught:
        place.export(tmp_path / "bundle", checkpoint_dir=tmp_path / "nowhere")
    assert "sentiment train" in caught.value.hint
    assert names_below(tmp_path) == set()


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "training.json"])
def test_export_of_half_a_checkpoint_says_to_train(
    place: Place, checkpoint: Path, tmp_path: Path, name: str
) -> None:
    (checkpoint / name).unlink()
    with pytest.raises(ExportError) as caught:
        place.export(tmp_path / "bundle", checkpoint_dir=checkpoint)
    assert str(checkpoint) in caught.value.message
    assert "sentiment train" in caught.value.hint


def test_export_of_cut_off_weights_says_to_train(
    place: Place, checkpoint: Path, tmp_path: Path
) -> None:
    weights = checkpoint / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1_000])
    with pytest.raises(ExportError, match="no whole checkpoint"):
        place.export(tmp_path / "bundle", checkpoint_dir=checkpoint)


def test_export_refuses_another_label_order(place: Place, checkpoint: Path, tmp_path: Path) -> None:
    path = checkpoint / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["id2label"] = {"0": "positive", "1": "neutral", "2": "negative"}
    config["label2id"] = {"positive": 0, "neutral": 1, "negative": 2}
    path.write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ExportError) as caught:
        place.export(tmp_path / "bundle", checkpoint_dir=checkpoint)
    assert "['positive', 'neutral', 'negative']" in caught.value.message
    assert "wanted ['negative', 'neutral', 'positive']" in caught.value.message
    assert not (tmp_path / "bundle").exists()


@pytest.mark.parametrize("name", ["validation.parquet", "manifest.json"])
@pytest.mark.parametrize("content", [None, b"not what it should be"])
def test_export_without_the_validation_split_says_to_prepare(
    place: Place, tmp_path: Path, name: str, content: bytes | None
) -> None:
    processed = write_splits(tmp_path / "processed")
    (processed / name).unlink()
    if content is not None:
        (processed / name).write_bytes(content)
    with pytest.raises(ExportError) as caught:
        place.export(tmp_path / "bundle", processed_dir=processed)
    assert name in caught.value.message
    assert "sentiment prepare" in caught.value.hint
    assert names_below(tmp_path) == {"processed"}


def test_export_with_a_test_set_that_was_not_downloaded(place: Place, tmp_path: Path) -> None:
    config = place.config(corpora=("synthetic", "goemotions"))
    with pytest.raises(CorpusUnavailableError, match="goemotions") as caught:
        place.export(tmp_path / "bundle", config=config)
    assert "sentiment download goemotions" in caught.value.hint
    assert names_below(tmp_path) == set()


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

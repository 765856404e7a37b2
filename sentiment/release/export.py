"""Checkpoint -> ONNX -> int8 -> parity, calibration, figures, card -> bundle."""

from __future__ import annotations

import importlib.metadata
import logging
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from sentiment.config import ExportConfig, PipelineConfig
from sentiment.drift.making import profile_of_texts
from sentiment.drift.observation import Observer
from sentiment.drift.profile import write_profile
from sentiment.errors import ExportError
from sentiment.evaluation.calibration import expected_calibration_error, fit_temperature
from sentiment.evaluation.evaluator import evaluate_set
from sentiment.evaluation.labelled_sets import held_out_set
from sentiment.evaluation.metrics import EvaluationResult
from sentiment.files import may_be_replaced, whole_directory
from sentiment.inference.engine import OnnxEngine
from sentiment.inference.predictor import Predictor
from sentiment.inference.scorer import Scorer, softmax
from sentiment.labels import LABEL_NAMES
from sentiment.release.bundle import (
    CARD_FILE,
    FORMAT_VERSION,
    MANIFEST_FILE,
    MODEL_FILE,
    PROFILE_FILE,
    TOKENIZER_FILE,
    Bundle,
    CorpusRecord,
    Manifest,
    load_bundle,
    payload_digests,
    write_manifest,
)
from sentiment.release.card import render_card
from sentiment.release.card_behaviour import measure_behaviour
from sentiment.release.checkpoint import TorchEngine, load_checkpoint
from sentiment.release.int8_weights import with_int8_weights, with_smoothed_outliers
from sentiment.release.lean_attention import with_lean_attention
from sentiment.release.onnx import export_float_graph, quantise_to_int8
from sentiment.release.parity import measure_parity, refuse_if_strayed
from sentiment.release.trained_on import (
    corpora_trained_on,
    refuse_other_base,
    training_summary,
)
from sentiment.release.unsure import unsure_threshold
from sentiment.textclean import CLEANER_VERSION

_LIBRARIES = ("torch", "transformers", "datasets", "onnx", "onnxruntime", "tokenizers")
_TYPICAL_TEXTS = 256

_log = logging.getLogger(__name__)
OnStep = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ancestry:
    """What a model knew whose checkpoint a training began with.

    Attributes:
        corpora: that it was trained on.
        taught: whose texts it learned without their labels.
    """

    corpora: Sequence[CorpusRecord] = ()
    taught: Sequence[CorpusRecord] = ()


def export_bundle(
    config: PipelineConfig,
    *,
    raw_dir: Path,
    checkpoint_dir: Path | None = None,
    processed_dir: Path | None = None,
    bundle_dir: Path | None = None,
    ancestry: Ancestry | None = None,
    on_step: OnStep = lambda _: None,
) -> Bundle:
    """Make the bundle of a trained configuration, or leave the older one as it is.

    Args:
        config: how to export and measure; what was trained, the checkpoint itself says.
        raw_dir: the raw corpora, for the test sets.
        checkpoint_dir: of `sentiment train`; None takes the configuration's folder.
        processed_dir: of `sentiment prepare`; likewise.
        bundle_dir: where the bundle goes, in place of an older one; likewise.
        ancestry: of a model that training began with, which this one has seen the rows of too;
            None for a base model.
        on_step: told what is being done.

    Raises:
        ExportError: there is something else than a bundle where it should go, the checkpoint or
            the validation split can't be read or are not of the same data, the checkpoint is of
            another base model, the exported model strays from the checkpoint beyond the
            configuration's limits, or no threshold keeps the configuration's risk.
        CorpusUnavailableError: a test set was not downloaded.
        OutOfSpaceError: the disk is full.
    """
    checkpoint_dir = checkpoint_dir or config.checkpoint_dir
    processed_dir = processed_dir or config.processed_dir
    bundle_dir = bundle_dir or config.bundle_dir
    _refuse_to_replace(bundle_dir, inputs=(checkpoint_dir, processed_dir, raw_dir))
    on_step("loading the checkpoint")
    tokenizer, model = load_checkpoint(checkpoint_dir)
    texts, classes = _validation(processed_dir)
    training = training_summary(checkpoint_dir)
    corpora, taught = corpora_trained_on(training, processed_dir)
    if ancestry is None:
        refuse_other_base(training, config.model.base)
    else:
        corpora, taught = _with(corpora, ancestry.corpora), _with(taught, ancestry.taught)
    with whole_directory(bundle_dir) as partial:
        on_step(f"exporting the graph ({config.export.quantisation})")
        tokenizer.backend_tokenizer.save(str(partial / TOKENIZER_FILE), pretty=False)
        typical = tokenizer(
            texts[:_TYPICAL_TEXTS], truncation=True, max_length=config.model.max_length_tokens
        )["input_ids"]
        _write_graph(model, typical, config.export, partial / MODEL_FILE)

        on_step(f"comparing with the checkpoint on {len(texts):,} validation rows")
        maximum = config.model.max_length_tokens
        exported = OnnxEngine(partial / MODEL_FILE)
        logits = _logits(exported, partial, texts, max_length_tokens=maximum)
        reference = _logits(TorchEngine(model), partial, texts, max_length_tokens=maximum)
        temperature = fit_temperature(logits, classes)
        parity = measure_parity(reference, logits, classes, temperature=temperature)
        refuse_if_strayed(parity, config.export)
        probabilities = softmax(logits / temperature)
        unsure_below, stated_risk = unsure_threshold(config.export, probabilities, classes)

        predictor = Predictor(
            exported,
            Tokenizer.from_file(str(partial / TOKENIZER_FILE)),
            name=config.name,
            digest="",
            max_length_tokens=maximum,
            temperature=temperature,
            unsure_below=unsure_below,
        )
        on_step("profile of the validation rows")
        observer = Observer.from_file(partial / TOKENIZER_FILE, max_length_tokens=maximum)
        if (profile := profile_of_texts(predictor, observer, texts)) is not None:
            write_profile(partial / PROFILE_FILE, profile)
        results = _evaluate(
            predictor,
            config,
            trained_on=[corpus.name for corpus in (*corpora, *taught)],
            raw_dir=raw_dir,
            on_step=on_step,
        )
        on_step("behaviour and identity terms")
        behaviour = measure_behaviour(
            predictor,
            seed=config.seed,
            n_cases=config.evaluation.behaviour_cases,
            n_resamples=config.evaluation.resamples,
        )
        card = render_card(
            config,
            parity=parity,
            temperature=temperature,
            calibration_error=expected_calibration_error(probabilities, classes),
            unsure_below=unsure_below,
            stated_risk=stated_risk,
            rows_by_corpus={corpus.name: corpus.rows for corpus in corpora},
            rows_taught={corpus.name: corpus.rows for corpus in taught},
            training=training,
            results=results,
            behaviour=behaviour,
        )
        (partial / CARD_FILE).write_text(card, encoding="utf-8")
        manifest = Manifest(
            format_version=FORMAT_VERSION,
            name=config.name,
            label_names=list(LABEL_NAMES),
            cleaner_version=CLEANER_VERSION,
            max_length_tokens=maximum,
            temperature=temperature,
            unsure_below=unsure_below,
            unsure_risk=stated_risk,
            base_model=config.model.base,
            quantisation=config.export.quantisation,
            corpora=corpora,
            taught=taught,
            seed=training["config"]["seed"],
            parity=parity,
            metrics={result.corpus: _figures(result) for result in results},
            versions={name: importlib.metadata.version(name) for name in _LIBRARIES},
            files=payload_digests(partial),
        )
        write_manifest(partial, manifest)
    bundle = load_bundle(bundle_dir)
    _log.info("bundle %s at %s", bundle.digest[:12], bundle.directory)
    return bundle


def _refuse_to_replace(bundle_dir: Path, *, inputs: Sequence[Path]) -> None:
    """Refuse a place whose content is no older bundle: writing a bundle removes what was there."""
    hint = "Name a new folder, or that of an older bundle."
    if not may_be_replaced(bundle_dir, marked_by=MANIFEST_FILE):
        raise ExportError(f"{bundle_dir} holds something else than a bundle.", hint=hint)
    target = bundle_dir.resolve()
    for path in inputs:
        if path.resolve().is_relative_to(target):
            raise ExportError(f"{bundle_dir} holds {path}, which the export reads.", hint=hint)


def _write_graph(
    model: PreTrainedModel, typical: list[list[int]], export: ExportConfig, path: Path
) -> None:
    model = with_lean_attention(model)
    if export.quantisation == "none":
        export_float_graph(model, path)
        return
    with tempfile.TemporaryDirectory() as scratch:
        mixed = Path(scratch) / MODEL_FILE
        mixed_model = with_int8_weights(model, n_layers=export.float_layers)
        if export.outlier_headroom is not None:
            mixed_model = with_smoothed_outliers(
                mixed_model, typical, headroom=export.outlier_headroom
            )
        export_float_graph(mixed_model, mixed)
        quantise_to_int8(mixed, path)


def _validation(processed_dir: Path) -> tuple[list[str], NDArray[np.int64]]:
    path = processed_dir / "validation.parquet"
    try:
        frame = pd.read_parquet(path, columns=["text", "label"])
    except (OSError, ValueError) as error:
        raise ExportError(
            f"The validation split can't be read at {path}: {error}",
            hint="Run `sentiment prepare --config …` first.",
        ) from error
    return list(frame["text"]), frame["label"].to_numpy(dtype=np.int64)


def _with(own: list[CorpusRecord], inherited: Sequence[CorpusRecord]) -> list[CorpusRecord]:
    names = {one.name for one in own}
    return [*own, *(one for one in inherited if one.name not in names)]


def _logits(
    engine: OnnxEngine | TorchEngine, folder: Path, texts: list[str], *, max_length_tokens: int
) -> NDArray[np.float64]:
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    return Scorer(engine, tokenizer, max_length_tokens=max_length_tokens).logits(texts)


def _evaluate(
    predictor: Predictor,
    config: PipelineConfig,
    *,
    trained_on: Sequence[str],
    raw_dir: Path,
    on_step: OnStep,
) -> list[EvaluationResult]:
    results = []
    for name in config.evaluation.corpora:
        on_step(f"evaluating on {name}")
        labelled = held_out_set(name, raw_dir=raw_dir, trained_on=trained_on)
        result, _ = evaluate_set(
            predictor, labelled, seed=config.seed, n_resamples=config.evaluation.resamples
        )
        results.append(result)
    return results


def _figures(result: EvaluationResult) -> dict[str, Any]:
    """Return what the manifest keeps of a result: the headline scores and their intervals."""
    scores = result.scores
    figures: dict[str, Any] = {
        "n": scores.n,
        "labeller": result.labeller,
        "human_labelled": result.human_labelled,
    }
    for metric in ("accuracy", "macro_f1", "macro_recall"):
        interval = scores.intervals[metric]
        figures[metric] = round(scores.metrics[metric], 4)
        figures[f"{metric}_interval"] = [round(interval.low, 4), round(interval.high, 4)]
    return figures

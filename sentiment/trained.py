"""What a training leaves behind: the checkpoint directory that `export` reads, and figures."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sentiment.checkpoints import step_of
from sentiment.config import PipelineConfig
from sentiment.files import whole_directory, write_json
from sentiment.labels import LABEL_NAMES, N_CLASSES

if TYPE_CHECKING:
    from transformers import Trainer

    from sentiment.models.soft_labels import SoftShare

SUMMARY_FILE = "training.json"
CURVE_FILE = "curve.csv"
_CURVE_COLUMNS = ("step", "loss", "learning_rate", "eval_loss", "eval_macro_f1", "eval_accuracy")


def summary_of(
    trainer: Trainer,
    config: PipelineConfig,
    *,
    made_from: Mapping[str, Any] | None,
    validation: dict[str, float],
    confusion: list[list[int]],
    averaged_steps: list[int],
    soft_shares: Mapping[str, SoftShare],
) -> dict[str, Any]:
    """Return what is worth knowing of a training, as plain JSON values.

    Args:
        trainer: after training.
        config: what was trained.
        made_from: what the prepared data were made from; None where they don't say.
        validation: metrics of the kept weights.
        confusion: rows labelled, columns predicted, shape (3, 3).
        averaged_steps: the checkpoints whose mean was kept, best first; empty for a single one.
        soft_shares: by corpus, where larger models taught.
    """
    computed_in = trainer.accelerator.mixed_precision
    return {
        "config": config.model_dump(mode="json"),
        "made_from": made_from,
        "validation": validation,
        "validation_confusion": {"labels": list(LABEL_NAMES), "rows_true_by_predicted": confusion},
        "steps": trainer.state.global_step,
        "best_step": step_of(Path(trainer.state.best_model_checkpoint))
        if trainer.state.best_model_checkpoint
        else trainer.state.global_step,
        "averaged_steps": averaged_steps,
        "soft_labels": {
            name: {"texts": share.n_texts, "with_soft_label": share.n_soft}
            for name, share in soft_shares.items()
        },
        "precision": "fp32" if computed_in == "no" else computed_in,
        "device": str(trainer.args.device),
    }


def save_checkpoint(trainer: Trainer, checkpoint_dir: Path, summary: dict[str, Any]) -> None:
    """Write model, tokenizer, summary and curve, whole or not at all.

    Raises:
        OutOfSpaceError: the disk is full.
    """
    with whole_directory(checkpoint_dir) as partial:
        trainer.save_model(str(partial))
        write_json(partial / SUMMARY_FILE, summary)
        _write_curve(partial / CURVE_FILE, trainer.state.log_history)
        (partial / "training_args.bin").unlink(missing_ok=True)  # a pickle; the summary has it all


def _write_curve(path: Path, history: list[dict[str, float]]) -> None:
    """Write what the Trainer logged, one row a step, for `dvc plots`."""
    rows: dict[float, dict[str, float]] = {}
    for entry in history:
        rows.setdefault(entry["step"], {}).update(entry)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _CURVE_COLUMNS, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows.values())


def confusion_figure(confusion: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a matplotlib figure
    """Draw a confusion matrix, with keys labels and rows_true_by_predicted."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(4, 4), layout="constrained")
    axes = figure.subplots()
    counts = confusion["rows_true_by_predicted"]
    axes.imshow(counts, cmap="Blues")
    axes.set_xticks(range(N_CLASSES), confusion["labels"])
    axes.set_yticks(range(N_CLASSES), confusion["labels"])
    axes.set_xlabel("predicted")
    axes.set_ylabel("labelled")
    for row, values in enumerate(counts):
        for column, count in enumerate(values):
            axes.text(column, row, str(count), ha="center", va="center")
    return figure

"""Fine-tuning, from three parquet files to a checkpoint; the entry of `accelerate launch`.

    accelerate launch -m sentiment.train --config configs/distilbert.yaml

Owns what surrounds the Trainer: seeds, the MLflow run, and the checkpoint directory that `export`
reads. Resuming is in `sentiment.resuming`, the rows are in `sentiment.training_rows`.
"""

from __future__ import annotations

import json
import logging
import shutil
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sentiment.checkpoints import (
    fingerprint_of,
    last_whole_checkpoint,
    parameters_of,
    read_state,
    remember,
    step_of,
    whole_checkpoints,
)
from sentiment.config import PipelineConfig, load_config
from sentiment.corpora.goemotions import EMOTIONS
from sentiment.labels import N_CLASSES
from sentiment.resuming import alone, discard_another, run_to_the_end
from sentiment.settings import load_settings, switch_off_telemetry
from sentiment.trained import confusion_figure, save_checkpoint, summary_of
from sentiment.training_rows import prepared_folder, read_split, training_split

if TYPE_CHECKING:
    from accelerate import PartialState
    from datasets import Dataset
    from transformers import Trainer

    from sentiment.tracking import TrackedRun

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training gave.

    Attributes:
        checkpoint_dir: safetensors, configuration and tokenizer.
        validation: metrics of the kept checkpoint on the validation split.
        resumed_from_step: where an interrupted run was taken up; None for a fresh one.
        run_id: of MLflow; None on all but the main process.
    """

    checkpoint_dir: Path
    validation: dict[str, float]
    resumed_from_step: int | None
    run_id: str | None


def train(
    config: PipelineConfig,
    *,
    tracking_uri: str,
    processed_dir: Path | None = None,
    checkpoint_dir: Path | None = None,
    fresh: bool = False,
) -> Trained:
    """Fine-tune the model of a configuration.

    A run that was killed goes on from its last whole checkpoint when configuration, data and
    number of processes are the same. The data are prepared first where they are missing or stale.

    Args:
        config: what to train on what.
        tracking_uri: of MLflow.
        processed_dir: the three splits; None takes, and prepares, the configuration's folder.
        checkpoint_dir: where the model goes; None takes the configuration's folder.
        fresh: begin anew even where a killed run could go on.

    Raises:
        TrainingError: the same model is being trained, the splits can't be read, or MLflow can't
            be used.
        ModelUnavailableError: the base model is nowhere to be had.
        DataError: the data have to be prepared and can't be.
    """
    import torch  # noqa: PLC0415 - takes seconds to load
    from accelerate import PartialState  # noqa: PLC0415 - likewise

    # As the Trainer will: else each of several processes without a GPU believes it is the main one.
    process = PartialState(cpu=not torch.accelerator.is_available())
    checkpoint_dir = checkpoint_dir or config.checkpoint_dir
    with alone(checkpoint_dir) if process.is_main_process else nullcontext():
        return _train(
            config,
            process,
            tracking_uri=tracking_uri,
            processed_dir=processed_dir,
            checkpoint_dir=checkpoint_dir,
            fresh=fresh,
        )


def _train(
    config: PipelineConfig,
    process: PartialState,
    *,
    tracking_uri: str,
    processed_dir: Path | None,
    checkpoint_dir: Path,
    fresh: bool,
) -> Trained:
    from transformers import set_seed  # noqa: PLC0415

    from sentiment.models.base import load_base  # noqa: PLC0415
    from sentiment.models.transformer import (  # noqa: PLC0415
        make_trainer,
        tokenise,
        training_arguments,
    )
    from sentiment.preparation.prepare import read_made_from  # noqa: PLC0415

    with process.main_process_first():
        folder = processed_dir or prepared_folder(config, may_prepare=process.is_main_process)
    work_dir = checkpoint_dir.with_name(f"{checkpoint_dir.name}.work")
    fingerprint = fingerprint_of(config, folder, n_processes=process.num_processes)
    made_from = read_made_from(folder)
    with process.main_process_first():
        if process.is_main_process:
            discard_another(work_dir, fingerprint, fresh=fresh, tracking_uri=tracking_uri)
    resume_from = last_whole_checkpoint(work_dir)

    set_seed(config.seed)
    with_emotions = config.training.emotion_loss_weight > 0
    tokenizer, model = load_base(
        config.model, n_extra_outputs=len(EMOTIONS) if with_emotions else 0
    )
    train_split, soft_shares = training_split(config, folder)
    splits = {
        name: tokenise(
            split,
            tokenizer,
            max_length_tokens=config.model.max_length_tokens,
            with_emotions=with_emotions,
        )
        for name, split in (
            ("train", train_split),
            ("validation", read_split(folder, "validation")),
        )
    }
    arguments = training_arguments(
        config,
        output_dir=work_dir,
        n_rows=len(splits["train"]),
        n_processes=process.num_processes,
        report_to=["mlflow"],
    )
    run_context: AbstractContextManager[TrackedRun | None] = nullcontext(None)
    if process.is_main_process:
        from sentiment.tracking import tracked_run  # noqa: PLC0415 - mlflow takes seconds

        run_context = tracked_run(
            tracking_uri=tracking_uri,
            name=config.name,
            # Also where the kill came before the first checkpoint: else that run never ends.
            resume_run_id=read_state(work_dir).get("run_id"),
        )
    with run_context as run:
        if run is not None:
            remember(work_dir, fingerprint=fingerprint, run_id=run.run_id)
            _log_what_goes_in(run, config, folder)
        trainer = make_trainer(
            model,
            tokenizer,
            arguments,
            train=splits["train"],
            validation=splits["validation"],
            training=config.training,
        )
        run_to_the_end(trainer, resume_from)
        averaged = _average(trainer, work_dir, splits["validation"], config)
        metrics, confusion = _validate(trainer, splits["validation"])
        if run is not None:
            summary = summary_of(
                trainer,
                config,
                made_from=made_from,
                validation=metrics,
                confusion=confusion,
                averaged_steps=averaged,
                soft_shares=soft_shares,
            )
            save_checkpoint(trainer, checkpoint_dir, summary)
            _log_what_came_out(run, checkpoint_dir, summary)
            shutil.rmtree(work_dir, ignore_errors=True)
    process.wait_for_everyone()
    return Trained(
        checkpoint_dir=checkpoint_dir,
        validation=metrics,
        resumed_from_step=step_of(resume_from) if resume_from else None,
        run_id=run.run_id if run is not None else None,
    )


def _average(
    trainer: Trainer, work_dir: Path, validation: Dataset, config: PipelineConfig
) -> list[int]:
    """Average checkpoints where the configuration wants it; return their steps, best first."""
    if config.training.averaged_checkpoints == 1 or trainer.model is None:
        return []
    from sentiment.models.soup import cook_soup, scores_by_checkpoint  # noqa: PLC0415
    from sentiment.models.transformer import PRIMARY_METRIC  # noqa: PLC0415

    scores = scores_by_checkpoint(
        trainer.state.log_history,
        {step_of(path): path for path in whole_checkpoints(work_dir)},
        metric=f"eval_{PRIMARY_METRIC}",
    )
    soup = cook_soup(
        trainer.model, scores, score=lambda: _validate(trainer, validation)[0][PRIMARY_METRIC]
    )
    _log.info("averaged %d of %d checkpoints", len(soup.checkpoints), len(scores))
    return [step_of(path) for path in soup.checkpoints]


def _validate(trainer: Trainer, validation: Dataset) -> tuple[dict[str, float], list[list[int]]]:
    import numpy as np  # noqa: PLC0415
    from sklearn.metrics import confusion_matrix  # noqa: PLC0415

    output = trainer.predict(validation, metric_key_prefix="validation")
    metrics = {
        name.removeprefix("validation_"): float(value)
        for name, value in (output.metrics or {}).items()
        if name.removeprefix("validation_") in {"macro_f1", "accuracy", "macro_recall", "loss"}
    }
    guesses = np.asarray(output.predictions)[:, :N_CLASSES].argmax(axis=-1)
    labels = np.asarray(output.label_ids)
    return metrics, confusion_matrix(labels, guesses, labels=range(N_CLASSES)).tolist()


def _log_what_goes_in(run: TrackedRun, config: PipelineConfig, folder: Path) -> None:
    # MLflow lets no parameter of a run change: all else may differ when a killed one goes on.
    run.log_parameters({"config": parameters_of(config)})
    run.log_json("config.json", config.model_dump(mode="json"))
    manifest = folder / "manifest.json"
    if manifest.is_file():
        corpora = json.loads(manifest.read_text(encoding="utf-8"))["corpora"]
        run.log_tags({f"corpus.{name}": corpus["sha256"] for name, corpus in corpora.items()})
        run.log_json("data.json", json.loads(manifest.read_text(encoding="utf-8")))


def _log_what_came_out(run: TrackedRun, checkpoint_dir: Path, summary: dict[str, Any]) -> None:
    run.log_metrics({f"final.{name}": value for name, value in summary["validation"].items()})
    run.log_json("summary.json", summary)
    run.log_figure("confusion.png", confusion_figure(summary["validation_confusion"]))
    run.log_directory(checkpoint_dir, "checkpoint")


def main(
    config: Annotated[Path, typer.Option(help="A configuration such as configs/distilbert.yaml.")],
    fresh: Annotated[bool, typer.Option(help="Begin anew instead of resuming.")] = False,
) -> None:
    """Fine-tune the model of a configuration, on one process or many."""
    settings = load_settings()
    trained = train(load_config(config), tracking_uri=settings.tracking_uri, fresh=fresh)
    if trained.run_id is not None:
        _log.info("checkpoint %s: %s", trained.checkpoint_dir, trained.validation)


if __name__ == "__main__":
    switch_off_telemetry()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    typer.run(main)

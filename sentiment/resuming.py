"""How a training that was killed is taken up: by one process, from what fits, to its end.

What it left is read in `sentiment.checkpoints`.
"""

from __future__ import annotations

import logging
import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sentiment.checkpoints import STATE_FILE, is_finished, read_state
from sentiment.errors import TrainingError
from sentiment.files import locked

if TYPE_CHECKING:
    from torch import nn
    from transformers import Trainer

_log = logging.getLogger(__name__)


def alone(checkpoint_dir: Path) -> AbstractContextManager[None]:
    """Keep a second training of the same model out: it would take the first one's checkpoints away.

    Raises:
        TrainingError: one is going on.
    """
    going_on = TrainingError(
        f"Another training of {checkpoint_dir} is going on.",
        hint="Wait for it, or end it: the next one goes on where it was.",
    )
    return locked(checkpoint_dir.with_name(f".{checkpoint_dir.name}.lock"), refusal=going_on)


def discard_another(work_dir: Path, fingerprint: str, *, fresh: bool, tracking_uri: str) -> None:
    """Remove what a killed run left that can't go on, or is not to, and end it in MLflow.

    Args:
        work_dir: what it left.
        fingerprint: of the training that begins.
        fresh: whether none is to go on.
        tracking_uri: of MLflow.

    Raises:
        TrainingError: MLflow can't be used; nothing was removed.
    """
    from sentiment.tracking import end_left_run  # noqa: PLC0415 - mlflow takes seconds

    left = read_state(work_dir)
    if left.get("fingerprint") == fingerprint and not fresh:
        return
    if left and not fresh:
        _log.warning(
            "%s is of another configuration, base, data or number of processes: beginning anew",
            work_dir,
        )
    if run_id := left.get("run_id"):
        end_left_run(run_id, tracking_uri=tracking_uri)
    shutil.rmtree(work_dir, ignore_errors=True)


def run_to_the_end(trainer: Trainer, resume_from: Path | None) -> None:
    """Train, from a checkpoint where there is one; at its end take the best weights.

    Raises:
        TrainingError: MLflow can't be used, or the best weights can't be read.
    """
    from sentiment.tracking import TRAINER_STORE_ERRORS, usable_store  # noqa: PLC0415

    if resume_from is None or not is_finished(resume_from):
        with usable_store(TRAINER_STORE_ERRORS):
            trainer.train(resume_from_checkpoint=str(resume_from) if resume_from else None)
        return
    from transformers import TrainerState  # noqa: PLC0415 - takes seconds

    from sentiment.models.soup import load_weights  # noqa: PLC0415 - likewise

    trainer.state = TrainerState.load_from_json(str(resume_from / STATE_FILE))
    best = Path(trainer.state.best_model_checkpoint or resume_from)
    load_weights(cast("nn.Module", trainer.model), resume_from.with_name(best.name))

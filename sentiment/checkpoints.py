"""Where a killed training goes on: its intermediate checkpoints and what they belong to."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from sentiment.config import PipelineConfig
from sentiment.files import digests_of_files, sha256_of_file, write_json

_STATE_FILE = "state.json"
_PREFIX = "checkpoint-"
# The Trainer writes this one last.
STATE_FILE = "trainer_state.json"
_PARAMETERS = {"seed", "model", "training", "teaching"}


def parameters_of(config: PipelineConfig) -> dict[str, Any]:
    """Return what of a configuration must be equal for a killed run to go on, as plain values."""
    return config.model_dump(mode="json", include=_PARAMETERS)


def fingerprint_of(config: PipelineConfig, processed_dir: Path, *, n_processes: int) -> str:
    """Return what must be equal for a killed run to go on: parameters, base model and data.

    And the number of processes: the Trainer counts what is done in steps, and more processes make
    fewer of an epoch. It would end after a part of the rows.
    """
    parts = [config.model_dump_json(include=_PARAMETERS), f"{n_processes} processes"]
    parts += [f"{name} {one}" for name, one in digests_of_files(Path(config.model.base)).items()]
    if config.teaching and Path(config.teaching.soft_labels).is_file():
        parts.append(sha256_of_file(Path(config.teaching.soft_labels)))
    parts += [
        sha256_of_file(path)
        for path in sorted(processed_dir.glob("*.parquet"))
        if path.stem != "test"
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def read_state(work_dir: Path) -> dict[str, Any]:
    """Return what `remember` wrote; empty where nothing readable is there."""
    try:
        state = json.loads((work_dir / _STATE_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def remember(work_dir: Path, *, fingerprint: str, run_id: str) -> None:
    """Write down which parameters, data and MLflow run the checkpoints belong to.

    Raises:
        OutOfSpaceError: the disk is full.
    """
    write_json(work_dir / _STATE_FILE, {"fingerprint": fingerprint, "run_id": run_id})


def last_whole_checkpoint(work_dir: Path) -> Path | None:
    """Return the newest checkpoint that was written to its end, whatever killed the run."""
    return max(whole_checkpoints(work_dir), key=step_of, default=None)


def whole_checkpoints(work_dir: Path) -> list[Path]:
    """Return the checkpoints that were written to their end, in no order."""
    return [path for path in work_dir.glob(f"{_PREFIX}*") if _is_json(path / STATE_FILE)]


def is_finished(checkpoint: Path) -> bool:
    """Tell whether the training that wrote a whole checkpoint was to end with it.

    The Trainer itself forgets that when it resumes, and would train on.
    """
    state = json.loads((checkpoint / STATE_FILE).read_text(encoding="utf-8"))
    control = state["stateful_callbacks"]["TrainerControl"]["args"]
    return bool(control["should_training_stop"]) or state["global_step"] >= state["max_steps"]


def step_of(checkpoint: Path) -> int:
    """Return the number of updates that a checkpoint has seen."""
    return int(checkpoint.name.removeprefix(_PREFIX))


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True

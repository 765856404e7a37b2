"""The MLflow runs of a comparison: one, and within it one a model.

A comparison that was killed goes on in its own runs, so that one comparison is one entry.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sentiment.comparison.config import CompareConfig
from sentiment.comparison.result import Comparison, ModelResult
from sentiment.files import write_json
from sentiment.models.options import ModelOptions
from sentiment.tracking import TrackedRun, end_left_run, tracked_run

EXPERIMENT_NAME = "comparison"


class ComparisonRuns:
    """Opens the runs of one comparison; see `tracked_comparison`.

    Args:
        parent: the open run of the comparison.
        tracking_uri: of MLflow.
        state: run ids by model, kept in `state_file`.
        state_file: where an interrupted comparison finds its runs again.
    """

    def __init__(
        self, parent: TrackedRun, *, tracking_uri: str, state: dict[str, Any], state_file: Path
    ) -> None:
        self._parent = parent
        self._tracking_uri = tracking_uri
        self._state = state
        self._state_file = state_file

    @contextmanager
    def of_model(self, options: ModelOptions) -> Iterator[TrackedRun]:
        """Open the run of one model within the comparison's.

        Raises:
            TrainingError: the tracking store can't be used.
        """
        known = self._state["models"]
        with tracked_run(
            tracking_uri=self._tracking_uri,
            name=options.name,
            resume_run_id=known.get(options.name),
            experiment=EXPERIMENT_NAME,
            nested=True,
        ) as run:
            known[options.name] = run.run_id
            write_json(self._state_file, self._state)
            run.log_parameters({"model": options.model_dump(mode="json")})
            yield run

    def finish(self, comparison: Comparison) -> None:
        """Record the whole result in the comparison's run."""
        self._parent.log_json("comparison.json", comparison.to_json())
        self._parent.log_tags({"choice": comparison.choice.name})
        self._state_file.unlink(missing_ok=True)


@contextmanager
def tracked_comparison(
    config: CompareConfig, *, rows_digest: str, tracking_uri: str, state_file: Path
) -> Iterator[ComparisonRuns]:
    """Open the run of a comparison, or that of an interrupted one again.

    Raises:
        TrainingError: the tracking store can't be used.
    """
    belongs_to = {"config": config.model_dump(mode="json"), "rows_digest": rows_digest}
    state = _read_state(state_file)
    if state.get("belongs_to") != belongs_to:
        end_left_runs(state_file, tracking_uri=tracking_uri)
        state = {"belongs_to": belongs_to, "models": {}}
    with tracked_run(
        tracking_uri=tracking_uri,
        name=config.name,
        resume_run_id=state.get("run_id"),
        experiment=EXPERIMENT_NAME,
    ) as parent:
        state["run_id"] = parent.run_id
        write_json(state_file, state)
        parent.log_parameters(
            {"corpora": ",".join(config.corpora), "folds": config.folds, "seed": config.seed}
        )
        parent.log_tags({"rows_digest": rows_digest})
        yield ComparisonRuns(parent, tracking_uri=tracking_uri, state=state, state_file=state_file)


def end_left_runs(state_file: Path, *, tracking_uri: str) -> None:
    """End the runs of a comparison that was cut off and that nobody goes on with.

    Raises:
        TrainingError: the tracking store can't be used.
    """
    state = _read_state(state_file)
    for run_id in (state.get("run_id"), *state.get("models", {}).values()):
        if run_id is not None:
            end_left_run(run_id, tracking_uri=tracking_uri)


def log_model(run: TrackedRun, result: ModelResult) -> None:
    """Record one model's figures in its run."""
    figures = {name: float(value) for name, value in result.metrics.items()}
    for number, value in enumerate(result.fold_macro_f1):
        figures[f"fold_{number}.macro_f1"] = value
    figures |= {
        "size_bytes": float(result.size_bytes),
        "comments_per_s": result.comments_per_s,
        "fit_s": result.fit_s,
    }
    run.log_metrics(figures)
    run.log_json("result.json", result.to_json())


def _read_state(path: Path) -> dict[str, Any]:
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}

"""The suite's figures in MLflow, beside the runs that trained the models."""

from __future__ import annotations

from pathlib import Path

from sentiment.evaluation.suite.findings import SuiteFindings
from sentiment.tracking import tracked_run

_ARTEFACTS = "evaluation"


def track_suite(findings: SuiteFindings, folder: Path, *, tracking_uri: str) -> str:
    """Record the figures that the report shows, and its files for machines.

    Args:
        findings: of one run.
        folder: holds the files that were written of it.
        tracking_uri: of MLflow.

    Returns:
        The id of the MLflow run.

    Raises:
        TrainingError: the tracking store can't be used.
    """
    figures = {
        f"{group}/{name}": value
        for group, values in findings.flat().items()
        for name, value in values.items()
    }
    name = f"evaluation of {findings.model.name}"
    with tracked_run(tracking_uri=tracking_uri, name=name) as run:
        run.log_tags({"bundle": findings.model.digest, "kind": "evaluation"})
        run.log_parameters({"seed": findings.seed, "unsure_below": findings.unsure_below})
        run.log_metrics(figures)
        run.log_directory(folder, _ARTEFACTS)
        return run.run_id

"""From which confidence on a bundle is sure: set by hand, or chosen for a stated risk."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentiment.config import ExportConfig
from sentiment.errors import ExportError
from sentiment.evaluation.selective import threshold_for_risk
from sentiment.release.bundle import StatedRisk


def unsure_threshold(
    export: ExportConfig, probabilities: NDArray[np.float64], classes: NDArray[np.int64]
) -> tuple[float, StatedRisk | None]:
    """Return the confidence under which a prediction is called `unsure`.

    Args:
        export: names the threshold, or the risk that it must keep.
        probabilities: calibrated ones of the validation rows, shape (n, 3), n >= 1.
        classes: true class indexes, shape (n,).

    Returns:
        The threshold, and what it does to these rows where a risk was stated.

    Raises:
        ExportError: no threshold keeps the stated risk on these rows.
    """
    if export.unsure_risk is None:
        return export.unsure_below, None
    correct = probabilities.argmax(axis=1) == classes
    chosen = threshold_for_risk(probabilities.max(axis=1), correct, max_risk=export.unsure_risk)
    if chosen is None:
        raise ExportError(
            f"Wanted a threshold that keeps a risk of {export.unsure_risk} (unsure_risk) with 95 % "
            f"certainty, found none on {len(correct):,} validation rows, of which "
            f"{1 - correct.mean():.3f} are wrong.",
            hint="State a larger unsure_risk, set unsure_below instead, or train on more rows.",
        )
    return chosen.threshold, StatedRisk(
        max_risk=export.unsure_risk,
        rows=len(correct),
        coverage=chosen.coverage,
        risk=chosen.risk,
        risk_bound=chosen.risk_bound,
    )

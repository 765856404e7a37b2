"""How far an exported model strays from its checkpoint, on rows that were not trained on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from sentiment.config import ExportConfig
from sentiment.errors import ExportError
from sentiment.inference.scorer import softmax
from sentiment.labels import N_CLASSES
from sentiment.release.bundle import Parity


def measure_parity(
    reference_logits: NDArray[np.float64],
    exported_logits: NDArray[np.float64],
    classes: NDArray[np.int64],
    *,
    temperature: float,
) -> Parity:
    """Compare two models on the same labelled rows.

    Args:
        reference_logits: of the checkpoint, shape (n, 3).
        exported_logits: of the exported graph, same shape.
        classes: class index of each row, shape (n,).
        temperature: probabilities are compared as they are served.
    """
    reference, exported = reference_logits.argmax(axis=1), exported_logits.argmax(axis=1)
    gaps = np.abs(softmax(reference_logits / temperature) - softmax(exported_logits / temperature))
    return Parity(
        rows=len(classes),
        label_agreement=float((reference == exported).mean()),
        largest_probability_gap=float(gaps.max()),
        macro_f1_loss=_macro_f1(classes, reference) - _macro_f1(classes, exported),
    )


def refuse_if_strayed(parity: Parity, limits: ExportConfig) -> None:
    """Refuse an export that strays too far.

    Raises:
        ExportError: labels agree too seldom, or macro-F1 falls too much and by more than chance
            explains; both figures are named.
    """
    agrees = parity.label_agreement >= limits.min_label_agreement
    tolerated = limits.max_macro_f1_loss + parity.loss_by_chance
    if agrees and parity.macro_f1_loss <= tolerated:
        return
    raise ExportError(
        f"The exported model strays from its checkpoint: label agreement "
        f"{parity.label_agreement:.4f} (wanted at least {limits.min_label_agreement}), macro-F1 "
        f"loss {parity.macro_f1_loss:.4f} (wanted at most {limits.max_macro_f1_loss} beyond what "
        f"chance explains on {parity.rows:,} rows, {tolerated:.4f} in all).",
        hint="Export with quantisation: none, or train longer with more weight decay.",
    )


def _macro_f1(classes: NDArray[np.int64], guesses: NDArray[np.int64]) -> float:
    labels = list(range(N_CLASSES))
    return float(f1_score(classes, guesses, average="macro", labels=labels, zero_division=0))

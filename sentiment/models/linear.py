"""Logistic regression over any features: fitted by scikit-learn, kept as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from sentiment.errors import BundleError
from sentiment.labels import N_CLASSES
from sentiment.models.face import softmax
from sentiment.models.options import EmbeddingsOptions, TfidfOptions


@dataclass(frozen=True, slots=True)
class LinearHead:
    """Three linear functions of the features.

    Attributes:
        weights: float32, shape (3, n_features).
        biases: float32, shape (3,).
    """

    weights: NDArray[np.float32]
    biases: NDArray[np.float32]

    @property
    def size_bytes(self) -> int:
        """Bytes of all parameters."""
        return self.weights.nbytes + self.biases.nbytes

    def probabilities(self, features: Any) -> NDArray[np.float64]:  # noqa: ANN401 - dense or sparse
        """Return probabilities of shape (n, 3) of features of shape (n, n_features)."""
        return softmax(np.asarray(features @ self.weights.T + self.biases, dtype=np.float64))

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return what `head_of_arrays` takes."""
        return {"weights": self.weights, "biases": self.biases}


def fit_head(
    features: Any,  # noqa: ANN401 - dense or sparse
    labels: NDArray[np.int64],
    options: TfidfOptions | EmbeddingsOptions,
) -> LinearHead:
    """Fit a multinomial logistic regression; its solver knows no chance.

    Args:
        features: shape (n, n_features), dense or sparse.
        labels: class indexes of which all three occur, shape (n,).
        options: regularisation, weights and iterations.
    """
    fitted = LogisticRegression(
        C=options.inverse_regularisation,
        class_weight="balanced" if options.class_weights == "balanced" else None,
        max_iter=options.max_iterations,
    ).fit(features, labels)
    return LinearHead(fitted.coef_.astype(np.float32), fitted.intercept_.astype(np.float32))


def head_of_arrays(arrays: Mapping[str, NDArray[Any]], *, n_features: int) -> LinearHead:
    """Put a head together again.

    Raises:
        BundleError: the arrays are missing or of another shape.
    """
    wanted = {"weights": (N_CLASSES, n_features), "biases": (N_CLASSES,)}
    for name, shape in wanted.items():
        found = arrays[name].shape if name in arrays else None
        if found != shape:
            raise BundleError(f"Wanted the array {name!r} of shape {shape}, found {found}.")
    return LinearHead(arrays["weights"], arrays["biases"])

"""What turns token ids into logits: one protocol, one class a backend.

Knows nothing of texts, labels or batches. Imports no training library.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from sentiment.errors import BundleError, InferenceError
from sentiment.labels import N_CLASSES

INPUT_NAMES = ("input_ids", "attention_mask")
OUTPUT_NAME = "logits"

# Its fused addition and layer normalisation is scalar code on the processor: ten times slower
# than the two operators that it replaces, and a quarter of a batch's time.
_SLOW_OPTIMISERS = ("SkipLayerNormFusion",)


class Engine(Protocol):
    """A thread-safe function from a padded batch to logits."""

    def logits(
        self, input_ids: NDArray[np.int64], attention_mask: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Score one batch.

        Args:
            input_ids: token ids, shape (n_texts, n_tokens).
            attention_mask: 1 for a token, 0 for padding, same shape.

        Returns:
            Logits of shape (n_texts, 3), columns in the order of `sentiment.labels.LABELS`.

        Raises:
            InferenceError: the backend failed.
        """
        ...


class OnnxEngine:
    """ONNX Runtime on the CPU.

    Args:
        model_path: a graph with inputs `input_ids` and `attention_mask` and output `logits`.
        threads: processor threads of one call; None lets ONNX Runtime take all cores.

    Raises:
        BundleError: the file is no such graph.
    """

    def __init__(self, model_path: Path, *, threads: int | None = None) -> None:
        options = ort.SessionOptions()
        if threads is not None:
            options.intra_op_num_threads = threads
        # Idle worker threads that spin would take the cores from the server beside them.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        try:
            self._session = ort.InferenceSession(
                str(model_path),
                options,
                providers=["CPUExecutionProvider"],
                disabled_optimizers=_SLOW_OPTIMISERS,
            )
        except Exception as error:
            raise BundleError(
                f"ONNX Runtime can't load {model_path}: {error}",
                hint="Verify the bundle with `sentiment bundle verify DIR`.",
            ) from error
        inputs = tuple(sorted(node.name for node in self._session.get_inputs()))
        outputs = [(node.name, node.shape[-1]) for node in self._session.get_outputs()]
        if inputs != tuple(sorted(INPUT_NAMES)) or outputs != [(OUTPUT_NAME, N_CLASSES)]:
            raise BundleError(
                f"{model_path} is a foreign graph: wanted inputs {sorted(INPUT_NAMES)} and output "
                f"{OUTPUT_NAME!r} with {N_CLASSES} columns, found {list(inputs)} and {outputs}.",
                hint="Export the model with `sentiment export`.",
            )

    def logits(
        self, input_ids: NDArray[np.int64], attention_mask: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Score one batch; see `Engine.logits`."""
        feed = {"input_ids": input_ids, "attention_mask": attention_mask}
        try:
            (output,) = self._session.run([OUTPUT_NAME], feed)
        except Exception as error:
            raise InferenceError(f"ONNX Runtime failed on a batch: {error}") from error
        return np.asarray(output, dtype=np.float32)


class DummyEngine:
    """An engine without weights, for tests of what stands around an engine.

    A text that holds a token of `positive_ids` is positive, of `negative_ids` negative, else
    neutral.

    Args:
        positive_ids: token ids that mark a positive text.
        negative_ids: token ids that mark a negative text.
    """

    def __init__(self, positive_ids: frozenset[int], negative_ids: frozenset[int]) -> None:
        self._positive_ids = np.array(sorted(positive_ids), dtype=np.int64)
        self._negative_ids = np.array(sorted(negative_ids), dtype=np.int64)

    def logits(
        self, input_ids: NDArray[np.int64], attention_mask: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Score one batch; see `Engine.logits`."""
        real = attention_mask == 1
        positive = (np.isin(input_ids, self._positive_ids) & real).any(axis=1)
        negative = (np.isin(input_ids, self._negative_ids) & real).any(axis=1)
        neutral = np.ones(len(input_ids))
        return np.stack([3.0 * negative, neutral, 3.0 * positive], axis=1).astype(np.float32)

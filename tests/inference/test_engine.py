"""The ONNX engine: what it computes and which graphs it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from sentiment.errors import BundleError, InferenceError
from sentiment.inference.engine import DummyEngine, OnnxEngine


def write_graph(path: Path, *, inputs: tuple[str, ...], output: str, columns: int) -> Path:
    """Write a graph that gives the mask's mean, `columns` times over."""
    shapes = [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"]) for name in inputs]
    ones = helper.make_tensor("ones", TensorProto.FLOAT, [1, columns], [1.0] * columns)
    nodes = [
        helper.make_node("Cast", [inputs[-1]], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["mask", "axis"], ["mean"]),
        helper.make_node("MatMul", ["mean", "ones"], [output]),
    ]
    axis = helper.make_tensor("axis", TensorProto.INT64, [1], [1])
    result = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["n", columns])
    graph = helper.make_graph(nodes, "g", shapes, [result], [ones, axis])
    opsets = [helper.make_opsetid("", 18)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), path)
    return path


GOOD_INPUTS = ("input_ids", "attention_mask")


def test_onnx_engine_scores_batches_of_any_shape(tmp_path: Path) -> None:
    path = write_graph(tmp_path / "m.onnx", inputs=GOOD_INPUTS, output="logits", columns=3)
    engine = OnnxEngine(path, threads=1)
    for shape in ((1, 2), (3, 5), (7, 4)):
        mask = np.zeros(shape, dtype=np.int64)
        mask[:, 0] = 1
        logits = engine.logits(np.ones(shape, dtype=np.int64), mask)
        assert logits.dtype == np.float32
        assert np.allclose(logits, np.full((shape[0], 3), 1 / shape[1]))


@pytest.mark.parametrize(
    ("inputs", "output", "columns", "said"),
    [
        (("ids", "attention_mask"), "logits", 3, "'ids'"),
        (GOOD_INPUTS, "scores", 3, "'scores'"),
        (GOOD_INPUTS, "logits", 5, "5"),
        (("token_type_ids", *GOOD_INPUTS), "logits", 3, "token_type_ids"),
    ],
)
def test_onnx_engine_refuses_a_foreign_graph(
    tmp_path: Path, inputs: tuple[str, ...], output: str, columns: int, said: str
) -> None:
    path = write_graph(tmp_path / "m.onnx", inputs=inputs, output=output, columns=columns)
    with pytest.raises(BundleError, match="is a foreign graph") as caught:
        OnnxEngine(path)
    assert said in caught.value.message.split("found")[1]


@pytest.mark.parametrize("content", [b"", b"not a graph", None])
def test_onnx_engine_refuses_what_is_no_graph(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "m.onnx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BundleError, match="ONNX Runtime can't load"):
        OnnxEngine(path)


def test_onnx_engine_turns_a_failed_batch_into_an_error_of_ours(tmp_path: Path) -> None:
    path = write_graph(tmp_path / "m.onnx", inputs=GOOD_INPUTS, output="logits", columns=3)
    with pytest.raises(InferenceError, match="ONNX Runtime failed on a batch"):
        OnnxEngine(path).logits(
            np.zeros((1, 2, 3), dtype=np.int64), np.zeros((1, 2), dtype=np.int64)
        )


def test_dummy_engine_does_not_read_padding() -> None:
    engine = DummyEngine(frozenset({1}), frozenset({2}))
    ids = np.array([[5, 1], [5, 1], [2, 0]])
    mask = np.array([[1, 1], [1, 0], [1, 0]])
    assert engine.logits(ids, mask).argmax(axis=1).tolist() == [2, 1, 0]

"""The exported graph computes what the network computes, and carries no trace of this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from transformers import GPT2Config, GPT2ForSequenceClassification, PreTrainedModel

from sentiment.config import ModelConfig
from sentiment.inference.engine import OnnxEngine
from sentiment.inference.scorer import softmax
from sentiment.models.base import load_base
from sentiment.release.checkpoint import TorchEngine
from sentiment.release.int8_weights import with_int8_weights
from sentiment.release.onnx import export_float_graph, quantise_to_int8

SHAPES = [(1, 2), (1, 64), (3, 5), (40, 17), (2, 7)]


@dataclass(frozen=True)
class Exported:
    """A network and its two graphs."""

    model: PreTrainedModel
    float_path: Path
    int8_path: Path


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """A network with outputs of a second task, and its graphs."""
    folder = tmp_path_factory.mktemp("onnx")
    torch.manual_seed(3)
    _, model = load_base(ModelConfig(base="tiny", max_length_tokens=64), n_extra_outputs=5)
    # A head of random weights hardly moves its logits: larger ones show differences.
    with torch.no_grad():
        model.get_parameter("classifier.weight").mul_(20)
    export_float_graph(model, folder / "float.onnx")
    mixed = tmp_path_factory.mktemp("mixed") / "mixed.onnx"
    export_float_graph(with_int8_weights(model, n_layers=1), mixed)
    quantise_to_int8(mixed, folder / "int8.onnx")
    return Exported(model, folder / "float.onnx", folder / "int8.onnx")


def batch(shape: tuple[int, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return random token ids and a mask with every length from the full one down."""
    random = np.random.default_rng(shape[0])
    ids = random.integers(5, 200, size=shape)
    lengths = np.maximum(1, shape[1] - np.arange(shape[0]) % shape[1])
    mask = (np.arange(shape[1]) < lengths[:, None]).astype(np.int64)
    return ids * mask, mask


@pytest.mark.parametrize("shape", SHAPES)
def test_float_graph_equals_the_network(exported: Exported, shape: tuple[int, int]) -> None:
    ids, mask = batch(shape)
    wanted = TorchEngine(exported.model).logits(ids, mask)
    found = OnnxEngine(exported.float_path, threads=1).logits(ids, mask)
    assert found.shape == (shape[0], 3)
    assert np.abs(wanted).max() > 0.1
    np.testing.assert_allclose(found, wanted, atol=1e-4)


def test_padding_changes_no_answer(exported: Exported) -> None:
    ids, mask = batch((1, 6))
    engine = OnnxEngine(exported.float_path, threads=1)
    padded = np.pad(ids, ((0, 0), (0, 30))), np.pad(mask, ((0, 0), (0, 30)))
    np.testing.assert_allclose(engine.logits(*padded), engine.logits(ids, mask), atol=1e-4)


def test_padding_with_0_changes_no_answer_where_the_padding_is_another_id(tmp_path: Path) -> None:
    torch.manual_seed(3)
    settings = GPT2Config(
        vocab_size=200, n_positions=32, n_embd=16, n_layer=1, n_head=2, pad_token_id=1
    )
    settings.num_labels = 3
    model = GPT2ForSequenceClassification(settings)
    with torch.no_grad():
        model.get_parameter("score.weight").mul_(20)
    export_float_graph(model, tmp_path / "float.onnx")
    ids, mask = batch((3, 6))
    alone = ids[1:2, :5], mask[1:2, :5]
    for engine in (TorchEngine(model), OnnxEngine(tmp_path / "float.onnx", threads=1)):
        np.testing.assert_allclose(engine.logits(ids, mask)[1:2], engine.logits(*alone), atol=1e-4)


def test_int8_graph_is_smaller_and_close(exported: Exported) -> None:
    ids, mask = batch((200, 20))
    wanted = softmax(TorchEngine(exported.model).logits(ids, mask).astype(np.float64))
    found = softmax(OnnxEngine(exported.int8_path).logits(ids, mask).astype(np.float64))
    assert np.abs(found - wanted).max() < 0.1
    assert (found.argmax(axis=1) == wanted.argmax(axis=1)).mean() > 0.95
    assert exported.int8_path.stat().st_size < 0.7 * exported.float_path.stat().st_size


@pytest.mark.parametrize("kind", ["float_path", "int8_path"])
def test_graph_names_no_path_of_this_machine(exported: Exported, kind: str) -> None:
    content: bytes = getattr(exported, kind).read_bytes()
    home = str(Path(__file__).resolve().parents[2]).encode()
    for trace in (home, b"site-packages", b".py", b"/tmp/", b"/home/"):
        assert trace not in content


def test_graph_is_one_file_with_three_columns(exported: Exported) -> None:
    assert {path.name for path in exported.float_path.parent.iterdir()} == {
        "float.onnx",
        "int8.onnx",
    }
    graph = onnx.load(exported.float_path).graph
    assert [node.name for node in graph.input] == ["input_ids", "attention_mask"]
    (output,) = graph.output
    assert output.name == "logits"
    assert output.type.tensor_type.shape.dim[1].dim_value == 3
    assert exported.model.config.num_labels == 8

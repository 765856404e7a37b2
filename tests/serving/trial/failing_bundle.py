"""A whole bundle that warms up well and fails on any text with a word that is new to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from sentiment.inference.predictor import WARM_UP_TEXTS
from sentiment.release.bundle import (
    MANIFEST_FILE,
    MODEL_FILE,
    TOKENIZER_FILE,
    Manifest,
    payload_digests,
    write_manifest,
)
from tests.release.handmade import make_handmade_bundle


def make_failing_bundle(directory: Path) -> Path:
    """Write it: the graph looks words up in a table that lacks the unknown one."""
    make_handmade_bundle(directory)
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    words = {
        word: None
        for text in WARM_UP_TEXTS
        for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(text)
    }
    vocabulary = {word: index for index, word in enumerate([*words, "[UNK]"])}
    tokenizer.model = WordLevel(vocabulary, unk_token="[UNK]")
    tokenizer.save(str(directory / TOKENIZER_FILE))
    onnx.save(_graph(len(words)), directory / MODEL_FILE)
    manifest = Manifest.model_validate_json((directory / MANIFEST_FILE).read_text())
    changed = {"name": "failing", "files": payload_digests(directory)}
    return write_manifest(directory, manifest.model_copy(update=changed)).directory


def _graph(n_words: int) -> onnx.ModelProto:
    table = numpy_helper.from_array(np.ones((n_words, 3), dtype=np.float32), "table")
    shape = ["texts", "tokens"]
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
            helper.make_node("ReduceMean", ["rows"], ["logits"], axes=[1], keepdims=0),
        ],
        "failing",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, shape)
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts", 3])],
        [table],
    )
    opset = [helper.make_opsetid("", 13)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8)

"""Bundles that are bad on purpose: one that is wrong, one that is slow.

Each is whole, and its manifest claims the parity and the figures of the bundle that it was made
of: only a gate that measures, or a canary that counts, can tell.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper

from sentiment.errors import RehearsalError
from sentiment.files import whole_directory
from sentiment.release.bundle import (
    MANIFEST_FILE,
    MODEL_FILE,
    load_bundle,
    payload_digests,
    write_manifest,
)

_WIDTH = 512
_ROUNDS = 200
"""Products of two matrices of 512 by 512: a second or two on one core of 2020."""


def make_wrong(bundle: Path, target: Path) -> None:
    """Write a copy of a bundle that says negative for positive, and the other way round.

    Raises:
        BundleError: the bundle can't be used.
    """

    def mirror(graph: GraphProto, logits: str, wanted: str) -> list[NodeProto]:
        order = numpy_helper.from_array(np.array([2, 1, 0], dtype=np.int64), "sabotage_order")
        graph.initializer.append(order)
        return [helper.make_node("Gather", [logits, order.name], [wanted], axis=1)]

    _alter(bundle, target, name="wrong", change=mirror)


def make_slow(bundle: Path, target: Path) -> None:
    """Write a copy of a bundle that says the same after a great deal of needless arithmetic.

    Raises:
        BundleError: the bundle can't be used.
    """

    def toil(graph: GraphProto, logits: str, wanted: str) -> list[NodeProto]:
        rng = np.random.default_rng(13)
        matrix = (rng.standard_normal((_WIDTH, _WIDTH)) / np.sqrt(_WIDTH)).astype(np.float32)
        for name, value in (
            ("sabotage_matrix", matrix),
            ("sabotage_zero", np.zeros((), dtype=np.float32)),
        ):
            graph.initializer.append(numpy_helper.from_array(value, name))
        # From the input, so that nothing can be computed ahead.
        nodes = [
            helper.make_node("ReduceMean", [logits], ["sabotage_seed"], keepdims=0),
            helper.make_node("Add", ["sabotage_matrix", "sabotage_seed"], ["sabotage_0"]),
        ]
        for number in range(_ROUNDS):
            product, last = f"sabotage_product_{number}", f"sabotage_{number}"
            nodes.append(helper.make_node("MatMul", [last, "sabotage_matrix"], [product]))
            nodes.append(helper.make_node("Tanh", [product], [f"sabotage_{number + 1}"]))
        nodes += [
            helper.make_node("ReduceMean", [f"sabotage_{_ROUNDS}"], ["sabotage_sum"], keepdims=0),
            helper.make_node("Mul", ["sabotage_sum", "sabotage_zero"], ["sabotage_nothing"]),
            helper.make_node("Add", [logits, "sabotage_nothing"], [wanted]),
        ]
        return nodes

    _alter(bundle, target, name="slow", change=toil)


def _alter(
    bundle: Path,
    target: Path,
    *,
    name: str,
    change: Callable[[GraphProto, str, str], list[NodeProto]],
) -> None:
    """Copy a bundle, its last step followed by others.

    Args:
        bundle: the folder to copy.
        target: the folder to make.
        name: of the new bundle.
        change: gets the graph, the name of its logits and the name that the answer must have;
            returns what leads from one to the other.
    """
    manifest = load_bundle(bundle).manifest
    with whole_directory(target) as partial:
        for file in bundle.iterdir():
            if file.name != MANIFEST_FILE:
                shutil.copy(file, partial)
        model = onnx.load(partial / MODEL_FILE)
        graph = model.graph
        if (
            len(graph.output) != 1
            or graph.output[0].type.tensor_type.elem_type != TensorProto.FLOAT
        ):
            raise RehearsalError(f"Wanted a graph with one output of floats in {bundle}.")
        wanted = graph.output[0].name
        logits = f"sabotage_{wanted}"
        for node in graph.node:
            node.output[:] = [logits if output == wanted else output for output in node.output]
            node.input[:] = [logits if used == wanted else used for used in node.input]
        graph.node.extend(change(graph, logits, wanted))
        onnx.checker.check_model(model)
        onnx.save(model, partial / MODEL_FILE)
        write_manifest(
            partial,
            manifest.model_copy(update={"name": name, "files": payload_digests(partial)}),
        )

"""Makes small real bundles for tests."""

from __future__ import annotations

from pathlib import Path

from sentiment.config import ModelConfig
from sentiment.labels import LABEL_NAMES
from sentiment.release.bundle import (
    CARD_FILE,
    FORMAT_VERSION,
    MODEL_FILE,
    TOKENIZER_FILE,
    Manifest,
    Parity,
    payload_digests,
    write_manifest,
)
from sentiment.textclean import CLEANER_VERSION


def make_tiny_bundle(directory: Path, *, name: str = "tiny", seed: int = 13) -> Path:
    """Write a bundle of a network with random weights, and return its directory."""
    import torch

    from sentiment.models.base import load_base
    from sentiment.release.onnx import export_float_graph

    torch.manual_seed(seed)
    tokenizer, model = load_base(ModelConfig(base="tiny", max_length_tokens=32))
    directory.mkdir(parents=True)
    export_float_graph(model, directory / MODEL_FILE)
    tokenizer.backend_tokenizer.save(str(directory / TOKENIZER_FILE))
    (directory / CARD_FILE).write_text("# A test model\n", encoding="utf-8")
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        name=name,
        label_names=list(LABEL_NAMES),
        cleaner_version=CLEANER_VERSION,
        max_length_tokens=32,
        temperature=1.0,
        unsure_below=0.4,
        base_model="tiny",
        quantisation="none",
        corpora=[],
        seed=seed,
        parity=Parity(rows=1, label_agreement=1.0, largest_probability_gap=0.0, macro_f1_loss=0.0),
        metrics={},
        versions={},
        files=payload_digests(directory),
    )
    return write_manifest(directory, manifest).directory

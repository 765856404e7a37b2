"""Bundles without weights: enough for whatever only carries them around."""

from __future__ import annotations

from pathlib import Path

from sentiment.labels import LABEL_NAMES
from sentiment.release.bundle import (
    CARD_FILE,
    FORMAT_VERSION,
    MODEL_FILE,
    TOKENIZER_FILE,
    Bundle,
    Manifest,
    Parity,
    payload_digests,
    write_manifest,
)
from sentiment.textclean import CLEANER_VERSION


def make_handmade_bundle(directory: Path, *, content: str = "one") -> Bundle:
    """Write a bundle whose files hold `content`."""
    directory.mkdir(parents=True)
    for name in (MODEL_FILE, TOKENIZER_FILE, CARD_FILE):
        (directory / name).write_text(f"{content} {name}\n", encoding="utf-8")
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        name="handmade",
        label_names=list(LABEL_NAMES),
        cleaner_version=CLEANER_VERSION,
        max_length_tokens=32,
        temperature=1.0,
        unsure_below=0.4,
        base_model="none",
        quantisation="none",
        corpora=[],
        seed=1,
        parity=Parity(rows=1, label_agreement=1.0, largest_probability_gap=0.0, macro_f1_loss=0.0),
        metrics={},
        versions={},
        files=payload_digests(directory),
    )
    return write_manifest(directory, manifest)

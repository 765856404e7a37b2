"""Rows of chosen corpora more often: what weighs a small corpus against large ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasets import Dataset


def with_repeats(split: Dataset, repeats: Mapping[str, int]) -> Dataset:
    """Return a split in which rows of some corpora stand several times; the order is kept.

    Args:
        split: with the column source.
        repeats: corpus -> how often, >= 1; others stand once.
    """
    if not repeats:
        return split
    indices = [
        place for place, source in enumerate(split["source"]) for _ in range(repeats.get(source, 1))
    ]
    return split.select(indices)

"""A version of the registered model: its aliases, and what its tags say. Imports no mlflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sentiment.release.bundle import Bundle

CHALLENGER = "challenger"
"""Passed the gate, and waits to be tried."""
SHADOW = "shadow"
"""Is tried beside the champion, unseen or as a canary."""
CHAMPION = "champion"
PREVIOUS = "previous"
"""The champion of before, to go back to."""
ALIASES = (CHAMPION, CHALLENGER, SHADOW, PREVIOUS)

DIGEST_TAG = "digest"
CHECKPOINT_TAG = "checkpoint"


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """A version in the registry.

    Attributes:
        name: the registered model.
        version: counted by the registry, "1" upwards.
        digest: hex sha256 of its bundle.
        run_id: run whose artifacts hold the bundle.
        tags: what is known of it, when it was read.
        aliases: that it held then.
    """

    name: str
    version: str
    digest: str
    run_id: str
    tags: Mapping[str, str] = field(default_factory=dict, compare=False)
    aliases: Sequence[str] = field(default=(), compare=False)


def tags_of(bundle: Bundle, *, metrics: Mapping[str, float], git_commit: str) -> dict[str, str]:
    """Return what is written down of a bundle beside its version.

    Args:
        bundle: verified.
        metrics: figures of the gate, by name.
        git_commit: of the code that made it.
    """
    manifest = bundle.manifest
    parity = manifest.parity.model_dump()
    figures = {
        f"evaluation.{corpus}.macro_f1": result["macro_f1"]
        for corpus, result in manifest.metrics.items()
        if isinstance(result, dict) and isinstance(result.get("macro_f1"), float)
    }
    figures |= {f"metric.{name}": value for name, value in metrics.items()}
    figures |= {f"parity.{name}": value for name, value in parity.items()}
    return {
        DIGEST_TAG: bundle.digest,
        "git_commit": git_commit,
        "config": manifest.name,
        "cleaner_version": str(manifest.cleaner_version),
        **{f"data.{corpus.name}": corpus.sha256 for corpus in manifest.corpora},
        **{name: f"{value:.6g}" for name, value in figures.items()},
    }

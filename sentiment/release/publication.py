"""Through the gate, into the registry and the Bento store: what `sentiment publish` does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sentiment.evaluation.comparison import compare_bundles
from sentiment.evaluation.gate import GateDecision, GateLimits
from sentiment.evaluation.labelled_sets import LabelledSet
from sentiment.release.bento_store import save_to_bento_store
from sentiment.release.bundle import load_bundle
from sentiment.release.registry import CHAMPION, ModelRegistry, git_commit_of

SEED = 13


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing did.

    Attributes:
        decision: the gate's.
        version: of the registered model; None on a dry run.
        model_tag: in the Bento store; None on a dry run.
    """

    decision: GateDecision
    version: str | None
    model_tag: str | None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "gate": self.decision.to_json(),
            "version": self.version,
            "model_tag": self.model_tag,
        }


def publish(
    bundle_dir: Path,
    labelled: LabelledSet,
    *,
    registry: ModelRegistry,
    champion_dir: Path,
    dry_run: bool = False,
) -> Publication:
    """Judge a bundle and, if it passes, make it the champion.

    A bundle that is the champion already is only put into the Bento store, where it is missing.

    Args:
        bundle_dir: a folder made by `sentiment export`.
        labelled: the primary set.
        registry: where champions are named.
        champion_dir: where the champion's bundle is fetched to.
        dry_run: judge only.

    Raises:
        GateRefusedError: the gate refuses; the message names the numbers.
        BundleError: the candidate or the champion can't be used.
        RegistryError: the registry or the Bento store can't be used.
    """
    candidate = load_bundle(bundle_dir)
    champion = registry.champion_bundle(champion_dir)
    comparison = compare_bundles(
        candidate,
        None if champion is None else load_bundle(champion),
        labelled=labelled,
        limits=GateLimits(),
        seed=SEED,
    )
    decision = comparison.decision
    decision.raise_if_refused()
    if dry_run:
        return Publication(decision, version=None, model_tag=None)

    registered = registry.holder(CHAMPION)
    if registered is None or not decision.nothing_to_publish:
        registered = registry.register(
            candidate, metrics=comparison.result.flat(), git_commit=git_commit_of(Path.cwd())
        )
        registry.promote(registered)
    return Publication(decision, registered.version, save_to_bento_store(candidate))


def describe(publication: Publication, *, built: bool) -> list[str]:
    """Return what was done and what comes next, one line each.

    Args:
        publication: what `publish` returned.
        built: whether `bentoml build` ran already.
    """
    lines = [f"ok  {check.name}: {check.detail}" for check in publication.decision.checks]
    if publication.model_tag is None:
        return [*lines, "Dry run: nothing was published."]
    tag = publication.model_tag
    lines.append(f"Version {publication.version} is the champion; Bento store: {tag}")
    if not built:
        lines.append(f"Next: SENTIMENT_MODEL_TAG={tag} bentoml build")
    return lines

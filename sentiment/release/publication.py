"""Through the gate, into the registry and the Bento store: what `sentiment publish` does.

Where a folder of releases is given, what becomes champion is served from there too.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sentiment.errors import RegistryError
from sentiment.evaluation.comparison import compare_bundles
from sentiment.evaluation.decision import GateDecision
from sentiment.evaluation.gate import GateLimits
from sentiment.evaluation.labelled_sets import LabelledSet
from sentiment.release.bento_store import save_to_bento_store
from sentiment.release.bundle import load_bundle
from sentiment.release.git_commit import git_commit_of
from sentiment.release.registered import CHALLENGER, CHAMPION, RegisteredModel
from sentiment.release.registry import ModelRegistry
from sentiment.release.registry_artifacts import refuse_no_checkpoint
from sentiment.release.stock import install_champion, refuse_while_tried
from sentiment.rollout.plan import Releases

SEED = 13


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing did.

    Attributes:
        decision: the gate's.
        version: of the registered model; None on a dry run.
        model_tag: in the Bento store; None on a dry run.
        alias: that the version holds now.
    """

    decision: GateDecision
    version: str | None
    model_tag: str | None
    alias: str = CHAMPION

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "gate": self.decision.to_json(),
            "version": self.version,
            "alias": None if self.version is None else self.alias,
            "model_tag": self.model_tag,
        }


def publish(
    bundle_dir: Path,
    labelled: LabelledSet,
    *,
    registry: ModelRegistry,
    champion_dir: Path,
    checkpoint_dir: Path | None = None,
    dry_run: bool = False,
    as_challenger: bool = False,
    not_worse: bool = False,
    releases: Releases | None = None,
) -> Publication:
    """Judge a bundle and, if it passes, make it the champion.

    A bundle that is the champion already is only put into the Bento store, where it is missing, and
    given its checkpoint.

    Args:
        bundle_dir: a folder made by `sentiment export`.
        labelled: the primary set.
        registry: where champions are named.
        champion_dir: where the champion's bundle is fetched to.
        checkpoint_dir: what it was exported from, kept beside it to be trained on one day.
        dry_run: judge only.
        as_challenger: make it the challenger alone, to be tried by `sentiment release`.
        not_worse: ask that it is not worse than the champion, in place of better.
        releases: the folder that services follow, for a new champion to be put into.

    Raises:
        GateRefusedError: the gate refuses; the message names the numbers.
        ExportError: there is no checkpoint in `checkpoint_dir`.
        BundleError: the candidate or the champion can't be used.
        RegistryError: the registry or the Bento store can't be used, or another model became the
            champion meanwhile.
        ReleaseError: a model is tried in the folder of releases just now.
    """
    if releases is not None and not as_challenger:
        refuse_while_tried(releases)
    if checkpoint_dir is not None:
        refuse_no_checkpoint(checkpoint_dir)
    candidate = load_bundle(bundle_dir)
    champion = registry.champion_bundle(champion_dir)
    comparison = compare_bundles(
        candidate,
        None if champion is None else load_bundle(champion),
        labelled=labelled,
        limits=GateLimits(),
        seed=SEED,
        must_be_better=not not_worse,
    )
    decision = comparison.decision
    decision.raise_if_refused()
    if dry_run:
        return Publication(decision, version=None, model_tag=None)

    champion_now = _champion_as_judged(registry, decision)
    if champion_now is not None and decision.nothing_to_publish:
        registered, is_champion = champion_now, True
        if checkpoint_dir is not None:
            registered = registry.keep_checkpoint(registered, checkpoint_dir)
    else:
        registered = registry.register(
            candidate,
            metrics=comparison.result.flat(),
            git_commit=git_commit_of(Path.cwd()),
            checkpoint_dir=checkpoint_dir,
        )
        is_champion = not as_challenger
    if is_champion and not as_challenger:
        # Asked again: the files of a bundle take their time to be kept.
        _champion_as_judged(registry, decision)
        registry.promote(registered)
        if releases is not None:
            install_champion(releases, registry, registered)
    return Publication(
        decision,
        registered.version,
        save_to_bento_store(candidate),
        alias=CHAMPION if is_champion else CHALLENGER,
    )


def _champion_as_judged(registry: ModelRegistry, decision: GateDecision) -> RegisteredModel | None:
    """Return the champion: the one of the decision, or the candidate made so by another call.

    Raises:
        RegistryError: it is a third one, to which the candidate was not compared.
    """
    champion = registry.holder(CHAMPION)
    digest = champion.digest if champion else None
    if digest not in (decision.champion, decision.candidate):
        raise RegistryError(
            "Another model became the champion while this one was judged.",
            hint="Run the same command again: it is judged against that one.",
        )
    return champion


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
    lines.append(f"Version {publication.version} is the {publication.alias}; Bento store: {tag}")
    if publication.alias == CHALLENGER:
        lines.append("Next: sentiment release shadow")
    elif not built:
        lines.append(f"Next: SENTIMENT_MODEL_TAG={tag} bentoml build")
    return lines

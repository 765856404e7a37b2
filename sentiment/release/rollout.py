"""How a new model is brought beside the champion: first release, shadow, canary.

Changes the registry first and the plan last, and writes what happened into the store in between.
A command that is cut off anywhere is run again and goes on: what is there already is found, not
made twice. How a rollout ends is in `sentiment.release.rollout_end`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sentiment.errors import ReleaseError
from sentiment.release.bundle import load_bundle
from sentiment.release.git_commit import git_commit_of
from sentiment.release.registered import CHAMPION, PREVIOUS, SHADOW, RegisteredModel
from sentiment.release.registry import ModelRegistry
from sentiment.release.stock import install_champion, prune
from sentiment.rollout.plan import Candidate, Plan, Releases, Stage, new_candidate
from sentiment.rollout.verdict import Decision, Limits, Verdict, judge
from sentiment.store import Store
from sentiment.store.records import RolloutEventKind

ID_TAG = "rollout.id"
STATE_TAG = "rollout.state"
REASON_TAG = "rollout.reason"


@dataclass(frozen=True, slots=True)
class Desk:
    """What a release changes.

    Attributes:
        registry: for people.
        releases: what services follow.
        store: where services count, and what was decided is written down.
    """

    registry: ModelRegistry
    releases: Releases
    store: Store

    def plan(self) -> Plan:
        """Return the plan.

        Raises:
            ReleaseError: nothing was released yet, or it can't be read.
        """
        plan = self.releases.read()
        if plan is None:
            raise ReleaseError(
                f"Wanted a plan at {self.releases.plan_path}, found none: nothing was released "
                "there yet.",
                hint="Begin with `sentiment release init`.",
            )
        return plan

    def candidate(self) -> Candidate:
        """Return the model that is tried.

        Raises:
            ReleaseError: none is.
        """
        candidate = self.plan().candidate
        if candidate is None:
            raise ReleaseError(
                "Wanted a model that is tried beside the champion, found none.",
                hint="Begin with `sentiment release shadow`.",
            )
        return candidate

    def version_of(self, digest: str) -> RegisteredModel:
        """Return the version of a bundle that was released.

        Raises:
            ReleaseError: the registry knows none.
        """
        found = self.registry.with_digest(digest)
        if found is None:
            raise ReleaseError(
                f"Wanted the version of the bundle {digest[:12]}…, and the registry knows none.",
                hint="Is MLFLOW_TRACKING_URI the registry that it was released from?",
            )
        return found

    def verdict(self, candidate: Candidate) -> Verdict:
        """Judge a candidate by what was counted so far."""
        counts = self.store.arm_counts(candidate.rollout_id)
        return judge(counts, candidate.limits, is_canary=candidate.stage == Stage.CANARY)

    def prune(self) -> None:
        """Remove the bundles that neither the plan nor the registry's aliases would bring back."""
        held = (self.registry.holder(alias) for alias in (CHAMPION, PREVIOUS, SHADOW))
        prune(self.releases, keep={one.digest for one in held if one is not None})


def first_release(desk: Desk, bundle_dir: Path | None) -> Plan:
    """Begin a folder of releases with the registry's champion.

    Args:
        desk: what is changed.
        bundle_dir: a bundle to register and make the champion where there is none yet, unjudged;
            None where `sentiment publish` made one.

    Raises:
        ReleaseError: there is no champion, another one than `bundle_dir`, or the folder has begun
            with another.
        BundleError: the bundle can't be used.
        RegistryError: the registry can't be reached.
    """
    champion = desk.registry.holder(CHAMPION)
    if bundle_dir is not None:
        bundle = load_bundle(bundle_dir)
        if champion is None:
            champion = desk.registry.register(
                bundle, metrics={}, git_commit=git_commit_of(Path.cwd())
            )
            desk.registry.promote(champion)
        if champion.digest != bundle.digest:
            raise ReleaseError(
                f"Wanted {bundle.digest[:12]}… as the first champion, found version "
                f"{champion.version} ({champion.digest[:12]}…) in its place.",
                hint="Leave out --bundle, then try yours: `sentiment publish --challenger`.",
            )
    if champion is None:
        raise ReleaseError(
            "Wanted the registry's champion, found none.",
            hint="Name a bundle with --bundle, or make one champion with `sentiment publish`.",
        )
    plan = desk.releases.read()
    if plan is not None and plan.champion != champion.digest:
        raise ReleaseError(
            f"The folder {desk.releases.root} runs {plan.champion[:12]}… already, the registry's "
            f"champion is {champion.digest[:12]}….",
            hint="`sentiment release status` says where they part.",
        )
    desk.registry.fetch(champion, desk.releases.bundles)
    return plan or install_champion(desk.releases, desk.registry, champion)


def shadow(desk: Desk, which: str, *, share: float, limits: Limits | None = None) -> Candidate:
    """Try a version beside the champion, unseen by anybody.

    Args:
        desk: what is changed.
        which: number or alias of the version.
        share: of the videos, in [0, 1].
        limits: how much worse it may be; None takes the usual ones.

    Raises:
        ReleaseError: it is the champion, or another model is tried.
        RegistryError: there is no such version, or the registry can't be reached.
        BundleError: the registry holds another bundle than it says.
    """
    plan = desk.plan()
    version = desk.registry.find(which)
    if version.digest == plan.champion:
        raise ReleaseError(
            f"Wanted another model beside the champion; version {version.version} is the champion.",
            hint="Name another with --version.",
        )
    running = plan.candidate
    if running is not None:
        _refuse_if_ended(desk, running)
        if running.digest != version.digest:
            raise ReleaseError(
                f"Wanted to try {version.digest[:12]}…, found {running.digest[:12]}… being tried.",
                hint="End that first: `sentiment release promote` or `sentiment release abort`.",
            )
    desk.registry.fetch(version, desk.releases.bundles)
    candidate = running or _begun(desk, version, share)
    candidate = candidate.model_copy(
        update={"shadow_share": share, "canary_share": 0.0, "limits": limits or Limits()}
    )
    reason = f"share {share:g}"
    _go_on(desk, candidate, version, kind=RolloutEventKind.SHADOW, reason=reason)
    desk.prune()
    return candidate


def canary(desk: Desk, *, share: float) -> Candidate:
    """Have the model that is tried answer for a share of the videos.

    Args:
        desk: what is changed.
        share: of the videos, in (0, 1].

    Raises:
        ReleaseError: none is tried, its rollout has ended, a service can't load it, or the counts
            so far say to end it.
        RegistryError: the registry can't be reached.
    """
    candidate = desk.candidate()
    _refuse_if_ended(desk, candidate)
    refuse_what_services_refuse(desk, candidate)
    verdict = desk.verdict(candidate)
    if verdict.decision == Decision.ROLL_BACK:
        raise ReleaseError(
            f"The model {candidate.digest[:12]}… is worse than allowed: {verdict.reason}.",
            hint="`sentiment release check` rolls it back.",
        )
    version = desk.version_of(candidate.digest)
    wider = candidate.model_copy(update={"canary_share": share})
    _go_on(desk, wider, version, kind=RolloutEventKind.CANARY, reason=f"share {share:g}")
    return wider


def refuse_what_services_refuse(desk: Desk, candidate: Candidate) -> None:
    """Refuse to go on with a candidate that a service could not load.

    Raises:
        ReleaseError: one could not.
    """
    refusal = desk.store.rollout_refusal(candidate.rollout_id)
    if refusal is not None:
        raise ReleaseError(
            f"A service refused {candidate.digest[:12]}…: {refusal.reason}",
            hint="Bring it anew with `sentiment release shadow`, or end its try with "
            "`sentiment release check`.",
        )


def _begun(desk: Desk, version: RegisteredModel, share: float) -> Candidate:
    """Return a new rollout, or the one that an earlier call began and did not finish."""
    fresh = new_candidate(version.digest, at=datetime.now(UTC), shadow_share=share)
    name = version.tags.get(ID_TAG)
    if name is None or desk.store.rollout_end(name) is not None:
        return fresh
    return fresh.model_copy(update={"rollout_id": name})


def _refuse_if_ended(desk: Desk, candidate: Candidate) -> None:
    end = desk.store.rollout_end(candidate.rollout_id)
    if end is not None:
        raise ReleaseError(
            f"The rollout of {candidate.digest[:12]}… has ended: {end.kind}, {end.reason}.",
            hint="`sentiment release check` clears it away.",
        )


def _go_on(
    desk: Desk,
    candidate: Candidate,
    version: RegisteredModel,
    *,
    kind: RolloutEventKind,
    reason: str,
) -> None:
    """Write a new stage down: registry, store, plan."""
    desk.registry.tag(version, ID_TAG, candidate.rollout_id)
    desk.registry.tag(version, STATE_TAG, kind.value)
    desk.registry.tag(version, REASON_TAG, "")
    desk.registry.set_alias(SHADOW, version)
    was_refused = desk.store.rollout_refusal(candidate.rollout_id) is not None
    happened = desk.store.rollout_events(candidate.rollout_id)
    if not happened or (happened[-1].kind, happened[-1].reason) != (kind, reason):
        desk.store.add_rollout_event(
            candidate.rollout_id, kind, digest=candidate.digest, reason=reason
        )
    plan = desk.plan()
    wanted = plan.model_copy(update={"candidate": candidate})
    # Services load what they refused again when the plan's file changes.
    if wanted != plan or was_refused:
        desk.releases.write(wanted)

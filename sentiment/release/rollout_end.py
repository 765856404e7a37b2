"""How a rollout ends: promoted, rolled back, aborted; and how a champion is taken back.

The end is written into the store first: of several who would end a rollout at once, services and
people, the first decides, and the others follow. Registry and plan come after it, so that a
command that was cut off is run again and finishes what was decided.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum

from sentiment.errors import NotReadyError, ReleaseError
from sentiment.release.registered import CHALLENGER, CHAMPION, PREVIOUS, SHADOW
from sentiment.release.registry_artifacts import is_whole
from sentiment.release.rollout import REASON_TAG, STATE_TAG, Desk, refuse_what_services_refuse
from sentiment.rollout.plan import Candidate, Plan
from sentiment.rollout.verdict import Decision, Verdict
from sentiment.store.records import RolloutEvent, RolloutEventKind

_BACK_ID_TAG = "rollback.id"
_BACK_TO_TAG = "rollback.to"
_BACK_REASON_TAG = "rollback.reason"


class State(StrEnum):
    """What a look at a rollout came to."""

    NONE = "none"
    """Nothing is tried."""
    GO_ON = "go on"
    READY = "ready"
    PROMOTED = "promoted"
    REFUSED = "refused"
    """A service could not load it, and it is rolled back; plan and aliases are cleared."""
    ENDED = "ended"
    """Rolled back or aborted; plan and aliases are cleared."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A look at a rollout.

    Attributes:
        state: what it came to.
        candidate: that was tried; None where nothing is.
        verdict: on the counts; None where nothing is tried, or it was refused or had ended before.
        end: how it ended; None while it has not.
    """

    state: State
    candidate: Candidate | None = None
    verdict: Verdict | None = None
    end: RolloutEvent | None = None


def check(desk: Desk) -> Checked:
    """Judge the model that is tried; clear away one that is worse than allowed, or refused.

    Raises:
        ReleaseError: nothing was released yet.
        RegistryError: the registry can't be reached; what the store says stands, call again.
        StoreError: the store can't be read.
    """
    candidate = desk.plan().candidate
    if candidate is None:
        return Checked(State.NONE)
    verdict = None
    end = desk.store.rollout_end(candidate.rollout_id)
    refusal = desk.store.rollout_refusal(candidate.rollout_id)
    if end is None and refusal is not None:
        reason = f"refused by a service: {refusal.reason}"
        end = _end(desk, candidate, RolloutEventKind.ROLLED_BACK, reason)
    if end is None:
        verdict = desk.verdict(candidate)
        if verdict.decision != Decision.ROLL_BACK:
            is_ready = verdict.decision == Decision.READY
            return Checked(State.READY if is_ready else State.GO_ON, candidate, verdict)
        end = _end(desk, candidate, RolloutEventKind.ROLLED_BACK, verdict.reason)
    _finish(desk, candidate, end)
    return Checked(_state_of(end, is_refused=refusal is not None), candidate, verdict, end)


def promote(desk: Desk, *, force: bool = False) -> Plan:
    """Make the model that is tried the champion.

    Args:
        desk: what is changed.
        force: also where the counts don't say yet that it is good enough.

    Raises:
        NotReadyError: the counts don't say so; the message lists what they do say.
        ReleaseError: nothing is tried, it was ended otherwise, a service can't load it, or its
            bundle is not whole.
        RegistryError: the registry can't be reached.
    """
    candidate = desk.candidate()
    desk.version_of(candidate.digest)  # before anything is decided
    end = desk.store.rollout_end(candidate.rollout_id)
    if end is None:
        refuse_what_services_refuse(desk, candidate)
        verdict = desk.verdict(candidate)
        _refuse_unready(verdict, candidate, force=force)
        folder = desk.releases.bundle_folder(candidate.digest)
        if not is_whole(folder, candidate.digest):
            raise ReleaseError(
                f"Wanted the bundle of {candidate.digest[:12]}… at {folder}, found none whole.",
                hint="Bring it again with `sentiment release shadow`.",
            )
        is_ready = verdict.decision == Decision.READY
        reason = verdict.reason if is_ready else f"by force, counts said {verdict.decision}"
        end = _end(desk, candidate, RolloutEventKind.PROMOTED, reason)
    if end.kind != RolloutEventKind.PROMOTED:
        raise ReleaseError(
            f"The rollout of {candidate.digest[:12]}… has ended: {end.kind}, {end.reason}.",
            hint="`sentiment release check` clears it away.",
        )
    _finish(desk, candidate, end)
    return desk.plan()


def abort(desk: Desk, *, reason: str) -> RolloutEvent:
    """Take away the model that is tried.

    Returns:
        How it ended: where somebody else was quicker, otherwise.

    Raises:
        ReleaseError: nothing is tried.
        RegistryError: the registry can't be reached; services stop all the same, call again.
    """
    candidate = desk.candidate()
    end = _end(desk, candidate, RolloutEventKind.ABORTED, reason)
    _finish(desk, candidate, end)
    return end


def roll_back(desk: Desk, *, reason: str) -> Plan:
    """Go back to the champion of before; a model that is tried just now goes too.

    Raises:
        ReleaseError: there is none, or registry and plan name different champions.
        BundleError: the registry holds another bundle than it says.
        RegistryError: the registry can't be reached.
    """
    plan = desk.plan()
    _refuse_half_promoted(desk, plan)
    bad = desk.version_of(plan.champion)
    back_to, name = bad.tags.get(_BACK_TO_TAG), bad.tags.get(_BACK_ID_TAG)
    if back_to is None or name is None:  # else an earlier call was cut off
        previous = desk.registry.holder(PREVIOUS)
        if previous is None or previous.version == bad.version:
            raise ReleaseError(
                "Wanted a champion of before to go back to, found none in the registry.",
                hint="`sentiment release status` shows who holds which alias.",
            )
        back_to, name = previous.digest, secrets.token_hex(8)
        desk.registry.tag(bad, _BACK_ID_TAG, name)
        desk.registry.tag(bad, _BACK_REASON_TAG, reason)
        desk.registry.tag(bad, _BACK_TO_TAG, back_to)
    good = desk.version_of(back_to)
    desk.registry.fetch(good, desk.releases.bundles)
    if plan.candidate is not None:
        abort(desk, reason=f"the champion was rolled back: {reason}")
    desk.registry.set_alias(CHAMPION, good)
    desk.registry.clear_alias(PREVIOUS)
    desk.store.add_rollout_event(
        name, RolloutEventKind.ROLLED_BACK, digest=bad.digest, reason=reason
    )
    after = Plan(champion=good.digest)
    desk.releases.write(after)
    desk.prune()
    return after


def _state_of(end: RolloutEvent, *, is_refused: bool) -> State:
    if end.kind == RolloutEventKind.PROMOTED:
        return State.PROMOTED
    is_services = is_refused and end.kind == RolloutEventKind.ROLLED_BACK
    return State.REFUSED if is_services else State.ENDED


def _refuse_half_promoted(desk: Desk, plan: Plan) -> None:
    end = plan.candidate and desk.store.rollout_end(plan.candidate.rollout_id)
    if end and end.kind == RolloutEventKind.PROMOTED:
        raise ReleaseError(
            f"The promotion of {end.digest[:12]}… was cut off.",
            hint="Finish it with `sentiment release promote` first, then roll back.",
        )


def _refuse_unready(verdict: Verdict, candidate: Candidate, *, force: bool) -> None:
    if verdict.decision == Decision.READY or force:
        return
    findings = "".join(f"\n  - {one.decision}: {one}" for one in verdict.findings)
    raise NotReadyError(
        f"The counts do not say that {candidate.digest[:12]}… is good enough.{findings}\n",
        hint="Wait for more videos (`sentiment release check`), or insist with --force.",
    )


def _end(desk: Desk, candidate: Candidate, kind: RolloutEventKind, reason: str) -> RolloutEvent:
    return desk.store.add_rollout_event(
        candidate.rollout_id, kind, digest=candidate.digest, reason=reason
    )


def _finish(desk: Desk, candidate: Candidate, end: RolloutEvent) -> None:
    """Bring registry and plan to what was decided."""
    version = desk.version_of(candidate.digest)
    is_promoted = end.kind == RolloutEventKind.PROMOTED
    if is_promoted:
        desk.registry.promote(version)
        for tag in (_BACK_TO_TAG, _BACK_ID_TAG, _BACK_REASON_TAG):
            desk.registry.tag(version, tag, "")
    else:
        for alias in (SHADOW, CHALLENGER):
            desk.registry.clear_alias(alias, of=version)
    desk.registry.tag(version, STATE_TAG, end.kind.value)
    desk.registry.tag(version, REASON_TAG, end.reason)
    desk.releases.write(Plan(champion=candidate.digest if is_promoted else desk.plan().champion))
    desk.prune()

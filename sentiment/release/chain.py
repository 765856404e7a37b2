"""From the registry's aliases to the process that answers: one link after the other.

`sentiment release status` prints it. What can't be asked is a broken link like any other, and the
rest is still shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sentiment.errors import ReleaseError, SentimentError
from sentiment.release.registered import ALIASES, CHAMPION, SHADOW, RegisteredModel
from sentiment.release.registry_artifacts import is_whole
from sentiment.release.running import Running
from sentiment.rollout.counts import ArmCounts
from sentiment.rollout.plan import Candidate, Plan, Releases, Stage
from sentiment.rollout.verdict import judge
from sentiment.store import Store

_SERVING = "running"


@dataclass(frozen=True, slots=True)
class Link:
    """One link.

    Attributes:
        name: what it joins.
        is_whole: whether it holds.
        detail: what was found.
        advice: what to do where it is broken; else empty.
    """

    name: str
    is_whole: bool
    detail: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """All links, and what was counted of the model that is tried.

    Attributes:
        links: from the registry to the process.
        rollout: the stage, the verdict and the counts as JSON values; None where nothing is
            tried or the store can't be asked.
    """

    links: tuple[Link, ...]
    rollout: Mapping[str, Any] | None

    @property
    def is_whole(self) -> bool:
        """Whether every link holds."""
        return all(link.is_whole for link in self.links)

    def to_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "whole": self.is_whole,
            "links": [asdict(link) for link in self.links],
            "rollout": self.rollout,
        }


def follow(
    releases: Releases,
    *,
    versions: Callable[[], Sequence[RegisteredModel]],
    store: Callable[[], Store],
    running: Callable[[], Running],
) -> Chain:
    """Follow the chain from end to end.

    Args:
        releases: the folder that services follow.
        versions: asks the registry; may raise a `SentimentError`.
        store: opens the store; likewise.
        running: asks the service; likewise.
    """
    try:
        plan = releases.read()
        unread = None
    except ReleaseError as error:
        plan, unread = None, error
    links = _registry_links(versions, plan)
    rollout = None
    if unread is not None:
        links.append(_broken("plan", unread))
    elif plan is None:
        links.append(
            Link(
                "plan", False, f"{releases.root} holds none", "Begin with `sentiment release init`."
            )
        )
    else:
        links.append(Link("plan", True, _said_of_plan(plan)))
        links.extend(_folder_links(releases, plan))
        if plan.candidate is not None:
            link, rollout = _rollout_link(plan.candidate, store)
            links.append(link)
    links.append(_process_link(running, plan))
    return Chain(tuple(links), rollout)


def _registry_links(
    versions: Callable[[], Sequence[RegisteredModel]], plan: Plan | None
) -> list[Link]:
    try:
        known = versions()
    except SentimentError as error:
        return [_broken("registry", error)]
    held = {alias: one for one in known for alias in one.aliases if alias in ALIASES}
    if CHAMPION not in held:
        advice = "Make a bundle champion with `sentiment publish` or `sentiment release init`."
        return [Link("registry", False, "nobody is champion", advice)]
    said = "; ".join(
        f"{alias} is version {held[alias].version} ({held[alias].digest[:12]})"
        for alias in ALIASES
        if alias in held
    )
    links = [Link("registry", True, said)]
    if plan is not None:
        links.append(_same(CHAMPION, held.get(CHAMPION), plan.champion))
        candidate = plan.candidate.digest if plan.candidate else None
        if candidate is not None or SHADOW in held:
            links.append(_same(SHADOW, held.get(SHADOW), candidate))
    return links


def _same(alias: str, holder: RegisteredModel | None, planned: str | None) -> Link:
    name = f"{alias} in registry and plan"
    found = holder.digest if holder else None
    if found == planned:
        return Link(name, True, f"both {str(planned)[:12]}")
    return Link(
        name,
        False,
        f"registry {found[:12] if found else 'none'}, plan {planned[:12] if planned else 'none'}",
        "A command was cut off in between: run the same one again. Where none was, "
        + (
            "somebody made a champion past this folder: `sentiment release rollback` or "
            "`sentiment publish` with SENTIMENT_RELEASES_DIR set brings them together."
            if alias == CHAMPION
            else "`sentiment release shadow` or `sentiment release check` brings them together."
        ),
    )


def _folder_links(releases: Releases, plan: Plan) -> list[Link]:
    planned = {"champion": plan.champion}
    if plan.candidate is not None:
        planned["candidate"] = plan.candidate.digest
    links = []
    for role, digest in planned.items():
        folder = releases.bundle_folder(digest)
        whole = is_whole(folder, digest)
        advice = "" if whole else "Bring it again: `sentiment release init` for the champion, "
        advice += "" if whole else "`sentiment release shadow` for the candidate."
        detail = f"{folder} is {'whole' if whole else 'missing or damaged'}"
        links.append(Link(f"bundle of the {role}", whole, detail, advice))
    return links


def _rollout_link(
    candidate: Candidate, store: Callable[[], Store]
) -> tuple[Link, Mapping[str, Any] | None]:
    try:
        opened = store()
        counts = opened.arm_counts(candidate.rollout_id)
        end = opened.rollout_end(candidate.rollout_id)
        refusal = opened.rollout_refusal(candidate.rollout_id)
    except SentimentError as error:
        return _broken("rollout", error), None
    verdict = judge(counts, candidate.limits, is_canary=candidate.stage == Stage.CANARY)
    rollout = {
        "rollout_id": candidate.rollout_id,
        "stage": candidate.stage.value,
        "digest": candidate.digest,
        "shadow_share": candidate.shadow_share,
        "canary_share": candidate.canary_share,
        "decision": verdict.decision.value,
        "findings": [str(finding) for finding in verdict.findings],
        "counts": [_count(arm) for arm in counts],
        "refusal": None if refusal is None else refusal.reason,
        "end": None if end is None else {"kind": end.kind.value, "reason": end.reason},
    }
    if end is None and refusal is not None:
        advice = "End its try with `sentiment release check`, or bring it anew: "
        advice += "`sentiment release shadow`."
        return Link("rollout", False, f"refused by a service: {refusal.reason}", advice), rollout
    if end is None:
        return Link("rollout", True, f"{candidate.stage}: {verdict.decision}"), rollout
    advice = "Clear it away with `sentiment release check`."
    return Link("rollout", False, f"ended: {end.kind}, {end.reason}", advice), rollout


def _process_link(running: Callable[[], Running], plan: Plan | None) -> Link:
    try:
        found = running()
    except SentimentError as error:
        return _broken("process", error)
    tried = found.rollout or {}
    said = f"answers with {found.digest[:12]}"
    if tried:
        said += f", beside it {str(tried.get('digest'))[:12]}: {tried.get('state')}"
        said += f" ({tried['reason']})" if tried.get("reason") else ""
    if plan is None:
        return Link("process", True, said)
    candidate = plan.candidate
    tries = tried.get("rollout_id") if tried.get("state") == _SERVING else None
    if found.digest == plan.champion and tries == (candidate and candidate.rollout_id):
        return Link("process", True, said)
    return Link(
        "process",
        False,
        f"{said}; the plan says {_said_of_plan(plan)}",
        "Is SENTIMENT_RELEASES_DIR this folder there? It follows the plan within seconds, or at "
        "SIGHUP; a refused bundle is named in its log.",
    )


def _said_of_plan(plan: Plan) -> str:
    tried = plan.candidate
    beside = f", tries {tried.digest[:12]} as {tried.stage}" if tried else ""
    return f"champion {plan.champion[:12]}{beside}"


def _broken(name: str, error: SentimentError) -> Link:
    return Link(name, False, error.message.removesuffix(error.hint).strip(), error.hint)


def _count(arm: ArmCounts) -> dict[str, Any]:
    return {**asdict(arm), "arm": arm.arm.value}

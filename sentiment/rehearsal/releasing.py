"""The acts of a release: a good challenger is promoted, a wrong and a slow one are stopped."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from sentiment.cli.exit_codes import READY, ROLLED_BACK, exit_code_of
from sentiment.errors import GateRefusedError, RehearsalError
from sentiment.rehearsal.company import PLAIN, SLANG, Company
from sentiment.rehearsal.learning import HUMAN_CORPUS
from sentiment.rehearsal.page import AFTER, BEFORE, accuracy_name
from sentiment.rehearsal.sabotage import make_slow, make_wrong
from sentiment.rehearsal.viewers import Visit
from sentiment.rollout.arms import Arm
from sentiment.rollout.plan import Candidate, Releases
from sentiment.store import open_store

_AT_ONCE = 24
_SHADOW_VIDEOS = 24
_CANARY_SHARE = "0.5"
_CORRECTED = 0.02
"""Share of wrong labels that viewers correct on an ordinary day."""
_SLOW_MS_A_TEXT = "12"
"""On an idle machine the good models take one or two, the slow one about twenty."""
_GAIN = 0.1
_LOSS = 0.03


def promote_the_good(company: Company) -> None:
    """Bring the retrained challenger through shadow and canary to the champion's place."""
    story, run = company.story, company.stage.commands.run
    before = company.digest()
    limits = _limits(company)
    run("release", "shadow", "--share", "1.0", *limits)
    digest = _candidate(company).digest
    company.wait_until("the service runs the shadow", lambda: _runs(company, digest))
    visits = company.viewers.visit(_mixed(company, _SHADOW_VIDEOS))
    story.demand(
        "In the shadow every answer is the champion's.",
        that=all(visit.digest == before for visit in visits),
    )
    company.wait_until("texts are compared", lambda: _compared(company) >= 10)
    story.tell(f"Texts of {_compared(company)} videos were compared off the answers' path.")
    run("release", "canary", "--share", _CANARY_SHARE)
    company.wait_until("the canary answers", lambda: _runs(company, digest, as_canary=True))
    visits, status, _ = _until_judged(company)
    by_canary = sum(visit.digest == digest for visit in visits)
    story.tell(
        f"Canary: {by_canary} of {len(visits)} videos by the challenger, right on "
        f"{_right(visits, digest):.1%} of comments where the champion is on "
        f"{_right(visits, before):.1%}."
    )
    story.demand("The verdict is ready: sure to be within all limits.", that=status == READY)
    run("release", "promote")
    company.wait_until("the service answers with it", lambda: company.digest() == digest)
    after = company.measure(AFTER)
    was = {register: story.figures[accuracy_name(register, BEFORE)] for register in after}
    story.demand(
        f"Promoted. In the new register {was[SLANG]:.1%} became {after[SLANG]:.1%}.",
        that=after[SLANG] >= was[SLANG] + _GAIN,
    )
    story.demand(
        f"On comments as before {was[PLAIN]:.1%} became {after[PLAIN]:.1%}.",
        that=after[PLAIN] >= was[PLAIN] - _LOSS,
    )


def stop_the_wrong(company: Company) -> None:
    """Offer a model that says negative for positive; the gate must refuse it."""
    bad = company.stage.folder / "outputs" / "wrong"
    make_wrong(_champion_folder(company), bad)
    refused = exit_code_of(GateRefusedError(""))
    done = company.stage.commands.run(
        *("publish", "--bundle", str(bad), "--corpus", HUMAN_CORPUS, "--challenger"),
        expected=(0, refused),
    )
    company.story.demand(
        "Its manifest claims the champion's figures; the gate measures, and refuses it.",
        that=done.status == refused,
    )


def stop_the_slow(company: Company) -> None:
    """Offer a model that is right and slow; it passes the gate and is stopped by the service."""
    story, run = company.story, company.stage.commands.run
    champion = company.digest()
    bad = company.stage.folder / "outputs" / "slow"
    make_slow(_champion_folder(company), bad)
    run(
        *("publish", "--bundle", str(bad), "--corpus", HUMAN_CORPUS),
        *("--challenger", "--not-worse"),
    )
    story.tell("It labels as the champion does: the gate has nothing against it.")
    run("release", "shadow", "--share", "0", *_limits(company))
    digest = _candidate(company).digest
    company.wait_until("the service runs it", lambda: _runs(company, digest))
    run("release", "canary", "--share", _CANARY_SHARE)
    company.wait_until("the canary answers", lambda: _runs(company, digest, as_canary=True))
    visits, status, judged = _until_judged(company)
    story.demand(
        "The service withdraws it by itself; no viewer was left without an answer.",
        that=status == ROLLED_BACK,
    )
    reason = str(judged["end"]["reason"])
    story.demand(f"The reason is written down: {reason}", that="slow" in reason)
    seen_after = company.viewers.visit(company.new_videos(PLAIN, _AT_ONCE))
    story.demand(
        "All answers are the champion's again.",
        that=all(visit.digest == champion for visit in seen_after) and bool(visits),
    )


def _until_judged(company: Company) -> tuple[list[Visit], int, dict[str, Any]]:
    """Let viewers look at new videos, and correct some labels, until the verdict is in."""
    run = company.stage.commands.run
    visits: list[Visit] = []
    while len(visits) < company.size.canary_videos:
        seen = company.viewers.visit(_mixed(company, _AT_ONCE))
        company.viewers.correct(seen, share=_CORRECTED)
        visits += seen
        judged = run("release", "check", "--json", expected=(0, READY, ROLLED_BACK))
        if judged.status:
            return visits, judged.status, judged.json()
    raise RehearsalError(
        f"No verdict after {len(visits)} videos. It stood at: {judged.output[-800:]}"
    )


def _releases(company: Company) -> Releases:
    return Releases(Path(company.stage.variables["SENTIMENT_RELEASES_DIR"]))


def _candidate(company: Company) -> Candidate:
    plan = _releases(company).read()
    if plan is None or plan.candidate is None:
        raise RehearsalError("Wanted a plan with a candidate, found none.")
    return plan.candidate


def _champion_folder(company: Company) -> Path:
    releases = _releases(company)
    plan = releases.read()
    if plan is None:
        raise RehearsalError("Wanted a plan, found none.")
    return releases.bundle_folder(plan.champion)


def _runs(company: Company, digest: str, *, as_canary: bool = False) -> bool:
    """Tell whether the service says that it runs a candidate."""
    rollout = company.readiness().get("rollout") or {}
    is_running = rollout.get("digest") == digest and rollout.get("state") == "running"
    return is_running and (not as_canary or rollout.get("canary_share") == float(_CANARY_SHARE))


def _compared(company: Company) -> int:
    """Return how many videos have texts that both models labelled."""
    with closing(open_store(f"sqlite:///{company.stage.store}", create=False)) as store:
        counts = store.arm_counts(_candidate(company).rollout_id)
    return sum(one.n_compared for one in counts if one.arm == Arm.SHADOW)


def _mixed(company: Company, n: int) -> list[str]:
    """Return new videos of both registers, in turns."""
    pairs = zip(
        company.new_videos(PLAIN, n // 2), company.new_videos(SLANG, n - n // 2), strict=True
    )
    return [video for pair in pairs for video in pair]


def _limits(company: Company) -> list[str]:
    allowed = str(company.size.allowed)
    return [
        *("--more-failures", allowed, "--more-slow", allowed, "--more-corrected", allowed),
        # It was trained because the champion is wrong: it must differ.
        *("--differing", "0.9", "--slow-ms-a-text", _SLOW_MS_A_TEXT),
    ]


def _right(visits: list[Visit], digest: str) -> float:
    of_model = [visit for visit in visits if visit.digest == digest]
    read = sum(visit.n_read for visit in of_model)
    return sum(visit.n_right for visit in of_model) / read if read else 0.0

"""Sees to it that the candidate that the plan names runs beside the champion, and no other.

Which champion answers is the swapper's: it calls `reconcile` after each swap, so that a promoted
candidate answers its videos until it answers all. Lives on the event loop.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from anyio import to_thread

from sentiment.errors import BundleError, ReleaseError, SentimentError
from sentiment.release.bundle import Bundle, load_bundle
from sentiment.rollout.attempts import Attempts
from sentiment.rollout.plan import Candidate, Releases
from sentiment.serving import metrics
from sentiment.serving.activity import Activity
from sentiment.serving.folders import PLAN_LOOK_EVERY_S, Looks, looks_of, released_folder
from sentiment.serving.freed_memory import give_back_freed_memory
from sentiment.serving.memory import Breaker
from sentiment.serving.models import Model, Models, SpareModel
from sentiment.serving.swapping import InLoader, Swapper, refuse_replaced
from sentiment.serving.trial.arms import Arms
from sentiment.serving.trial.guard import Guard
from sentiment.serving.trial.rollout_record import RolloutRecord
from sentiment.serving.trial.shadow import Shadow
from sentiment.serving.trial.trial import Trial
from sentiment.serving.wire import RolloutBody, RolloutState
from sentiment.store import Store

_log = logging.getLogger(__name__)

_AGAIN_AFTER_S = 5.0
_LAST_WORD_S = 3.0


@dataclass(frozen=True, slots=True)
class _Idle:
    """A candidate that is wanted and does not run."""

    plan: Candidate
    state: RolloutState
    reason: str


class PlanFollower:
    """Starts and ends trials as the plan wants.

    Args:
        releases: holds the plan and the bundles; None: nothing is ever tried.
        models: tells the champion.
        arms: told what is tried.
        open_model: loads a verified bundle and warms its model up; slow.
        store: knows which rollouts ended.
        breaker: shared by all who use this store.
        activity: tells when nobody waits for a label.
    """

    def __init__(
        self,
        releases: Releases | None,
        *,
        models: Models,
        arms: Arms,
        open_model: Callable[[Bundle], Model],
        store: Store,
        breaker: Breaker,
        activity: Activity,
    ) -> None:
        self._releases = releases
        self._models = models
        self._arms = arms
        self._open_model = open_model
        self._store = store
        self._breaker = breaker
        self._activity = activity
        self._record = RolloutRecord(store, breaker=breaker)
        self._guard: Guard | None = None
        self._idle: _Idle | None = None
        self._tried_at_s = 0.0
        self._let_go: list[SpareModel] = []
        self._last_withdrawn: Trial | None = None

    @property
    def body(self) -> RolloutBody | None:
        """What is tried, and how that stands; None where the plan names no candidate."""
        standing = self._idle or self._arms.trial
        if standing is None:
            return None
        plan = standing.plan
        return RolloutBody(
            rollout_id=plan.rollout_id,
            stage=plan.stage,
            digest=plan.digest,
            shadow_share=plan.shadow_share,
            canary_share=plan.canary_share,
            state=standing.state,
            reason=standing.reason,
        )

    async def reconcile(self, in_loader: InLoader) -> None:
        """Do what the plan wants; what can't be done is told, and the champion answers."""
        if self._releases is None:
            return
        try:
            await self._reconcile(self._releases, in_loader)
        except ReleaseError as error:
            _log.error("nothing changes: %s", error)
        except Exception:  # noqa: BLE001 - and its traceback goes to the log
            # Whoever swaps the champion must not fail for a candidate.
            _log.exception("the plan of releases could not be followed")
        body = self.body
        metrics.set_rollout_state(body.state if body else None)

    async def watch(self, swapper: Swapper, interval_s: float = 0.0) -> None:
        """Have the plan followed whenever its file has changed, until cancelled.

        Args:
            swapper: asked for the champion, and then calls `reconcile`.
            interval_s: seconds between two looks; 0 takes the usual ones.
        """
        if self._releases is None:
            return
        # Not as it looks now: it may have changed since the start read it.
        seen: Looks = None
        while True:
            await asyncio.sleep(interval_s or PLAN_LOOK_EVERY_S)
            looks = await to_thread.run_sync(looks_of, self._releases.plan_path)
            if looks != seen:
                seen = looks
                swapper.ask()
            elif self._wants_another_try():
                await swapper.look_beside()
            await self._tidy(swapper)

    def close(self) -> None:
        """End the trial because the process ends; what was counted is written down."""
        guard = self._guard
        self._end_trial()
        if guard is not None:
            guard.join(_LAST_WORD_S)

    async def _reconcile(self, releases: Releases, in_loader: InLoader) -> None:
        plan = await to_thread.run_sync(releases.read)
        if plan is None:
            return  # there is none yet, or it was lost: the champion says so
        if plan.candidate is None:
            self._end_trial()
            return
        wanted, trial = plan.candidate, self._arms.trial
        if trial is not None:
            if _is_same(trial.plan, wanted):
                self._follow(trial, wanted)
                return
            self._end_trial()
        self._tried_at_s = time.monotonic()
        if any(not spare.is_gone for spare in self._let_go):
            self._stand_idle(wanted, "waiting", "an earlier candidate still ends what it began")
            return
        attempts = Attempts(releases)
        obstacle = await to_thread.run_sync(self._record.obstacle, wanted, attempts)
        if obstacle is not None:
            self._stand_idle(wanted, *obstacle)
        else:
            load = functools.partial(self._load, releases, plan.champion, wanted, attempts)
            folder = releases.bundle_folder(wanted.digest)
            await self._begin(wanted, in_loader(load), folder=folder)

    async def _begin(self, wanted: Candidate, loading: Awaitable[Model], *, folder: Path) -> None:
        idle = self._idle
        if not (idle and idle.state == "refused" and _is_same(idle.plan, wanted)):
            self._stand_idle(wanted, "waiting", "it is being loaded")
        try:
            model = await loading
        except Exception as error:  # noqa: BLE001 - and its traceback goes to the log
            # Also what nobody foresaw, such as too little memory for two models.
            is_foreseen = isinstance(error, SentimentError)
            champion = self._models.current
            _log.error(
                "model %s, digest %s, answers alone: the candidate with digest %s is refused. %s",
                *(champion.name, champion.digest, wanted.digest, error),
                exc_info=None if is_foreseen else error,
            )
            why = str(error) if is_foreseen else type(error).__name__
            # Anybody may read it, and where our files lie is nobody's business.
            for place in (folder, folder.resolve()):
                why = why.replace(str(place), "its folder")
            self._stand_idle(wanted, "refused", why)
            await to_thread.run_sync(self._record.refuse, wanted, why)
            return
        trial = Trial(wanted, model)
        self._guard = Guard(trial, store=self._store, breaker=self._breaker)
        self._guard.start()
        Shadow(trial, activity=self._activity).start()
        metrics.set_candidate(wanted.digest, is_running=True)
        self._arms.trial, self._idle = trial, None
        self._say_shares(trial)

    def _load(
        self, releases: Releases, champion: str, wanted: Candidate, attempts: Attempts
    ) -> Model:
        if wanted.digest in {champion, self._models.current.digest}:
            raise BundleError(
                "The candidate is the model that answers.", hint="Try another model beside it."
            )
        with attempts.noted(wanted):
            bundle = load_bundle(released_folder(releases, wanted.digest).resolve())
            model = self._open_model(bundle)
            refuse_replaced(bundle)
        return model

    def _follow(self, trial: Trial, wanted: Candidate) -> None:
        has_changed = trial.plan != wanted
        trial.follow(wanted)
        if has_changed and trial.is_running:
            self._say_shares(trial)

    def _say_shares(self, trial: Trial) -> None:
        plan, champion = trial.plan, self._models.current
        _log.info(
            "rollout %s: model %s, digest %s, labels %.4g of the videos, and %.4g of the others "
            "unseen, beside model %s, digest %s",
            *(plan.rollout_id, trial.spare.name.name, trial.spare.name.digest),
            *(plan.canary_share, plan.shadow_share, champion.name, champion.digest),
        )

    def _stand_idle(self, wanted: Candidate, state: RolloutState, reason: str) -> None:
        if self._idle is None or (self._idle.state, self._idle.reason) != (state, reason):
            _log.info(
                "rollout %s: candidate with digest %s is %s: %s",
                *(wanted.rollout_id, wanted.digest, state, reason),
            )
        self._idle = _Idle(wanted, state, reason)

    def _end_trial(self) -> None:
        trial, self._arms.trial, self._idle = self._arms.trial, None, None
        if self._guard is not None:
            self._guard.stop()
            self._guard = None
        if trial is not None:
            trial.close()
            self._let_go.append(trial.spare)

    def _wants_another_try(self) -> bool:
        is_waiting = self._idle is not None and self._idle.state == "waiting"
        return is_waiting and time.monotonic() - self._tried_at_s > _AGAIN_AFTER_S

    async def _tidy(self, swapper: Swapper) -> None:
        """Give memory back once a candidate's last loan is over."""
        trial = self._arms.trial
        if trial and not trial.is_running and trial is not self._last_withdrawn:
            self._last_withdrawn = trial
            self._let_go.append(trial.spare)
        kept = [spare for spare in self._let_go if not spare.is_gone]
        has_gone, self._let_go = len(kept) < len(self._let_go), kept
        if has_gone:
            await swapper.in_loader(give_back_freed_memory)


def _is_same(one: Candidate, other: Candidate) -> bool:
    return (one.rollout_id, one.digest) == (other.rollout_id, other.digest)

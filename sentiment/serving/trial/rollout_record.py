"""What is written down of a rollout: whether its candidate may be loaded, and that it can't be."""

from __future__ import annotations

import logging

from sentiment.rollout.attempts import MAX_DEATHS, Attempts
from sentiment.rollout.plan import Candidate
from sentiment.serving.memory import Breaker
from sentiment.serving.wire import RolloutState
from sentiment.store import Store
from sentiment.store.records import RolloutEvent, RolloutEventKind

_log = logging.getLogger(__name__)


class RolloutRecord:
    """Asks and tells the store of rollouts, which may be away.

    Args:
        store: knows which rollouts ended.
        breaker: shared by all who use this store.
    """

    def __init__(self, store: Store, *, breaker: Breaker) -> None:
        self._store = store
        self._breaker = breaker

    def obstacle(self, candidate: Candidate, attempts: Attempts) -> tuple[RolloutState, str] | None:
        """Return why a candidate must not be loaded, as its state and the reason; None: it may.

        A candidate that ended too many processes is refused here, and its rollout ends.

        Args:
            candidate: that the plan names.
            attempts: to load it.
        """

        def ask() -> tuple[RolloutState, str] | None:
            end = self._store.rollout_end(candidate.rollout_id)
            n_deaths = attempts.n_deaths(candidate.rollout_id)
            if end is None and n_deaths >= MAX_DEATHS:
                end = self._end_deadly(candidate, n_deaths)
            if end is None:
                return None
            is_refused = self._store.rollout_refusal(candidate.rollout_id) is not None
            return "refused" if is_refused else "withdrawn", f"{end.kind}: {end.reason}"

        away: tuple[RolloutState, str] | None = ("waiting", "the store does not answer")
        return self._breaker.call(ask, otherwise=away)

    def refuse(self, candidate: Candidate, reason: str) -> None:
        """Write down that a candidate can't be loaded; `sentiment release check` ends it then."""
        self._breaker.call(lambda: self._refuse(candidate, reason), otherwise=None)

    def _refuse(self, candidate: Candidate, reason: str) -> None:
        known = self._store.rollout_refusal(candidate.rollout_id)
        # Each start of each process finds it anew.
        if known is None or known.reason != reason:
            self._store.add_rollout_event(
                candidate.rollout_id,
                RolloutEventKind.REFUSED,
                digest=candidate.digest,
                reason=reason,
            )

    def _end_deadly(self, candidate: Candidate, n_deaths: int) -> RolloutEvent:
        reason = f"{n_deaths} processes died while they loaded it"
        _log.error(
            "rollout %s: the candidate with digest %s is refused and never loaded again: %s",
            *(candidate.rollout_id, candidate.digest, reason),
        )
        self._refuse(candidate, reason)
        return self._store.add_rollout_event(
            candidate.rollout_id,
            RolloutEventKind.ROLLED_BACK,
            digest=candidate.digest,
            reason=reason,
        )

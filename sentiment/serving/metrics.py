"""What the service counts, for Prometheus; BentoML's `/metrics` shows it beside its own.

Owns every collector of ours. They are the module's own state because the client library keeps
one registry a process, and files beside it that BentoML's page sums over all workers; import
this module only after `PROMETHEUS_MULTIPROC_DIR` is set. Names begin with `sentiment_` and hold
their unit. No label holds what a client chose.
"""

from __future__ import annotations

from typing import Literal, get_args

from prometheus_client import Counter, Gauge, Histogram

from sentiment.rollout.arms import Arm
from sentiment.serving.wire import RolloutState

SwapResult = Literal["switched", "unchanged", "refused"]
CallOutcome = Literal["ok", "slow", "failed"]

_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048)
_SHORT_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_LONG_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120)

_BATCH_TEXTS = Histogram(
    "sentiment_batch_texts", "Texts that the model scored in one batch.", buckets=_SIZES
)
_BATCH_TOKENS = Histogram(
    "sentiment_batch_tokens", "Tokens of one batch, without padding.", buckets=_SIZES
)
_QUEUE_WAIT = Histogram(
    "sentiment_queue_wait_seconds",
    "Time the texts of a request waited between being read and being scored.",
    buckets=_SHORT_S,
)
_CACHE_HITS = Counter(
    "sentiment_prediction_cache_hits", "Different texts whose prediction was kept already."
)
_CACHE_MISSES = Counter(
    "sentiment_prediction_cache_misses", "Different texts that the model had to score."
)
_QUOTA_LEFT = Gauge(
    "sentiment_youtube_quota_left_units",
    "Units of the YouTube Data API left for this Pacific day.",
    multiprocess_mode="mostrecent",
)
_ERRORS = Counter("sentiment_errors", "Answers that were errors, by their code.", ["code"])
_RATE_LIMITED = Counter(
    "sentiment_rate_limited_requests", "Requests refused because their client sent too many."
)
_FIRST_RESULT = Histogram(
    "sentiment_analysis_first_result_seconds",
    "Time from the request of an analysis to its first result.",
    buckets=_LONG_S,
)
_LAST_RESULT = Histogram(
    "sentiment_analysis_last_result_seconds",
    "Time from the request of an analysis to its last result.",
    buckets=_LONG_S,
)

_MODEL = Gauge(
    "sentiment_model_info",
    "Processes in which the model with this digest answers.",
    ["digest"],
    multiprocess_mode="livesum",
)
_SWAPS = Counter("sentiment_model_swaps", "Bundles that were to take over, by result.", ["result"])
for _result in get_args(SwapResult):
    _SWAPS.labels(result=_result)  # shown from the start, as 0

_CANDIDATE = Gauge(
    "sentiment_candidate_info",
    "Processes in which the candidate with this digest runs beside the model that answers.",
    ["digest"],
    multiprocess_mode="livesum",
)
_ROLLOUT = Gauge(
    "sentiment_rollout_state_info",
    "Processes in which the rollout that is wanted is in this state.",
    ["state"],
    multiprocess_mode="livesum",
)
_TRIAL_CALLS = Counter(
    "sentiment_rollout_calls",
    "Calls of models while a candidate is tried, by arm and outcome.",
    ["arm", "outcome"],
)
_SHADOW_TEXTS = Counter("sentiment_shadow_texts", "Texts that the candidate labelled unseen.")
_SHADOW_DROPPED = Counter(
    "sentiment_shadow_dropped_texts", "Texts that it should have, and had no time for."
)
_SHADOW_DIFFERING = Counter(
    "sentiment_shadow_differing_texts", "Texts that it labelled unlike the model that answers."
)


def observe_batch(texts: int, tokens: int) -> None:
    """Note the size of a batch; tokens without padding."""
    _BATCH_TEXTS.observe(texts)
    _BATCH_TOKENS.observe(tokens)


def observe_queue_wait(seconds: float) -> None:
    """Note how long a request's texts waited, >= 0."""
    _QUEUE_WAIT.observe(seconds)


def count_cache(hits: int, misses: int) -> None:
    """Note how many different texts were kept already, and how many were not."""
    _CACHE_HITS.inc(hits)
    _CACHE_MISSES.inc(misses)


def set_quota_left(units: int) -> None:
    """Note how many units of the Data API are left today, >= 0."""
    _QUOTA_LEFT.set(units)


def count_error(code: str) -> None:
    """Note an answer, or a part of a stream, that was an error.

    Args:
        code: of `sentiment.serving.problems`.
    """
    _ERRORS.labels(code=code).inc()


def count_rate_limited() -> None:
    """Note a request that was refused because its client sent too many."""
    _RATE_LIMITED.inc()


def observe_first_result(seconds: float) -> None:
    """Note the time from an analysis' request to its first result, >= 0."""
    _FIRST_RESULT.observe(seconds)


def observe_last_result(seconds: float) -> None:
    """Note the time from an analysis' request to its last result, >= 0."""
    _LAST_RESULT.observe(seconds)


def set_model(digest: str, *, before: str | None = None) -> None:
    """Note which model answers in this process.

    Args:
        digest: of the model.
        before: digest of the one that did; None at the start.
    """
    if before is not None:
        # The library can't take a series back while it counts for several processes.
        _MODEL.labels(digest=before).set(0)
    _MODEL.labels(digest=digest).set(1)


def count_swap(result: SwapResult) -> None:
    """Note how a swap ended."""
    _SWAPS.labels(result=result).inc()


def set_candidate(digest: str, *, is_running: bool) -> None:
    """Note whether a candidate runs in this process."""
    _CANDIDATE.labels(digest=digest).set(int(is_running))


def set_rollout_state(state: RolloutState | None) -> None:
    """Note the state of the rollout that is wanted; None where none is."""
    for known in get_args(RolloutState):
        _ROLLOUT.labels(state=known).set(int(known == state))


def count_trial_call(arm: Arm, outcome: CallOutcome) -> None:
    """Note a call of a model while a candidate is tried."""
    _TRIAL_CALLS.labels(arm=arm.value, outcome=outcome).inc()


def count_shadow(texts: int, *, n_differing: int) -> None:
    """Note texts that both models labelled, and how many of them differently."""
    _SHADOW_TEXTS.inc(texts)
    _SHADOW_DIFFERING.inc(n_differing)


def count_shadow_dropped(texts: int) -> None:
    """Note texts that the candidate had no time for."""
    _SHADOW_DROPPED.inc(texts)

"""What a command's exit status means: one table from error class to number."""

from __future__ import annotations

from sentiment import errors

OK = 0
UNEXPECTED = 1
USAGE = 2
DRIFT = 16
"""`drift check`: the comments are no longer those of the reference."""
INCONCLUSIVE = 17
"""`drift check`: too few comments or videos to tell anything."""
READY = 19
"""`release check`: the model that is tried may be promoted."""
ROLLED_BACK = 20
"""`release check`: it was worse than allowed, refused or ended otherwise, and is cleared away."""
BROKEN_CHAIN = 21
"""`release status`: somewhere between the registry and the running process something is amiss."""
NOTHING_TO_DO = 24
"""`retrain`: what it waits for has not come."""
INTERRUPTED = 130

_BY_CLASS: dict[type[errors.SentimentError], int] = {
    errors.ConfigError: USAGE,
    errors.DataError: 3,
    errors.ModelUnavailableError: 4,
    errors.TrainingError: 5,
    errors.ExportError: 6,
    errors.BundleError: 7,
    errors.GateRefusedError: 8,
    errors.RegistryError: 9,
    errors.YouTubeError: 10,
    errors.ServerStartError: 11,
    errors.OutOfSpaceError: 12,
    errors.StoreError: 13,
    errors.NotStoredError: 14,
    errors.ScoringError: 15,
    errors.AlarmError: 18,
    errors.ReleaseError: 22,
    errors.NotReadyError: 23,
    errors.QueueError: 25,
    errors.RehearsalError: 26,
    errors.SentimentError: UNEXPECTED,
}


def exit_code_of(error: errors.SentimentError) -> int:
    """Return the exit status of an error; its class, else its parents, decide."""
    return next(_BY_CLASS[kind] for kind in type(error).__mro__ if kind in _BY_CLASS)

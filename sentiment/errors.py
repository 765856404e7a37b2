"""The tree of errors that this project raises on purpose.

Every error carries what was wanted and found (`message`) and what to do (`hint`). The command
line maps classes to exit codes in `sentiment.cli.exit_codes`, the service maps them to statuses
in `sentiment.serving.problems`.
"""

from __future__ import annotations

from collections.abc import Sequence


class SentimentError(Exception):
    """Root of the tree.

    Args:
        message: what was wanted and what was found, one sentence.
        hint: what to do about it, one sentence, possibly empty.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class ConfigError(SentimentError):
    """A configuration file or an environment value that can't be used."""


class DataError(SentimentError):
    """Labelled data that can't be used."""


class CorpusUnavailableError(DataError):
    """A corpus that is neither in the local data folder nor to be fetched."""


class NoCorrectionsError(DataError):
    """No correction is left to learn from."""


class ChecksumError(DataError):
    """A file whose sha256 is not the recorded one."""


class ContractError(DataError):
    """Rows that break the data contract; all of them are listed.

    Args:
        message: the summary.
        failures: one line a broken rule or row.
        hint: what to do about it.
    """

    def __init__(self, message: str, *, failures: Sequence[str] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.failures = tuple(failures)

    def __str__(self) -> str:
        listed = "\n  - ".join([self.message, *self.failures])
        return f"{listed}\n{self.hint}".strip()


class ModelUnavailableError(SentimentError):
    """A base model that is neither installed, nor local, nor to be fetched."""


class TrainingError(SentimentError):
    """Training that can't start or go on."""


class ExportError(SentimentError):
    """A checkpoint that can't become a bundle."""


class BundleError(SentimentError):
    """A bundle that is corrupt, foreign or made for other code."""


class InferenceError(SentimentError):
    """An engine that broke its contract."""


class GateRefusedError(SentimentError):
    """A candidate that the release gate refuses; the message names the numbers."""


class RegistryError(SentimentError):
    """A model registry or store that can't be reached, or refuses."""


class YouTubeError(SentimentError):
    """Root of what the Data API can answer instead of comments."""


class InvalidVideoIdError(YouTubeError):
    """Neither a video id nor an address that holds one."""


class ApiKeyMissingError(YouTubeError):
    """No API key is configured."""


class ApiKeyInvalidError(YouTubeError):
    """The configured API key is refused."""


class VideoNotFoundError(YouTubeError):
    """No such video, or it was removed."""


class VideoForbiddenError(YouTubeError):
    """The video is private."""


class CommentsDisabledError(YouTubeError):
    """The video's owner has switched comments off."""


class QuotaExceededError(YouTubeError):
    """The day's quota of the Data API is spent."""


class CommentThreadNotFoundError(YouTubeError):
    """The comment thread does not exist, or it was removed."""


class ChannelNotFoundError(YouTubeError):
    """The channel does not exist, or it was removed."""


class YouTubeUnavailableError(YouTubeError):
    """The Data API did not answer usefully, retries included."""


class YouTubeRateLimitError(YouTubeUnavailableError):
    """The Data API asks for fewer requests a minute, retries included."""


class YouTubeProcessingError(YouTubeUnavailableError):
    """The Data API could not process a request that it understood."""


class StoreError(SentimentError):
    """The store can't do what it was asked: full, locked too long, or written by newer code."""


class StoreUnavailableError(StoreError):
    """The store can't be reached."""


class NotStoredError(SentimentError):
    """The store holds nothing of that name."""


class CommentUnknownError(NotStoredError):
    """The store holds no such comment."""


class ServerStartError(SentimentError):
    """A server that can't be started, for instance because its port is taken."""


class BusyError(SentimentError):
    """The service has as much work as it takes on at once."""


class ScoringError(SentimentError):
    """Scoring of files that can't start or go on; what is done is kept."""


class AlarmError(SentimentError):
    """An alarm that could not be told to somebody."""


class QueueError(SentimentError):
    """A queue that can't be reached, or refuses; what was not sent is still to be sent."""


class MessageError(DataError):
    """A message of a queue that can't be read."""


class ReleaseError(SentimentError):
    """A release that can't go on: nothing to release, or a plan that can't be read."""


class NotReadyError(SentimentError):
    """A model that the counts of its rollout do not call good enough yet; they are listed."""


class RehearsalError(SentimentError):
    """A rehearsal in which something did not go as it should."""


class SwapUnderWayError(BusyError):
    """Another model is about to answer already, or older ones have not ended their work."""


class SwapRefusedError(BundleError):
    """A bundle that can't take over; the model of before goes on answering."""


class OutOfSpaceError(SentimentError):
    """No room is left where something had to be written."""

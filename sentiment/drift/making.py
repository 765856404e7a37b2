"""Comments to counts: of validation rows at export, and of a store's days."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from sentiment.comments import Prediction, Status
from sentiment.drift.days import Days
from sentiment.drift.observation import Observer
from sentiment.drift.profile import Profile, profile_of_rows
from sentiment.drift.windows import Window, WindowCounter
from sentiment.errors import DataError
from sentiment.inference.predictor import Predictor
from sentiment.labels import Label
from sentiment.store import FetchedComment, Store

_PIECE = 2_000
_STATUSES = frozenset(status.value for status in Status)
_LABELS = frozenset(label.value for label in Label)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoredWindow:
    """A window of the store.

    Attributes:
        window: the counts.
        n_unscored: comments left out because this model has not scored them.
        n_unreadable: comments left out because what the store holds of them is no prediction.
    """

    window: Window
    n_unscored: int
    n_unreadable: int


def profile_of_texts(
    predictor: Predictor, observer: Observer, texts: Sequence[str]
) -> Profile | None:
    """Make a bundle's profile from rows that the model was not trained on.

    Args:
        predictor: the exported model.
        observer: with the same tokenizer.
        texts: validation rows.

    Returns:
        None where there are too few of them to expect anything from.
    """
    counter = WindowCounter()
    for start in range(0, len(texts), _PIECE):
        piece = list(texts[start : start + _PIECE])
        # What video they are of is not known, and it does not matter for rows of a corpus.
        counter.add([""] * len(piece), observer.places(piece, predictor.predict(piece)))
    try:
        return profile_of_rows(counter.window())
    except DataError as error:
        _log.warning("the bundle gets no profile, and can't be watched with it: %s", error)
        return None


def window_of_store(
    store: Store, observer: Observer, *, model_digest: str, days: Days
) -> StoredWindow:
    """Count the comments that were fetched on some days.

    Args:
        store: an open one.
        observer: of the model.
        model_digest: only its predictions count.
        days: which.

    Raises:
        DataError: there are comments, and this model has scored none of them.
        StoreError: the store can't be read.
    """
    counter = WindowCounter()
    n_unscored = n_unreadable = n_read = 0
    for page in store.fetched_comments(model_digest, since=days.begin, until=days.end):
        n_read += len(page)
        scored = [comment for comment in page if comment.label is not None]
        told = [(comment, _prediction(comment)) for comment in scored]
        kept = [(comment, said) for comment, said in told if said is not None]
        n_unscored += len(page) - len(scored)
        n_unreadable += len(scored) - len(kept)
        counter.add(
            [comment.video_id for comment, _ in kept],
            observer.places([comment.text for comment, _ in kept], [said for _, said in kept]),
        )
    if n_read and n_unscored == n_read:
        raise DataError(
            f"Wanted predictions of the model {model_digest[:12]}…, found none for the {n_read:,} "
            f"comments of {days}: another model has scored them, or none has.",
            hint="Name the bundle that the service ran on that day with --bundle.",
        )
    return StoredWindow(counter.window(), n_unscored=n_unscored, n_unreadable=n_unreadable)


def first_full_day(store: Store) -> date:
    """Return the first day that a store holds from midnight on, as far as it can tell.

    Raises:
        DataError: it holds no comment with a text.
    """
    first = store.first_fetched_at()
    if first is None:
        raise DataError(
            "Wanted comments to make a reference of, the store holds none with a text.",
            hint="Let the service analyse videos first; texts are purged after some three weeks.",
        )
    return first.astimezone(UTC).date() + timedelta(days=1)


def _prediction(comment: FetchedComment) -> Prediction | None:
    """Return what the model said; None where a damaged or foreign row says nothing."""
    probabilities = comment.probabilities
    if (
        probabilities is None
        or comment.label not in _LABELS
        or comment.status not in _STATUSES
        or not all(
            isinstance(value, float) and math.isfinite(value) and 0 <= value <= 1
            for value in probabilities
        )
    ):
        return None
    return Prediction(Label(comment.label), probabilities, Status(comment.status))

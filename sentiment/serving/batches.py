"""The framework's batches, each request in them labelled by one model.

The framework cuts a request in two where a batch is full, and the model may be switched between
the two batches: the second half is labelled by the model of the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from sentiment.comments import Prediction
from sentiment.errors import InferenceError
from sentiment.serving.activity import Activity
from sentiment.serving.models import Loan, Models
from sentiment.serving.waiting import TimedText


class BatchLabeller:
    """Labels batches, one at a time and in the order in which the framework makes them.

    Args:
        models: lends the model that answers.
        full_texts: a batch of so many texts may end in the middle of a request, > 0.
        activity: told while the model works.
    """

    def __init__(self, models: Models, *, full_texts: int, activity: Activity) -> None:
        self._models = models
        self._activity = activity
        self._full_texts = full_texts
        # Of the last batch, where that was full: its last request may go on in the next one.
        self._cut: Loan | None = None

    def label(self, texts: Sequence[str]) -> list[Prediction]:
        """Label a batch, in order.

        Args:
            texts: of several requests; the first of each is a `TimedText`. Those before the
                first `TimedText` belong to the request that the last batch ended in.

        Raises:
            InferenceError: the model gave another number of outcomes than there are texts.
        """
        with self._activity:
            return self._label(texts)

    def _label(self, texts: Sequence[str]) -> list[Prediction]:
        loan, self._cut = self._cut, None
        rest = list(takewhile(_is_no_start, texts)) if loan else []
        predictions: list[Prediction] = []
        try:
            if loan is not None and rest:
                predictions = loan.model.predict(rest)
            if loan is None or len(rest) < len(texts):
                if loan is not None:
                    loan.end()
                loan = self._models.lend()
                predictions = [*predictions, *loan.model.predict(texts[len(rest) :])]
            if len(texts) >= self._full_texts:
                loan, self._cut = None, loan
        finally:
            if loan is not None:
                loan.end()
        # The framework would hand another request's outcomes out without noticing.
        if len(predictions) != len(texts):
            raise InferenceError(f"wanted {len(texts)} predictions, found {len(predictions)}")
        return predictions


def _is_no_start(text: str) -> bool:
    return not isinstance(text, TimedText)

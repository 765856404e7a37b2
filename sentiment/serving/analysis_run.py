"""One analysis, from the first request to the last word: recall, fetch, label, keep, tell.

Owns the order of these. Pages come from a thread of their own (`page_feed`); what is written
down of the video is in `video_notes`, what is told in `teller`.
"""

from __future__ import annotations

import threading
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from datetime import UTC, datetime

from sentiment import errors
from sentiment.comments import Comment, Prediction
from sentiment.serving.fetch_plan import FetchPlan
from sentiment.serving.looking_up import is_recent
from sentiment.serving.page_feed import PageFeed
from sentiment.serving.snapshot import Gathered
from sentiment.serving.teller import Teller
from sentiment.serving.trial.labelling import FellBackError, Labelling
from sentiment.serving.video_notes import VideoNotes
from sentiment.serving.wire_analysis import AnalyzeRequest, Reason
from sentiment.serving.workshop import Told, Workshop

_PREDICTED_AT_ONCE = 512
"""So that a small analysis is not kept waiting by a large one."""
_PREDICTED_FIRST = 64
"""Enough for a first result, which need not wait for the rest of the first page."""

# What YouTube's refusal may be answered with remembered comments; other refusals say that the
# video's comments are not to be seen.
_PASSING = (errors.QuotaExceededError, errors.YouTubeUnavailableError)


class AnalysisRun:
    """One analysis. Call `work` once, in a thread of its own.

    Args:
        request: what is wanted.
        video_id: the 11 characters that the request names.
        labelling: labels all of its comments.
        workshop: what it works with.
        tell: called in the thread of `work`, in order.
        stop: set when nobody waits any more.
    """

    def __init__(
        self,
        request: AnalyzeRequest,
        video_id: str,
        *,
        labelling: Labelling,
        workshop: Workshop,
        tell: Callable[[Told], None],
        stop: threading.Event,
    ) -> None:
        self._request = request
        self._video_id = video_id
        self._labelling = labelling
        self._shop = workshop
        self._stop = stop
        self._by_time = request.order == "time"
        self._gathered = Gathered(request.max_comments, newest_first=self._by_time)
        self._notes = VideoNotes(video_id, order=request.order, memory=workshop.memory)
        self._teller = Teller(
            request,
            video_id,
            gathered=self._gathered,
            notes=self._notes,
            labelling=labelling,
            workshop=workshop,
            tell=tell,
        )

    def work(self) -> None:
        """Do it; return when the last word is told, or soon after `stop`.

        Raises:
            YouTubeError: the comments can't be had, and none are remembered.
            InferenceError: the model broke its contract.
        """
        # One more than wanted shows that there are more; none counts where the newest don't.
        recalled = self._shop.memory.recall(
            self._video_id, max_comments=self._request.max_comments + 1 if self._by_time else 0
        )
        self._notes.recall(recalled.video)
        self._take(recalled.comments)
        if self._is_fresh():
            self._say_what_is_fresh()
            return
        if len(self._gathered):
            self._teller.say(reasons={Reason.UNDERWAY})
        plan = FetchPlan(
            self._shop.source(),
            self._video_id,
            order=self._request.order,
            max_comments=self._request.max_comments,
            kept=self._notes.reach,
            known_ids=recalled.known_ids,
            spend=self._shop.ledger.spend,
            stop=self._stop,
        )
        error = self._fetch(plan)
        if self._stop.is_set():
            return
        if error is not None:
            self._answer_in_spite_of(error, plan)
            return
        reasons = _with_replies(plan.reasons, left_out=plan.replies_left_out)
        self._teller.say(complete=plan.complete, reasons=reasons, plan=plan, is_last=True)

    def _is_fresh(self) -> bool:
        """Tell whether the video was fetched just now, and as far as is wanted."""
        reach, fetched_at = self._notes.reach, self._notes.record.fetched_at
        if not self._by_time or fetched_at is None:
            return False
        enough = reach.complete or len(self._gathered) >= self._request.max_comments
        is_new = is_recent(fetched_at, now=datetime.now(UTC), within=self._shop.fresh)
        return reach.has_end and enough and is_new

    def _say_what_is_fresh(self) -> None:
        complete, left_out = self._notes.reach.complete, self._teller.left_out_by_last_fetch()
        self._teller.say(
            complete=complete,
            reasons=_with_replies(set() if complete else {Reason.MAX_COMMENTS}, left_out=left_out),
            replies_left_out=left_out,
            is_last=True,
        )

    def _fetch(self, plan: FetchPlan) -> errors.YouTubeError | None:
        """Take in what the plan fetches; return the error that ended it, if one did."""
        feed = PageFeed(plan, self._notes, fetchers=self._shop.fetchers, stop=self._stop)
        try:
            for batch in feed.batches():
                self._notes.note(batch[0].before)
                pages = [step.page for step in batch]
                self._take(
                    [comment for page in pages for comment in (*page.comments, *page.updated)],
                    plan=plan,
                )
                self._notes.note(batch[-1].after)
                if not self._stop.is_set():
                    self._say_if_due(plan)
        except BaseException:
            self._stop.set()  # else the other thread would fetch on for nobody
            raise
        error = feed.error()
        if plan.has_begun and not self._stop.is_set():
            self._notes.note(plan.reach, at_end=True)
        return error

    def _take(self, comments: Sequence[Comment], *, plan: FetchPlan | None = None) -> None:
        """Label comments that are new or changed, and keep what was fetched.

        Args:
            comments: remembered, or fetched.
            plan: that fetched them; None for remembered ones.
        """
        new = [comment for comment in comments if self._gathered.is_new(comment)]
        try:
            said = self._label(new, plan=plan)
        except FellBackError:
            # All comments of an analysis are one model's, those that were told before too.
            before = self._gathered.comments()
            # Untold in between: a mixture has no model's name.
            said = self._label([*(_by_id(before) | _by_id(new)).values()], plan=None)
            self._keep_predictions(before, said)
        if plan is None:
            # Of another model than the one that scored them last.
            self._keep_predictions(comments, said)
        # Also when nobody waits any more: what was fetched is paid for.
        elif self._notes.is_stored:
            self._notes.is_stored = self._shop.memory.keep(
                comments,
                said,
                model_digest=self._labelling.model.digest,
                fetched_at=datetime.now(UTC),
                of=self._notes.record,
            )

    def _label(
        self, comments: Sequence[Comment], *, plan: FetchPlan | None
    ) -> dict[str, Prediction]:
        """Label comments, recall what is known of them, and add them to what was gathered.

        Args:
            comments: any.
            plan: that fetched them; None tells nobody of them in between.

        Returns:
            What is not known in the store, by comment id.

        Raises:
            InferenceError: the champion broke its contract.
            FellBackError: another model labels from now on.
        """
        digest = self._labelling.model.digest
        known = self._shop.memory.predictions(comments, model_digest=digest) if comments else {}
        said: dict[str, Prediction] = {}
        # Known ones wait for their turn: by relevance, which comes first is told by nothing else.
        for chunk in self._chunks(comments):
            unknown = [comment for comment in chunk if comment.id not in known]
            texts = [comment.text for comment in unknown]
            labelled = self._labelling.label(texts) if texts else []
            if labelled is None:
                break
            said.update(zip((comment.id for comment in unknown), labelled, strict=True))
            self._add(chunk, ChainMap(said, known))
            if plan is not None:
                self._say_if_due(plan)
        return said

    def _keep_predictions(
        self, comments: Sequence[Comment], said: Mapping[str, Prediction]
    ) -> None:
        if said:
            self._shop.memory.keep_predictions(
                comments, said, model_digest=self._labelling.model.digest
            )

    def _chunks(self, comments: Sequence[Comment]) -> Iterator[Sequence[Comment]]:
        start = 0
        while start < len(comments):
            size = _PREDICTED_AT_ONCE if len(self._gathered) else _PREDICTED_FIRST
            yield comments[start : start + size]
            start += size

    def _add(self, comments: Sequence[Comment], predictions: Mapping[str, Prediction]) -> None:
        self._gathered.add(comments, predictions)
        self._teller.add(comment.id for comment in comments)

    def _say_if_due(self, plan: FetchPlan) -> None:
        if self._teller.is_due():
            self._teller.say(reasons={Reason.UNDERWAY}, plan=plan)

    def _answer_in_spite_of(self, error: errors.YouTubeError, plan: FetchPlan) -> None:
        """Give what is remembered, and its age, where YouTube gives nothing for now."""
        if isinstance(error, errors.QuotaExceededError):
            self._shop.ledger.exhausted()
        if not isinstance(error, _PASSING):
            raise error
        reason = Reason.QUOTA if isinstance(error, errors.QuotaExceededError) else Reason.YOUTUBE
        if not len(self._gathered) and not self._by_time:
            # Not what YouTube would pick, but comments of this video, the newest there are.
            max_comments = self._request.max_comments + 1
            self._take(self._shop.memory.recall(self._video_id, max_comments=max_comments).comments)
        if len(self._gathered):
            self._teller.say(reasons=plan.reasons | {reason}, plan=plan, is_last=True)
        elif not self._teller.say_what_was_said(reason, plan=plan):
            raise error


def _by_id(comments: Sequence[Comment]) -> dict[str, Comment]:
    return {comment.id: comment for comment in comments}


def _with_replies(reasons: Set[Reason], *, left_out: int) -> Set[Reason]:
    """Return why not all: an early end, else the replies that YouTube counts and does not give."""
    return reasons or ({Reason.REPLIES} if left_out else set())

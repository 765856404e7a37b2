"""One analysis, from the first request to the last word: fetch, remember, predict, tell.

Runs in two threads: one asks YouTube for pages, the other labels what has come, so that neither
waits for the other. Everything it has to say leaves as events.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sentiment import errors
from sentiment.comments import Comment, Prediction
from sentiment.serving.fetch_plan import FetchPlan, token_to_go_on
from sentiment.serving.snapshot import Circumstances, Gathered
from sentiment.serving.wire import ModelBody
from sentiment.serving.wire_analysis import (
    AnalysisBody,
    AnalyzeRequest,
    Reason,
    VideoBody,
)
from sentiment.serving.workshop import Told, Workshop
from sentiment.store.records import VideoRecord
from sentiment.youtube.comment_walk import CommentPage
from sentiment.youtube.video_info import VideoInfo

_log = logging.getLogger(__name__)

_INFO_LASTS = timedelta(hours=1)
_TELL_EVERY_S = 0.5
_TELLING_SHARE = 0.2
"""At most this share of the time goes into telling; a large video is told less often."""
_QUEUED_PAGES = 8
_POLL_S = 0.1
_PREDICTED_AT_ONCE = 512
"""So that a small analysis is not kept waiting by a large one."""

# What YouTube's refusal may be answered with remembered comments; other refusals say that the
# video's comments are not to be seen.
_PASSING = (errors.QuotaExceededError, errors.YouTubeUnavailableError)


class AnalysisRun:
    """One analysis. Call `work` once, in a thread of its own.

    Args:
        request: what is wanted.
        video_id: the 11 characters that the request names.
        workshop: what it works with.
        tell: called in the thread of `work`, in order.
        stop: set when nobody waits any more.
    """

    def __init__(
        self,
        request: AnalyzeRequest,
        video_id: str,
        *,
        workshop: Workshop,
        tell: Callable[[Told], None],
        stop: threading.Event,
    ) -> None:
        self._request = request
        self._video_id = video_id
        self._shop = workshop
        self._tell = tell
        self._stop = stop
        self._model = ModelBody(name=workshop.model.name, digest=workshop.model.digest)
        self._by_time = request.order == "time"
        self._gathered = Gathered(request.max_comments, newest_first=self._by_time)
        self._untold: dict[str, None] = {}
        self._stored = True
        self._video: VideoRecord | None = None
        self._info: VideoInfo | None = None
        self._told_at_s: float | None = None
        self._telling_s = 0.0

    def work(self) -> None:
        """Do it; return when the last word is told, or soon after `stop`.

        Raises:
            YouTubeError: the comments can't be had, and none are remembered.
            InferenceError: the model broke its contract.
        """
        recalled = self._shop.memory.recall(self._video_id, max_comments=self._request.max_comments)
        self._video = recalled.video
        if self._by_time:
            self._take(recalled.comments)
        if self._video is not None and self._is_fresh(self._video):
            complete = self._video.complete
            reasons = set() if complete else {Reason.MAX_COMMENTS}
            self._say(complete=complete, reasons=reasons, is_last=True)
            return
        if len(self._gathered):
            self._say(reasons={Reason.UNDERWAY})
        plan = FetchPlan(
            self._shop.source(),
            self._video_id,
            order=self._request.order,
            max_comments=self._request.max_comments,
            video=self._video,
            known_ids=frozenset(comment.id for comment in recalled.comments),
            known_replies=Counter(
                comment.parent_id for comment in recalled.comments if comment.parent_id
            ),
            spend=self._shop.ledger.spend,
            stop=self._stop,
        )
        error = self._fetch(plan)
        if self._stop.is_set():
            return
        if error is not None:
            self._answer_in_spite_of(error, plan)
            return
        # A fetch that ended early says why; a whole one may still lack replies that YouTube counts.
        replies = {Reason.REPLIES} if plan.replies_left_out and not plan.reasons else set()
        self._say(complete=plan.complete, reasons=plan.reasons | replies, plan=plan, is_last=True)

    def _is_fresh(self, video: VideoRecord) -> bool:
        """Tell whether the video was fetched just now, and as far as is wanted."""
        if not self._by_time or video.fetched_at is None:
            return False
        # Comments fetched by relevance leave neither: they may have gaps between them.
        reaches_down = video.complete or video.resume_token is not None
        enough = video.complete or len(self._gathered) >= self._request.max_comments
        return reaches_down and enough and datetime.now(UTC) - video.fetched_at < self._shop.fresh

    def _fetch(self, plan: FetchPlan) -> errors.YouTubeError | None:
        """Take in what the plan fetches; return the error that ended it, if one did."""
        pages: queue.Queue[CommentPage | None] = queue.Queue(_QUEUED_PAGES)
        pulling = self._shop.fetchers.submit(self._pull, plan, pages)
        try:
            while batch := self._next_pages(pages):
                # Before anything new is kept: a kill in between must not leave a gap behind it.
                self._remember_video(token=batch[0].page_token, complete=False)
                self._take(
                    [comment for page in batch for comment in (*page.comments, *page.updated)],
                    fetched=True,
                )
                self._remember_video(token=token_to_go_on(batch[-1]), complete=False)
                if self._is_due():
                    self._say(reasons={Reason.UNDERWAY}, plan=plan)
        except BaseException:
            self._stop.set()  # else the other thread would fetch on for nobody
            raise
        if pulling.cancel() or self._stop.is_set():
            return None
        if plan.has_begun:
            self._remember_video(token=plan.resume_token, complete=plan.complete)
        return pulling.result()

    def _pull(
        self, plan: FetchPlan, pages: queue.Queue[CommentPage | None]
    ) -> errors.YouTubeError | None:
        """Put the plan's pages into the queue, then None; in a thread of its own."""
        try:
            for page in plan.pages():
                self._offer(pages, page)
                if self._info is None:
                    self._look_up(plan)
        except errors.YouTubeError as error:
            return error
        finally:
            self._offer(pages, None)
        return None

    def _offer(self, pages: queue.Queue[CommentPage | None], page: CommentPage | None) -> None:
        while not self._stop.is_set():
            try:
                pages.put(page, timeout=_POLL_S)
            except queue.Full:
                continue
            return

    def _next_pages(self, pages: queue.Queue[CommentPage | None]) -> list[CommentPage]:
        """Wait for pages and return all that are there; none at the end or after `stop`."""
        batch: list[CommentPage] = []
        while not self._stop.is_set():
            try:
                page = pages.get(timeout=0 if batch else _POLL_S)
            except queue.Empty:
                if batch:
                    break
                continue
            if page is None:
                if batch:
                    pages.put(None)  # there is room: this thread alone has just made some
                break
            batch.append(page)
        return batch

    def _look_up(self, plan: FetchPlan) -> None:
        video = plan.video  # as it was recalled: ours says "now" since the first page
        fetched_at = video.fetched_at if video is not None and video.title is not None else None
        if fetched_at is not None and datetime.now(UTC) - fetched_at < _INFO_LASTS:
            return
        try:
            self._info = plan.look_up()
        except errors.YouTubeError as error:
            _log.info("no title of video %s: %s", self._video_id, type(error).__name__)

    def _take(self, comments: Sequence[Comment], *, fetched: bool = False) -> None:
        """Label comments that are new or changed, and remember what was fetched."""
        new = [comment for comment in comments if self._gathered.is_new(comment)]
        predictions = self._shop.memory.predictions(new) if new else {}
        unknown = [comment for comment in new if comment.id not in predictions]
        said: dict[str, Prediction] = {}
        for start in range(0, len(unknown), _PREDICTED_AT_ONCE):
            chunk = unknown[start : start + _PREDICTED_AT_ONCE]
            with self._shop.predicting:
                if self._stop.is_set():
                    return
                labelled = self._shop.model.predict([comment.text for comment in chunk])
            said.update(zip((comment.id for comment in chunk), labelled, strict=True))
        self._gathered.add(new, {**predictions, **said})
        self._untold.update(dict.fromkeys(comment.id for comment in new))
        if fetched:
            kept = self._shop.memory.keep(comments, said, fetched_at=datetime.now(UTC))
            self._stored = self._stored and kept

    def _remember_video(self, *, token: str | None, complete: bool) -> None:
        """Write down how far the video was fetched: also a killed fetch must leave no gap."""
        before = self._video
        info = self._info
        if not self._by_time:
            # Comments out of order tell nothing of what lies between them.
            token, complete = None, False
        self._video = VideoRecord(
            video_id=self._video_id,
            title=info.title if info else before.title if before else None,
            comment_count=info.comment_count if info else before.comment_count if before else None,
            fetched_at=datetime.now(UTC),
            complete=complete,
            resume_token=None if complete else token,
        )
        self._stored = self._shop.memory.keep_video(self._video) and self._stored

    def _is_due(self) -> bool:
        if self._told_at_s is None:
            return True
        pause_s = max(_TELL_EVERY_S, self._telling_s / _TELLING_SHARE)
        return time.monotonic() - self._told_at_s > pause_s

    def _say(
        self,
        *,
        reasons: set[Reason],
        complete: bool = False,
        plan: FetchPlan | None = None,
        is_last: bool = False,
    ) -> None:
        started_s = time.monotonic()
        analysis = self._gathered.tell(
            self._video_id, self._circumstances(reasons, complete=complete, plan=plan)
        )
        comments = self._gathered.bodies(self._untold)
        self._untold.clear()
        self._told_at_s = time.monotonic()
        self._telling_s = self._told_at_s - started_s
        if is_last and self._by_time:
            self._shop.memory.keep_result(
                self._video_id, analysis.model_dump_json(), computed_at=datetime.now(UTC)
            )
        self._tell(Told(comments, analysis, is_last=is_last))

    def _circumstances(
        self, reasons: set[Reason], *, complete: bool, plan: FetchPlan | None
    ) -> Circumstances:
        now = datetime.now(UTC)
        video = self._video
        cut = len(self._gathered) > self._request.max_comments
        return Circumstances(
            model=self._model,
            video=VideoBody(
                title=video.title if video else None,
                comment_count=video.comment_count if video else None,
                is_live=self._info.is_live if self._info else None,
            ),
            complete=complete and not cut,
            reasons=reasons | ({Reason.MAX_COMMENTS} if cut else set()),
            replies_left_out=plan.replies_left_out if plan else 0,
            units_spent=plan.units_spent if plan else 0,
            quota=self._shop.ledger.left(),
            fetched_at=video.fetched_at if video and video.fetched_at else now,
            now=now,
            stored=self._stored and not self._shop.memory.is_away,
        )

    def _answer_in_spite_of(self, error: errors.YouTubeError, plan: FetchPlan) -> None:
        """Give what is remembered, and its age, where YouTube gives nothing for now."""
        if isinstance(error, errors.QuotaExceededError):
            self._shop.ledger.exhausted()
        if not isinstance(error, _PASSING):
            raise error
        reason = Reason.QUOTA if isinstance(error, errors.QuotaExceededError) else Reason.YOUTUBE
        if len(self._gathered):
            self._say(reasons=plan.reasons | {reason}, plan=plan, is_last=True)
            return
        result = self._shop.memory.latest_result(self._video_id)
        if result is None:
            raise error
        older = AnalysisBody.model_validate_json(result.document)
        age_s = max(0.0, (datetime.now(UTC) - older.fetched_at).total_seconds())
        told = older.model_copy(
            update={
                "reasons": [reason],
                "age_s": age_s,
                "units_spent": plan.units_spent,
                "quota": self._shop.ledger.left(),
            }
        )
        self._tell(Told([], told, is_last=True))

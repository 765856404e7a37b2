"""What an analysis tells those who follow it, and when."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Set
from dataclasses import replace
from datetime import UTC, datetime

from pydantic import ValidationError

from sentiment.serving.fetch_plan import FetchPlan
from sentiment.serving.snapshot import Circumstances, Gathered
from sentiment.serving.trial.labelling import Labelling
from sentiment.serving.video_notes import VideoNotes
from sentiment.serving.wire_analysis import AnalysisBody, AnalyzeRequest, Reason, VideoBody
from sentiment.serving.workshop import Told, Workshop

_TELL_EVERY_S = 0.5
_TELLING_SHARE = 0.2
"""At most this share of the time goes into telling; a large video is told less often."""
_UNNAMED = VideoBody(title=None, comment_count=None, is_live=None)


class Teller:
    """Turns what was gathered into what is told. To be used by one thread.

    Args:
        request: what is wanted.
        video_id: the 11 characters that the request names.
        gathered: comments with what was said of them.
        notes: of the video.
        labelling: tells which model labels the comments.
        workshop: tells the quota, and keeps the last word.
        tell: called in order.
    """

    def __init__(
        self,
        request: AnalyzeRequest,
        video_id: str,
        *,
        gathered: Gathered,
        notes: VideoNotes,
        labelling: Labelling,
        workshop: Workshop,
        tell: Callable[[Told], None],
    ) -> None:
        self._request = request
        self._video_id = video_id
        self._gathered = gathered
        self._notes = notes
        self._shop = workshop
        self._tell = tell
        self._labelling = labelling
        self._untold: dict[str, None] = {}
        self._shown: str | None = None
        self._told_at_s: float | None = None
        self._telling_s = 0.0

    def add(self, ids: Iterable[str]) -> None:
        """Take in which comments are new or changed; they are told next time."""
        self._untold.update(dict.fromkeys(ids))

    def is_due(self) -> bool:
        """Tell whether the last time is long enough ago."""
        if self._told_at_s is None:
            return True
        pause_s = max(_TELL_EVERY_S, self._telling_s / _TELLING_SHARE)
        return time.monotonic() - self._told_at_s > pause_s

    def say(
        self,
        *,
        reasons: Set[Reason],
        complete: bool = False,
        plan: FetchPlan | None = None,
        replies_left_out: int = 0,
        is_last: bool = False,
    ) -> None:
        """Tell what the comments so far say together, and those that were not told yet.

        Args:
            reasons: why these are not all comments.
            complete: whether they are.
            plan: the fetch, where there was one.
            replies_left_out: by an earlier fetch, where there was none now.
            is_last: whether this is the last word.
        """
        started_s = time.monotonic()
        around = self._circumstances(reasons, complete=complete, plan=plan)
        if plan is None:
            around = replace(around, replies_left_out=replies_left_out)
        analysis = self._gathered.tell(self._video_id, around)
        comments = self._gathered.judged(self._untold)
        self._untold.clear()
        self._told_at_s = time.monotonic()
        self._telling_s = self._told_at_s - started_s
        # Where something of the video was removed meanwhile, no word of it may outlive that.
        if is_last and self._request.order == "time" and self._notes.is_stored:
            self._shop.memory.keep_result(
                self._video_id,
                # What YouTube says of the video is kept with it alone, where it is purged.
                analysis.model_copy(update={"video": _UNNAMED}).model_dump_json(),
                model_digest=self._labelling.model.digest,
                computed_at=datetime.now(UTC),
            )
        if comments:
            self._keep_shown()
        self._tell(Told(comments, analysis, is_last=is_last))

    def say_what_was_said(self, reason: Reason, *, plan: FetchPlan) -> bool:
        """Tell the last word of an earlier analysis, with its age; return whether there is one.

        Args:
            reason: why there is nothing newer.
            plan: the fetch that failed.
        """
        older = self._last_said()
        if older is None:
            return False
        age_s = max(0.0, (datetime.now(UTC) - older.fetched_at).total_seconds())
        told = older.model_copy(
            update={
                "video": self._notes.body(),
                "complete": False,
                "reasons": [reason],
                "age_s": age_s,
                "units_spent": plan.units_spent,
                "quota": self._shop.ledger.left(),
                "notice": self._shop.notice,
            }
        )
        self._tell(Told((), told, is_last=True))
        return True

    def left_out_by_last_fetch(self) -> int:
        """Return how many replies the last fetch left out, as far as its last word is kept."""
        older = self._last_said()
        is_of_it = older is not None and older.fetched_at == self._notes.record.fetched_at
        return older.replies_left_out if older is not None and is_of_it else 0

    def _last_said(self) -> AnalysisBody | None:
        result = self._shop.memory.latest_result(self._video_id)
        if result is None:
            return None
        try:
            return AnalysisBody.model_validate_json(result.document)
        except ValidationError:
            # Written by a version of this program with other words.
            return None

    def _keep_shown(self) -> None:
        """Write down whose labels these are, before anybody can vote on them."""
        digest = self._labelling.model.digest
        if digest != self._shown:
            self._shown = digest
            self._shop.memory.keep_shown(self._video_id, model_digest=digest)

    def _circumstances(
        self, reasons: Set[Reason], *, complete: bool, plan: FetchPlan | None
    ) -> Circumstances:
        now = datetime.now(UTC)
        is_cut = len(self._gathered) > self._request.max_comments
        return Circumstances(
            model=self._labelling.model,
            video=self._notes.body(),
            complete=complete and not is_cut,
            reasons=reasons | ({Reason.MAX_COMMENTS} if is_cut else set()),
            replies_left_out=plan.replies_left_out if plan else 0,
            units_spent=plan.units_spent if plan else 0,
            quota=self._shop.ledger.left(),
            fetched_at=self._notes.record.fetched_at or now,
            now=now,
            stored=self._notes.is_stored and not self._shop.memory.is_away,
            notice=self._shop.notice,
        )

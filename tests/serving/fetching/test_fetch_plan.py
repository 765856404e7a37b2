"""What an analysis asks YouTube for again, and what it takes from memory."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sentiment.comments import Prediction
from sentiment.errors import QuotaExceededError, YouTubeProcessingError
from sentiment.inference.predictor import Predictor
from sentiment.serving import limits
from sentiment.store import QuotaLedger, Store, open_store, result_titles
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import ReplayOptions
from sentiment.youtube.replay_cases import SAME_TOKEN_VIDEO_ID
from sentiment.youtube.replay_video import thread_id
from tests.serving.analysing import analyse, now
from tests.serving.fetching.whole_video import VIDEO, analysed
from tests.serving.labelling import ConstantModel
from tests.youtube.interrupted import InterruptedSource

THREADS_OF_FIRST_PAGE = 100


@pytest.mark.parametrize("units", [1, 2, 5, 11, 12, 14, 22])
def test_a_fetch_that_was_cut_anywhere_is_completed(
    store: Store, youtube: ReplayServer, units: int
) -> None:
    cut = analyse(store, youtube.endpoint, VIDEO, units_a_day=units)
    assert cut.fetched < 487
    assert cut.reasons == ["quota"]
    analysed(store, youtube)


def test_what_is_known_costs_the_first_page_alone(store: Store, youtube: ReplayServer) -> None:
    analysed(store, youtube)
    spent = youtube.units_spent
    analysed(store, youtube)
    assert youtube.units_spent - spent == 1


def test_going_further_down_costs_what_is_missing(store: Store, youtube: ReplayServer) -> None:
    def told(max_comments: int) -> tuple[int, int]:
        before = youtube.units_spent
        body = analyse(store, youtube.endpoint, "size0002000", max_comments=max_comments)
        assert (body.fetched, body.complete) == (max_comments, False)
        assert body.reasons == ["max_comments"]
        return youtube.units_spent - before, len(store.known_ids("size0002000"))

    told(500)
    units, n_kept = told(600)
    assert units < 12
    assert n_kept < 750
    # What is further down follows without a gap.
    body = analyse(store, youtube.endpoint, "size0002000", max_comments=3_000)
    assert (body.fetched, body.complete) == (2_000, True)


def test_fewer_comments_of_a_whole_video_are_not_called_whole(
    store: Store, youtube: ReplayServer
) -> None:
    analysed(store, youtube)
    for fresh in (timedelta(0), timedelta(hours=1)):
        body = analyse(store, youtube.endpoint, VIDEO, max_comments=100, fresh=fresh)
        assert (body.fetched, len(body.comments), body.complete) == (100, 100, False)
        assert body.reasons == ["max_comments"]
    # And the rest is still known.
    spent = youtube.units_spent
    analysed(store, youtube)
    assert youtube.units_spent - spent == 1


def test_comments_by_relevance_leave_what_is_known_as_it_is(
    store: Store, youtube: ReplayServer
) -> None:
    analysed(store, youtube)
    body = analyse(store, youtube.endpoint, VIDEO, max_comments=50, order="relevance")
    assert (body.fetched, body.complete) == (50, False)
    spent = youtube.units_spent
    analysed(store, youtube)
    assert youtube.units_spent - spent == 1


def test_kept_replies_are_not_missing_among_comments_by_relevance(
    store: Store, youtube: ReplayServer
) -> None:
    analysed(store, youtube)
    analysed(store, youtube, order="relevance")


def test_comments_by_relevance_come_in_youtubes_order_whatever_is_known(
    store: Store, youtube: ReplayServer, tmp_path: Path
) -> None:
    def ids(of: Store) -> list[str]:
        body = analyse(of, youtube.endpoint, VIDEO, max_comments=200, order="relevance")
        return [comment.id for comment in body.comments]

    analyse(store, youtube.endpoint, VIDEO, max_comments=100)
    unknowing = open_store(f"sqlite:///{tmp_path / 'unknowing.db'}")
    assert ids(store) == ids(unknowing)
    unknowing.close()


def test_a_spent_quota_gives_known_comments_where_the_most_relevant_are_wanted(
    store: Store, youtube: ReplayServer
) -> None:
    analysed(store, youtube)
    body = analyse(store, youtube.endpoint, VIDEO, max_comments=5, order="relevance", units_a_day=0)
    assert (body.fetched, len(body.comments), body.complete) == (5, 5, False)
    assert body.reasons == ["max_comments", "quota"]


def test_a_token_that_dies_on_the_way_costs_no_comments(
    store: Store, youtube: ReplayServer
) -> None:
    died: list[bool] = []

    def die_once() -> None:
        if not died:
            died.append(True)
            raise YouTubeProcessingError("The page token has lost its meaning.")

    video_id = "size0002000"
    analyse(store, youtube.endpoint, video_id, max_comments=500)
    # The walk from the top meets what is known before that; the one from the kept token does not.
    source = InterruptedSource(youtube.endpoint, die_once, before_part=4)
    body = analyse(store, "", video_id, max_comments=1_000, source=source)
    assert died
    assert (body.fetched, body.reasons) == (1_000, ["max_comments"])


def test_new_comments_by_relevance_hide_no_gap(store: Store, youtube: ReplayServer) -> None:
    analysed(store, youtube)
    youtube.changes.grow(VIDEO, 250)
    analyse(store, youtube.endpoint, VIDEO, max_comments=300, order="relevance")
    body = analyse(store, youtube.endpoint, VIDEO)
    assert (body.fetched, body.complete) == (737, True)


def test_a_page_whose_token_leads_back_is_no_end_and_is_asked_again(
    store: Store, youtube: ReplayServer
) -> None:
    for _ in range(2):
        body = analyse(store, youtube.endpoint, SAME_TOKEN_VIDEO_ID)
        assert (body.fetched < 500, body.complete, body.reasons) == (True, False, ["youtube"])
    record = store.video(SAME_TOKEN_VIDEO_ID)
    assert record is not None
    assert record.resume_token is not None


def test_all_walks_of_an_analysis_share_its_units(
    store: Store, youtube: ReplayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = analyse(store, youtube.endpoint, VIDEO, max_comments=300).fetched
    monkeypatch.setattr(limits, "units_for", lambda _: 1)
    spent = youtube.units_spent
    body = analyse(store, youtube.endpoint, VIDEO)
    assert (body.fetched, body.complete, body.reasons) == (kept, False, ["units"])
    assert youtube.units_spent - spent == 1


def test_all_walks_of_an_analysis_share_its_time(
    store: Store, youtube: ReplayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = analyse(store, youtube.endpoint, VIDEO, max_comments=300).fetched
    deadline_s = 2.0
    monkeypatch.setattr(limits, "FETCH_DEADLINE_S", deadline_s)
    # The first walk takes all of it, after its only request.
    source = InterruptedSource(youtube.endpoint, lambda: time.sleep(deadline_s))
    body = analyse(store, youtube.endpoint, VIDEO, source=source)
    assert (body.fetched, body.complete, body.reasons) == (kept, False, ["deadline"])
    monkeypatch.undo()
    analysed(store, youtube)


@dataclass(eq=False)
class InterruptedModel(ConstantModel):
    """Lets something happen before its first outcome: once it is known what is kept."""

    happens: Callable[[], object] = lambda: None

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        if not self.is_called.is_set():
            self.is_called.set()
            self.happens()
        return super().predict(texts)


def test_an_analysis_of_fewer_comments_beside_another_leaves_no_gap(
    store: Store, youtube: ReplayServer
) -> None:
    analysed(store, youtube)
    youtube.changes.grow(VIDEO, 250)
    model = InterruptedModel(
        "a" * 64,
        0.75,
        happens=lambda: analyse(store, youtube.endpoint, VIDEO, max_comments=100),
    )
    analyse(store, youtube.endpoint, VIDEO, model=model)
    body = analyse(store, youtube.endpoint, VIDEO)
    assert (body.fetched, body.complete) == (737, True)


def test_replies_to_an_old_thread_on_a_page_that_is_read_again_are_found(
    store: Store, youtube: ReplayServer
) -> None:
    analysed(store, youtube)
    youtube.changes.answer(thread_id(VIDEO, THREADS_OF_FIRST_PAGE - 1), 9)
    body = analyse(store, youtube.endpoint, VIDEO)
    assert (body.fetched, body.complete, body.replies_left_out) == (496, True, 0)


def test_replies_to_a_thread_further_down_are_not_looked_for(
    store: Store, youtube: ReplayServer
) -> None:
    analysed(store, youtube)
    youtube.changes.answer(thread_id(VIDEO, THREADS_OF_FIRST_PAGE + 5), 9)
    spent = youtube.units_spent
    analysed(store, youtube)
    assert youtube.units_spent - spent == 1


def test_a_comment_that_youtube_deleted_stays_until_its_text_is_purged(
    store: Store, youtube: ReplayServer
) -> None:
    analysed(store, youtube)
    gone = thread_id(VIDEO, 3)
    assert youtube.changes.delete(gone)
    body = analyse(store, youtube.endpoint, VIDEO)
    assert gone in {comment.id for comment in body.comments}
    assert (body.fetched, body.complete) == (487, True)


def test_a_result_of_another_version_is_no_answer(store: Store, youtube: ReplayServer) -> None:
    digest = Predictor.dummy().digest
    store.save_result(VIDEO, digest, '{"score": 1, "words": "older"}', now())
    with pytest.raises(QuotaExceededError):
        analyse(store, youtube.endpoint, VIDEO, units_a_day=0)


def test_a_result_is_the_answer_where_the_texts_are_gone(
    store: Store, youtube: ReplayServer
) -> None:
    analysed(store, youtube)
    store.purge(older_than=now() + timedelta(minutes=1))
    body = analyse(store, youtube.endpoint, VIDEO, units_a_day=0, notice="Of this service.")
    assert (body.fetched, body.comments, body.reasons) == (487, [], ["quota"])
    assert not body.complete
    assert body.notice == "Of this service."


def test_a_title_is_kept_with_its_video_alone_and_told_with_an_older_result(
    store: Store, youtube: ReplayServer
) -> None:
    analysed(store, youtube)
    body = analyse(store, youtube.endpoint, VIDEO, units_a_day=0)
    assert body.video.title == f"Made-up video {VIDEO}"
    result = store.latest_result(VIDEO)
    assert result is not None
    assert "Made-up" not in result.document
    assert result_titles._UNNAMED in result.document  # so that no purge has to read it
    titled = {**json.loads(result.document), "video": body.video.model_dump()}
    store.save_result(VIDEO, result.model_digest, json.dumps(titled), now())  # an older program
    store.purge(older_than=now() + timedelta(minutes=1))
    again = analyse(store, youtube.endpoint, VIDEO, units_a_day=0)
    assert (again.fetched, again.video.title) == (487, None)


# Midnight Pacific time on a winter's day, and around the two changes of the clock: one day of 23
# hours, one of 25.
@pytest.mark.parametrize(
    ("first", "then", "is_new_day"),
    [
        (datetime(2026, 1, 3, 7, 59, tzinfo=UTC), datetime(2026, 1, 3, 8, tzinfo=UTC), True),
        (datetime(2026, 3, 8, 8, tzinfo=UTC), datetime(2026, 3, 9, 6, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 9, 6, 59, tzinfo=UTC), datetime(2026, 3, 9, 7, tzinfo=UTC), True),
        (datetime(2026, 11, 1, 7, tzinfo=UTC), datetime(2026, 11, 2, 7, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 2, 7, 59, tzinfo=UTC), datetime(2026, 11, 2, 8, tzinfo=UTC), True),
    ],
)
def test_units_belong_to_the_pacific_day_on_which_they_are_spent(
    store: Store, *, first: datetime, then: datetime, is_new_day: bool
) -> None:
    with ReplayServer(ReplayOptions(page_limit=20)) as youtube:

        def clock() -> datetime:
            return first if youtube.units_spent < 5 else then

        analysed(store, youtube, clock=clock)
        spent = youtube.units_spent
    spent_first = QuotaLedger(store, limit=1_000, clock=lambda: first).state().units_spent
    spent_then = QuotaLedger(store, limit=1_000, clock=lambda: then).state().units_spent
    if is_new_day:
        assert spent_first >= 5
        assert spent_then > 0
        assert spent_first + spent_then == spent
    else:
        assert spent_first == spent_then == spent

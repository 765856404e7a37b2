from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from sentiment.comments import Comment, Prediction
from sentiment.errors import BusyError, CommentsDisabledError, InvalidVideoIdError
from sentiment.inference.predictor import Predictor
from sentiment.serving.analyser import Analyser, Fetched
from sentiment.serving.limits import units_for
from sentiment.serving.wire import AnalyzeRequest
from sentiment.youtube.client import YouTubeClient
from sentiment.youtube.replay import ReplayServer


@pytest.fixture
def analyser(replay: ReplayServer) -> Analyser:
    return Analyser(Predictor.dummy(), lambda: YouTubeClient(None, endpoint=replay.endpoint))


def test_analysis_adds_up(analyser: Analyser) -> None:
    request = AnalyzeRequest(video_id="https://youtu.be/size0000230", max_comments=500)
    body = asyncio.run(analyser.analyse(request))

    assert body.video_id == "size0000230"
    assert body.fetched == len(body.comments) <= 230
    assert body.analysed + body.excluded.empty + body.excluded.not_english == body.fetched
    shares = [body.shares.negative, body.shares.neutral, body.shares.positive]
    assert sum(share.share or 0.0 for share in shares) == pytest.approx(1)
    assert body.score is not None
    assert body.score.low < body.score.mean < body.score.high
    assert body.model.name == "dummy"
    assert body.units_spent >= 1


def test_predictions_stand_beside_their_comments(analyser: Analyser) -> None:
    request = AnalyzeRequest(video_id="size0000230", max_comments=120)
    body = asyncio.run(analyser.analyse(request))

    alone = Predictor.dummy().predict([comment.text for comment in body.comments])
    assert [comment.prediction.label for comment in body.comments] == [p.label for p in alone]
    assert (body.fetched, body.complete) == (120, False)


def test_video_without_comments_is_an_answer(analyser: Analyser) -> None:
    body = asyncio.run(analyser.analyse(AnalyzeRequest(video_id="emptyVideo_")))
    assert (body.fetched, body.analysed, body.score) == (0, 0, None)


def test_refusal_of_the_api_reaches_the_caller(analyser: Analyser) -> None:
    with pytest.raises(CommentsDisabledError):
        asyncio.run(analyser.analyse(AnalyzeRequest(video_id="noComments_")))


def test_address_without_a_video_costs_no_unit(analyser: Analyser, replay: ReplayServer) -> None:
    spent = replay.units_spent
    with pytest.raises(InvalidVideoIdError):
        asyncio.run(analyser.analyse(AnalyzeRequest(video_id="https://example.org/x")))
    assert replay.units_spent == spent


@dataclass
class _Nothing:
    comments: Sequence[Comment] = ()
    units_spent: int = 1
    complete: bool = True


@dataclass
class _SlowSource:
    """Answers when told to, and notes how many wait at once."""

    release: threading.Event = field(default_factory=threading.Event)
    entered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    waiting: int = 0
    most_waiting: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fetch_comments(
        self, video_id: str, *, max_comments: int, max_units: int, deadline_s: float
    ) -> Fetched:
        with self.lock:
            self.waiting += 1
            self.most_waiting = max(self.most_waiting, self.waiting)
        self.entered.release()
        self.release.wait(30)
        with self.lock:
            self.waiting -= 1
        return _Nothing()


@dataclass
class _NoModel:
    name: str = "none"
    digest: str = "0"

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        return []


def test_too_many_analyses_are_refused_and_few_fetch_at_once() -> None:
    source = _SlowSource()
    analyser = Analyser(_NoModel(), lambda: source, max_analyses=5, max_fetches=2)
    request = AnalyzeRequest(video_id="size0000001")

    async def run() -> None:
        running = [asyncio.create_task(analyser.analyse(request)) for _ in range(5)]
        await asyncio.to_thread(source.entered.acquire)
        with pytest.raises(BusyError):
            await analyser.analyse(request)
        source.release.set()
        bodies = await asyncio.gather(*running)
        assert [body.fetched for body in bodies] == [0] * 5
        # A place is free again.
        await analyser.analyse(request)

    asyncio.run(run())
    assert source.most_waiting <= 2


@pytest.mark.parametrize(("comments", "units"), [(1, 6), (500, 30), (10_000, 505)])
def test_units_allow_for_short_pages(comments: int, units: int) -> None:
    assert units_for(comments) == units

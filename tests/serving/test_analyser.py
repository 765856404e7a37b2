"""Runs on an event loop, over the stand-in of YouTube and a real store, without a server."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sentiment.comments import Prediction
from sentiment.errors import (
    BusyError,
    CommentsDisabledError,
    InferenceError,
    InvalidVideoIdError,
)
from sentiment.inference.predictor import Predictor
from sentiment.serving import limits
from sentiment.serving.analyser import Analyser, Run
from sentiment.serving.limits import units_for
from sentiment.serving.models import Model, Models
from sentiment.serving.wire_analysis import AnalysisBody, AnalyzeRequest
from sentiment.store import open_store
from sentiment.youtube.replay import ReplayServer
from tests.serving.analysing import new_analyser
from tests.serving.labelling import two_models

MakeAnalyser = Callable[..., Analyser]


@pytest.fixture
def make(replay: ReplayServer, tmp_path: Path) -> Iterator[MakeAnalyser]:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    made: list[Analyser] = []

    def analyser(model: Model | None = None, *, max_runs: int = 5) -> Analyser:
        made.append(new_analyser(store, replay.endpoint, model=model, max_runs=max_runs))
        return made[-1]

    yield analyser
    for one in made:
        one.close()
    store.close()


def test_analysis_adds_up(make: MakeAnalyser) -> None:
    request = AnalyzeRequest(video_id="https://youtu.be/size0000230", max_comments=500)
    body = asyncio.run(make().analyse(request))

    assert body.video_id == "size0000230"
    assert body.fetched == len(body.comments) == 230
    assert body.complete
    assert body.analysed + body.excluded.empty + body.excluded.not_english == body.fetched
    shares = [body.shares.negative, body.shares.neutral, body.shares.positive]
    assert sum(share.share or 0.0 for share in shares) == pytest.approx(1)
    assert body.score is not None
    assert body.score.low < body.score.mean < body.score.high
    assert body.model.name == "dummy"
    assert body.units_spent >= 1
    assert body.quota is not None
    assert body.quota.units_left == 1_000 - body.units_spent


def test_predictions_stand_beside_their_comments(make: MakeAnalyser) -> None:
    request = AnalyzeRequest(video_id="size0000230", max_comments=120)
    body = asyncio.run(make().analyse(request))
    alone = Predictor.dummy().predict([comment.text for comment in body.comments])
    assert [comment.prediction.label for comment in body.comments] == [p.label for p in alone]
    assert (body.fetched, body.complete) == (120, False)


def test_video_without_comments_is_an_answer(make: MakeAnalyser) -> None:
    body = asyncio.run(make().analyse(AnalyzeRequest(video_id="emptyVideo_")))
    assert (body.fetched, body.analysed, body.score) == (0, 0, None)


def test_refusal_of_the_api_reaches_the_caller(make: MakeAnalyser) -> None:
    with pytest.raises(CommentsDisabledError):
        asyncio.run(make().analyse(AnalyzeRequest(video_id="noComments_")))


def test_address_without_a_video_costs_no_unit(make: MakeAnalyser, replay: ReplayServer) -> None:
    spent = replay.units_spent
    with pytest.raises(InvalidVideoIdError):
        asyncio.run(make().analyse(AnalyzeRequest(video_id="https://example.org/x")))
    assert replay.units_spent == spent


@dataclass
class _Counting:
    """A model that notes how many texts it was given, and may be held up or fail."""

    digest: str = "a" * 64
    name: str = "counting"
    texts: int = 0
    release: threading.Event = field(default_factory=threading.Event)
    error: InferenceError | None = None

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        self.release.wait(30)
        if self.error is not None:
            raise self.error
        self.texts += len(texts)
        return Predictor.dummy().predict(texts)


def test_texts_are_scored_once_a_model(make: MakeAnalyser) -> None:
    request = AnalyzeRequest(video_id="size0000150")
    first, second, other = _Counting(), _Counting(), _Counting(digest="b" * 64)
    for model in (first, second, other):
        model.release.set()
        body = asyncio.run(make(model).analyse(request))
        assert body.fetched == 150
    assert first.texts > 0
    assert second.texts == 0
    assert other.texts >= first.texts
    again = _Counting(digest="b" * 64)
    again.release.set()
    asyncio.run(make(again).analyse(request))
    assert again.texts == 0


def test_failing_model_ends_the_analysis(make: MakeAnalyser) -> None:
    model = _Counting(error=InferenceError("broken"))
    model.release.set()
    with pytest.raises(InferenceError):
        asyncio.run(make(model).analyse(AnalyzeRequest(video_id="size0000030")))


def test_too_many_analyses_are_refused(make: MakeAnalyser) -> None:
    model = _Counting()
    analyser = make(model, max_runs=2)

    async def run() -> None:
        requests = [AnalyzeRequest(video_id=f"size000001{number}") for number in range(3)]
        running = [asyncio.create_task(analyser.analyse(request)) for request in requests[:2]]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            analyser.open(requests[2])
        model.release.set()
        bodies = await asyncio.gather(*running)
        assert [body.fetched for body in bodies] == [10, 11]
        # A place is free again.
        assert (await analyser.analyse(requests[2])).fetched == 12

    asyncio.run(run())


def test_equal_requests_share_a_run(make: MakeAnalyser) -> None:
    analyser = make()

    async def run() -> None:
        one = analyser.open(AnalyzeRequest(video_id="size0000020"))
        other = analyser.open(AnalyzeRequest(video_id="https://youtu.be/size0000020"))
        assert one is other
        assert [told.is_last async for _, told in one.follow()][-1]

    asyncio.run(run())


def test_nothing_of_a_stopped_video_is_written_or_told_afterwards(make: MakeAnalyser) -> None:
    model = _Counting()
    analyser = make(model)

    async def run() -> None:
        model.release.set()
        request = AnalyzeRequest(video_id="size0000020")
        ended = analyser.open(request)
        assert (await analyser.analyse(request)).fetched == 20
        model.release.clear()
        wanted = AnalyzeRequest(video_id="size0000020", max_comments=10)
        running = analyser.open(wanted)
        # Left and asked for again: it still writes, though nobody is told.
        running.stop.set()
        again = analyser.open(wanted)
        removing = asyncio.create_task(remove(running, again))
        while not again.stop.is_set():
            await asyncio.sleep(0)
        with pytest.raises(BusyError, match="being removed"):
            analyser.open(request)
        model.release.set()
        await removing
        for one in (running, again, ended):
            assert analyser.resume(one.id, request=one.request) is None
        assert (await analyser.analyse(request)).fetched == 20

    async def remove(*under_way: Run) -> None:
        async with analyser.held_off("size0000020"):
            assert all(one.has_ended for one in under_way)
            with pytest.raises(BusyError, match="being removed"):
                analyser.open(AnalyzeRequest(video_id="size0000020"))
            analyser.open(AnalyzeRequest(video_id="size0000010"))

    asyncio.run(run())


def test_what_an_ended_run_told_is_let_go_of_by_itself(
    make: MakeAnalyser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "KEPT_RUN_S", 0.2)
    analyser = make()
    request = AnalyzeRequest(video_id="size0000020")

    async def run() -> None:
        run_id, told = await follow()
        assert analyser.resume(run_id, request=request) is not None
        async with asyncio.timeout(20):
            while told() is not None:
                await asyncio.sleep(0.05)
                gc.collect()
        assert analyser.resume(run_id, request=request) is None

    async def follow() -> tuple[str, weakref.ref[AnalysisBody]]:
        one = analyser.open(request)
        assert [told.is_last async for _, told in one.follow()][-1]
        return one.id, weakref.ref(one.told[-1].analysis)

    asyncio.run(run())


def test_run_that_nobody_follows_is_stopped(make: MakeAnalyser) -> None:
    model = _Counting()
    analyser = make(model)

    async def run() -> None:
        request = AnalyzeRequest(video_id="size0000040")
        run = analyser.open(request)
        following = asyncio.create_task(anext(run.follow()))
        await asyncio.sleep(0)
        following.cancel()
        await asyncio.wait([following])
        assert run.stop.is_set()
        model.release.set()
        # Who asks again does not get the run that was left.
        assert analyser.open(request) is not run
        assert (await analyser.analyse(request)).fetched == 40

    asyncio.run(run())


@pytest.mark.parametrize(("comments", "units"), [(1, 6), (500, 55), (10_000, 1_005)])
def test_units_allow_for_short_pages(comments: int, units: int) -> None:
    assert units_for(comments) == units


def test_analysis_under_way_ends_with_the_model_that_it_began_with(
    replay: ReplayServer, tmp_path: Path
) -> None:
    old, new = two_models()
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    models = Models(old)
    analyser = new_analyser(store, replay.endpoint, models=models)
    request = AnalyzeRequest(video_id="size0000300")

    async def run() -> None:
        old.go_on.clear()
        before = asyncio.create_task(analyser.analyse(request))
        await asyncio.to_thread(old.is_called.wait, 30)
        models.switch(new)
        # The same request again is the new model's, though a run for it is under way.
        after = asyncio.create_task(analyser.analyse(request))
        await asyncio.sleep(0.1)
        assert models.older == 1
        old.go_on.set()
        for body, model in ((await before, old), (await after, new)):
            assert (body.model.digest, body.fetched) == (model.digest, 300)
            assert {one.prediction.probabilities.positive for one in body.comments} == {
                model.positive
            }
        async with asyncio.timeout(30):
            while models.older:
                await asyncio.sleep(0.01)

    try:
        asyncio.run(run())
        result = store.latest_result("size0000300")
    finally:
        old.go_on.set()
        analyser.close()
        store.close()
    assert result is not None
    assert AnalysisBody.model_validate_json(result.document).model.digest == result.model_digest

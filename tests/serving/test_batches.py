"""Batches as the framework cuts them: a request may begin in one and end in the next."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Sequence

import pytest
from bentoml._internal.marshal.dispatcher import CorkDispatcher
from bentoml._internal.runner.container import AutoContainer

from sentiment.comments import Prediction
from sentiment.errors import InferenceError
from sentiment.serving.activity import Activity
from sentiment.serving.batches import BatchLabeller
from sentiment.serving.models import Models
from sentiment.serving.waiting import TimedPredictRequest
from tests.serving.labelling import two_models

FULL = 8


def request(n_texts: int) -> list[str]:
    """The texts of a request as the service reads them."""
    return TimedPredictRequest(texts=[f"text {number}" for number in range(n_texts)]).texts


def test_batch_is_labelled_by_the_model_of_now() -> None:
    old, new = two_models()
    models = Models(old)
    batches = BatchLabeller(models, full_texts=FULL, activity=Activity())
    assert batches.label(request(3)) == [old.outcome] * 3
    models.switch(new)
    assert models.older == 0
    assert batches.label(request(3)) == [new.outcome] * 3


def test_request_that_was_cut_ends_with_the_model_that_it_began_with() -> None:
    old, new = two_models()
    models = Models(old)
    batches = BatchLabeller(models, full_texts=FULL, activity=Activity())
    cut = request(5)
    assert batches.label([*request(4), *cut[:4]]) == [old.outcome] * FULL
    models.switch(new)
    assert batches.label([*cut[4:], *request(2)]) == [old.outcome, new.outcome, new.outcome]
    assert models.older == 0


def test_request_that_fills_several_batches_keeps_its_model() -> None:
    old, new = two_models()
    models = Models(old)
    batches = BatchLabeller(models, full_texts=FULL, activity=Activity())
    long = request(2 * FULL + 3)
    assert batches.label(long[:FULL]) == [old.outcome] * FULL
    models.switch(new)
    assert batches.label(long[FULL : 2 * FULL]) == [old.outcome] * FULL
    assert batches.label([*long[2 * FULL :], *request(1)]) == [*[old.outcome] * 3, new.outcome]
    assert models.older == 0


def test_full_batch_that_cut_no_request_binds_nobody() -> None:
    old, new = two_models()
    models = Models(old)
    batches = BatchLabeller(models, full_texts=FULL, activity=Activity())
    batches.label(request(FULL))
    models.switch(new)
    assert batches.label(request(2)) == [new.outcome] * 2
    assert models.older == 0


def test_model_that_gives_too_few_outcomes_is_refused() -> None:
    class Short:
        name, digest = "short", "c" * 64

        def predict(self, texts: Sequence[str]) -> list[Prediction]:
            return [two_models()[0].outcome for _ in texts][1:]

    batches = BatchLabeller(Models(Short()), full_texts=FULL, activity=Activity())
    with pytest.raises(InferenceError, match="wanted 3 predictions, found 2"):
        batches.label(request(3))


def test_framework_cuts_requests_as_the_labeller_expects() -> None:
    """Its real dispatcher, with a switch between any two batches."""
    old, new = two_models()
    models = Models(old)
    batches = BatchLabeller(models, full_texts=FULL, activity=Activity())
    sizes: list[int] = []

    async def infer(parts: Sequence[list[str]]) -> Sequence[list[Prediction]]:
        texts, indices = AutoContainer.batches_to_batch(parts, 0)
        sizes.append(len(texts))
        labelled = await asyncio.to_thread(batches.label, texts)
        models.switch(new if models.current.digest == old.digest else old)
        split: Sequence[list[Prediction]] = AutoContainer.batch_to_batches(labelled, indices, 0)
        return split

    def refuse() -> list[Prediction]:
        raise TimeoutError

    async def run() -> list[list[Prediction] | None]:
        dispatcher: CorkDispatcher[list[str], list[Prediction]] = CorkDispatcher(
            max_latency_in_ms=60_000,
            max_batch_size=FULL,
            fallback=refuse,
            get_batch_size=functools.partial(AutoContainer.get_batch_size, batch_dim=0),
            batch_dim=(0, 0),
        )
        send = dispatcher(infer)
        try:
            return await asyncio.gather(*(send(request(5)) for _ in range(20)))
        finally:
            dispatcher.shutdown()

    answers = [answer for answer in asyncio.run(run()) if answer is not None]
    assert [len(answer) for answer in answers] == [5] * 20
    # Requests were cut, batches were full, and yet each was answered by one model.
    assert FULL in sizes
    assert len(sizes) < 20
    assert all(len(set(answer)) == 1 for answer in answers)
    assert {answer[0] for answer in answers} == {old.outcome, new.outcome}

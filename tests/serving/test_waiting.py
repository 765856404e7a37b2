from __future__ import annotations

import time

from sentiment.serving.waiting import TimedPredictRequest, waits_s


def test_every_request_of_a_batch_knows_how_long_it_waited() -> None:
    bodies = ('{"texts": ["a", "b"]}', '{"texts": ["c"]}')
    batch = [
        text for body in bodies for text in TimedPredictRequest.model_validate_json(body).texts
    ]
    assert batch == ["a", "b", "c"]
    first, second = waits_s(batch, now_s=time.monotonic() + 5)
    assert 5 <= second <= first < 6


def test_plain_texts_have_not_waited() -> None:
    assert list(waits_s(["a"], now_s=1.0)) == []

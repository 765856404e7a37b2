"""Bundle after bundle taken into service under load, over real HTTP: no request is lost."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from sentiment.benchmark.holdings import handles, threads
from sentiment.youtube.replay import ReplayServer
from tests.serving.load import Load
from tests.serving.swapping import TEXTS, Candidate, counted, reload, served, swaps, until

pytestmark = pytest.mark.slow

N_SWAPS = 20


def test_models_can_be_told_apart(one: Candidate, other: Candidate) -> None:
    """Else the tests below could not fail."""
    for text in TEXTS:
        gap = max(
            abs(a - b)
            for a, b in zip(
                one.predictor.predict([text])[0].probabilities,
                other.predictor.predict([text])[0].probabilities,
                strict=True,
            )
        )
        assert gap > 1e-3


def test_twenty_swaps_under_load_lose_no_request(
    tmp_path: Path, one: Candidate, other: Candidate, replay: ReplayServer
) -> None:
    # Nothing kept in memory, and no video taken for fresh: each answer is some model's own.
    variables = {"SENTIMENT_FRESH_S": "0", "SENTIMENT_QUOTA_UNITS": "1000000"}
    with served(tmp_path, one, replay, **variables) as (server, client, place):
        pid = server.process.pid

        def swap(number: int) -> None:
            wanted = (other, one)[number % 2]
            place.put(wanted.folder)
            if number % 4 < 2:
                server.process.send_signal(signal.SIGHUP)
            else:
                until(lambda: reload(client).status_code == 200, "a reload")
            until(lambda: client.get("/v1/model").json() == wanted.body, "the new model")

        load = Load(server.url, {one.digest: one, other.digest: other})
        load.start()
        try:
            for number in range(4):
                swap(number)
            held = handles(pid) or 0, threads(pid) or 0
            for number in range(4, N_SWAPS):
                swap(number)
                load.go_on_for(3)  # each model has its share of the answers
        finally:
            load.end()
        assert load.faults == {}
        assert load.seen.total() > 3 * (N_SWAPS - 4)
        for kind in ("predict", "stream", "analyze"):
            assert load.seen[f"{kind} {one.digest}"] + load.seen[f"{kind} {other.digest}"] > 0
        assert load.seen[f"predict {one.digest}"] > 0
        assert load.seen[f"predict {other.digest}"] > 0

        assert client.get("/readyz").json()["model"] == one.body
        assert swaps(client, "switched") == N_SWAPS
        assert swaps(client, "refused") == 0
        assert counted(client, f'sentiment_model_info{{digest="{one.digest}"}}') == 1
        assert counted(client, f'sentiment_model_info{{digest="{other.digest}"}}') == 0
        until(lambda: server.log().count("let go of model") == N_SWAPS, "the older models' end")
        # A model that stayed would keep a thread for each core, and a growing number of both.
        until(lambda: (handles(pid) or 0) <= held[0] + 10, "handles are given back")
        until(lambda: (threads(pid) or 0) <= held[1] + 10, "threads end")
        messages = [json.loads(line)["message"] for line in server.log().splitlines()]
        named = [message for message in messages if "in place of" in message]
        assert len(named) == N_SWAPS
        assert all(one.digest in message and other.digest in message for message in named)
        assert "Traceback" not in server.log()

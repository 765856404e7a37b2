"""Analyses that take too long, and clients that do not wait for theirs."""

from __future__ import annotations

import json
import time
from pathlib import Path

import httpx
import pytest

from sentiment.youtube.replay import ReplayServer
from tests.serving.running import error_of, serving

LONG = {"video_id": "size0009000", "max_comments": 9_000}


def test_request_past_its_deadline_is_told_so_and_ends(
    tiny_bundle: Path, tmp_path: Path, slow_replay: ReplayServer
) -> None:
    traffic = {"services": {"youtube_sentiment": {"traffic": {"timeout": 1}}}}
    variables = {"BENTOML_CONFIG_OVERRIDES": json.dumps(traffic)}
    with serving(tiny_bundle, tmp_path, slow_replay, **variables) as (server, client):
        assert error_of(client.post("/v1/analyze", json=LONG)) == (504, "timeout")
        _assert_fetching_ends(slow_replay)
        assert client.post("/v1/predict", json={"texts": ["good"]}).status_code == 200
        assert "Traceback" not in server.log()


def test_analysis_ends_when_its_client_leaves(
    slow_client: httpx.Client, slow_replay: ReplayServer
) -> None:
    spent = slow_replay.units_spent
    with pytest.raises(httpx.ReadTimeout):
        slow_client.post("/v1/analyze", json=LONG, timeout=0.7)
    assert slow_replay.units_spent > spent
    _assert_fetching_ends(slow_replay)
    errors = [
        line for line in slow_client.get("/metrics").text.splitlines() if "client_left" in line
    ]
    assert errors == ['sentiment_errors_total{code="client_left"} 1.0']


def _assert_fetching_ends(replay: ReplayServer) -> None:
    """What is under way may still arrive; then nothing more is asked for."""
    time.sleep(1.0)
    spent = replay.units_spent
    time.sleep(1.0)
    assert replay.units_spent == spent

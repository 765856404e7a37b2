"""What whoever runs the service sees of it: readiness, metrics and the log."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import httpx

from sentiment.release.bundle import load_bundle
from tests.serving.running import Running


def test_readiness_names_the_model(client: httpx.Client, tiny_bundle: Path) -> None:
    model = {"name": "tiny", "digest": load_bundle(tiny_bundle).digest}
    ready = client.get("/readyz").json()
    assert (ready["ready"], ready["model"], ready["store"]) == (True, model, "ok")
    assert ready["quota"].keys() == {"units_left", "resets_at"}
    assert client.get("/v1/model").json() == model


def test_metrics_count_requests_and_what_the_model_did(client: httpx.Client) -> None:
    client.post("/v1/predict", json={"texts": ["good"]}).raise_for_status()
    client.get("/no/such/path")
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert 'endpoint="/v1/predict"' in answer.text
    assert "/no/such/path" not in answer.text
    for name in ("batch_texts", "batch_tokens", "queue_wait_seconds"):
        count = re.search(rf"^sentiment_{name}_count (\S+)$", answer.text, re.MULTILINE)
        assert count is not None
        assert float(count[1]) > 0
    assert re.search(r"^sentiment_prediction_cache_misses_total [1-9]", answer.text, re.MULTILINE)
    assert 'sentiment_errors_total{code="not_found"}' in answer.text


def test_request_id_is_in_the_answer_and_in_the_log(server: Running, client: httpx.Client) -> None:
    answer = client.post(
        "/v1/predict", json={"texts": ["a"]}, headers={"X-Request-Id": "find-me-1"}
    )
    assert answer.headers["x-request-id"] == "find-me-1"
    # The line is written after the answer.
    ends_s = time.monotonic() + 10
    while (log := server.log()).count('"find-me-1"') < 1 and time.monotonic() < ends_s:
        time.sleep(0.01)
    lines = [json.loads(line) for line in log.splitlines() if '"find-me-1"' in line]
    assert [(line["path"], line["status"]) for line in lines] == [("/v1/predict", 200)]


def test_log_names_the_model_and_holds_no_text(server: Running, client: httpx.Client) -> None:
    client.post("/v1/predict", json={"texts": ["an unmistakable secret", 7]})
    client.post("/v1/predict", json={"texts": ["an unmistakable secret"]}).raise_for_status()
    log = server.log()
    assert "serving model tiny, digest" in log
    assert "unmistakable" not in log
    assert "Traceback" not in log

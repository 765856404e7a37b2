"""Whole analyses over real HTTP, beside the stand-in of YouTube."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx


def test_analyze_answers_with_comments_and_numbers(client: httpx.Client) -> None:
    request = {"video_id": "https://www.youtube.com/watch?v=size0000230&t=3s", "max_comments": 100}
    body = client.post("/v1/analyze", json=request).json()
    assert body["video_id"] == "size0000230"
    assert (body["fetched"], len(body["comments"]), body["complete"]) == (100, 100, False)
    assert body["analysed"] + sum(body["excluded"].values()) == 100
    assert body["notice"] == "Computed by this tool, not YouTube data."


def test_analyses_do_not_stop_predictions(client: httpx.Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        analyses = [
            pool.submit(client.post, "/v1/analyze", json={"video_id": f"size000010{number}"})
            for number in range(6)
        ]
        predicted = client.post("/v1/predict", json={"texts": ["good"]})
        assert (predicted.status_code, len(predicted.json())) == (200, 1)
        assert {analysis.result().status_code for analysis in analyses} == {200}

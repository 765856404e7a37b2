"""Whole analyses over real HTTP, beside the stand-in of YouTube."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from sentiment.youtube.replay import ReplayServer
from tests.serving.events import analyses_of, stream_of
from tests.serving.running import serving


def test_analyze_answers_with_comments_and_numbers(client: httpx.Client) -> None:
    request = {"video_id": "https://www.youtube.com/watch?v=size0000230&t=3s", "max_comments": 100}
    body = client.post("/v1/analyze", json=request).json()
    assert body["video_id"] == "size0000230"
    assert (body["fetched"], len(body["comments"]), body["complete"]) == (100, 100, False)
    assert body["analysed"] + sum(body["excluded"].values()) == 100


def test_result_names_a_stand_in_that_its_comments_come_from(client: httpx.Client) -> None:
    # Any id of 11 characters is one of its videos: a real one's, too.
    posted = client.post("/v1/analyze", json={"video_id": "dQw4w9WgXcQ", "max_comments": 20})
    events = stream_of(client, "dQw4w9WgXcQ", max_comments=20)
    said = {posted.json()["notice"], events[0].data["notice"], analyses_of(events)[-1]["notice"]}
    assert said == {
        "Computed by this tool from a stand-in of YouTube: the comments may be made up."
    }


def test_kept_result_has_the_notice_of_the_service_that_answers(
    tiny_bundle: Path, tmp_path: Path, replay: ReplayServer
) -> None:
    with serving(tiny_bundle, tmp_path, replay) as (_, client):
        stream_of(client, "size0000030")
    variables = {"SENTIMENT_YOUTUBE_ENDPOINT": "", "SENTIMENT_FRESH_S": "3600"}
    with serving(tiny_bundle, tmp_path, replay, **variables) as (_, client):
        events = stream_of(client, "size0000030")
    assert analyses_of(events)[-1]["fetched"] == 30
    said = {events[0].data["notice"], analyses_of(events)[-1]["notice"]}
    assert said == {"Computed by this tool, not YouTube data."}


def test_analyses_do_not_stop_predictions(client: httpx.Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        analyses = [
            pool.submit(client.post, "/v1/analyze", json={"video_id": f"size000010{number}"})
            for number in range(6)
        ]
        predicted = client.post("/v1/predict", json={"texts": ["good"]})
        assert (predicted.status_code, len(predicted.json())) == (200, 1)
        assert {analysis.result().status_code for analysis in analyses} == {200}

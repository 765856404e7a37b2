from __future__ import annotations

import http.client
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sentiment.benchmark.service import post_in_parallel, post_one_by_one, running_service
from sentiment.errors import InferenceError, ServerStartError
from tests.benchmark.answering import counting_server


def test_clients_post_every_text_once_over_http() -> None:
    texts = [f"text {number}" for number in range(25)]
    with counting_server() as server:
        assert post_in_parallel(server.url, texts, texts_per_request=10, clients=2) == 25
    assert {path for path, _ in server.requests} == {"/v1/predict"}
    assert sorted(len(posted) for _, posted in server.requests) == [5, 10, 10]
    assert sorted(text for _, posted in server.requests for text in posted) == sorted(texts)
    assert len(server.clients) == 2


def test_one_client_keeps_its_connection_and_times_each_text() -> None:
    with counting_server() as server:
        latencies_ms = post_one_by_one(server.url, ["a", "b", "c"])
    assert [posted for _, posted in server.requests] == [["a"], ["b"], ["c"]]
    assert len(server.clients) == 1
    assert len(latencies_ms) == 3
    assert all(latency_ms > 0 for latency_ms in latencies_ms)


def test_clients_refuse_an_answer_with_too_few_predictions() -> None:
    with (
        counting_server(is_short=True) as server,
        pytest.raises(InferenceError, match="wanted 2, found status 200"),
    ):
        post_in_parallel(server.url, ["a", "b"], texts_per_request=2, clients=1)


def test_clients_say_that_nobody_answers() -> None:
    with counting_server() as server:
        url = server.url
    with pytest.raises(InferenceError, match="failed: ConnectionRefusedError"):
        post_one_by_one(url, ["a"])


def test_service_answers_while_the_block_lasts_and_not_after(
    tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What a developer has configured must not reach the service under test.
    monkeypatch.setenv("SENTIMENT_API_TOKEN", "secret")
    monkeypatch.setenv("SENTIMENT_MODEL_DIR", "elsewhere")
    with running_service(tiny_bundle) as service:
        connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=30)
        connection.request("GET", "/v1/model")
        assert json.loads(connection.getresponse().read())["name"] == "tiny"
        connection.close()
        assert len(post_one_by_one(service.url, ["I love it"])) == 1
    with pytest.raises(InferenceError):
        post_one_by_one(service.url, ["I love it"])


def test_service_that_does_not_start_gives_the_end_of_its_log(tmp_path: Path) -> None:
    with (
        pytest.raises(ServerStartError, match=r"Its log ends: (.|\n)*sentiment\.json"),
        running_service(tmp_path / "nothing"),
    ):
        pytest.fail("there is no bundle")

"""Corrections and deletions over real HTTP and a real store."""

from __future__ import annotations

import httpx
import pytest

from tests.serving.events import comments_of, stream_of
from tests.serving.running import error_of


@pytest.fixture
def comment_id(client: httpx.Client) -> str:
    return next(iter(comments_of(stream_of(client, "size0000033"))))


def test_correction_is_kept_and_can_be_undone(client: httpx.Client, comment_id: str) -> None:
    answer = client.post("/v1/feedback", json={"comment_id": comment_id, "label": -1})
    assert answer.status_code == 201
    kept = answer.json()
    assert (kept["comment_id"], kept["label"]) == (comment_id, -1)
    assert client.delete(f"/v1/feedback/{kept['id']}").status_code == 204
    assert error_of(client.delete(f"/v1/feedback/{kept['id']}")) == (404, "not_stored")


def test_second_vote_of_a_client_replaces_its_first(client: httpx.Client, comment_id: str) -> None:
    votes = [
        client.post(
            "/v1/feedback",
            json={"comment_id": comment_id, "label": label, "voter": "a random word"},
        ).json()
        for label in (1, 0)
    ]
    assert client.delete(f"/v1/feedback/{votes[0]['id']}").status_code == 404
    assert votes[1]["label"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"comment_id": "", "label": 1},
        {"comment_id": "x", "label": 2},
        {"comment_id": "x", "label": "1"},
        {"comment_id": "x", "label": 1, "voter": "short"},
        {"comment_id": "x" * 200, "label": 1},
        [],
        "text",
    ],
)
def test_correction_that_is_none_is_refused(client: httpx.Client, body: object) -> None:
    assert error_of(client.post("/v1/feedback", json=body)) == (400, "invalid_request")


def test_correction_of_an_unknown_comment_is_refused(client: httpx.Client) -> None:
    answer = client.post("/v1/feedback", json={"comment_id": "never seen", "label": 1})
    assert error_of(answer) == (404, "comment_unknown")


def test_deleted_comment_is_gone(client: httpx.Client) -> None:
    comments = comments_of(stream_of(client, "size0000044"))
    gone = next(id_ for id_, comment in comments.items() if comment["parent_id"])
    assert client.delete(f"/v1/comments/{gone}").status_code == 204
    assert error_of(client.delete(f"/v1/comments/{gone}")) == (404, "not_stored")
    refused = client.post("/v1/feedback", json={"comment_id": gone, "label": 1})
    assert error_of(refused) == (404, "comment_unknown")


def test_deleted_video_is_gone(client: httpx.Client) -> None:
    stream_of(client, "size0000055")
    assert client.delete("/v1/videos/size0000055").status_code == 204
    assert error_of(client.delete("/v1/videos/size0000055")) == (404, "not_stored")
    # Nothing is remembered: it has to be fetched again.
    posted = client.post("/v1/analyze", json={"video_id": "size0000055"}).json()
    assert posted["units_spent"] > 0

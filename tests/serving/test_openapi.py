from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from sentiment import errors
from sentiment.serving.openapi import (
    DOCUMENT_PATH,
    document_text,
    openapi_document,
    write_document,
)
from sentiment.serving.operations import OPERATIONS, Operation
from tests.conftest import REPOSITORY


class Vote(BaseModel):
    label: int


def answers_of(operation: Operation) -> dict[str, Any]:
    document = openapi_document([operation])
    described: dict[str, Any] = document["paths"][operation.path][operation.method]
    return described


def test_kept_document_is_what_the_table_gives() -> None:
    kept = (REPOSITORY / DOCUMENT_PATH).read_text(encoding="utf-8")
    assert kept == document_text(), "run `sentiment openapi`"


def test_write_document_writes_it(tmp_path: Path) -> None:
    write_document(tmp_path / "x.json")
    assert (tmp_path / "x.json").read_text(encoding="utf-8") == document_text()


def test_a_row_is_all_that_a_route_needs() -> None:
    operation = Operation(
        method="delete",
        path="/v1/videos/{video_id}",
        summary="Forget a video",
        tag="Interface",
        media_type="",
        status=204,
        parameters=[{"name": "video_id", "in": "path", "required": True, "schema": {}}],
        errors=(errors.CommentUnknownError, errors.StoreUnavailableError),
    )
    described = answers_of(operation)
    assert described["operationId"] == "delete_videos_video_id"
    assert "content" not in described["responses"]["204"]
    assert "415" not in described["responses"]
    assert "`comment_unknown`" in described["responses"]["404"]["description"]
    assert "`store_unavailable`" in described["responses"]["503"]["description"]


def test_a_body_brings_its_schema_and_its_refusals() -> None:
    operation = Operation(
        method="post", path="/v1/vote", summary="Vote", tag="Interface", request=Vote, answer=Vote
    )
    described = answers_of(operation)
    assert described["requestBody"]["content"].keys() == {"application/json"}
    assert {"400", "408", "413", "415"} <= described["responses"].keys()


def test_references_all_lead_somewhere() -> None:
    document = openapi_document()

    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            found = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return found.union(*map(references, node.values()), set())
        return set().union(*map(references, node)) if isinstance(node, list) else set()

    for reference in references(document):
        place = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_operations_of_the_interface_may_ask_for_the_token(operation: Operation) -> None:
    assert ("security" in answers_of(operation)) == operation.path.startswith("/v1/")

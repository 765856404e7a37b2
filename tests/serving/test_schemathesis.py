"""Requests made from the service's own document, good and bad ones, against the live service."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from sentiment.serving.openapi import openapi_document
from sentiment.serving.operations import OPERATIONS, Operation
from tests.serving.running import Running

load_all_checks()
_NAMES_A_THING = frozenset(
    (
        *("/v1/analyze", "/v1/analyze/stream", "/v1/feedback"),
        *("/v1/videos/{id}", "/v1/videos/{id}/changes"),
    )
)
SCHEMA = schemathesis.openapi.from_dict(openapi_document())


def _left_out(operation: Operation) -> list[Any]:
    # A text of the right kind need be no video and no stored comment.
    names = ("positive_data_acceptance",) if operation.path in _NAMES_A_THING else ()
    return [CHECKS.get_one(name) for name in names]


# What takes no body has nothing that could be wrong.
CASES = [
    pytest.param(operation, mode, id=f"{operation.method} {operation.path} {mode.value}")
    for operation in OPERATIONS
    for mode in GenerationMode
    if operation.request is not None or mode is GenerationMode.POSITIVE
]


@pytest.mark.slow
@pytest.mark.parametrize(("operation", "mode"), CASES)
def test_service_keeps_to_its_document(
    server: Running, operation: Operation, mode: GenerationMode
) -> None:
    described = SCHEMA[operation.path][operation.method]

    @settings(
        max_examples=20,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described.as_strategy(generation_mode=mode))
    def keeps_to_it(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(
            base_url=server.url, timeout=60, excluded_checks=_left_out(operation)
        )

    keeps_to_it()


STREAM = "/v1/analyze/stream"


def followed(server: Running) -> schemathesis.Case[Any]:
    return SCHEMA[STREAM]["get"].Case(query={"video_id": "size0000120"})


def test_events_of_a_stream_are_as_described(server: Running) -> None:
    answer = followed(server).call(base_url=server.url, timeout=60)
    assert "event: analysis" in answer.text
    followed(server).validate_response(answer)


@pytest.mark.parametrize(
    ("said", "instead"),
    [("event: done", "event: over"), ('"fetched":', '"fetch":'), ('"run_id":', '"run":')],
)
def test_an_event_that_is_not_as_described_is_found(
    server: Running, said: str, instead: str
) -> None:
    answer = followed(server).call(base_url=server.url, timeout=60)
    assert said.encode() in answer.content
    answer.content = answer.content.replace(said.encode(), instead.encode())
    with pytest.raises(FailureGroup):
        followed(server).validate_response(answer)

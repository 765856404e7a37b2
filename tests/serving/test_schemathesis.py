"""Requests made from the service's own document, good and bad ones, against the live service."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from sentiment.serving.openapi import openapi_document
from sentiment.serving.operations import OPERATIONS, Operation
from tests.serving.running import Running

pytestmark = pytest.mark.slow

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

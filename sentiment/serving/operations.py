"""Every operation of the service, as its OpenAPI document describes it.

A new route is a new row of `OPERATIONS`; run `sentiment openapi` after adding one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from sentiment import errors
from sentiment.errors import SentimentError
from sentiment.serving.problems import codes_of_status, status_and_code
from sentiment.serving.wire import (
    AnalyzeBody,
    AnalyzeRequest,
    ModelBody,
    PredictionBody,
    PredictRequest,
)

JSON = "application/json"
TEXT = "text/plain"
# What any request to the interface may be answered, and what any that has a body may.
_INTERFACE_ERRORS = (401, 429, 500, 503, 504)
_BODY_ERRORS = (400, 408, 413, 415)

Parameter = Mapping[str, Any]
"""A parameter as OpenAPI writes it."""


class ReadyBody(BaseModel):
    """Answer of `GET /readyz`: the model that answers, and the state of what it needs."""

    model_config = ConfigDict(extra="allow")

    ready: Literal[True]
    model: ModelBody


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path.

    Attributes:
        method: in lower case.
        path: as OpenAPI writes it, as in `/v1/videos/{video_id}`.
        summary: one line for readers.
        tag: heading it stands under.
        description: more for readers; may be empty.
        request: model of the JSON body; None when it takes none.
        answer: model of the JSON answer; None when the answer is no JSON, or empty.
        is_list: whether the answer is a list of `answer`.
        media_type: of the answer; empty when it has no body.
        status: of a good answer.
        parameters: of path, query and headers.
        errors: classes of errors that it raises.
    """

    method: Literal["get", "post", "delete"]
    path: str
    summary: str
    tag: str
    description: str = ""
    request: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    is_list: bool = False
    media_type: str = JSON
    status: int = 200
    parameters: Sequence[Parameter] = ()
    errors: Sequence[type[SentimentError]] = ()

    @property
    def is_guarded(self) -> bool:
        """Whether it belongs to the interface, which may ask for a token."""
        return self.path.startswith("/v1/")

    @property
    def error_codes(self) -> dict[int, list[str]]:
        """The codes of each status that it may answer an error with, all sorted."""
        common = _INTERFACE_ERRORS if self.is_guarded else ()
        of_body = _BODY_ERRORS if self.request else ()
        codes = {status: codes_of_status(status) for status in (*common, *of_body)}
        for status, code in map(status_and_code, self.errors):
            codes[status] = sorted({*codes.get(status, ()), code})
        return dict(sorted(codes.items()))


_ANALYSIS_ERRORS: tuple[type[SentimentError], ...] = (
    errors.InvalidVideoIdError,
    errors.CommentsDisabledError,
    errors.VideoForbiddenError,
    errors.VideoNotFoundError,
    errors.QuotaExceededError,
    errors.YouTubeUnavailableError,
    errors.YouTubeError,
    errors.ApiKeyMissingError,
    errors.ApiKeyInvalidError,
    errors.BusyError,
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="post",
        path="/v1/predict",
        summary="Label texts",
        tag="Interface",
        description="One outcome a text, in order, whatever the text.",
        request=PredictRequest,
        answer=PredictionBody,
        is_list=True,
    ),
    Operation(
        method="post",
        path="/v1/analyze",
        summary="Tell how people feel about a video",
        tag="Interface",
        request=AnalyzeRequest,
        answer=AnalyzeBody,
        errors=_ANALYSIS_ERRORS,
    ),
    Operation(
        method="get",
        path="/v1/model",
        summary="Name the model that answers",
        tag="Interface",
        answer=ModelBody,
    ),
    Operation(
        method="get",
        path="/readyz",
        summary="Tell whether requests are answered",
        tag="Operation",
        answer=ReadyBody,
        errors=(errors.BusyError,),
    ),
    *(
        Operation(
            method="get",
            path=path,
            summary="Tell whether the process lives",
            tag="Operation",
            media_type=TEXT,
        )
        for path in ("/livez", "/healthz")
    ),
    Operation(
        method="get",
        path="/metrics",
        summary="Count, for Prometheus",
        tag="Operation",
        media_type=TEXT,
    ),
)

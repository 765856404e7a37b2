"""Every operation of the service, as its OpenAPI document describes it.

A new route is a new row of `OPERATIONS`; run `sentiment openapi` after adding one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from sentiment import errors
from sentiment.errors import SentimentError
from sentiment.serving.limits import MAX_EVENT_ID_CHARACTERS, MAX_ID_CHARACTERS
from sentiment.serving.paths import (
    ADMIN_PREFIX,
    INTERFACE_PREFIX,
    PREDICT_PATH,
    READY_PATH,
    RELOAD_PATH,
)
from sentiment.serving.problems import codes_of_status, status_and_code
from sentiment.serving.wire import (
    ChangesBody,
    ErrorBody,
    FeedbackBody,
    FeedbackRequest,
    ModelBody,
    PredictionBody,
    PredictRequest,
    ReloadRequest,
    RolloutBody,
    SwapBody,
)
from sentiment.serving.wire_analysis import (
    AnalysisBody,
    AnalyzeBody,
    AnalyzeRequest,
    CommentsBody,
    StartedBody,
)

JSON = "application/json"
TEXT = "text/plain"
# What any request to the interface may be answered, and what any that has a body may.
_INTERFACE_ERRORS = (401, 403, 429, 500, 503, 504)
_BODY_ERRORS = (400, 408, 413, 415)

Parameter = Mapping[str, Any]
"""A parameter as OpenAPI writes it."""


class ReadyBody(BaseModel):
    """Answer of `GET /readyz`: the models that answer, and the state of what they need."""

    model_config = ConfigDict(extra="allow")

    ready: Literal[True]
    model: ModelBody
    rollout: RolloutBody | None = None


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
        events: of an answer that is a stream of them, the model of each kind's data, which is
            JSON; None where it says nothing.
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
    events: Mapping[str, type[BaseModel] | None] = field(default_factory=dict)
    media_type: str = JSON
    status: int = 200
    parameters: Sequence[Parameter] = ()
    errors: Sequence[type[SentimentError]] = ()

    @property
    def is_guarded(self) -> bool:
        """Whether it belongs to the interface, which may ask for a token."""
        return self.path.startswith(INTERFACE_PREFIX)

    @property
    def is_admins(self) -> bool:
        """Whether it asks for the administrator's token in place of the interface's."""
        return self.path.startswith(ADMIN_PREFIX)

    @property
    def error_codes(self) -> dict[int, list[str]]:
        """The codes of each status that it may answer an error with, all sorted."""
        common: tuple[int, ...] = _INTERFACE_ERRORS if self.is_guarded else ()
        if self.is_admins:
            common = (404, *common)  # where no such token is configured
        of_body = _BODY_ERRORS if self.request else (400,) if self.parameters else ()
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

_STORE_ERRORS: tuple[type[SentimentError], ...] = (
    errors.StoreUnavailableError,
    errors.StoreError,
    errors.OutOfSpaceError,
)


def _query(model: type[BaseModel]) -> Iterator[Parameter]:
    """Yield the fields of a request as parameters of a query."""
    schema = model.model_json_schema()
    for name, described in schema["properties"].items():
        yield {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "schema": {key: value for key, value in described.items() if key != "title"},
        }


_LAST_EVENT_ID: Parameter = {
    "name": "Last-Event-ID",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": MAX_EVENT_ID_CHARACTERS},
}
_PATH_ID: Parameter = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_ID_CHARACTERS},
}

_AFTER: Parameter = {
    "name": "after",
    "in": "query",
    "required": False,
    "schema": {"type": "string"},
}

_EVENTS = {
    "started": StartedBody,
    "comments": CommentsBody,
    "analysis": AnalysisBody,
    "done": None,
    "problem": ErrorBody,
}

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="post",
        path=PREDICT_PATH,
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
        path="/v1/analyze/stream",
        summary="Follow an analysis as it grows",
        tag="Interface",
        description="Server-sent events: `started`; `comments`, those that came since; `analysis`, "
        "over all so far, with an id to go on from; `done` at the end, or `problem`. A client "
        "that was cut off sends that id as `Last-Event-ID` and is told the rest, or, when it is "
        "too late, `started` again.",
        events=_EVENTS,
        media_type="text/event-stream",
        parameters=(*_query(AnalyzeRequest), _LAST_EVENT_ID),
        errors=_ANALYSIS_ERRORS,
    ),
    Operation(
        method="get",
        path="/v1/videos/{id}/changes",
        summary="Wait for comments of a video that is watched live",
        tag="Interface",
        description="Held until comments have come, and answered after a while anyhow: with "
        "another `token` than `after` where some have. Without `after`, the present token.",
        answer=ChangesBody,
        parameters=(_PATH_ID, _AFTER),
        errors=(errors.InvalidVideoIdError, errors.BusyError, *_STORE_ERRORS),
    ),
    Operation(
        method="post",
        path="/v1/feedback",
        summary="Correct the label of a comment",
        tag="Interface",
        description="Stored for retraining; the comment must have been analysed here.",
        request=FeedbackRequest,
        answer=FeedbackBody,
        status=201,
        errors=(errors.CommentUnknownError, *_STORE_ERRORS),
    ),
    *(
        Operation(
            method="delete",
            path=f"/v1/{kind}/{{id}}",
            summary=summary,
            tag="Interface",
            media_type="",
            status=204,
            parameters=(_PATH_ID,),
            errors=(errors.NotStoredError, *_STORE_ERRORS, *more),
        )
        for kind, summary, more in (
            ("feedback", "Undo a correction", ()),
            ("videos", "Forget a video, for good", (errors.InvalidVideoIdError,)),
            ("comments", "Forget a comment and its replies, for good", ()),
        )
    ),
    Operation(
        method="get",
        path="/v1/model",
        summary="Name the model that answers",
        tag="Interface",
        answer=ModelBody,
    ),
    Operation(
        method="post",
        path=RELOAD_PATH,
        summary="Take the bundle that lies in its place now into service",
        tag="Operation",
        description="Only where the server has an administrator's token. Answered when the new "
        "model answers; what was begun before ends with the older one. A bundle that can't be "
        "used changes nothing.",
        request=ReloadRequest,
        answer=SwapBody,
        errors=(errors.SwapUnderWayError, errors.SwapRefusedError),
    ),
    Operation(
        method="get",
        path=READY_PATH,
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

"""The interface's OpenAPI document, made from one table of operations and the words of `wire`.

A new route is a new row of `OPERATIONS`. `sentiment openapi` writes the document to
`reports/openapi.json`, and a test finds the two apart when it was not run.
"""

from __future__ import annotations

import http
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from sentiment import __version__, errors
from sentiment.errors import SentimentError
from sentiment.serving.problems import codes_of_status, status_and_code
from sentiment.serving.wire import (
    MAX_ID_CHARACTERS,
    ErrorBody,
    FeedbackBody,
    FeedbackRequest,
    ModelBody,
    PredictionBody,
    PredictRequest,
)
from sentiment.serving.wire_analysis import AnalyzeBody, AnalyzeRequest

DOCUMENT_PATH = Path("reports", "openapi.json")

_JSON = "application/json"
_TEXT = "text/plain"
_BEARER = "bearer"
# What any request to the interface may be answered, and what any that has a body may.
_INTERFACE_ERRORS = (401, 429, 500, 503, 504)
_BODY_ERRORS = (400, 408, 413, 415)

# Each model's reference. The library's own type names kinds of models that are not used here.
_Names = Mapping[tuple[Any, JsonSchemaMode], dict[str, Any]]

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
    media_type: str = _JSON
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
    "schema": {"type": "string", "maxLength": 100},
}
_PATH_ID: Parameter = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_ID_CHARACTERS},
}

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
        path="/v1/analyze/stream",
        summary="Follow an analysis as it grows",
        tag="Interface",
        description="Server-sent events: `started`; `comments`, those that came since; `analysis`, "
        "over all so far, with an id to go on from; `done` at the end, or `problem`. A client "
        "that was cut off sends that id as `Last-Event-ID` and is told the rest, or, when it is "
        "too late, `started` again.",
        media_type="text/event-stream",
        parameters=(*_query(AnalyzeRequest), _LAST_EVENT_ID),
        errors=_ANALYSIS_ERRORS,
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
            media_type=_TEXT,
        )
        for path in ("/livez", "/healthz")
    ),
    Operation(
        method="get",
        path="/metrics",
        summary="Count, for Prometheus",
        tag="Operation",
        media_type=_TEXT,
    ),
)


def openapi_document(operations: Sequence[Operation] = OPERATIONS) -> dict[str, Any]:
    """Return the document as OpenAPI 3.1.

    Args:
        operations: the table; no method of a path twice.
    """
    names, schemas = _schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation, names)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "YouTube comment sentiment",
            "version": __version__,
            "description": "How people feel about a YouTube video, computed from its comments. "
            "Every error has one shape; its `code` is stable.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                _BEARER: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Asked for where the server has a token configured.",
                }
            },
            "headers": {
                "RetryAfter": {
                    "description": "Seconds after which trying again makes sense.",
                    "schema": {"type": "integer", "minimum": 1},
                },
                "RequestId": {
                    "description": "The request's `X-Request-Id` where it was sane, else a new "
                    "one; it is in each line of the log.",
                    "schema": {"type": "string", "maxLength": 64},
                },
            },
        },
    }


def write_document(path: Path = DOCUMENT_PATH) -> None:
    """Write the document, for people and programs that have no running service.

    Args:
        path: a file in a folder that exists.
    """
    path.write_text(document_text(), encoding="utf-8")


def document_text() -> str:
    """Return the document as it is written to a file."""
    return json.dumps(openapi_document(), indent=2, ensure_ascii=False) + "\n"


def _schemas(operations: Sequence[Operation]) -> tuple[_Names, dict[str, Any]]:
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(ErrorBody, "serialization")]
    for operation in operations:
        if operation.request is not None:
            wanted.append((operation.request, "validation"))
        if operation.answer is not None:
            wanted.append((operation.answer, "serialization"))
    references, definitions = models_json_schema(
        list(dict.fromkeys(wanted)), ref_template="#/components/schemas/{model}"
    )
    return references, dict(sorted(definitions["$defs"].items()))


def _operation(operation: Operation, names: _Names) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": _operation_id(operation),
        "tags": [operation.tag],
        "summary": operation.summary,
    }
    if operation.description:
        described["description"] = operation.description
    if operation.is_guarded:
        described["security"] = [{}, {_BEARER: []}]
    if operation.parameters:
        described["parameters"] = [dict(parameter) for parameter in operation.parameters]
    if operation.request is not None:
        schema = names[operation.request, "validation"]
        described["requestBody"] = {"required": True, "content": {_JSON: {"schema": schema}}}
    error = names[ErrorBody, "serialization"]
    described["responses"] = {
        str(operation.status): _good_answer(operation, names),
        **dict(_errors(operation, error)),
    }
    return described


def _good_answer(operation: Operation, names: _Names) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": http.HTTPStatus(operation.status).phrase,
        "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
    }
    schema: Mapping[str, Any] = {"type": "string"}
    if operation.answer is not None:
        schema = names[operation.answer, "serialization"]
        if operation.is_list:
            schema = {"type": "array", "items": schema}
    if operation.media_type:
        answer["content"] = {operation.media_type: {"schema": schema}}
    return answer


def _errors(operation: Operation, schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for status, codes in operation.error_codes.items():
        yield (
            str(status),
            {
                "description": ", ".join(f"`{code}`" for code in codes),
                "headers": {
                    "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
                    "Retry-After": {"$ref": "#/components/headers/RetryAfter"},
                },
                "content": {_JSON: {"schema": schema}},
            },
        )


def _operation_id(operation: Operation) -> str:
    words = operation.path.removeprefix("/v1").strip("/").replace("{", "").replace("}", "")
    return f"{operation.method}_{words.replace('/', '_').replace('.', '_')}"

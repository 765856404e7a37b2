"""The interface's OpenAPI document, made from the table of operations and the words of `wire`.

`sentiment openapi` writes the document to `reports/openapi.json`, and a test finds the two apart
when it was not run.
"""

from __future__ import annotations

import http
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from sentiment import __version__
from sentiment.serving.operations import JSON, OPERATIONS, Operation
from sentiment.serving.paths import INTERFACE_PREFIX
from sentiment.serving.wire import ErrorBody

DOCUMENT_PATH = Path("reports", "openapi.json")

_BEARER = "bearer"
_ADMIN = "admin"

# Each model's reference. The library's own type names kinds of models that are not used here.
_Names = Mapping[tuple[Any, JsonSchemaMode], dict[str, Any]]


def openapi_document(operations: Sequence[Operation] = OPERATIONS) -> dict[str, Any]:
    """Return the document as OpenAPI 3.1; of a stream the schema describes each event.

    OpenAPI 3.2 says so with `itemSchema`, but the page at `/docs` can't show it yet.

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
                },
                _ADMIN: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The administrator's token, which no other path takes.",
                },
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
        wanted.extend((data, "serialization") for data in operation.events.values() if data)
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
        described["security"] = [{_ADMIN: []}] if operation.is_admins else [{}, {_BEARER: []}]
    if operation.parameters:
        described["parameters"] = [dict(parameter) for parameter in operation.parameters]
    if operation.request is not None:
        schema = names[operation.request, "validation"]
        described["requestBody"] = {"required": True, "content": {JSON: {"schema": schema}}}
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
    if operation.events:
        answer["content"] = {operation.media_type: {"schema": _event(operation.events, names)}}
    elif operation.media_type:
        answer["content"] = {operation.media_type: {"schema": schema}}
    return answer


def _event(kinds: Mapping[str, type[BaseModel] | None], names: _Names) -> dict[str, Any]:
    """Return the schema of a server-sent event, whose data is JSON of its kind."""
    nothing = {"type": "object", "maxProperties": 0}
    return {
        "type": "object",
        "properties": {
            "event": {"enum": list(kinds)},
            "data": {"type": "string"},
            "id": {"type": "string"},
            "retry": {"type": "integer", "minimum": 0},
        },
        "required": ["event", "data"],
        "oneOf": [
            {
                "properties": {
                    "event": {"const": kind},
                    "data": {
                        "contentMediaType": JSON,
                        "contentSchema": names[data, "serialization"] if data else nothing,
                    },
                }
            }
            for kind, data in kinds.items()
        ],
    }


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
                "content": {JSON: {"schema": schema}},
            },
        )


def _operation_id(operation: Operation) -> str:
    words = (
        operation.path.removeprefix(INTERFACE_PREFIX).strip("/").replace("{", "").replace("}", "")
    )
    return f"{operation.method}_{words.replace('/', '_').replace('.', '_')}"

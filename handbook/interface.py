"""The page of the HTTP interface, from the OpenAPI document that the service answers with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from handbook.schema import fields_table, kind_of, range_of
from handbook.table import code, table


def interface_page(document: Mapping[str, Any]) -> str:
    """Return the page.

    Args:
        document: OpenAPI 3, such as reports/openapi.json.
    """
    parts = [
        "# HTTP interface",
        (
            "Made from [`reports/openapi.json`](../../reports/openapi.json) by `make docs`; a "
            "running service shows the same at `/docs` (to try) and `/docs.json`. Every error has "
            "the one shape [ErrorBody](#errorbody); `code` is what programs may rely on."
        ),
        "## Requests",
    ]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            parts += _operation(method, path, operation)
    parts.append("## Shapes")
    for name, schema in document["components"]["schemas"].items():
        parts += [f"### {name}", str(schema.get("description", "")), _shape(schema)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {method.upper()} {path}"
    yield f"{operation['summary']}. {operation.get('description', '')}".strip()
    yield "Wants the bearer token where the server has one." if operation.get("security") else ""
    given = [
        (
            code(each["name"]),
            each["in"],
            kind_of(each["schema"]),
            range_of(each["schema"]),
            "yes" if each.get("required") else "",
            str(each.get("description", "")),
        )
        for each in operation.get("parameters", [])
    ]
    if given:
        yield table(("parameter", "in", "type", "range", "required", "meaning"), given)
    for media in operation.get("requestBody", {}).get("content", {}).values():
        yield f"Body: {kind_of(media['schema'])}."
    yield table(
        ("status", "meaning", "body"),
        [
            (status, str(answer.get("description", "")), _body(answer))
            for status, answer in operation["responses"].items()
        ],
    )


def _body(answer: Mapping[str, Any]) -> str:
    return ", ".join(
        kind_of(media["schema"]) if media.get("schema") else code(kind)
        for kind, media in answer.get("content", {}).items()
    )


def _shape(schema: Mapping[str, Any]) -> str:
    return fields_table(schema) or f"{kind_of(schema)} {range_of(schema)}".strip()

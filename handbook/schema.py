"""A JSON schema, as pydantic and OpenAPI write it, in words of a table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from handbook.table import code, table

Schema = Mapping[str, Any]

_BOUNDS = (
    ("minimum", "≥"),
    ("exclusiveMinimum", ">"),
    ("maximum", "≤"),
    ("exclusiveMaximum", "<"),
    ("minItems", "at least, items:"),
    ("maxItems", "at most, items:"),
    ("minLength", "at least, characters:"),
    ("maxLength", "at most, characters:"),
    ("pattern", "pattern"),
)


def kind_of(schema: Schema) -> str:  # noqa: PLR0911 - one a form that a schema has
    """Return the type of a value, such as `integer or null`; sections link to their heading."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", maxsplit=1)[-1]
        return f"[{name}](#{name.lower()})"
    for union in ("anyOf", "oneOf", "allOf"):
        if union in schema:
            return " or ".join(dict.fromkeys(kind_of(part) for part in schema[union]))
    if "enum" in schema:
        return " or ".join(code(json.dumps(value)) for value in schema["enum"])
    if "const" in schema:
        return code(json.dumps(schema["const"]))
    if schema.get("type") == "array":
        inner = schema.get("items")
        if inner is None:
            return "list"
        return f"list of {kind_of(inner)}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"mapping to {kind_of(schema['additionalProperties'])}"
    return str(schema.get("format") or schema.get("type") or "any")


def range_of(schema: Schema) -> str:
    """Return what a value may be, such as `≥ 8, ≤ 512`; empty where anything may be."""
    parts = [schema]
    for union in ("anyOf", "oneOf"):
        parts += schema.get(union, [])
    for inner in (schema.get("items"), schema.get("additionalProperties")):
        if isinstance(inner, dict):
            parts.append(inner)
    return ", ".join(
        f"{word} {code(part[name])}" for part in parts for name, word in _BOUNDS if name in part
    )


def fields_table(schema: Schema) -> str:
    """Return the table of an object's fields; empty for what is no object."""
    wanted = schema.get("required", [])
    rows = [
        (
            code(name),
            kind_of(field),
            range_of(field),
            "required" if name in wanted else default_of(field),
            str(field.get("description", "")),
        )
        for name, field in schema.get("properties", {}).items()
    ]
    return table(("key", "type", "range", "default", "meaning"), rows) if rows else ""


def default_of(field: Schema) -> str:
    """Return a field's default as JSON; a whole section's is that of its own keys."""
    if "default" not in field:
        return ""
    value = field["default"]
    return "its own" if isinstance(value, dict) and value else code(json.dumps(value))

"""The reference of configs/*.yaml and of the environment, from the models that read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, SecretStr

from handbook.schema import fields_table, kind_of, range_of
from handbook.table import code, table
from sentiment.comparison.config import CompareConfig
from sentiment.config import PipelineConfig
from sentiment.settings import Settings

_MADE = "Made from `{source}` by `make docs`: the code is what holds.\n"


def configuration_page() -> str:
    """Return the page of every key of configs/*.yaml."""
    parts = [
        "# Configuration reference",
        _MADE.format(source="sentiment/config.py` and `sentiment/models/options.py"),
        (
            "An unknown key, a wrong type or a value out of range ends a command with exit code "
            "2, and the message names the nearest known key. What depends on the machine or is "
            "secret is in the [environment](environment.md) instead."
        ),
        "## A run of the pipeline",
        "`configs/NAME.yaml`, for `prepare`, `train`, `export`, `evaluate`, `teach`, `retrain`.",
        *_sections(PipelineConfig, seen=set()),
        "## A race of models",
        "`configs/compare.yaml`, for `sentiment compare`.",
        *_sections(CompareConfig, seen=_names(PipelineConfig)),
    ]
    return "\n\n".join(parts) + "\n"


def environment_page() -> str:
    """Return the page of every environment variable."""
    fields = {str(field.alias): field for field in Settings.model_fields.values()}
    rows = []
    for name, schema in Settings.model_json_schema()["properties"].items():
        default: Any = fields[name].default
        is_secret = isinstance(default, SecretStr) or "SecretStr" in str(fields[name].annotation)
        shown = default.get_secret_value() if isinstance(default, SecretStr) else default
        rows.append(
            (
                code(name),
                kind_of(schema) + (", secret" if is_secret else ""),
                range_of(schema),
                "" if shown is None else code(shown) if str(shown) else "empty",
                fields[name].description or "",
            )
        )
    parts = [
        "# Environment",
        _MADE.format(source="sentiment/settings.py"),
        (
            "From environment variables, then from `.env` (copy `.env.example`). A secret is "
            "shown by no log, error or page."
        ),
        table(("variable", "type", "range", "default", "meaning"), rows),
    ]
    return "\n\n".join(parts) + "\n"


def _sections(model: type[BaseModel], *, seen: set[str]) -> Iterator[str]:
    document = model.model_json_schema()
    sections = {model.__name__: document, **document.get("$defs", {})}
    for name, schema in sections.items():
        if name in seen:
            continue
        yield f"### {name}"
        yield str(schema.get("description", ""))
        yield fields_table(schema)


def _names(model: type[BaseModel]) -> set[str]:
    return {model.__name__, *model.model_json_schema().get("$defs", {})}

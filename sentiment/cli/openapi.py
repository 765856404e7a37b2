"""`sentiment openapi`: write the interface's document. Arguments only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(
    out: Annotated[Path, typer.Option(help="File to write.")] = Path("reports/openapi.json"),
) -> None:
    """Write the service's OpenAPI document, as GET /docs.json answers it."""
    from sentiment.serving.openapi import write_document  # noqa: PLC0415

    write_document(out)
    print(out)

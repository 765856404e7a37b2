"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Bundle = Annotated[
    Path | None,
    typer.Option(help="Folder of the bundle.", show_default="SENTIMENT_MODEL_DIR"),
]
"""For commands that look at a folder whatever is served: no tag, and no plan of releases."""

Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="0 takes a free one; else PORT or 3000.")
]

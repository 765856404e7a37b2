"""`sentiment serve`: run the service. Arguments only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sentiment.cli.options import Port


def command(
    port: Port = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 opens the service to the network.")
    ] = "127.0.0.1",
    model: Annotated[
        Path | None,
        typer.Option(help="Bundle to serve; else SENTIMENT_MODEL_DIR or models/starter."),
    ] = None,
) -> None:
    """Serve predictions and analyses over HTTP until interrupted."""
    from sentiment.settings import load_settings, switch_off_telemetry  # noqa: PLC0415

    switch_off_telemetry()
    if model is not None:
        os.environ["SENTIMENT_MODEL_DIR"] = str(model)
        os.environ["SENTIMENT_MODEL_TAG"] = ""
    settings = load_settings()
    from sentiment.serving.logs import configure_logging  # noqa: PLC0415
    from sentiment.serving.server import listen, run_service  # noqa: PLC0415

    configure_logging(settings.log_format)
    shown_host = f"[{host}]" if ":" in host else host
    run_service(
        listen(host, settings.port if port is None else port),
        settings,
        on_ready=lambda taken: print(f"ready: http://{shown_host}:{taken}", flush=True),
    )

"""`sentiment demo`: run the service beside made-up videos. Arguments only."""

from __future__ import annotations

from sentiment.cli.options import Port


def command(port: Port = None) -> None:
    """Show a video's sentiment in the browser: made-up videos, or any with YOUTUBE_API_KEY."""
    from sentiment.settings import load_settings, switch_off_telemetry  # noqa: PLC0415

    switch_off_telemetry()
    from sentiment.serving.demo import run_demo  # noqa: PLC0415
    from sentiment.serving.logs import configure_logging  # noqa: PLC0415

    settings = load_settings()
    configure_logging(settings.log_format)
    run_demo(settings, port=settings.port if port is None else port)

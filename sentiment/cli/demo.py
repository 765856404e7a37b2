"""`sentiment demo`: run the service beside made-up videos. Arguments only."""

from __future__ import annotations


def command() -> None:
    """Show a video's sentiment in the browser: made-up videos, or any with YOUTUBE_API_KEY."""
    from sentiment.settings import load_settings, switch_off_telemetry  # noqa: PLC0415

    switch_off_telemetry()
    from sentiment.serving.demo import run_demo  # noqa: PLC0415
    from sentiment.serving.server import log_to_stderr  # noqa: PLC0415

    log_to_stderr()
    run_demo(load_settings())

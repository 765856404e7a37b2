"""The demonstration: the service beside a stand-in of YouTube, in one process.

With an API key there is no stand-in, and any video's address works.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from sentiment.serving.server import LOOPBACK, listen, run_service
from sentiment.settings import Settings, load_settings

logger = logging.getLogger(__name__)


def run_demo(settings: Settings, *, port: int) -> None:
    """Serve the demo page on loopback until SIGINT or SIGTERM.

    Prints `ready: http://127.0.0.1:PORT/demo` on standard output once the page answers.

    Args:
        settings: gives the model and the key, if any.
        port: 0 takes any free one.

    Raises:
        BundleError: the bundle can't be used.
        ServerStartError: the port is taken, or the service did not start.
    """
    listener = listen(LOOPBACK, port)
    with listener, _comments(settings):
        if settings.api_tokens:
            logger.warning("the demo page knows no token: SENTIMENT_API_TOKEN is left out")
            # Blank, not removed: a value in .env would come back.
            os.environ.update(SENTIMENT_API_TOKEN="", SENTIMENT_API_TOKEN_ALSO="")
        run_service(listener, load_settings(), on_ready=_announce)


def _announce(port: int) -> None:
    print(f"ready: http://{LOOPBACK}:{port}/demo", flush=True)  # noqa: T201 - the command's output


@contextmanager
def _comments(settings: Settings) -> Iterator[None]:
    if settings.youtube_api_key is not None or settings.youtube_endpoint is not None:
        yield
        return
    # Only the demo needs it.
    from sentiment.youtube.replay import ReplayServer  # noqa: PLC0415

    with ReplayServer() as replay, tempfile.TemporaryDirectory(prefix="sentiment-demo-") as folder:
        os.environ["SENTIMENT_YOUTUBE_ENDPOINT"] = replay.endpoint
        # Made-up comments have no place among real ones.
        os.environ["SENTIMENT_STORE_URL"] = f"sqlite:///{folder}/demo.db"
        yield

"""One video, analysed to its end."""

from __future__ import annotations

from typing import Any

from sentiment.store import Store
from sentiment.youtube.replay import ReplayServer
from tests.serving.analysing import analyse

VIDEO = "size0000487"


def analysed(store: Store, youtube: ReplayServer, **options: Any) -> None:
    body = analyse(store, youtube.endpoint, VIDEO, **options)
    assert (body.fetched, body.complete) == (487, True)

"""How long an analysis takes and what memory it needs, against the stand-in of the Data API."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from sentiment.benchmark.holdings import peak_megabytes, resident_megabytes, restart_peak
from sentiment.benchmark.service import RunningService
from sentiment.errors import InferenceError

SIZES = (100, 1_000, 10_000)
"""Comments of an analysis."""
PAGE_LATENCY_MS = 80.0
"""What the stand-in takes for a page; YouTube's own answers take about as long."""

_PATH = "/v1/analyze/stream"
_TIMEOUT_S = 180.0


@dataclass(frozen=True, slots=True)
class AnalysisTime:
    """One analysis over the stream.

    Attributes:
        comments: wanted and got.
        memory: `cold` for a video that was never seen, `warm` for one just analysed.
        first_s: until the first analysis over some of the comments.
        whole_s: until the last event.
        units: quota units.
        peak_mb: what the service's memory grew by at most, against idle; None where the
            system does not tell.
    """

    comments: int
    memory: str
    first_s: float
    whole_s: float
    units: int
    peak_mb: float | None

    @property
    def comments_per_s(self) -> float:
        """Comments a second, over the whole."""
        return self.comments / self.whole_s

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {**asdict(self), "comments_per_s": round(self.comments_per_s, 1)}


def time_analyses(
    service: RunningService, *, largest: int, on_turn: Callable[[str], None] = lambda _: None
) -> list[AnalysisTime]:
    """Analyse videos of each size, cold and then warm.

    Args:
        service: with an empty store and the stand-in as its source.
        largest: larger sizes are left out.
        on_turn: told what happens next.

    Raises:
        InferenceError: an analysis failed or was not whole.
    """
    idle_mb = resident_megabytes(service.pid)
    times = []
    for size in (size for size in SIZES if size <= largest):
        for memory in ("cold", "warm"):
            on_turn(f"analysis of {size:,} comments, {memory}")
            restart_peak(service.pid)
            first_s, whole_s, last = stream_analysis(service.url, f"size{size:07d}", size)
            peak_mb = peak_megabytes(service.pid)
            if last["fetched"] != size:
                raise InferenceError(f"Wanted {size} comments, found {last['fetched']}.")
            grown = None if peak_mb is None or idle_mb is None else peak_mb - idle_mb
            times.append(
                AnalysisTime(size, memory, first_s, whole_s, int(last["units_spent"]), grown)
            )
    return times


def stream_analysis(
    url: str, video_id: str, max_comments: int
) -> tuple[float, float, dict[str, Any]]:
    """Follow an analysis to its end.

    Returns:
        Seconds to the first analysis, seconds to the end, and the last analysis.

    Raises:
        InferenceError: it was refused, or did not end well.
    """
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=_TIMEOUT_S)
    query = urlencode({"video_id": video_id, "max_comments": max_comments})
    first_s: float | None = None
    event, last = "", ""
    started_s = time.perf_counter()
    try:
        connection.request("GET", f"{_PATH}?{query}")
        response = connection.getresponse()
        if response.status != 200:
            raise InferenceError(f"The analysis was refused: {response.read(500)!r}.")
        for line in response:
            name, _, value = line.decode().rstrip("\r\n").partition(": ")
            if name == "event":
                event = value
            elif name == "data" and event == "analysis":
                last = value
                first_s = first_s or time.perf_counter() - started_s
    except (OSError, HTTPException) as error:
        raise InferenceError(f"The stream of {video_id} broke: {error!r}.") from error
    finally:
        connection.close()
    if event != "done" or first_s is None:
        raise InferenceError(f"The stream of {video_id} ended with the event {event!r}.")
    return first_s, time.perf_counter() - started_s, json.loads(last)


def fresh_store(folder: Path) -> str:
    """Return the address of a store that holds nothing yet."""
    return f"sqlite:///{folder / 'store.db'}"

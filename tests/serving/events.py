"""Reads server-sent events as a client does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Event:
    """One event."""

    kind: str
    data: dict[str, Any]
    id: str | None


def read_events(answer: httpx.Response) -> Iterator[Event]:
    """Yield the events of an answer as they come."""
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        if line.startswith(":"):
            continue
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif fields:
            yield Event(
                fields.get("event", "message"), json.loads(fields["data"]), fields.get("id")
            )
            fields = {}


def stream_of(
    client: httpx.Client,
    video_id: str,
    *,
    max_comments: int = 500,
    last_event_id: str | None = None,
) -> list[Event]:
    """Follow an analysis to its end."""
    headers = {} if last_event_id is None else {"last-event-id": last_event_id}
    parameters: dict[str, str | int] = {"video_id": video_id, "max_comments": max_comments}
    with client.stream("GET", "/v1/analyze/stream", params=parameters, headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        return list(read_events(answer))


def comments_of(events: list[Event]) -> dict[str, dict[str, Any]]:
    """All comments that some events told, a later one of an id replacing the earlier."""
    return {
        comment["id"]: comment
        for event in events
        if event.kind == "comments"
        for comment in event.data["comments"]
    }


def analyses_of(events: list[Event]) -> list[dict[str, Any]]:
    """The analyses that some events told, in order."""
    return [event.data for event in events if event.kind == "analysis"]

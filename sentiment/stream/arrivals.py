"""Whether what a poller has sent is in the store by now; what takes too long is taken for lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice

from sentiment.store import Store, VideoRecord
from sentiment.store.records import Watch
from sentiment.stream.pending import Pending

# What was sent so long ago and is not there yet is sent once more.
_LOST_AFTER = timedelta(hours=1)
_A_FEW = 100


def on_its_way(store: Store, watch: Watch, *, now: datetime) -> Pending | None:
    """Return what was sent and has not arrived, or was given up; as doubtful after long."""
    pending = settle(store, watch)
    if pending is None or now - pending.since <= _LOST_AFTER:
        return pending
    return pending.doubted(_missing(store, {**pending.given_up, **pending.sent}), now=now)


def settle(store: Store, watch: Watch) -> Pending | None:
    """Write down what has arrived; return what is still on its way or was given up."""
    pending = Pending.read(watch.pending)
    if pending is None or pending.is_open:
        return pending
    # What was sent last is mostly kept last, and this is asked twice a second.
    latest = dict(islice(reversed(pending.sent.items()), _A_FEW))
    if _missing(store, latest) or _missing(store, pending.sent):
        return pending
    return note_arrived(store, watch, pending)


def note_arrived(store: Store, watch: Watch, pending: Pending) -> Pending | None:
    """Write down that nothing is on its way any more; return what was given up."""
    record = store.video(watch.video_id) or VideoRecord(watch.video_id)
    if record.fetched_at is None or record.fetched_at <= pending.polled_at:
        store.save_watched_video(pending.arrived(record))
    left = pending.settled()
    if left is not None or watch.pending is not None:
        note(store, watch, left)
    return left


def note(store: Store, watch: Watch, pending: Pending | None) -> None:
    """Write down what is on its way."""
    document = None if pending is None else pending.model_dump_json()
    store.update_watch(watch.video_id, pending=document)


def _missing(store: Store, sent: Mapping[str, str]) -> set[str]:
    """Return the ids of which the store does not hold the text of a digest."""
    stored = store.text_digests(list(sent))
    return {id_ for id_, digest in sent.items() if stored.get(id_) != digest}

"""A video of which something is old and something new, and what is left of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from sentiment.labels import Label
from sentiment.store import Store, VideoRecord
from sentiment.textclean import text_digest
from tests.store.samples import MODEL, NOW, VIDEO, comment, prediction

OLD = NOW - timedelta(days=40)
LIMIT = NOW - timedelta(days=30)


def fill(store: Store) -> None:
    """One old and one new comment of a video, with predictions, a vote and a result."""
    known = VideoRecord(VIDEO, "A title", 2, NOW, looked_up_at=NOW)
    store.save_video(replace(known, complete=True, resume_token="t"))
    store.save_comments([comment(1)], fetched_at=OLD)
    store.save_comments([comment(2), comment(3, parent=2)], fetched_at=NOW)
    texts = [comment(number).text for number in (1, 2, 3)]
    store.save_predictions(MODEL, {text_digest(text): prediction() for text in texts})
    for kept in (comment(1), comment(3, parent=2)):
        store.add_feedback(kept.id, Label.NEGATIVE, model_digest=None, voter="v")
    store.save_result(VIDEO, MODEL, "{}", NOW)
    store.save_shown(VIDEO, MODEL)


def scored(store: Store) -> list[int]:
    digests = {text_digest(comment(number).text): number for number in (1, 2, 3)}
    return sorted(digests[found] for found in store.predictions(MODEL, list(digests)))


def titled(title: str | None) -> str:
    """A result's document as programs of before wrote it, titles in it."""
    video = {"title": title, "comment_count": 7, "is_live": False}
    return json.dumps({"score": 0.5, "video": video}, separators=(",", ":"))

"""The store: comments, predictions, feedback, quota and results, in SQLite or PostgreSQL.

Keeps nothing that identifies an author. Imports no training library; SQLAlchemy and Alembic are
imported here alone.
"""

from __future__ import annotations

from sentiment.store.ledger import QuotaLedger, QuotaState
from sentiment.store.records import (
    FeedbackRecord,
    FetchedComment,
    PurgeKind,
    PurgeRecord,
    ResultRecord,
    VideoRecord,
)
from sentiment.store.store import Store, open_store

__all__ = [
    "FeedbackRecord",
    "FetchedComment",
    "PurgeKind",
    "PurgeRecord",
    "QuotaLedger",
    "QuotaState",
    "ResultRecord",
    "Store",
    "VideoRecord",
    "open_store",
]

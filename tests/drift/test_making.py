"""A store's days to counts: only this model's, whatever the rows hold."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from sentiment.comments import Comment
from sentiment.drift.days import Days
from sentiment.drift.making import StoredWindow, first_full_day, window_of_store
from sentiment.drift.observation import Observer
from sentiment.errors import DataError
from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import Bundle
from sentiment.store import Store
from sentiment.textclean import text_digest
from tests.drift.made import DAY, fill, noon

OTHER = "f" * 64


def count(store: Store, bundle: Bundle, day: date = DAY, n_days: int = 1) -> StoredWindow:
    return window_of_store(
        store,
        Observer.from_bundle(bundle),
        model_digest=bundle.digest,
        days=Days.from_day(day, n_days),
    )


def test_a_window_counts_by_video(store: Store, bundle: Bundle) -> None:
    fill(store, bundle.digest, day=DAY, n_videos=5, n_comments=100)
    found = count(store, bundle)
    assert (found.n_unscored, found.n_unreadable) == (0, 0)
    assert (found.window.n_comments, found.window.n_videos) == (100, 5)
    assert found.window.counts["label"].sum(axis=1).tolist() == [20] * 5
    assert found.window.counts["unknown"].sum(axis=0).tolist() == [100, 0, 0, 0, 0]


def test_a_window_larger_than_a_page_is_whole(store: Store, bundle: Bundle) -> None:
    fill(store, bundle.digest, day=DAY, n_comments=4_100)
    assert count(store, bundle).window.counts["label"].sum() == 4_100


def test_days_begin_at_midnight_and_end_before_the_next(store: Store, bundle: Bundle) -> None:
    for day in range(3):
        fill(store, bundle.digest, day=DAY + timedelta(days=day), n_comments=10 + day)
    assert count(store, bundle).window.n_comments == 10
    assert count(store, bundle, n_days=2).window.n_comments == 21
    assert count(store, bundle, DAY + timedelta(days=9)).window.n_comments == 0


def test_comments_of_another_model_are_left_out_and_counted(store: Store, bundle: Bundle) -> None:
    fill(store, bundle.digest, day=DAY, n_comments=30)
    fill(store, OTHER, day=DAY, n_comments=20, seed=1)
    found = count(store, bundle)
    assert (found.window.n_comments, found.n_unscored) == (30, 20)


def test_a_store_of_another_model_alone_is_refused(store: Store, bundle: Bundle) -> None:
    fill(store, OTHER, day=DAY, n_comments=20)
    with pytest.raises(DataError, match=rf"model {bundle.digest[:12]}…, found none") as caught:
        count(store, bundle)
    assert "the 20 comments of 2026-06-01" in caught.value.message
    assert "--bundle" in caught.value.hint


def test_purged_comments_are_left_out(store: Store, bundle: Bundle) -> None:
    fill(store, bundle.digest, day=DAY, n_comments=20)
    store.purge(older_than=noon(DAY) + timedelta(hours=1))
    assert count(store, bundle).window.n_comments == 0


@pytest.mark.parametrize(
    "change",
    [
        "label = 7",
        "status = 'by magic'",
        "p_negative = -1.0",
        "p_positive = 9e999",
        "p_neutral = 'lots'",
    ],
)
def test_rows_that_hold_no_prediction_are_left_out_and_counted(
    store: Store, bundle: Bundle, tmp_path: Path, change: str
) -> None:
    fill(store, bundle.digest, day=DAY, n_comments=20)
    with sqlite3.connect(tmp_path / "store.db") as database:
        database.execute(
            f"UPDATE predictions SET {change} WHERE text_digest IN "
            "(SELECT text_digest FROM predictions ORDER BY text_digest LIMIT 3)"
        )
    database.close()
    found = count(store, bundle)
    assert (found.window.n_comments, found.n_unreadable) == (17, 3)


def test_hostile_texts_are_counted(store: Store, bundle: Bundle) -> None:
    texts = [
        *("", "\x00", "\ud800", "&lt;" * 5_000, "<b>" * 5_000, "w1 " * 50_000, "😂" * 9_000),
        *("'; DROP TABLE comments; --", "\u202eevil", "%s%n{0}", "\u0627" * 3_000, "a" * 100_000),
    ]
    comments = [
        Comment(f"c{number}", f"video{number:06}", text, 0, noon(DAY))
        for number, text in enumerate(texts)
    ]
    said = Predictor.dummy().predict(texts)
    store.save_comments(comments, fetched_at=noon(DAY))
    store.save_predictions(
        bundle.digest, {text_digest(text): one for text, one in zip(texts, said, strict=True)}
    )
    found = count(store, bundle)
    assert found.window.n_comments == len(texts)
    assert found.window.counts["emoji"].sum() == len(texts) - 4  # four are empty


def test_the_first_full_day_is_the_one_after_the_oldest_comment(
    store: Store, bundle: Bundle
) -> None:
    with pytest.raises(DataError, match="holds none with a text"):
        first_full_day(store)
    fill(store, bundle.digest, day=DAY, n_comments=5)
    assert first_full_day(store) == DAY + timedelta(days=1)

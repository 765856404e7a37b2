"""Comments by when they were fetched, on both databases."""

from __future__ import annotations

from datetime import timedelta

from sentiment.store import FetchedComment, Store
from sentiment.textclean import text_digest
from tests.store.samples import MODEL, NOW, comment, prediction

DAY = timedelta(days=1)


def fetched(store: Store, *, model: str = MODEL) -> list[FetchedComment]:
    pages = store.fetched_comments(model, since=NOW, until=NOW + DAY)
    return [one for page in pages for one in page]


def test_comments_come_with_what_the_model_said(store: Store) -> None:
    store.save_comments([comment(1, text="a"), comment(2, text="b")], fetched_at=NOW)
    store.save_predictions(MODEL, {text_digest("a"): prediction()})
    scored, unscored = fetched(store)
    assert scored == FetchedComment("video000001", "a", 1, (0.1, 0.2, 0.7), "ok")
    assert unscored == FetchedComment("video000001", "b", None, None, None)


def test_predictions_of_other_models_are_not_given(store: Store) -> None:
    store.save_comments([comment(1, text="a")], fetched_at=NOW)
    store.save_predictions("b" * 64, {text_digest("a"): prediction()})
    assert [one.label for one in fetched(store)] == [None]
    assert [one.label for one in fetched(store, model="b" * 64)] == [1]


def test_the_span_holds_its_first_moment_and_not_its_last(store: Store) -> None:
    for number, moment in enumerate(
        (NOW - timedelta(microseconds=1), NOW, NOW + DAY - timedelta(microseconds=1), NOW + DAY)
    ):
        store.save_comments([comment(number, text=f"{number}")], fetched_at=moment)
    assert [one.text for one in fetched(store)] == ["1", "2"]


def test_purged_comments_are_not_given(store: Store) -> None:
    store.save_comments([comment(1)], fetched_at=NOW)
    store.purge(older_than=NOW + timedelta(seconds=1))
    assert fetched(store) == []
    assert store.first_fetched_at() is None


def test_many_comments_of_one_moment_come_each_once(store: Store) -> None:
    store.save_comments([comment(n, text=f"{n}") for n in range(4_001)], fetched_at=NOW)
    texts = [one.text for one in fetched(store)]
    assert sorted(texts, key=int) == [f"{n}" for n in range(4_001)]


def test_the_oldest_text_says_since_when_the_store_holds(store: Store) -> None:
    assert store.first_fetched_at() is None
    store.save_comments([comment(1)], fetched_at=NOW + DAY)
    store.save_comments([comment(2)], fetched_at=NOW)
    assert store.first_fetched_at() == NOW

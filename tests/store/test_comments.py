from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from sentiment.errors import StoreError
from sentiment.store import Store, VideoRecord
from tests.store.interleaving import once_read
from tests.store.samples import NOW, VIDEO, comment

RECORD = VideoRecord(VIDEO, "A title", 12, NOW, complete=True, resume_token="token")


def test_video_is_none_before_it_is_saved(store: Store) -> None:
    assert store.video(VIDEO) is None


def test_video_comes_back_as_saved(store: Store) -> None:
    store.save_video(RECORD)
    assert store.video(VIDEO) == RECORD


def test_a_record_and_the_ids_of_its_comments_are_of_one_moment(store: Store) -> None:
    kept = store.save_video(RECORD)
    assert kept is not None
    store.save_comments([comment(1)], fetched_at=NOW)

    def fetch_more() -> None:
        store.save_comments([comment(2)], fetched_at=NOW)
        store.save_video(replace(kept, complete=False))

    with once_read("videos", fetch_more):
        known = store.known_video(VIDEO)
    assert (known.record, known.ids) == (RECORD, frozenset({comment(1).id}))
    known = store.known_video(VIDEO)
    assert (known.record, len(known.ids)) == (replace(RECORD, complete=False), 2)


def test_save_video_replaces_what_was_known(store: Store) -> None:
    store.save_video(RECORD)
    store.save_video(VideoRecord(VIDEO))
    assert store.video(VIDEO) == VideoRecord(VIDEO)


def test_comments_come_back_newest_first(store: Store) -> None:
    saved = [comment(1), comment(3, likes=7), comment(2, parent=1)]
    store.save_comments(saved, fetched_at=NOW)
    assert store.comments(VIDEO, limit=10) == [saved[1], saved[2], saved[0]]


def test_comments_are_of_the_video_alone_and_no_more_than_the_limit(store: Store) -> None:
    store.save_comments([comment(n) for n in range(5)], fetched_at=NOW)
    store.save_comments([comment(9, video_id="video000002")], fetched_at=NOW)
    assert store.comments(VIDEO, limit=2) == [comment(4), comment(3)]
    assert store.comments(VIDEO, limit=0) == []


def test_saving_no_comments_is_fine(store: Store) -> None:
    store.save_comments([], fetched_at=NOW)
    assert store.known_ids(VIDEO) == frozenset()


def test_edited_comment_is_updated_and_not_doubled(store: Store) -> None:
    store.save_comments([comment(1), comment(2)], fetched_at=NOW)
    edited = replace(comment(1), text="edited", like_count=5)
    store.save_comments([edited], fetched_at=NOW + timedelta(hours=1))
    assert store.comments(VIDEO, limit=10) == [comment(2), edited]


def test_page_saved_late_does_not_overwrite_what_was_fetched_after_it(store: Store) -> None:
    later = replace(comment(1), text="edited")
    store.save_comments([later], fetched_at=NOW)
    store.save_comments([comment(1)], fetched_at=NOW - timedelta(seconds=1))
    assert store.comments(VIDEO, limit=10) == [later]


def test_the_later_of_two_with_one_id_counts(store: Store) -> None:
    later = replace(comment(1), text="edited")
    store.save_comments([comment(1), later], fetched_at=NOW)
    assert store.comments(VIDEO, limit=10) == [later]


def test_video_of_a_comment_is_told(store: Store) -> None:
    store.save_comments([comment(1), comment(9, video_id="video000002")], fetched_at=NOW)
    assert store.video_of(comment(9).id) == "video000002"
    assert store.video_of("never seen") is None


def test_known_ids_are_those_of_the_video(store: Store) -> None:
    store.save_comments([comment(1), comment(2, video_id="video000002")], fetched_at=NOW)
    assert store.known_ids(VIDEO) == {comment(1).id}


def test_moments_keep_their_instant_whatever_the_zone(store: Store) -> None:
    tokyo = datetime(2026, 3, 1, 1, 2, 3, 456_789, tzinfo=timezone(timedelta(hours=9)))
    store.save_comments([replace(comment(1), published_at=tokyo)], fetched_at=tokyo)
    (kept,) = store.comments(VIDEO, limit=1)
    assert kept.published_at == tokyo
    assert kept.published_at.tzinfo is UTC


def test_moment_without_zone_is_refused(store: Store) -> None:
    naive = replace(comment(1), published_at=datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(StoreError, match="ValueError"):
        store.save_comments([naive], fetched_at=NOW)
    assert store.known_ids(VIDEO) == frozenset()


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\0b", "ab"), ("\ud83d x \ude00", " x "), ("😀 Grüße ﷺ", "😀 Grüße ﷺ"), ("\0", "")],
    ids=["nul", "surrogates", "unicode", "nothing left"],
)
def test_text_that_no_database_keeps_is_cleaned(store: Store, text: str, kept: str) -> None:
    store.save_comments([comment(1, text=text)], fetched_at=NOW)
    assert [found.text for found in store.comments(VIDEO, limit=1)] == [kept]


def test_hostile_words_are_harmless_wherever_they_stand(store: Store) -> None:
    hostile = "'; DROP TABLE comments; --\0\ud800%s:x"
    store.save_video(VideoRecord(hostile, hostile, 2**80, NOW, False, hostile))
    store.save_comments([replace(comment(1), video_id=hostile, like_count=2**80)], fetched_at=NOW)
    record = store.video(hostile)
    assert record is not None
    assert record.comment_count == 2**63 - 1
    assert store.known_ids(hostile) == {comment(1).id}
    assert store.delete_comment(hostile) is False


def test_ten_thousand_comments_are_kept(store: Store) -> None:
    many = [comment(number) for number in range(10_000)]
    store.save_comments(many, fetched_at=NOW)
    store.save_comments(many, fetched_at=NOW)
    assert store.comments(VIDEO, limit=20_000) == many[::-1]
    assert len(store.known_ids(VIDEO)) == 10_000


def test_error_does_not_show_the_text(store: Store) -> None:
    secret = replace(comment(1, text="what nobody may read"), published_at=datetime.min)  # noqa: DTZ901
    with pytest.raises(StoreError) as raised:
        store.save_comments([secret], fetched_at=NOW)
    assert raised.value.__suppress_context__
    assert isinstance(raised.value.__context__, StatementError)
    assert "nobody" not in str(raised.value) + str(raised.value.__context__)

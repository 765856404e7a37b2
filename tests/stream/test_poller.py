"""Polls of the stand-in of YouTube: what is new is sent once, and nothing is left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from sentiment.errors import QueueError
from sentiment.store import VideoRecord
from sentiment.stream.embedded import EmbeddedQueue
from sentiment.stream.messages import CommentBatch
from sentiment.youtube.replay import ReplayServer
from tests.serving.analysing import analyse
from tests.store.interleaving import once_read
from tests.stream.polling import Stream
from tests.youtube.interrupted import InterruptedSource

BIG = "size0002000"


def test_the_first_poll_sends_the_newest_and_the_next_what_came_since(
    stream: Stream, replay: ReplayServer
) -> None:
    assert stream.poll(BIG).done.sent == 1_000
    assert stream.work() == 1_000
    replay.changes.grow(BIG, 3)
    second = stream.poll(BIG)
    assert second.done.sent == 3
    assert second.done.units == 2  # the page that changed, and the one that is known
    assert stream.work() == 3
    assert len(stream.store.known_ids(BIG)) == 1_003


def test_a_poll_without_news_costs_a_unit_and_makes_the_video_fresh(stream: Stream) -> None:
    stream.poll("size0000080")
    stream.work()
    stream.clock.now += timedelta(seconds=60)
    quiet = stream.poll("size0000080")
    assert (quiet.done.sent, quiet.done.units) == (0, 1)
    record = stream.store.video("size0000080")
    assert record is not None
    assert (record.fetched_at, record.complete) == (stream.clock(), True)
    assert record.title is not None


def test_an_analysis_beside_a_poll_leaves_no_gap(stream: Stream, replay: ReplayServer) -> None:
    video_id = "size0001009"
    stream.poll(video_id)
    stream.work()
    stream.poll(video_id)  # writes down that all has arrived
    replay.changes.grow(video_id, 450)

    def keep_the_newest() -> None:
        analyse(stream.store, replay.endpoint, video_id, max_comments=100)

    with once_read("videos", keep_the_newest):
        stream.poll(video_id)
    stream.work()
    count = replay.changes.video(video_id).comment_count
    body = analyse(stream.store, replay.endpoint, video_id, max_comments=2_000)
    assert (body.fetched, body.complete) == (count, True)


def test_a_title_is_looked_up_by_poll_or_analysis_once_an_hour(stream: Stream) -> None:
    video_id = "size0000081"
    known = VideoRecord(video_id, "A title", 81, looked_up_at=stream.clock())
    stream.store.save_video(known)
    stream.poll(video_id)
    stream.work()
    stream.clock.now += timedelta(minutes=59)
    assert stream.poll(video_id).done.units == 1
    stream.clock.now += timedelta(minutes=1)
    assert stream.poll(video_id).done.units == 2
    record = stream.store.video(video_id)
    assert record is not None
    assert (record.title, record.looked_up_at) == (f"Made-up video {video_id}", stream.clock())


def test_what_is_on_its_way_is_not_sent_again(stream: Stream) -> None:
    assert stream.poll("size0000090").done.sent == 90
    again = stream.poll("size0000090")
    assert (again.done.sent, again.done.units) == (0, 1)
    # The store is not said to hold what is still in the queue.
    record = stream.store.video("size0000090")
    assert record is not None
    assert record.fetched_at is None
    stream.work()
    stream.poll("size0000090")
    record = stream.store.video("size0000090")
    assert record is not None
    assert record.complete


def test_an_edited_comment_is_sent_again(stream: Stream, replay: ReplayServer) -> None:
    stream.poll("size0000070")
    stream.work()
    newest = stream.store.comments("size0000070", limit=1)[0]
    replay.changes.edit(newest.id, "I hate it now")
    assert stream.poll("size0000070").done.sent == 1
    stream.work()
    texts = {one.id: one.text for one in stream.store.comments("size0000070", limit=100)}
    assert texts[newest.id] == "I hate it now"


class Broken(EmbeddedQueue):
    """Takes some messages, then none."""

    takes = 1

    def send(self, batches: Sequence[CommentBatch]) -> None:
        if self.takes == 0:
            raise QueueError("The queue can't be reached.")
        self.takes -= 1
        super().send(batches)


@pytest.mark.parametrize("works_meanwhile", [True, False])
def test_a_poll_that_was_cut_off_leaves_no_gap(
    stream: Stream, replay: ReplayServer, works_meanwhile: bool
) -> None:
    """Its newest page arrives and would hide, once it is known, the pages that were not sent."""
    video_id = f"size000220{int(works_meanwhile)}"
    stream.poll(video_id)
    stream.work()
    replay.changes.grow(video_id, 450)
    with pytest.raises(QueueError):
        stream.poll(video_id, queue=Broken(stream.store))
    if works_meanwhile:
        stream.work()
    stream.poll(video_id)
    stream.work()
    assert len(stream.store.known_ids(video_id)) == 1_450
    assert stream.poll(video_id).done.units == 1


def test_what_never_arrives_is_fetched_again(stream: Stream) -> None:
    stream.poll("size0000060")
    lost = stream.queue.receive(10, wait_s=0)
    stream.queue.ack([one.receipt for one in lost])
    assert stream.poll("size0000060").done.sent == 0
    stream.clock.now += timedelta(hours=2)
    assert stream.poll("size0000060").done.sent == 60
    assert stream.work() == 60


@pytest.mark.parametrize("video_id", ["missingVid_", "privateVid_", "noComments_"])
def test_watching_a_video_of_which_nothing_is_to_be_had_ends(stream: Stream, video_id: str) -> None:
    stream.poll(video_id)
    watch = stream.watch(video_id)
    assert watch.due_at is None
    assert watch.problem


def test_a_failure_of_youtube_is_told_and_passes(stream: Stream) -> None:
    assert stream.poll("serverDown_").done.failed == 1
    watch = stream.watch("serverDown_")
    assert watch.problem
    assert watch.due_at is not None
    assert watch.due_at > stream.clock()


def test_a_video_is_polled_by_one_poller_at_a_time(stream: Stream) -> None:
    stream.store.add_watch("size0000042", interval_s=60)
    (claimed,) = stream.store.claim_watches(10, lease_s=120)
    assert stream.store.claim_watches(10, lease_s=120) == []
    stream.clock.now += timedelta(seconds=121)
    assert [one.video_id for one in stream.store.claim_watches(10, lease_s=120)] == [
        claimed.video_id
    ]


def test_a_deleted_video_is_no_longer_watched_nor_written(stream: Stream) -> None:
    stream.poll("size0000043")
    assert stream.store.delete_video("size0000043")
    assert stream.store.watches() == []
    assert stream.work() == 0
    assert stream.store.video("size0000043") is None


def test_a_deleted_comment_is_not_kept_from_the_queue_and_what_was_beside_it_is(
    stream: Stream, replay: ReplayServer
) -> None:
    video_id = "size0000047"
    stream.poll(video_id)
    stream.work()
    (gone,) = stream.store.comments(video_id, limit=1)
    replay.changes.edit(gone.id, "edited")
    replay.changes.grow(video_id, 3)
    assert stream.poll(video_id).done.sent == 4
    assert replay.changes.delete(gone.id)
    assert stream.store.delete_comment(gone.id)
    assert stream.work() == 0
    stream.clock.now += timedelta(hours=2)
    stream.poll(video_id)
    stream.work()
    known_ids = stream.store.known_ids(video_id)
    assert (gone.id in known_ids, len(known_ids)) == (False, 49)
    stream.poll(video_id)
    assert stream.watch(video_id).pending is None


def test_a_watch_that_ends_while_comments_are_on_their_way_leaves_no_gap(
    stream: Stream, replay: ReplayServer
) -> None:
    """The newest page arrives and would hide, once it is known, the pages that were not sent."""
    video_id = "size0000220"
    for _ in "ab":
        stream.poll(video_id)
        stream.work()
    replay.changes.grow(video_id, 250)
    with pytest.raises(QueueError):
        stream.poll(video_id, queue=Broken(stream.store))
    stream.work()
    assert stream.store.end_watch(video_id)
    assert stream.watch(video_id).pending is None
    stream.store.add_watch(video_id, interval_s=60)
    stream.poll(video_id)
    stream.work()
    assert len(stream.store.known_ids(video_id)) == 470


def test_queued_texts_are_purged_with_the_others(stream: Stream) -> None:
    stream.poll("size0000044")
    stream.clock.now += timedelta(days=31)
    stream.store.purge(older_than=stream.clock() - timedelta(days=30))
    assert stream.queue.counts().ready == 0


def purge(stream: Stream) -> None:
    """Purge what was fetched an hour ago."""
    stream.store.purge(older_than=stream.clock() - timedelta(minutes=30))


def test_texts_that_are_purged_beside_a_poll_are_fetched_again(
    stream: Stream, replay: ReplayServer
) -> None:
    video_id = "size0000487"
    stream.poll(video_id)
    stream.work()
    stream.clock.now += timedelta(hours=1)
    whole, stream.client = (
        stream.client,
        InterruptedSource(replay.endpoint, lambda: purge(stream)),
    )
    stream.poll(video_id)
    stream.client = whole
    for _ in "ab":
        stream.work()
        stream.poll(video_id)
    stream.work()
    assert len(stream.store.known_ids(video_id)) == 487


def test_texts_that_are_purged_while_others_are_on_their_way_are_fetched_again(
    stream: Stream, replay: ReplayServer
) -> None:
    video_id = "size0000230"
    stream.poll(video_id)
    stream.work()
    stream.clock.now += timedelta(hours=1)
    replay.changes.grow(video_id, 120)
    stream.poll(video_id)
    purge(stream)
    for _ in "ab":
        stream.work()
        stream.poll(video_id)
    stream.work()
    assert len(stream.store.known_ids(video_id)) == 350
    assert stream.poll(video_id).done.units == 1

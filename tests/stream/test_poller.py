"""Polls of the stand-in of YouTube: what is new is sent once, and nothing is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from sentiment.errors import QueueError
from sentiment.inference.predictor import Predictor
from sentiment.serving.fetch_plan import CommentSource
from sentiment.store import QuotaLedger, Store, VideoRecord, open_store
from sentiment.store.records import Watch
from sentiment.stream.embedded import EmbeddedQueue
from sentiment.stream.messages import CommentBatch
from sentiment.stream.pace import Pace
from sentiment.stream.poller import Poller
from sentiment.stream.worker import Worker
from sentiment.youtube.client import YouTubeClient
from sentiment.youtube.replay import ReplayServer
from tests.store.samples import Clock
from tests.youtube.interrupted import InterruptedSource

BIG = "size0002000"


@pytest.fixture(scope="module")
def shared_replay() -> Iterator[ReplayServer]:
    with ReplayServer() as server:
        yield server


@pytest.fixture
def replay(shared_replay: ReplayServer) -> ReplayServer:
    return shared_replay


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}", clock=clock)
    yield opened
    opened.close()


class Stream:
    """A poller and a worker over one store, and a clock that stands still."""

    def __init__(self, store: Store, endpoint: str, clock: Clock, *, limit: int = 10_000) -> None:
        self.store, self.clock = store, clock
        self.queue = EmbeddedQueue(store)
        self.ledger = QuotaLedger(store, limit=limit, clock=clock)
        self.client: CommentSource = YouTubeClient(None, endpoint=endpoint, backoff_s=0.001)
        self.pace = Pace()

    def poll(self, video_id: str, *, queue: EmbeddedQueue | None = None) -> Poller:
        """Let a poller that knows nothing poll a video as if it were due."""
        if video_id not in self.store.watches_of([video_id]):
            self.store.add_watch(video_id, interval_s=60)
        self.store.update_watch(video_id, due_at=self.clock())
        poller = Poller(
            self.store,
            queue or self.queue,
            self.client,
            self.ledger,
            clock=self.clock,
            pace=self.pace,
        )
        poller.poll_due()
        return poller

    def work(self) -> int:
        worker = Worker(self.queue, self.store, Predictor.dummy)
        worker.run(until_empty=True)
        return worker.done.comments

    def watch(self, video_id: str) -> Watch:
        return self.store.watches_of([video_id])[video_id]


@pytest.fixture
def stream(store: Store, replay: ReplayServer, clock: Clock) -> Stream:
    return Stream(store, replay.endpoint, clock)


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


def test_interval_follows_what_comes(stream: Stream, replay: ReplayServer) -> None:
    stream.poll("size0000050")
    stream.work()
    assert stream.watch("size0000050").interval_s == 30
    stream.poll("size0000050")
    assert stream.watch("size0000050").interval_s == 45
    for _ in range(20):
        stream.poll("size0000050")
    assert stream.watch("size0000050").interval_s == 1_800
    replay.changes.grow("size0000050", 1)
    stream.poll("size0000050")
    assert stream.watch("size0000050").interval_s == 900


def test_quota_lasts_until_it_is_renewed(store: Store, replay: ReplayServer, clock: Clock) -> None:
    stream = Stream(store, replay.endpoint, clock, limit=100)
    due, spent = clock(), 0
    store.add_watch("size0000040", interval_s=15)
    resets_at = stream.ledger.state().resets_at
    while due < resets_at:
        clock.now = due
        spent += stream.poll("size0000040").done.units
        stream.work()
        next_due = stream.watch("size0000040").due_at
        assert next_due is not None
        assert next_due > due
        due = next_due
    # Not all in the first minutes, and a share is left for those who open videos.
    assert clock() > resets_at - timedelta(hours=3)
    assert 20 <= spent <= 60


def test_nothing_is_polled_while_the_quota_is_spent(
    store: Store, replay: ReplayServer, clock: Clock
) -> None:
    stream = Stream(store, replay.endpoint, clock)
    stream.ledger.exhausted()
    before = replay.requests
    poller = stream.poll("size0000041")
    assert replay.requests == before
    assert poller.done.stretch is None
    assert stream.watch("size0000041").due_at == stream.ledger.state().resets_at


def test_polls_are_stretched_while_the_queue_is_full(stream: Stream) -> None:
    stream.pace = Pace(full_messages=5)
    stream.poll("size0001000")
    ready = stream.queue.counts().ready
    assert ready > 5
    held_back = stream.poll("size0001000")
    assert held_back.done.stretch == pytest.approx(ready / 5)
    watch = stream.watch("size0001000")
    assert watch.due_at == stream.clock() + timedelta(seconds=ready / 5 * watch.interval_s)
    stream.work()
    assert stream.poll("size0001000").done.stretch == 1.0


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

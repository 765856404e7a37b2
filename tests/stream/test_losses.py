"""What is sent and never arrives: it is sent once more, and holds nothing up for ever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from sentiment.store import Store
from sentiment.stream.pending import Pending
from sentiment.stream.worker import Worker
from sentiment.youtube.replay import ReplayServer
from tests.store.samples import NOW
from tests.stream.polling import Stream
from tests.stream.workers import Touchy


def lose(stream: Stream) -> None:
    """Take all messages from the queue, and none of them is worked off."""
    while lost := stream.queue.receive(10, wait_s=0):
        stream.queue.ack([one.receipt for one in lost])


def settled(stream: Stream, video_id: str) -> int:
    """Let a video be polled and worked off without losses; return its texts."""
    for _ in "ab":
        stream.poll(video_id)
        stream.work()
    return len(stream.store.known_ids(video_id))


@pytest.mark.parametrize("minutes", [20, 61])
def test_poison_is_buried_twice_and_takes_no_other_comment_with_it(
    stream: Stream, replay: ReplayServer, minutes: int
) -> None:
    video_id = f"size00000{minutes}"
    assert settled(stream, video_id) == minutes
    (poison,) = stream.store.comments(video_id, limit=1)
    replay.changes.edit(poison.id, "curse")
    ends_at = stream.clock() + timedelta(hours=5)
    while stream.clock() < ends_at:
        replay.changes.grow(video_id, 2)
        stream.poll(video_id)
        Worker(stream.queue, stream.store, lambda: Touchy("curse")).run(until_empty=True)
        stream.clock.now += timedelta(minutes=minutes)
    assert stream.queue.counts().dead == 2
    assert len(stream.store.known_ids(video_id)) == replay.changes.video(video_id).comment_count
    record = stream.store.video(video_id)
    assert record is not None
    assert record.fetched_at is not None
    assert stream.clock() - record.fetched_at < timedelta(hours=3)
    replay.changes.edit(poison.id, "mended")
    stream.poll(video_id)
    stream.work()
    assert "mended" in {one.text for one in stream.store.comments(video_id, limit=1_000)}


def test_what_never_arrives_twice_is_not_sent_again_for_a_week(
    stream: Stream, replay: ReplayServer
) -> None:
    video_id = "size0000064"
    stream.poll(video_id)
    lose(stream)
    stream.clock.now += timedelta(hours=2)
    assert stream.poll(video_id).done.sent == 64
    lose(stream)
    stream.clock.now += timedelta(hours=2)
    assert stream.poll(video_id).done.sent == 0
    record = stream.store.video(video_id)
    assert record is not None
    assert record.fetched_at == stream.clock()
    stream.clock.now += timedelta(days=6)
    replay.changes.grow(video_id, 1)
    assert stream.poll(video_id).done.sent == 1
    stream.work()
    stream.clock.now += timedelta(days=2)
    assert stream.poll(video_id).done.sent == 64
    assert settled(stream, video_id) == 65
    assert stream.watch(video_id).pending is None


def test_a_comment_that_is_deleted_on_its_way_is_not_waited_for(
    stream: Stream, replay: ReplayServer
) -> None:
    video_id = "size0000062"
    settled(stream, video_id)
    replay.changes.grow(video_id, 1)
    stream.poll(video_id)
    lose(stream)
    on_its_way = Pending.read(stream.watch(video_id).pending)
    assert on_its_way is not None
    (gone,) = on_its_way.sent
    assert replay.changes.delete(gone)
    stream.clock.now += timedelta(hours=2)
    settled(stream, video_id)
    stream.poll(video_id)
    assert stream.watch(video_id).pending is None


def test_what_a_cut_off_poll_was_to_send_once_more_is_sent_by_the_next(
    stream: Stream, replay: ReplayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    video_id = "size0000260"
    stream.poll(video_id)
    lose(stream)
    stream.clock.now += timedelta(hours=2)
    with monkeypatch.context() as patched:
        patched.setattr(stream.queue, "send", Once(stream.queue.send))
        with pytest.raises(Killed):
            stream.poll(video_id)
    lose(stream)
    stream.poll(video_id)
    assert settled(stream, video_id) == 260


class Killed(BaseException):
    """As far as the store can tell, the end of the poller."""


class Once:
    """Sends once, and ends the poller the second time."""

    def __init__(self, send: object) -> None:
        self._send, self._is_spent = send, False

    def __call__(self, batches: Sequence[object]) -> None:
        if self._is_spent:
            raise Killed
        self._is_spent = True
        self._send(batches)  # type: ignore[operator]


def test_an_edit_that_is_on_its_way_is_not_sent_again(stream: Stream, replay: ReplayServer) -> None:
    video_id = "size0000063"
    settled(stream, video_id)
    (edited,) = stream.store.comments(video_id, limit=1)
    replay.changes.edit(edited.id, "edited")
    assert [stream.poll(video_id).done.sent for _ in "ab"] == [1, 0]


def test_what_is_given_up_is_bounded() -> None:
    sent = {f"Ug{number:05}": "d" for number in range(500)}
    pending = Pending(since=NOW, polled_at=NOW, sent=sent)
    for hours in (1, 2):
        pending = pending.doubted(sent.keys(), now=NOW + timedelta(hours=hours))
    assert (len(pending.given_up), pending.sent, pending.lost) == (200, {}, set())


def test_a_tick_asks_for_few_of_many_that_are_on_their_way(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream.poll("size0001010")
    asked: list[int] = []
    text_digests = Store.text_digests

    def counted(self: Store, comment_ids: Sequence[str]) -> dict[str, str]:
        asked.append(len(comment_ids))
        return text_digests(self, comment_ids)

    monkeypatch.setattr(Store, "text_digests", counted)
    stream.poller().poll_due()
    assert asked == [100]

"""A poller and a worker that a test lets work in turns."""

from __future__ import annotations

from sentiment.inference.predictor import Predictor
from sentiment.store import QuotaLedger, Store
from sentiment.store.records import Watch
from sentiment.stream.embedded import EmbeddedQueue
from sentiment.stream.pace import Pace
from sentiment.stream.poller import Poller
from sentiment.stream.worker import Worker
from sentiment.youtube.client import YouTubeClient
from tests.store.samples import Clock


class Stream:
    """A poller and a worker over one store, and a clock that stands still."""

    def __init__(self, store: Store, endpoint: str, clock: Clock, *, limit: int = 10_000) -> None:
        self.store, self.clock = store, clock
        self.queue = EmbeddedQueue(store)
        self.ledger = QuotaLedger(store, limit=limit, clock=clock)
        self.client = YouTubeClient(None, endpoint=endpoint, backoff_s=0.001)
        self.pace = Pace()

    def poller(self, *, queue: EmbeddedQueue | None = None) -> Poller:
        """Return one that knows nothing."""
        return Poller(
            self.store,
            queue or self.queue,
            self.client,
            self.ledger,
            clock=self.clock,
            pace=self.pace,
        )

    def poll(self, video_id: str, *, queue: EmbeddedQueue | None = None) -> Poller:
        """Let a poller that knows nothing poll a video as if it were due."""
        if video_id not in self.store.watches_of([video_id]):
            self.store.add_watch(video_id, interval_s=60)
        self.store.update_watch(video_id, due_at=self.clock())
        poller = self.poller(queue=queue)
        poller.poll_due()
        return poller

    def work(self) -> int:
        worker = Worker(self.queue, self.store, Predictor.dummy)
        worker.run(until_empty=True)
        return worker.done.comments

    def watch(self, video_id: str) -> Watch:
        return self.store.watches_of([video_id])[video_id]

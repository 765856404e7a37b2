"""Queued comments are labelled in batches and kept, then their messages are done.

In this order, so that a worker that is killed at any moment loses nothing; what another then does
again changes nothing. One process, one thread of work beside the one that holds the messages.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from zlib import crc32

from sentiment.comments import Prediction
from sentiment.errors import (
    InferenceError,
    MessageError,
    OutOfSpaceError,
    QueueError,
    StoreError,
    StoreUnavailableError,
)
from sentiment.serving.models import Model
from sentiment.store import Store
from sentiment.store.records import ArrivedComment
from sentiment.stream.holding import Holding
from sentiment.stream.messages import CommentBatch, read_message, video_of
from sentiment.stream.queue import (
    MAX_RECEIVED,
    MAX_RECEPTIONS,
    SUSPECT_RECEPTIONS,
    VISIBILITY_S,
    CommentQueue,
    Received,
)
from sentiment.textclean import text_digest

_log = logging.getLogger(__name__)
_Value = TypeVar("_Value")

_WAIT_S = 2.0
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0
# Other errors would come again: the message is to blame.
_PASSING = (StoreUnavailableError, OutOfSpaceError, QueueError)


@dataclass(slots=True)
class Done:
    """What a worker has done.

    Attributes:
        messages: that are done.
        comments: in them, those that came twice counted twice.
        labelled: texts that the model was asked about.
        dropped: comments of videos that were deleted meanwhile.
        buried: messages that were set aside.
        working_s: seconds of work, without waiting for messages.
    """

    messages: int = 0
    comments: int = 0
    labelled: int = 0
    dropped: int = 0
    buried: int = 0
    working_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _InHand:
    received: Received
    batch: CommentBatch


@dataclass(frozen=True, slots=True)
class Worker:
    """Works off a queue.

    Attributes:
        queue: gives messages.
        store: keeps comments and predictions.
        model: gives the model that labels the next batch.
        stop: ends the work after the batch in hand, when somebody sets it.
        visibility_s: as the queue's.
        on_kept: told the videos whose comments were kept, and the digest of the model.
        done: what was done so far.
    """

    queue: CommentQueue
    store: Store
    model: Callable[[], Model]
    stop: threading.Event = field(default_factory=threading.Event)
    visibility_s: float = VISIBILITY_S
    on_kept: Callable[[set[str], str], None] = lambda _videos, _digest: None
    done: Done = field(default_factory=Done)

    def run(
        self,
        *,
        max_messages: int | None = None,
        until_empty: bool = False,
        on_round: Callable[[Done], None] = lambda _: None,
    ) -> None:
        """Work until `stop` is set; a queue or a store that is away is waited for.

        Args:
            max_messages: end after so many, > 0; None sets no limit.
            until_empty: end as soon as no message waits.
            on_round: told after each batch, and while none comes, what was done.
        """
        wait_s = 0.0 if until_empty else _WAIT_S
        target = None if max_messages is None else self.done.messages + max_messages
        with Holding(self.queue, visibility_s=self.visibility_s) as holding:
            while not self.stop.is_set() and (target is None or self.done.messages < target):
                received = self._insist(lambda: self.queue.receive(MAX_RECEIVED, wait_s=wait_s))
                if not received and until_empty:
                    break
                model = self.model()  # also without work: the next model is there when it comes
                if received:
                    started_s = time.perf_counter()
                    with holding.hold(received):
                        self._work_off(received, model)
                    self.done.working_s += time.perf_counter() - started_s
                on_round(self.done)

    def _work_off(self, received: Sequence[Received], model: Model) -> None:
        """Work messages off together, but each alone that may be what ended its workers."""
        suspects = sorted((one for one in received if _is_suspect(one)), key=_turn)
        others = [one for one in received if not _is_suspect(one)]
        if suspects:
            not_yet = [one.receipt for one in (*suspects[1:], *others)]
            # In hand, they would go down with it.
            if len(received) > 1 and self._insist(lambda: self.queue.unreceive(not_yet)):
                suspects, others = suspects[:1], []
        for one in suspects:
            self._work_off_together([one], model)
        self._work_off_together(others, model)

    def _work_off_together(self, received: Sequence[Received], model: Model) -> None:
        in_hand = [one for message in received if (one := self._read(message)) is not None]
        if in_hand:
            self._keep(in_hand, model)

    def _read(self, message: Received) -> _InHand | None:
        """Return what a message says; None for one that does harm, which is set aside."""
        if message.n_received > MAX_RECEPTIONS:
            self._bury(message, f"it was received {message.n_received} times and never done")
            return None
        try:
            return _InHand(message, read_message(message.body))
        except MessageError as error:
            self._bury(message, error.message)
            return None

    def _keep(self, in_hand: Sequence[_InHand], model: Model) -> None:
        """Label and keep what messages hold; then they are done."""
        arrived = [
            ArrivedComment(comment, one.batch.fetched_at, text_digest(comment.text))
            for one in in_hand
            for comment in one.batch.unpacked()
        ]
        texts = {one.text_digest: one.comment.text for one in arrived}
        try:
            said = self._label(texts, model)
            n_dropped = self._insist(
                lambda: self.store.save_streamed(arrived, said, model_digest=model.digest)
            )
        except (InferenceError, StoreError) as error:
            if len(in_hand) == 1:
                self._bury(in_hand[0].received, f"{type(error).__name__}: {error.message}")
            else:  # one of them is to blame, and must not take the others with it
                for one in in_hand:
                    self._keep([one], model)
            return
        receipts = [one.received.receipt for one in in_hand]
        if n_dropped is None:  # asked to stop while the store is away
            self._insist(lambda: self.queue.put_back(receipts))
            return
        self._insist(lambda: self.queue.ack(receipts))
        self.done.messages += len(in_hand)
        self.done.comments += len(arrived)
        self.done.labelled += len(said)
        self.done.dropped += n_dropped
        self.on_kept({one.batch.video_id for one in in_hand}, model.digest)

    def _label(self, texts: Mapping[str, str], model: Model) -> dict[str, Prediction]:
        """Return what a model says of the texts that it was not asked about before.

        Args:
            texts: by digest.
            model: labels them.
        """
        digests = list(texts)
        known = self._insist(lambda: self.store.predictions(model.digest, digests)) or {}
        new = [digest for digest in digests if digest not in known]
        return dict(zip(new, model.predict([texts[digest] for digest in new]), strict=True))

    def _bury(self, message: Received, reason: str) -> None:
        video_id = video_of(message.body) or "unknown"
        _log.error("a message of video %s is set aside: %s", video_id, reason)
        self._insist(lambda: self.queue.bury([(message, reason)]))
        self.done.buried += 1

    def _insist(self, call: Callable[[], _Value]) -> _Value | None:
        """Return what a call gives, however long its queue or store is away; None after `stop`."""
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                return call()
            except _PASSING as error:
                _log.warning("waiting for %.1f s: %s", pause_s, error)
                if self.stop.wait(pause_s):
                    return None
                pause_s = min(_LONGEST_PAUSE_S, 2 * pause_s)


def _is_suspect(message: Received) -> bool:
    return message.n_received >= SUSPECT_RECEPTIONS


def _turn(message: Received) -> tuple[int, int]:
    """Return what sorts suspects in one hand, so that each gets its turn before it is set aside.

    Those that were received most come first: who was received less than the one that kills
    outlives it. Of equals, which go down together, the last of one time are the first of the next.
    """
    place = crc32(message.body.encode())
    return -message.n_received, place if message.n_received % 2 else -place

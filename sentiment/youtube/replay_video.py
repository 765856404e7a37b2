"""Made-up videos: what the stand-in of the Data API knows of a video, computed when asked.

A video is its id and nothing else: size, comments, replies, likes and times all follow from it,
so that a video of 100,000 comments costs no memory and each page can be made alone. Owns the
scheme of ids; imports no HTTP library.

Ids:
    `sizeNNNNNNN` (seven digits) has exactly that many comments, replies included.
    `plainNNNNNN` and `slangNNNNNN` (six digits) have 60 each; the latter speak as
    `sentiment.corpora.slang_phrases` does.
    The ids in `sentiment.youtube.replay_cases` behave in a way of their own.
    Any other id of 11 characters has between 40 and 2,039 comments.

What was changed since (`sentiment.youtube.replay_changes`) is handed in; threads that arrived
have numbers of their own, so that no id ever names another comment.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sentiment.corpora.synthetic import Mood, comment_at
from sentiment.labels import Label
from sentiment.youtube.replay_cases import comments_ordered, speaks_slang

VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
MAX_EMBEDDED_REPLIES = 5

FIRST_ARRIVAL = 1 << 29
"""Number of the first thread, or reply, that arrived after the video was made up."""

_NEWEST = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_THREAD_GAP_S = 420
_REPLY_GAP_S = 13
_EDITED_AFTER = timedelta(hours=1)
# Replies of the threads of one round; most have none, some more than a thread embeds.
_REPLIES_IN_ROUND = (0, 0, 3, 0, 1, 0, 0, 7, 0, 0, 2, 0, 0, 0, 0, 12, 0, 0, 0, 0)
_THREADS_IN_ROUND = len(_REPLIES_IN_ROUND)
_COMMENTS_IN_ROUND = _THREADS_IN_ROUND + sum(_REPLIES_IN_ROUND)
_MOODS = (
    Mood(negative=0.10, neutral=0.25, positive=0.65),
    Mood(negative=0.20, neutral=0.35, positive=0.45),
    Mood(negative=0.35, neutral=0.35, positive=0.30),
    Mood(negative=0.60, neutral=0.25, positive=0.15),
)

# A thread id hides the video's id (66 bits) and the thread's number (30 bits) in 96 bits.
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_INDEX_BITS = 30
_HIDDEN_BITS = 96
_SCRAMBLER = 0x9E3779B97F4A7C15F39CC0605
_UNSCRAMBLER = pow(_SCRAMBLER, -1, 1 << _HIDDEN_BITS)
_ID_HEAD, _ID_TAIL = "Ugx", "4AaABAg"
_THREAD_ID = re.compile(rf"{_ID_HEAD}([A-Za-z0-9_-]{{16}}){_ID_TAIL}")


@dataclass(frozen=True, slots=True)
class MadeUpComment:
    """What is known of one made-up comment.

    Attributes:
        id: a thread's, or `thread.reply`.
        text: plain text.
        like_count: >= 0.
        published_at: in UTC, whole seconds.
        updated_at: later than `published_at` when it was edited.
        author_number: names the made-up author, in [0, 9999].
        label: what its text was made up to say; of an edited one nobody knows.
    """

    id: str
    text: str
    like_count: int
    published_at: datetime
    updated_at: datetime
    author_number: int
    label: Label | None


@dataclass(frozen=True, slots=True)
class MadeUpVideo:
    """A video that exists only as arithmetic, and what was changed of it.

    Attributes:
        id: its 11 characters.
        made_up_count: comments that the id orders, replies included.
        made_up_threads: top-level comments that the id orders.
        arrivals: top-level comments that arrived since.
        reply_arrivals: replies that arrived since, by number of the thread.
        edits: new texts by comment id.
        deleted: ids of comments that were deleted; a thread's replies go with it.
        deleted_count: how many comments are gone, replies of deleted threads included.
    """

    id: str
    made_up_count: int
    made_up_threads: int
    arrivals: int = 0
    reply_arrivals: Mapping[int, int] = field(default_factory=dict)
    edits: Mapping[str, str] = field(default_factory=dict)
    deleted: Set[str] = frozenset()
    deleted_count: int = 0

    @property
    def title(self) -> str:
        """A title that says that the video is made up."""
        return f"Made-up video {self.id}"

    @property
    def comment_count(self) -> int:
        """Comments that can be read, replies included."""
        arrived = self.arrivals + sum(self.reply_arrivals.values())
        return self.made_up_count + arrived - self.deleted_count

    @property
    def thread_count(self) -> int:
        """Threads, deleted ones included: these keep their place, so that pages do not shift."""
        return self.made_up_threads + self.arrivals

    def has_thread(self, thread: int) -> bool:
        """Say whether there is a thread with the number `thread`, not deleted."""
        exists = 0 <= thread < self.made_up_threads or (0 <= thread - FIRST_ARRIVAL < self.arrivals)
        return exists and not (self.deleted and thread_id(self.id, thread) in self.deleted)

    def by_time(self, position: int) -> int:
        """Return the number of the thread at `position`, newest first."""
        if position < self.arrivals:
            return FIRST_ARRIVAL + self.arrivals - 1 - position
        return position - self.arrivals

    def replies(self, thread: int) -> list[int]:
        """Return the numbers of a thread's replies, newest first, without deleted ones."""
        arrived = self.reply_arrivals.get(thread, 0)
        numbers = [FIRST_ARRIVAL + arrived - 1 - number for number in range(arrived)]
        numbers += range(self._made_up_replies(thread))
        if not self.deleted:
            return numbers
        return [number for number in numbers if self.reply(thread, number).id not in self.deleted]

    def thread(self, thread: int) -> MadeUpComment:
        """Return the top-level comment number `thread`; 0 is the newest that was made up."""
        return self._comment(
            thread_id(self.id, thread),
            number=thread,
            published_at=self._thread_time(thread),
        )

    def reply(self, thread: int, reply: int) -> MadeUpComment:
        """Return the reply number `reply` of a thread; 0 is the newest that was made up."""
        parent = thread_id(self.id, thread)
        digest = _digest(f"{parent}.{reply}")
        place = reply if reply < FIRST_ARRIVAL else FIRST_ARRIVAL - 1 - reply
        age = self._made_up_replies(thread) - place
        return self._comment(
            f"{parent}.{base64.urlsafe_b64encode(digest)[:22].decode()}",
            number=reply,
            published_at=self._thread_time(thread) + timedelta(seconds=age * _REPLY_GAP_S),
            parent=parent,
        )

    def by_relevance(self, position: int) -> int:
        """Return the number of the thread at `position` in the order of relevance.

        A fixed permutation: multiplying by a prime that does not divide the count.
        """
        prime = next(p for p in (7_919, 104_729) if self.thread_count % p)
        return self.by_time(position * prime % self.thread_count)

    def _made_up_replies(self, thread: int) -> int:
        if thread >= FIRST_ARRIVAL:
            return 0
        planned = _REPLIES_IN_ROUND[thread % _THREADS_IN_ROUND]
        if thread < self.made_up_threads - 1:
            return planned
        # The last thread takes what is left, so that the sum is the ordered size.
        return self.made_up_count - self._comments_before(thread) - 1

    def _thread_time(self, thread: int) -> datetime:
        jitter_s = _digest(f"{self.id}@{thread}")[0]
        # Negative for arrivals: the later, the newer.
        age = thread if thread < FIRST_ARRIVAL else FIRST_ARRIVAL - 1 - thread
        return _NEWEST - timedelta(seconds=age * _THREAD_GAP_S + jitter_s)

    def _comments_before(self, thread: int) -> int:
        rounds, rest = divmod(thread, _THREADS_IN_ROUND)
        return rounds * _COMMENTS_IN_ROUND + rest + sum(_REPLIES_IN_ROUND[:rest])

    def _comment(
        self, comment_id: str, *, number: int, published_at: datetime, parent: str | None = None
    ) -> MadeUpComment:
        digest = _digest(comment_id)
        mood = _MOODS[_digest(self.id)[0] % len(_MOODS)]
        made_up = comment_at(
            number,
            seed=parent or self.id,
            mood=mood,
            is_reply=parent is not None,
            in_slang=speaks_slang(self.id),
        )
        # Most comments have few likes, some have many.
        likes = digest[0] % 4 if digest[1] < 230 else int.from_bytes(digest[2:4], "big") // 16
        edited = self.edits.get(comment_id)
        return MadeUpComment(
            id=comment_id,
            text=made_up.text if edited is None else edited,
            like_count=likes,
            published_at=published_at,
            updated_at=published_at if edited is None else published_at + _EDITED_AFTER,
            author_number=int.from_bytes(digest[4:6], "big") % 10_000,
            label=made_up.label if edited is None else None,
        )


def video_of(video_id: str) -> MadeUpVideo:
    """Return the video of a well-formed id, unchanged; faults are the caller's to look up."""
    comment_count = comments_ordered(video_id)
    if comment_count is None:
        comment_count = 40 + int.from_bytes(_digest(video_id)[1:3], "big") % 2_000
    return MadeUpVideo(video_id, comment_count, _threads_for(comment_count))


def thread_id(video_id: str, thread: int) -> str:
    """Return the id of a thread, from which `thread_of` tells the video and the number."""
    number = 0
    for character in video_id:
        number = number << 6 | _ALPHABET.index(character)
    hidden = (number << _INDEX_BITS | thread) * _SCRAMBLER % (1 << _HIDDEN_BITS)
    body = base64.urlsafe_b64encode(hidden.to_bytes(_HIDDEN_BITS // 8, "big")).decode()
    return f"{_ID_HEAD}{body}{_ID_TAIL}"


def thread_of(comment_id: str) -> tuple[str, int] | None:
    """Return the video's id and the number of the thread that `comment_id` names.

    Returns:
        None when it names none; the video may have no thread of that number.
    """
    match = _THREAD_ID.fullmatch(comment_id)
    if match is None:
        return None
    hidden = int.from_bytes(base64.urlsafe_b64decode(match[1]), "big")
    number, thread = divmod(hidden * _UNSCRAMBLER % (1 << _HIDDEN_BITS), 1 << _INDEX_BITS)
    return "".join(_ALPHABET[number >> shift & 63] for shift in range(60, -1, -6)), thread


def _threads_for(comment_count: int) -> int:
    """Return the fewest threads whose planned comments reach `comment_count`."""
    rounds, rest = divmod(comment_count, _COMMENTS_IN_ROUND)
    threads = 0
    for replies in _REPLIES_IN_ROUND:
        if rest <= 0:
            break
        rest -= 1 + replies
        threads += 1
    return rounds * _THREADS_IN_ROUND + threads


def _digest(name: str) -> bytes:
    return hashlib.blake2b(name.encode(), digest_size=18).digest()

"""Made-up viewers: they open videos in the panel and correct labels, over HTTP.

The truth of a comment is what the stand-in made it up to say.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import httpx

from sentiment.labels import Label
from sentiment.youtube.replay_video import video_of

_AT_ONCE = 3
_TIMEOUT_S = 120.0
_ENGLISH_ENOUGH = frozenset({"ok", "unsure"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment as a viewer sees it.

    Attributes:
        id: of the comment.
        text: of the comment.
        label: that the service shows.
        truth: what the comment was made up to say.
        is_read: whether the model took it for English at all.
    """

    id: str
    text: str
    label: Label
    truth: Label
    is_read: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """An analysis as a viewer got it.

    Attributes:
        video_id: of the video.
        digest: of the model that the service named.
        comments: in the order of the answer.
    """

    video_id: str
    digest: str
    comments: tuple[Shown, ...]

    @property
    def n_right(self) -> int:
        """How many labels are what the comment was made up to say."""
        return sum(one.label == one.truth for one in self.comments if one.is_read)

    @property
    def n_read(self) -> int:
        """How many comments the model took for English."""
        return sum(one.is_read for one in self.comments)


class Viewers:
    """Asks a service as its panels would. A context manager; thread-safe.

    Args:
        url: of the service.
        seed: draws who corrects what.
    """

    def __init__(self, url: str, *, seed: int) -> None:
        self._client = httpx.Client(base_url=url, timeout=_TIMEOUT_S)
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self.failures = 0
        self.requests = 0

    def __enter__(self) -> Viewers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.close()

    def visit(self, video_ids: Iterable[str]) -> list[Visit]:
        """Analyse videos, a few at once; an answer that is no 200 counts as a failure."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            answers = list(pool.map(self._analyse, video_ids))
        self.requests += len(answers)
        self.failures += sum(answer is None for answer in answers)
        return [answer for answer in answers if answer is not None]

    def correct(self, visits: Sequence[Visit], *, share: float, carelessness: float = 0.03) -> int:
        """Correct wrong labels; return how many votes were given.

        Args:
            visits: what the viewers see.
            share: of the wrong labels that somebody corrects, in [0, 1].
            carelessness: share of those votes that are wrong themselves, in [0, 1].
        """
        n_votes = 0
        for visit in visits:
            for one in visit.comments:
                if not one.is_read or one.label == one.truth or self._chance.random() >= share:
                    continue
                careless = self._chance.random() < carelessness
                vote = self._chance.choice(list(Label)) if careless else one.truth
                body = {
                    "comment_id": one.id,
                    "label": int(vote),
                    "voter": f"viewer-{self._chance.randrange(400):04d}",
                }
                answer = self._client.post("/v1/feedback", json=body)
                self.requests += 1
                self.failures += answer.status_code != httpx.codes.CREATED
                n_votes += 1
        return n_votes

    def label(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Have texts labelled that no video shows.

        Raises:
            httpx.HTTPStatusError: the service refuses.
        """
        answers: list[dict[str, Any]] = []
        for start in range(0, len(texts), 500):
            answer = self._client.post(
                "/v1/predict", json={"texts": list(texts[start : start + 500])}
            )
            answer.raise_for_status()
            answers.extend(answer.json())
        return answers

    def _analyse(self, video_id: str) -> Visit | None:
        answer = self._client.post("/v1/analyze", json={"video_id": video_id, "max_comments": 200})
        if answer.status_code != httpx.codes.OK:
            return None
        body = answer.json()
        truths = dict(truth_of(video_id))
        return Visit(
            video_id,
            body["model"]["digest"],
            tuple(
                Shown(
                    id=one["id"],
                    text=one["text"],
                    label=Label(one["prediction"]["label"]),
                    truth=truths[one["id"]][1],
                    is_read=one["prediction"]["status"] in _ENGLISH_ENOUGH,
                )
                for one in body["comments"]
            ),
        )


def truth_of(video_id: str) -> Iterator[tuple[str, tuple[str, Label]]]:
    """Yield each comment's id with its text and what it was made up to say."""
    video = video_of(video_id)
    for number in range(video.made_up_threads):
        thread = video.thread(number)
        replies = [video.reply(number, reply) for reply in video.replies(number)]
        for comment in (thread, *replies):
            if comment.label is not None:
                yield comment.id, (comment.text, comment.label)

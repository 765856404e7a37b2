"""What is known of a video at one moment of its analysis, and how that is told.

Pure: no store, no network, no model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sentiment.analysis.highlights import highlights
from sentiment.analysis.intents import Intent, intents_of
from sentiment.analysis.summary import summarise
from sentiment.analysis.threads import compare
from sentiment.analysis.trend import trend
from sentiment.analysis.words import marking_words
from sentiment.comments import Comment, Prediction, Status
from sentiment.labels import LABELS, Label
from sentiment.serving.wire import ModelBody
from sentiment.serving.wire_analysis import (
    AnalysisBody,
    CommentBody,
    LabelBody,
    LabelsBody,
    QuotaBody,
    Reason,
    ThreadsBody,
    TrendBody,
    VideoBody,
    WordBody,
    comment_body,
    score_body,
    share_bodies,
    summary_body,
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is true of an analysis beside its comments.

    Attributes:
        model: that predicted.
        video: title and number of comments, as far as known.
        complete: whether every comment that the API gives was fetched.
        reasons: why not.
        replies_left_out: replies that were counted and not fetched.
        units_spent: quota units.
        quota: what is left of the day's; None where nobody can tell.
        fetched_at: when the newest comment list was fetched.
        now: the moment of this snapshot.
        stored: whether the store took everything.
        notice: what the result says of its origin.
    """

    model: ModelBody
    video: VideoBody
    complete: bool
    reasons: Iterable[Reason]
    replies_left_out: int
    units_spent: int
    quota: QuotaBody | None
    fetched_at: datetime
    now: datetime
    stored: bool
    notice: str


@dataclass(frozen=True, slots=True)
class JudgedComment:
    """A comment with what is said of it; the wire shape takes several times the memory.

    Attributes:
        comment: as fetched.
        prediction: what the model says.
        intents: what the rules say.
    """

    comment: Comment
    prediction: Prediction
    intents: frozenset[Intent]

    def body(self) -> CommentBody:
        """Return the wire shape."""
        return comment_body(self.comment, self.prediction, sorted(self.intents))


@dataclass(slots=True)
class Gathered:
    """Comments with what was said of them, growing.

    Attributes:
        max_comments: so many count.
        newest_first: whether the newest do; else the first that were added.
    """

    max_comments: int
    newest_first: bool = True
    _judged: dict[str, JudgedComment] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._judged)

    def is_new(self, comment: Comment) -> bool:
        """Tell whether this comment, with this text and these likes, was not added yet."""
        older = self._judged.get(comment.id)
        return older is None or older.comment != comment

    def add(self, comments: Iterable[Comment], predictions: Mapping[str, Prediction]) -> None:
        """Add comments, a known id replacing the older.

        Args:
            comments: each with a prediction.
            predictions: by comment id.
        """
        for comment in comments:
            older = self._judged.get(comment.id)
            is_same = older is not None and older.comment.text == comment.text
            intents = older.intents if older and is_same else intents_of(comment.text)
            self._judged[comment.id] = JudgedComment(comment, predictions[comment.id], intents)

    def comments(self) -> list[Comment]:
        """Return all comments, in the order in which they were added."""
        return [one.comment for one in self._judged.values()]

    def judged(self, ids: Iterable[str]) -> list[JudgedComment]:
        """Return some comments, in the order of `ids`."""
        return [self._judged[id_] for id_ in ids]

    def _chosen(self) -> list[JudgedComment]:
        """Return the comments that count, in the order asked for."""
        judged = list(self._judged.values())
        if self.newest_first:
            judged.sort(key=lambda one: one.comment.published_at, reverse=True)
        return judged[: self.max_comments]

    def tell(self, video_id: str, circumstances: Circumstances) -> AnalysisBody:
        """Return what the comments say together."""
        chosen = self._chosen()
        comments = [one.comment for one in chosen]
        predictions = [one.prediction for one in chosen]
        threads = compare(comments, predictions)
        intents = Counter(intent for one in chosen for intent in one.intents)
        return AnalysisBody(
            **dict(summary_body(summarise(predictions))),
            video_id=video_id,
            video=circumstances.video,
            fetched=len(comments),
            complete=circumstances.complete,
            reasons=sorted(circumstances.reasons),
            replies_left_out=circumstances.replies_left_out,
            trend=[
                TrendBody(
                    start=bucket.start,
                    end=bucket.end,
                    analysed=bucket.analysed,
                    shares=share_bodies(bucket.shares),
                    score=score_body(bucket.score),
                )
                for bucket in trend(comments, predictions)
            ],
            labels=_labels(comments, predictions),
            threads=ThreadsBody(
                top_level=summary_body(threads.top_level), replies=summary_body(threads.replies)
            ),
            intents={intent: intents[intent] for intent in Intent},
            model=circumstances.model,
            units_spent=circumstances.units_spent,
            quota=circumstances.quota,
            fetched_at=circumstances.fetched_at,
            age_s=max(0.0, (circumstances.now - circumstances.fetched_at).total_seconds()),
            stored=circumstances.stored,
            notice=circumstances.notice,
        )


def _labels(comments: Sequence[Comment], predictions: Sequence[Prediction]) -> LabelsBody:
    marked = highlights(comments, predictions)
    sure = [
        (comment.text, prediction.label)
        for comment, prediction in zip(comments, predictions, strict=True)
        if prediction.status is Status.OK
    ]
    words = marking_words([text for text, _ in sure], [label for _, label in sure])

    def one(label: Label) -> LabelBody:
        return LabelBody(
            most_liked=[comments[index].id for index in marked.most_liked[label]],
            most_telling=[comments[index].id for index in marked.most_telling[label]],
            words=[
                WordBody(word=word.word, z=word.z, comments=word.count) for word in words[label]
            ],
        )

    return LabelsBody(**{label.word: one(label) for label in LABELS})

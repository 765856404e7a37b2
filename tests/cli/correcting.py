"""A corpus, a configuration and votes for retrainings of a tiny network."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sentiment.comments import Comment
from sentiment.labels import LABELS
from sentiment.store import open_store
from tests.corpora.handmade import write_goemotions

_WORDS = ("hate terrible awful worst", "what where how first", "love great amazing best")
_FILLERS = (
    "this video is so very really it was a part song i you the and not never don't why nice "
    "good bad boring"
).split()
_EMOTIONS = ("2", "27", "17")  # anger, neutral, joy
CONFIG = """
name: fed
corpora: [goemotions]
model: {base: tiny, max_length_tokens: 32}
training: {epochs: 6, batch_size: 16, learning_rate: 1.0e-2, precision: fp32,
  checkpoints_per_epoch: 1, repeats: {feedback: 2}}
export: {quantisation: none}
evaluation: {corpora: [goemotions], primary: goemotions, resamples: 200, behaviour_cases: 2}
"""


def write_corpora(folder: Path) -> None:
    """Write the labelled corpus, and a configuration that learns from it and from corrections."""
    rng = random.Random(7)
    write_goemotions(
        folder / "data/raw",
        train=_labelled(rng, 240),
        dev=_labelled(rng, 45),
        test=_labelled(rng, 90),
    )
    (folder / "fed.yaml").write_text(CONFIG, encoding="utf-8")


def correct(folder: Path, numbers: Sequence[int]) -> None:
    """Have one voter say what each of some comments feels like."""
    now = datetime.now(UTC)
    with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as store:
        texts = texts_of(numbers)
        comments = [
            Comment(
                id=f"c{number}",
                video_id="video000001",
                text=text,
                like_count=0,
                published_at=now,
                parent_id=None,
            )
            for number, text in zip(numbers, texts, strict=True)
        ]
        store.save_comments(comments, fetched_at=now)
        for number in numbers:
            store.add_feedback(
                f"c{number}", LABELS[number % 3], model_digest=None, voter=f"v{number % 7}"
            )


def texts_of(numbers: Sequence[int]) -> list[str]:
    return [_text(random.Random(1_000 + number), number % 3) for number in numbers]


def _labelled(rng: random.Random, n: int) -> list[tuple[str, str]]:
    return [(_text(rng, number % 3), _EMOTIONS[number % 3]) for number in range(n)]


def _text(rng: random.Random, label: int) -> str:
    """Return words that only one label has, among others that all have."""
    words = [rng.choice(_FILLERS) for _ in range(rng.randint(6, 9))]
    for _ in range(3):
        words.insert(rng.randint(0, len(words)), rng.choice(_WORDS[label].split()))
    return " ".join(words)

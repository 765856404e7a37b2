"""SenTube (Uryupina et al. 2014): comments on videos about cars and tablets, labelled by people.

Given to researchers on request and at no fixed address, so it is in no catalogue: whoever has it
names the folder. One JSON file a video and annotator, `video_<id>-annotator:<name>.json`, in
folders such as `automobiles_EN` and `tablets_EN`; each holds `comments` with `text` and
`annotation`. Names of annotators and authors are never read into a row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sentiment.corpora.corpus import Row
from sentiment.errors import CorpusUnavailableError, DataError
from sentiment.labels import Label

LABELLER = "trained annotators"
TITLE = "YouTube comments on cars and tablets; feeling about the product or the video"

_PATTERN = "*_EN/video_*.json"
_ABOUT = ("product", "video")
_POSITIVE = frozenset(f"positive-{about}" for about in _ABOUT)
_NEGATIVE = frozenset(f"negative-{about}" for about in _ABOUT)
_UNUSABLE = frozenset({"spam", "non-english", "off-topic"})


def load_sentube(folder: Path) -> list[Row]:
    """Read the English part of SenTube.

    Dropped are comments that nobody annotated, that are spam, off topic or not English, and those
    with both polarities. A video that several people annotated counts once, by the first name.

    Args:
        folder: holds `automobiles_EN`, `tablets_EN` or both.

    Returns:
        One row a comment, ids unique, all of the same split (none is set).

    Raises:
        CorpusUnavailableError: no such file is there; the message says what is expected.
        DataError: a file has another shape.
    """
    by_video: dict[str, Path] = {}
    for path in sorted(folder.glob(_PATTERN)):
        by_video.setdefault(f"{path.parent.name}/{path.stem.split('-annotator')[0]}", path)
    if not by_video:
        raise CorpusUnavailableError(
            f"SenTube is not in {folder}: no file there is called {_PATTERN}.",
            hint="Ask its authors for it, and put its folders automobiles_EN and tablets_EN into a "
            "folder sentube.",
        )
    return [row for video, path in by_video.items() for row in _rows(video, path)]


def _rows(video: str, path: Path) -> Iterator[Row]:
    try:
        comments = json.loads(path.read_text(encoding="utf-8"))["comments"]
        for number, comment in enumerate(comments):
            label = _label(_marks(comment.get("annotation")))
            if label is not None:
                yield Row(f"{video}/{number}", comment["text"] or None, label)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise DataError(
            f"{path} is no file of SenTube: {type(error).__name__}.",
            hint='Wanted is {"comments": [{"text": "...", "annotation": {...}}, ...]}.',
        ) from error


def _marks(annotation: Any) -> frozenset[str]:  # noqa: ANN401 - a JSON value of either shape
    """Return the names of what was ticked, whether they are keys with a truth value or a list."""
    if isinstance(annotation, dict):
        return frozenset(name for name, ticked in annotation.items() if ticked)
    return frozenset(annotation or ())


def _label(marks: frozenset[str]) -> Label | None:
    if not marks or marks & _UNUSABLE:
        return None
    positive, negative = bool(marks & _POSITIVE), bool(marks & _NEGATIVE)
    if positive and negative:
        return None
    if positive or negative:
        return Label.POSITIVE if positive else Label.NEGATIVE
    return Label.NEUTRAL

"""Comments whose label a viewer corrected: what `sentiment feedback` collected from the store.

YouTube's terms give their text 30 days, so the file says until when it may be kept, and is
refused after that.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sentiment.config import FEEDBACK_CORPUS
from sentiment.corpora.corpus import Corpus, Row, SourceFile, label_or_error, read_csv
from sentiment.corpora.split import TEST, TRAIN, split_of
from sentiment.errors import CorpusUnavailableError, DataError
from sentiment.files import may_be_replaced, sha256_of_file, whole_directory, write_json
from sentiment.labels import LABELS_BY_NUMBER, Label

MANIFEST_FILE = "feedback.json"
STAMP_FILE = "feedback_stamp.json"
_FILE = "feedback.csv"
_COLUMNS = ("id", "text", "label", "voters", "agreement")
_HOW = "Collect it with `sentiment feedback`, from the store of the service."


def write_feedback(
    raw_dir: Path,
    rows: Iterable[tuple[str, str, Label, int, float]],
    *,
    keep_until: datetime,
    manifest: Mapping[str, Any],
) -> Path:
    """Write the corpus and its manifest, whole or not at all.

    Args:
        raw_dir: the folder of the raw corpora, beside which this one lies.
        rows: comment id, text, label, number of voters, their agreement.
        keep_until: when the first of the texts has to go, with time zone.
        manifest: what else is worth knowing of it, as plain JSON values.

    Returns:
        The folder of the corpus.

    Raises:
        DataError: its folder holds something else, which would be lost.
        OutOfSpaceError: the disk is full; an older corpus is untouched.
    """
    folder = FEEDBACK.folder(raw_dir)
    if not may_be_replaced(folder, marked_by=MANIFEST_FILE):
        raise DataError(
            f"{folder} holds something other than collected corrections, and would be replaced.",
            hint="Name another folder of raw corpora: the corrections lie beside it.",
        )
    with whole_directory(folder) as partial:
        with (partial / _FILE).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_COLUMNS)
            for comment_id, text, label, n_voters, agreement in rows:
                writer.writerow((comment_id, text, int(label), n_voters, f"{agreement:.3f}"))
        write_json(
            partial / MANIFEST_FILE,
            {**manifest, "keep_until": keep_until.astimezone(UTC).isoformat()},
        )
    return folder


def stamp_collection(raw_dir: Path) -> Path:
    """Say in the raw folder which corrections there are, in a digest and no text.

    The corpus itself lies where DVC does not look, so that it keeps no copies; by this file it
    sees that there are others than before, and prepares anew.

    Raises:
        OutOfSpaceError: the disk is full.
    """
    folder = FEEDBACK.folder(raw_dir)
    path = raw_dir / STAMP_FILE
    raw_dir.mkdir(parents=True, exist_ok=True)
    write_json(path, {"sha256": sha256_of_file(folder / _FILE)})
    return path


def _parse(folder: Path) -> Iterator[Row]:
    _refuse_if_overdue(folder)
    path = folder / _FILE
    for row in read_csv(path, columns=["id", "text", "label"]):
        label = label_or_error(LABELS_BY_NUMBER, row["label"], path=path, row=row["id"])
        # What people corrected is what the model got wrong: no fair test of it.
        split = split_of(row["text"])
        yield Row(row["id"], row["text"] or None, label, split=TRAIN if split == TEST else split)


def _refuse_if_overdue(folder: Path) -> None:
    manifest = folder / MANIFEST_FILE
    try:
        document = json.loads(manifest.read_text(encoding="utf-8"))
        keep_until = datetime.fromisoformat(document["keep_until"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise DataError(f"{manifest} does not say until when: {error}.", hint=_HOW) from error
    if datetime.now(UTC) >= keep_until:
        raise DataError(
            f"The comments in {manifest.parent} were to be deleted by {keep_until:%Y-%m-%d}: "
            "YouTube's terms give their text 30 days.",
            hint="Delete that folder, and what was prepared from it in data/interim and "
            f"data/processed. {_HOW}",
        )


def _fetch(folder: Path) -> None:
    folder.rmdir()
    raise CorpusUnavailableError("The corpus feedback is nowhere to be downloaded.", hint=_HOW)


FEEDBACK = Corpus(
    name=FEEDBACK_CORPUS,
    title="YouTube comments whose label viewers corrected in the panel",
    labeller="viewers of this installation",
    human_labelled=True,
    licence="YouTube's API terms: not to be shared, kept for 30 days",
    n_rows=0,
    editions=[[SourceFile(_FILE)]],
    parse=_parse,
    fetch=_fetch,
    collected=True,
    refuse=_refuse_if_overdue,
    caution="Chosen because a model was wrong: a score on it says nothing about other comments.",
)

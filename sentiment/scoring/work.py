"""What a worker does: score one part and write it, whole or not at all.

A part may be scored twice, when a worker was killed or its network cut: the second writes the
same bytes over the first. So nothing is lost and nothing doubled, whoever dies when.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sentiment.errors import BundleError, ScoringError
from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import load_bundle
from sentiment.scoring.folder import PREDICTIONS, WORK, ResultFolder
from sentiment.scoring.formats import (
    count_rows,
    encode,
    json_lines,
    rejected_record,
    scored_record,
)
from sentiment.scoring.options import Format
from sentiment.scoring.plan import Part, Source
from sentiment.scoring.rows import read_rows


@dataclass(frozen=True, slots=True)
class Job:
    """What is the same for all parts of a run.

    Attributes:
        output: address of the folder of results.
        format: how they are written.
        bundle_dir: the model's folder, as every worker sees it.
        bundle_digest: of the model; a worker with another model at that place refuses.
        text_column: the column of comments.
        id_column: the column of ids; where an input has none, its rows have none.
    """

    output: str
    format: Format
    bundle_dir: str
    bundle_digest: str
    text_column: str
    id_column: str


@dataclass(frozen=True, slots=True)
class Task:
    """One part with all that is needed to score it."""

    job: Job
    source: Source
    part: Part


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a part's rows.

    Attributes:
        scored: rows with a prediction.
        rejected: rows that were set aside.
    """

    scored: int
    rejected: int


def score_part(task: Task) -> Counts:
    """Score a part and write its results.

    The rows set aside are written first: a part is done exactly when its predictions are there.

    Raises:
        BundleError: the model is not the one of the run.
        DataError: the input can't be read.
        OutOfSpaceError: the disk is full.
        ScoringError: the input holds other rows than when it was planned.
    """
    job, source, part = task.job, task.source, task.part
    predictor = _predictor(job.bundle_dir, job.bundle_digest)
    rows = list(read_rows(source, part, text_column=job.text_column, id_column=job.id_column))
    if len(rows) != part.n_rows:
        raise ScoringError(
            f"{source.file.name} was changed while it was scored: wanted {part.n_rows:,} rows "
            f"from row {part.first_row:,} on, found {len(rows):,}.",
            hint="Score it again into another --output, once it no longer changes.",
        )
    good = [row for row in rows if row.reason is None]
    bad = [row for row in rows if row.reason is not None]
    predictions = predictor.predict([row.text or "" for row in good])
    name = source.file.name
    records = [
        scored_record(name, row, prediction)
        for row, prediction in zip(good, predictions, strict=True)
    ]
    folder = ResultFolder(job.output)
    if bad:
        lines = json_lines(rejected_record(name, row) for row in bad)
        folder.write(rejected_name(part), [lines])
    folder.write(part_name(part, job.format), [encode(job.format, records)])
    return Counts(len(good), len(bad))


def counts_of_done(folder: ResultFolder, part: Part, format_: Format) -> Counts | None:
    """Return what became of a part's rows; None while it is not done.

    A part of which rows are missing, after a power cut for instance, is not done.
    """
    content = folder.read(part_name(part, format_))
    scored = None if content is None else count_rows(format_, content)
    if scored is None or scored > part.n_rows:
        return None
    rejected = 0
    if scored < part.n_rows:
        rejected = count_rows(Format.JSONL, folder.read(rejected_name(part)) or b"") or 0
    return Counts(scored, rejected) if scored + rejected == part.n_rows else None


def part_name(part: Part, format_: Format) -> str:
    """Return the name of a part's predictions within the folder of results."""
    return f"{PREDICTIONS}/part-{part.index:07}.{format_}"


def rejected_name(part: Part) -> str:
    """Return the name of a part's rows that were set aside; there is no such file without any."""
    return f"{WORK}/rejected-{part.index:07}.jsonl"


@lru_cache(maxsize=1)
def _predictor(bundle_dir: str, digest: str) -> Predictor:
    bundle = load_bundle(Path(bundle_dir))
    if bundle.digest != digest:
        raise BundleError(
            f"The worker found another model at {bundle_dir}: wanted digest {digest[:12]}…, "
            f"found {bundle.digest[:12]}….",
            hint="Give every worker the same bundle at the same place.",
        )
    # A worker takes one core: more workers, not threads, take the others.
    return Predictor.from_bundle(bundle, threads=1)

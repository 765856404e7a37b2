"""A run from inputs to verified results, resumed where an earlier one was killed.

The folder of results holds `manifest.json` (what is scored with what), `predictions/` (one file
a part), `rejected.jsonl` (rows set aside, with the reason) and `.work/` (what a run needs to go
on). No file holds a time or a speed, so that equal runs leave equal bytes.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from sentiment.errors import ConfigError, ScoringError
from sentiment.release.bundle import Bundle, load_bundle
from sentiment.scoring.folder import MANIFEST, PREDICTIONS, REJECTED, WORK, ResultFolder
from sentiment.scoring.inputs import find_inputs, look_again
from sentiment.scoring.options import DEFAULT_ID_COLUMN, Format, Options
from sentiment.scoring.plan import (
    Part,
    Source,
    parts_of_lines,
    parts_to_lines,
    plan_parts,
    read_layout,
    source_as_record,
)
from sentiment.scoring.summary import Summary
from sentiment.scoring.work import (
    Counts,
    Job,
    Task,
    counts_of_done,
    part_name,
    rejected_name,
    score_part,
)

_PLAN = f"{WORK}/plan.jsonl"
_FORMAT_VERSION = 1


class TakesTasks(Protocol):
    """Workers; see `sentiment.scoring.cluster.Workers`."""

    def run(self, function: Callable[[Task], Counts], tasks: Iterable[Task], /) -> Iterator[Counts]:
        """Run a function on each task and yield what it returns, as it comes."""
        ...


class Watcher(Protocol):
    """Who is told how far a run is."""

    def planned(self, rows: int, done: int) -> None:
        """Note how many rows there are, and how many an earlier run has done."""

    def advanced(self, rows: int) -> None:
        """Note that so many more rows are done."""


def score_files(
    inputs: Sequence[str],
    output: str,
    *,
    bundle_dir: Path,
    options: Options,
    workers: Callable[[], AbstractContextManager[TakesTasks]],
    watcher: Watcher,
) -> Summary:
    """Score every row of the inputs.

    Args:
        inputs: files, folders or patterns.
        output: the folder of results; one that an earlier run has begun is completed.
        bundle_dir: the model.
        options: what decides the content of the results.
        workers: starts workers; called only if there is something left to do.
        watcher: told of progress.

    Raises:
        BundleError: the model can't be used.
        ConfigError: the folder holds something else, or results of other inputs, model, options.
        DataError: an input can't be read or lacks a column.
        OutOfSpaceError: the disk is full.
        ScoringError: workers or scheduler are gone, or an input was changed meanwhile.
    """
    began = time.monotonic()
    bundle = load_bundle(bundle_dir)
    sources = [
        read_layout(file, text_column=options.text_column, id_column=options.id_column)
        for file in find_inputs(inputs, output=output)
    ]
    folder = ResultFolder(output)
    wanted = _description(sources, bundle, options)
    # Before the lock too, which writes and clears: a folder of something else is left as it is.
    _manifest_of_earlier(folder, wanted)
    with folder.locked():
        parts = _plan(folder, sources, options, wanted)
        done = {part.index: counts_of_done(folder, part, options.format) for part in parts}
        left = [part for part in parts if done[part.index] is None]
        n_rows = sum(part.n_rows for part in parts)
        n_left = sum(part.n_rows for part in left)
        watcher.planned(n_rows, n_rows - n_left)
        job = Job(
            output=folder.address,
            format=options.format,
            bundle_dir=str(bundle_dir.resolve()),
            bundle_digest=bundle.digest,
            text_column=options.text_column,
            id_column=options.id_column or DEFAULT_ID_COLUMN,
        )
        started = began
        if left:
            with workers() as crew:
                started = time.monotonic()
                tasks = (Task(job, sources[part.source], part) for part in left)
                for counts in crew.run(score_part, tasks):
                    watcher.advanced(counts.scored + counts.rejected)
        scored, rejected = _verify(folder, sources, parts, options.format)
        _collect_rejected(folder, parts)
    ended = time.monotonic()
    return Summary(
        output=output,
        inputs=len(sources),
        rows=n_rows,
        scored=scored,
        rejected=rejected,
        rows_of_this_run=n_left,
        preparing_s=(started if left else ended) - began,
        scoring_s=ended - started if left else 0.0,
        model=bundle.manifest.name,
        digest=bundle.digest,
    )


def _description(sources: list[Source], bundle: Bundle, options: Options) -> dict[str, Any]:
    return {
        "format_version": _FORMAT_VERSION,
        "model": {"name": bundle.manifest.name, "digest": bundle.digest},
        "options": asdict(options),
        "inputs": [source_as_record(source) for source in sources],
    }


def _plan(
    folder: ResultFolder, sources: list[Source], options: Options, wanted: dict[str, Any]
) -> list[Part]:
    """Take the plan of an earlier run, or make one."""
    kept = _manifest_of_earlier(folder, wanted)
    if kept is not None:
        return _earlier_plan(folder, kept)
    parts = plan_parts(sources, text_column=options.text_column, part_rows=options.part_rows)
    folder.write(_PLAN, parts_to_lines(parts))
    lines = folder.read(_PLAN) or b""
    # Written last: where there is a manifest there is a whole plan.
    document = {**wanted, "plan_sha256": hashlib.sha256(lines).hexdigest()}
    folder.write(MANIFEST, [json.dumps(document, indent=2, sort_keys=True).encode() + b"\n"])
    return parts_of_lines(lines)


def _manifest_of_earlier(folder: ResultFolder, wanted: dict[str, Any]) -> dict[str, Any] | None:
    """Return the manifest of an earlier run with the same description; None in a new folder.

    Raises:
        ConfigError: the folder holds something else.
    """
    content = folder.read(MANIFEST)
    if content is None:
        others = folder.foreign_names()
        if others and MANIFEST not in others:  # else a run beside this one has just written it
            raise ConfigError(
                f"{folder.address} is no folder of results: it holds {others[0]} and no "
                f"{MANIFEST}.",
                hint="Choose an --output that is new or empty.",
            )
        return None
    try:
        kept = json.loads(content)
    except (ValueError, RecursionError):
        kept = None
    if not isinstance(kept, dict):
        raise ConfigError(
            f"{folder.address} is no folder of results: its {MANIFEST} is not one of a run.",
            hint="Choose an --output that is new or empty.",
        )
    for key, value in wanted.items():
        if kept.get(key) != json.loads(json.dumps(value)):
            raise ConfigError(
                f"{folder.address} holds results of another run: the {key} differ. "
                f"Then {_short(kept.get(key))}, now {_short(value)}.",
                hint="Give the same inputs, model and options, or choose another --output.",
            )
    return kept


def _earlier_plan(folder: ResultFolder, kept: dict[str, Any]) -> list[Part]:
    lines = folder.read(_PLAN) or b""
    if hashlib.sha256(lines).hexdigest() != kept.get("plan_sha256"):
        raise ScoringError(
            f"{folder.address}/{_PLAN} is not the plan that {MANIFEST} names.",
            hint="Choose another --output and start again.",
        )
    return parts_of_lines(lines)


def _short(value: object) -> str:
    text = json.dumps(value, sort_keys=True)
    return text if len(text) <= 300 else f"{text[:300]}…"


def _verify(
    folder: ResultFolder, sources: list[Source], parts: list[Part], format_: Format
) -> tuple[int, int]:
    """Count rows in and rows out, in the files as they lie there.

    Returns:
        Rows scored and rows set aside.
    """
    for source in sources:
        if look_again(source.file) != source.file:
            raise ScoringError(
                f"{source.file.name} was changed while it was scored.",
                hint="Score it again into another --output, once it no longer changes.",
            )
    scored = rejected = 0
    for part in parts:
        counts = counts_of_done(folder, part, format_)
        if counts is None:
            raise ScoringError(
                f"{part_name(part, format_)} lacks rows of {part.n_rows:,}.",
                hint="Run the same command again: it scores what is missing.",
            )
        scored += counts.scored
        rejected += counts.rejected
    expected = {part_name(part, format_) for part in parts}
    foreign = [
        name
        for name in folder.names()
        if name.startswith(f"{PREDICTIONS}/") and name not in expected
    ]
    if foreign:
        raise ScoringError(
            f"{folder.address} holds {foreign[0]}, which is no part of this run.",
            hint="Take it away and run the same command again.",
        )
    return scored, rejected


def _collect_rejected(folder: ResultFolder, parts: list[Part]) -> None:
    """Write all rows that were set aside into one file, in the order of the inputs."""
    names = set(folder.names())
    chunks = (folder.read(name) or b"" for name in map(rejected_name, parts) if name in names)
    folder.write(REJECTED, chunks)

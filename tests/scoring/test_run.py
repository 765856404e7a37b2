"""A run within one process: rows in are rows out, and a later run goes on or says why not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import fsspec  # type: ignore[import-untyped]
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sentiment.errors import BundleError, ConfigError, ScoringError
from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import load_bundle
from sentiment.scoring.options import Format
from sentiment.scoring.work import Counts, Task
from tests.bundles import make_tiny_bundle
from tests.scoring.scored import (
    CutOffError,
    Heard,
    Inline,
    csv_bytes,
    numbered_csv,
    read_rejected,
    read_results,
    score,
    tree,
)


@pytest.mark.parametrize("format_", list(Format))
def test_one_row_a_row_with_what_the_predictor_says(
    tmp_path: Path, tiny_bundle: Path, format_: Format
) -> None:
    texts = ["I love it", "", "two\nlines", "hate " * 4000, "😂", "Das ist ein Satz, glaube ich."]
    rows = [(f"c{n}", text) for n, text in enumerate(texts)]
    path = tmp_path / "in.csv"
    path.write_bytes(csv_bytes(["id", "text"], rows) + b"broken\n")
    heard = Heard()

    summary = score(
        path, output=tmp_path / "out", bundle=tiny_bundle, heard=heard, format=format_, part_rows=4
    )

    predictor = Predictor.from_bundle(load_bundle(tiny_bundle), threads=1)
    wanted = [*predictor.predict(texts[:4]), *predictor.predict(texts[4:])]
    assert read_results(tmp_path / "out") == [
        {"file": str(path), "row": n + 1, "id": f"c{n}", **prediction.as_record()}
        for n, prediction in enumerate(wanted)
    ]
    assert read_rejected(tmp_path / "out") == [(7, "1 fields, the header has 2")]
    assert (summary.rows, summary.scored, summary.rejected) == (7, 6, 1)
    assert (heard.totals, heard.rows) == ([(7, 0)], [4, 3])


@pytest.mark.parametrize("format_", list(Format))
def test_a_run_that_was_cut_off_anywhere_ends_in_the_same_bytes(
    tmp_path: Path, tiny_bundle: Path, format_: Format
) -> None:
    path = numbered_csv(tmp_path / "in.csv", 30)
    path.write_bytes(path.read_bytes() + b"a,b,c\nd,e,f\n")
    options: dict[str, Any] = {"bundle": tiny_bundle, "format": format_, "part_rows": 5}
    score(path, output=tmp_path / "whole", **options)
    assert len(read_rejected(tmp_path / "whole")) == 2

    done = []
    for _ in range(3):
        crew = Inline(limit=2)
        with pytest.raises(CutOffError):
            score(path, output=tmp_path / "cut", crew=crew, **options)
        done += [task.part.index for task in crew.done]
    heard = Heard()
    summary = score(path, output=tmp_path / "cut", heard=heard, **options)

    assert done == [0, 1, 2, 3, 4, 5]
    assert (heard.totals, heard.rows) == ([(32, 30)], [2])
    assert summary.rows_of_this_run == 2
    assert tree(tmp_path / "cut") == tree(tmp_path / "whole")


def test_a_run_of_a_pattern_that_holds_its_own_results_goes_on(
    tmp_path: Path, tiny_bundle: Path
) -> None:
    pq.write_table(pa.table({"text": ["good"] * 10}), tmp_path / "in.parquet")
    inputs, output = tmp_path / "**" / "*.parquet", tmp_path / "out"
    with pytest.raises(CutOffError):
        score(inputs, output=output, bundle=tiny_bundle, part_rows=4, crew=Inline(limit=1))
    summary = score(inputs, output=output, bundle=tiny_bundle, part_rows=4)
    assert (summary.inputs, summary.rows, summary.rows_of_this_run) == (1, 10, 6)


def test_a_run_that_ended_has_nothing_left_to_do(tmp_path: Path, tiny_bundle: Path) -> None:
    path = numbered_csv(tmp_path / "in.csv", 10)
    score(path, output=tmp_path / "out", bundle=tiny_bundle)
    before = tree(tmp_path / "out")
    summary = score(path, output=tmp_path / "out", bundle=tiny_bundle, crew=Inline(limit=0))
    assert (summary.rows, summary.rows_of_this_run, summary.comments_per_s) == (10, 0, None)
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize("format_", list(Format))
@pytest.mark.parametrize("damage", ["nothing left", "cut", "rejected rows lost"])
def test_a_part_that_lost_rows_is_scored_again(
    tmp_path: Path, tiny_bundle: Path, damage: str, format_: Format
) -> None:
    path = numbered_csv(tmp_path / "in.csv", 10)
    path.write_bytes(path.read_bytes() + b"broken\n")
    score(path, output=tmp_path / "out", bundle=tiny_bundle, part_rows=4, format=format_)
    before = tree(tmp_path / "out")
    name = "predictions/part-0000002." + format_
    if damage == "rejected rows lost":
        name = ".work/rejected-0000002.jsonl"
    content = before[name]
    (tmp_path / "out" / name).write_bytes(b"" if damage == "nothing left" else content[:-9])
    if damage == "rejected rows lost":
        (tmp_path / "out" / name).unlink()
    crew = Inline()
    score(path, output=tmp_path / "out", bundle=tiny_bundle, crew=crew, part_rows=4, format=format_)
    assert [task.part.index for task in crew.done] == [2]
    assert tree(tmp_path / "out") == before


def test_a_run_killed_while_it_planned_starts_again(tmp_path: Path, tiny_bundle: Path) -> None:
    path = numbered_csv(tmp_path / "in.csv", 10)
    score(path, output=tmp_path / "whole", bundle=tiny_bundle)
    work = tmp_path / "out" / ".work"
    work.mkdir(parents=True)
    (work / "plan.jsonl").write_bytes(b"an older one")
    score(path, output=tmp_path / "out", bundle=tiny_bundle)
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


@pytest.mark.parametrize("what", ["options", "inputs", "touched", "model"])
def test_going_on_with_something_else_is_refused(
    tmp_path: Path, tiny_bundle: Path, what: str
) -> None:
    path = numbered_csv(tmp_path / "in.csv", 10)
    output = tmp_path / "out"
    score(path, output=output, bundle=tiny_bundle, part_rows=5)
    before = tree(output)
    inputs, bundle, rows = [path], tiny_bundle, 5
    if what == "options":
        rows = 6
    elif what == "inputs":
        inputs.append(numbered_csv(tmp_path / "more.csv", 1))
    elif what == "touched":
        os.utime(path, (1, 1))
    else:
        bundle = make_tiny_bundle(tmp_path / "other", seed=14)
    said = "inputs" if what == "touched" else what
    with pytest.raises(ConfigError, match=f"results of another run: the {said} differ"):
        score(*inputs, output=output, bundle=bundle, part_rows=rows)
    assert tree(output) == before


class Meddling(Inline):
    """Something is done to the files just before the last part is scored."""

    def __init__(self, meddle: Callable[[], object], n_parts: int) -> None:
        super().__init__()
        self.meddle = meddle
        self.n_parts = n_parts

    def run(self, function: Callable[[Task], Counts], tasks: Iterable[Task], /) -> Iterator[Counts]:
        for task in tasks:
            if task.part.index == self.n_parts - 1:
                self.meddle()
            yield function(task)


@pytest.mark.parametrize("change", ["shorter", "touched", "a part goes", "a part comes"])
def test_what_changes_under_a_run_is_noticed(
    tmp_path: Path, tiny_bundle: Path, change: str
) -> None:
    path, output = numbered_csv(tmp_path / "in.csv", 10), tmp_path / "out"
    meddle = {
        "shorter": lambda: path.write_bytes(path.read_bytes()[:-20]),
        "touched": lambda: os.utime(path, (1, 1)),
        "a part goes": (output / "predictions/part-0000000.parquet").unlink,
        "a part comes": lambda: (output / "predictions/part-0000009.parquet").write_bytes(b""),
    }[change]
    said = {"a part goes": "lacks rows", "a part comes": "which is no part of this run"}
    with pytest.raises(ScoringError, match=said.get(change, "in.csv was changed while")):
        score(
            path, output=output, bundle=tiny_bundle, part_rows=5, crew=Meddling(meddle, n_parts=2)
        )


def test_a_bundle_that_is_swapped_under_a_worker_is_refused(
    tmp_path: Path, tiny_bundle: Path
) -> None:
    path, bundle = numbered_csv(tmp_path / "in.csv", 4), make_tiny_bundle(tmp_path / "b", seed=15)

    def swap() -> None:
        (bundle / "sentiment.json").write_bytes((tiny_bundle / "sentiment.json").read_bytes())

    with pytest.raises(BundleError):
        score(path, output=tmp_path / "out", bundle=bundle, crew=Meddling(swap, n_parts=1))


def test_no_rows_give_no_predictions(tmp_path: Path, tiny_bundle: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b"text\n")
    (tmp_path / "in.jsonl").write_bytes(b"")
    summary = score(
        tmp_path / "in.csv", tmp_path / "in.jsonl", output=tmp_path / "out", bundle=tiny_bundle
    )
    assert (summary.inputs, summary.rows, summary.rejected) == (2, 0, 0)
    assert (tmp_path / "out" / "rejected.jsonl").read_bytes() == b""


def test_a_comment_of_ten_megabytes_is_a_row_like_any_other(
    tmp_path: Path, tiny_bundle: Path
) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(csv_bytes(["text"], [["so good " * 1_300_000], ["fine"], ["x" * 17_000_000]]))
    score(path, output=tmp_path / "out", bundle=tiny_bundle)
    assert [row["row"] for row in read_results(tmp_path / "out")] == [1, 2]
    assert read_rejected(tmp_path / "out") == [(3, "longer than 16,777,216 bytes")]


def test_inputs_and_results_may_lie_in_another_file_system(
    tmp_path: Path, tiny_bundle: Path
) -> None:
    store = fsspec.filesystem("memory")
    local = numbered_csv(tmp_path / "in.csv", 20)
    content = local.read_bytes() + b"broken\n"
    local.write_bytes(content)
    store.pipe_file("/bucket/in.csv", content)
    options: dict[str, Any] = {"bundle": tiny_bundle, "part_rows": 6}
    score(local, output=tmp_path / "out", **options)
    with pytest.raises(CutOffError):
        score("memory://bucket/in.csv", output="memory://bucket/out", crew=Inline(2), **options)
    summary = score("memory://bucket/in.csv", output="memory://bucket/out", **options)

    assert (summary.rows, summary.rows_of_this_run) == (21, 9)
    store.get("/bucket/out", str(tmp_path / "got"), recursive=True)
    got, wanted = read_results(tmp_path / "got"), read_results(tmp_path / "out")
    assert [{**row, "file": str(local)} for row in got] == wanted
    assert read_rejected(tmp_path / "got") == read_rejected(tmp_path / "out")


def test_the_rows_of_two_files_of_one_name_are_told_apart(
    tmp_path: Path, tiny_bundle: Path
) -> None:
    paths = [tmp_path / folder / "x.csv" for folder in "ab"]
    for path in paths:
        path.parent.mkdir()
        numbered_csv(path, 3)
    score(*paths, output=tmp_path / "out", bundle=tiny_bundle)
    keys = [(row["file"], row["row"]) for row in read_results(tmp_path / "out")]
    assert keys == [(str(path), row) for path in paths for row in (1, 2, 3)]

"""From names on the command line to files with an identity."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import fsspec  # type: ignore[import-untyped]
import pytest

from sentiment.errors import ConfigError, DataError
from sentiment.scoring.inputs import Kind, find_inputs, look_again, open_bytes


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(*names: str, content: bytes = b"text\nx\n") -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content)


def names_of(*arguments: str) -> list[str]:
    return [file.name for file in find_inputs(arguments, output="out")]


def test_files_keep_their_order_and_say_what_they_are() -> None:
    put("b.jsonl.gz", "a.CSV", "c.tsv", "d.ndjson", "e.parquet")
    found = find_inputs(["b.jsonl.gz", "./a.CSV", "c.tsv", "d.ndjson", "e.parquet"], output="out")
    assert [(file.name, file.kind, file.is_gzip) for file in found] == [
        ("b.jsonl.gz", Kind.JSONL, True),
        ("a.CSV", Kind.CSV, False),
        ("c.tsv", Kind.TSV, False),
        ("d.ndjson", Kind.JSONL, False),
        ("e.parquet", Kind.PARQUET, False),
    ]


def test_a_folder_gives_what_can_be_scored_below_it_sorted() -> None:
    put("in/b/x.csv", "in/a.csv", "in/notes.txt", "in/.hidden/y.csv", "in/.z.csv", "in/c.jsonl")
    assert names_of("in") == ["in/a.csv", "in/b/x.csv", "in/c.jsonl"]


def test_a_pattern_gives_its_files_sorted_and_a_name_with_brackets_is_a_name() -> None:
    put("in/2.csv", "in/1.csv", "in/3.tsv", "odd[1].csv")
    assert names_of("in/*.csv", "odd[1].csv") == ["in/1.csv", "in/2.csv", "odd[1].csv"]


def test_two_files_of_one_name_are_told_apart_by_their_folders() -> None:
    put("a/x.csv", "b/x.csv")
    assert names_of("a/x.csv", "b") == ["a/x.csv", "b/x.csv"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.csv", "./a.csv"], "a.csv is named twice"),
        (["in", "in/a.csv"], "in/a.csv is named twice"),
        (["nowhere.csv"], "There is no input nowhere.csv"),
        (["in/*.tsv"], "in/*.tsv holds no file to score"),
        (["empty"], "empty holds no file to score"),
        (["a.txt"], "a.txt is of no known kind; wanted .csv, .tsv"),
        (["a.parquet.gz"], "a.parquet.gz is of no known kind"),
        (["foo://a.csv"], "foo://a.csv can't be opened: Protocol not known"),
    ],
)
def test_what_can_not_be_an_input_is_refused(arguments: list[str], said: str) -> None:
    put("a.csv", "in/a.csv", "a.txt", "a.parquet.gz")
    Path("empty").mkdir()
    with pytest.raises(DataError) as caught:
        names_of(*arguments)
    assert said in str(caught.value)


def test_results_within_an_input_folder_are_refused() -> None:
    put("in/a.csv")
    Path("link").symlink_to("in")
    for output in ("in/out", "in2/../in/out", "link/out"):
        with pytest.raises(ConfigError, match=f"{output} lies within the input folder in"):
            find_inputs(["in"], output=output)
    assert find_inputs(["in"], output="in2")


@pytest.mark.parametrize("output", ["out", "./in/../out", "link", "memory://out"])
def test_a_pattern_leaves_out_the_results_below_the_output(output: str) -> None:
    put("in/a.parquet", "out2/b.parquet", "out/predictions/part-0000000.parquet")
    Path("link").symlink_to("out")
    found = [file.name for file in find_inputs(["**/*.parquet"], output=output)]
    wanted = ["in/a.parquet", "out2/b.parquet"]
    if output == "memory://out":  # another file system: what lies here is no result of that run
        wanted.insert(1, "out/predictions/part-0000000.parquet")
    assert found == wanted


def test_a_changed_file_is_another_one() -> None:
    put("a.csv")
    (file,) = find_inputs(["a.csv"], output="out")
    assert look_again(file) == file
    os.utime("a.csv", (1, 1))
    assert look_again(file) != file
    Path("a.csv").unlink()
    with pytest.raises(DataError, match=r"a\.csv can't be looked at"):
        look_again(file)


@pytest.mark.parametrize("damage", ["cut", "plain", "flipped"])
def test_a_damaged_gzip_file_is_named(damage: str) -> None:
    whole = gzip.compress(b"text\n" + os.urandom(5000).hex().encode())
    flipped = whole[:500] + bytes([whole[500] ^ 255]) + whole[501:]
    put("a.csv.gz", content={"cut": whole[:2000], "plain": b"text\n", "flipped": flipped}[damage])
    (file,) = find_inputs(["a.csv.gz"], output="out")
    with (
        pytest.raises(DataError, match=r"a\.csv\.gz is no whole gzip file"),
        open_bytes(file) as stream,
    ):
        stream.read()


def test_files_of_another_file_system_are_found_and_read() -> None:
    store = fsspec.filesystem("memory")
    for name in ("b.csv", "a.csv", "a.txt"):
        store.pipe_file(f"/inputs/{name}", b"text\nx\n")
    found = find_inputs(["memory://inputs"], output="out")
    assert [file.name for file in found] == ["memory:///inputs/a.csv", "memory:///inputs/b.csv"]
    assert find_inputs(["memory://inputs/*.csv"], output="out") == found
    assert look_again(found[0]) == found[0]
    with open_bytes(found[0]) as stream:
        assert stream.read() == b"text\nx\n"

"""`sentiment predict`: one JSON line a row in the same order, whatever the rows hold."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import load_bundle
from tests.cli.calling import CommandLine, assert_clear

# The wire format of the service, in its order.
KEYS = ["label", "score", "probabilities", "confidence", "status"]
HOSTILE = {
    "plain": "I love this song",
    "quoted newlines": 'He said "never, ever"\nand left\r\n\r\nbad',
    "blank": "   \t ",
    "missing": "",
    "right to left": "هذا الفيديو رائع جدا وأنا أحبه كثيرا",
    "direction marks": "\u202ethis is so \u2066bad\u2069\u202c",
    "control characters": "love\x00 it\x07\x1b[31m very\x7f much",
    "only emoji": "😂😂😂👍🏽👩‍👩‍👧",
    "long": "so good and so bad " * 526 + "......",
    "markup": "<b>great</b> &amp; <script>alert('x')</script>",
    "duplicate": "I love this song",
    "surrogates": "\U0001f600 caf\u0065\u0301 \ufffd",
}
assert len(HOSTILE["long"]) == 10_000
_COLUMN = "Name the column with --text-column"
_KIND = "JSON lines, .gz and Parquet are for `sentiment score`"


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    """Write a CSV file with a byte order mark and the line ends of Windows, as Excel does."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    path.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())
    return path


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read JSON lines; only a line feed ends a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


@pytest.fixture(autouse=True)
def model(tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model that predicts where no other is named."""
    monkeypatch.setenv("SENTIMENT_MODEL_DIR", str(tiny_bundle))
    return tiny_bundle


def test_predict_writes_one_line_a_row_in_order(
    sentiment: CommandLine, folder: Path, model: Path
) -> None:
    texts = list(HOSTILE.values())
    # The column of texts comes first: the byte order mark must not become part of its name.
    table = write_csv(folder / "in.csv", ["text", "id"], [[text, "7"] for text in texts])

    outcome = sentiment("predict", "--input", table, "--output", folder / "out.jsonl")

    assert (outcome.code, outcome.stdout) == (0, "")
    records = read_lines(folder / "out.jsonl")
    wanted = [one.as_record() for one in Predictor.from_bundle(load_bundle(model)).predict(texts)]
    assert len(records) == len(texts)
    for record, expected in zip(records, wanted, strict=True):
        assert list(record) == KEYS
        assert (record["label"], record["status"]) == (expected["label"], expected["status"])
        assert record["score"] == pytest.approx(expected["score"])
        assert list(record["probabilities"]) == ["negative", "neutral", "positive"]
        assert record["probabilities"] == pytest.approx(expected["probabilities"])
        assert record["confidence"] == max(record["probabilities"].values())
        assert type(record["label"]) is int
    by_kind = dict(zip(HOSTILE, records, strict=True))
    assert by_kind["blank"]["status"] == by_kind["missing"]["status"] == "empty"
    assert by_kind["right to left"]["status"] == "not_english"
    assert by_kind["only emoji"]["status"] in {"ok", "unsure"}
    assert by_kind["duplicate"] == by_kind["plain"]
    assert f"{len(texts)} predictions" in outcome.stderr


def test_predict_takes_rows_without_text_and_no_blank_lines(
    sentiment: CommandLine, folder: Path
) -> None:
    # A line without anything is no row, as for pandas; a quoted nothing is one.
    (folder / "in.csv").write_text('id,text\n1,\n2,so good\n\n3,""\n', encoding="utf-8")
    outcome = sentiment("predict", "--input", "in.csv", "--output", "out.jsonl")
    assert outcome.code == 0
    statuses = [record["status"] for record in read_lines(folder / "out.jsonl")]
    assert [status == "empty" for status in statuses] == [True, False, True]


def test_predict_reads_another_column_bundle_and_tabs(
    sentiment: CommandLine, folder: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTIMENT_MODEL_DIR", "nowhere")
    (folder / "in.tsv").write_text("n\tmy comment\n1\tso good, really\n", encoding="utf-8")
    outcome = sentiment(
        *("predict", "--input", "in.tsv", "--text-column", "my comment"),
        *("--output", folder / "new" / "out.jsonl", "--bundle", model),
    )
    assert outcome.code == 0
    assert len(read_lines(folder / "new" / "out.jsonl")) == 1


@pytest.mark.parametrize("name", ["in.csv", "symlink.csv", "hard link.csv"])
def test_predict_never_replaces_its_input(sentiment: CommandLine, folder: Path, name: str) -> None:
    table = write_csv(folder / "in.csv", ["text"], [["good"], ["bad"]])
    (folder / "symlink.csv").symlink_to(table)
    (folder / "hard link.csv").hardlink_to(table)
    before = table.read_bytes()
    outcome = sentiment("predict", "--input", table, "--output", folder / name)
    assert_clear(outcome, 3, f"{name} is the table itself", "--output")
    assert table.read_bytes() == before == (folder / name).read_bytes()
    assert (folder / "symlink.csv").is_symlink()
    assert (folder / "hard link.csv").samefile(table)


def test_predict_writes_through_a_link(sentiment: CommandLine, folder: Path) -> None:
    write_csv(folder / "in.csv", ["text"], [["good"], ["bad"]])
    (folder / "store").mkdir()
    (folder / "store" / "out.jsonl").write_text("older\n")
    (folder / "out.jsonl").symlink_to("store/out.jsonl")
    assert sentiment("predict", "--input", "in.csv", "--output", "out.jsonl").code == 0
    assert (folder / "out.jsonl").is_symlink()
    assert len(read_lines(folder / "store" / "out.jsonl")) == 2


@pytest.mark.parametrize(
    ("content", "said", "way_out"),
    [
        (b"comment,id\nlove,1\n", "lacks the column 'text'; it has 'comment', 'id'", _COLUMN),
        (b"text,id,text\nlove,1,hate\n", "has more than one column 'text'", "its own name"),
        (b"", "no header at all", "with a header in its first line"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe", "can't be read as a table: it is not UTF-8", _KIND),
        ("text\nlove".encode("utf-16"), "can't be read as a table: it is not UTF-8", _KIND),
        (gzip.compress(b"text\nlove\n"), "can't be read as a table: it is not UTF-8", _KIND),
        (b'{"text": ["love"]}', "lacks the column 'text'; it has a first line that may", _KIND),
        (b"text;id\nlove;1\n", "lacks the column 'text'; it has a first line that may", "commas"),
        (b"text\nlove\n\xff\xfe broken\n", "can't be read as a table: it is not UTF-8", _KIND),
        (b'"text\nlove\n', "can't be read as a table: unexpected end of data", "doubled"),
        (b'text\nlove\n"open\nhate\n', "row 2, which begins in line 3: a quote", "doubled"),
        (b"text,id\nlove,1\nso\ngood,2\n", "row 2, which begins in line 3: 1 fields", "doubled"),
        (None, "in.csv can't be read: No such file or directory.", "a file that is there"),
    ],
    ids=[
        *("other columns", "two of a name", "nothing", "picture", "utf-16", "gzip", "json"),
        *("semicolons", "broken later", "open header", "open quote", "short row", "missing"),
    ],
)
def test_predict_of_what_is_no_such_table_ends_with_3_and_writes_nothing(
    sentiment: CommandLine, folder: Path, content: bytes | None, said: str, way_out: str
) -> None:
    if content is not None:
        (folder / "in.csv").write_bytes(content)
    (folder / "older.jsonl").write_text("older\n")
    before = sorted(folder.iterdir())
    for output in ("new.jsonl", "older.jsonl"):
        outcome = sentiment("predict", "--input", "in.csv", "--output", output)
        assert_clear(outcome, 3, "in.csv", said, way_out)
    assert sorted(folder.iterdir()) == before
    assert (folder / "older.jsonl").read_text() == "older\n"


@pytest.mark.parametrize("command", ["predict", "score", "evaluate"])
@pytest.mark.parametrize(
    "first", ["I hate this guy", "so bad,7", "1,awful", "😂", "Schrecklich!", "这个视频太好了"]
)
def test_no_text_of_a_file_without_a_header_is_shown(
    sentiment: CommandLine, folder: Path, command: str, first: str
) -> None:
    (folder / "in.csv").write_text(f"{first}\nterrible,1\n", encoding="utf-8")
    inputs = ["in.csv"] if command == "score" else ["--input", "in.csv"]
    outcome = sentiment(command, *inputs, "--output", "out")
    assert_clear(outcome, 3, "in.csv lacks the column 'text'", "--text-column")
    texts = [part for part in (*first.split(","), "terrible") if not part.isdigit()]
    assert not any(text in outcome.stderr for text in texts)


def test_predict_without_a_model_ends_with_7(
    sentiment: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTIMENT_MODEL_DIR", "nowhere")
    write_csv(folder / "in.csv", ["text"], [["good"]])
    outcome = sentiment("predict", "--input", "in.csv", "--output", "out.jsonl")
    assert_clear(outcome, 7, "Wanted a bundle at nowhere", "models/starter")
    assert not (folder / "out.jsonl").exists()


@pytest.mark.parametrize("output", [".", "in.csv/out.jsonl"])
def test_predict_to_a_place_that_is_none_says_so(
    sentiment: CommandLine, folder: Path, output: str
) -> None:
    write_csv(folder / "in.csv", ["text"], [["good"]])
    outcome = sentiment("predict", "--input", "in.csv", "--output", output)
    assert_clear(outcome, 1, "Name another place")
    assert [path.name for path in folder.iterdir()] == ["in.csv"]


def test_predict_to_a_pipe_says_so_and_leaves_it(sentiment: CommandLine, folder: Path) -> None:
    write_csv(folder / "in.csv", ["text"], [["good"]])
    os.mkfifo(folder / "pipe")
    outcome = sentiment("predict", "--input", "in.csv", "--output", "pipe")
    assert_clear(outcome, 1, "pipe: Not a regular file.", "Name another place")
    assert (folder / "pipe").is_fifo()

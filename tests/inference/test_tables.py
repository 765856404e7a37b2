"""Tables in, one JSON line a row out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sentiment.errors import DataError
from sentiment.inference import tables
from sentiment.inference.predictor import Predictor
from sentiment.inference.tables import predict_file
from tests.corpora.handmade import write_lines, write_table


def read(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_predict_file_keeps_rows_and_order(tmp_path: Path) -> None:
    texts = ["love it", "", "two\nlines, hate", "so so", "😂"]
    table = write_table(tmp_path / "in.csv", ["id", "text"], enumerate(texts))
    output = tmp_path / "out.jsonl"

    n_rows = predict_file(Predictor.dummy(), table, text_column="text", output=output)

    assert n_rows == 5
    records = read(output)
    assert [record["label"] for record in records] == [1, 0, -1, 0, 0]
    assert [record["status"] for record in records] == ["ok", "empty", "ok", "ok", "ok"]
    assert set(records[0]) == {"label", "score", "probabilities", "confidence", "status"}


def test_predict_file_works_in_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_CHUNK_ROWS", 2)
    table = write_table(tmp_path / "in.csv", ["text"], [["love"], ["hate"], ["so"]])
    told: list[int] = []
    predict_file(
        Predictor.dummy(), table, text_column="text", output=tmp_path / "o", on_rows=told.append
    )
    assert told == [2, 1]
    assert [record["label"] for record in read(tmp_path / "o")] == [1, -1, 0]


def test_predict_file_reads_tabs_by_the_suffix(tmp_path: Path) -> None:
    table = write_lines(tmp_path / "in.tsv", "n\ttext", "1\tgreat, really")
    predict_file(Predictor.dummy(), table, text_column="text", output=tmp_path / "o")
    assert [record["label"] for record in read(tmp_path / "o")] == [1]


def test_predict_file_of_a_header_alone_is_an_empty_file(tmp_path: Path) -> None:
    table = write_table(tmp_path / "in.csv", ["text"], [])
    assert predict_file(Predictor.dummy(), table, text_column="text", output=tmp_path / "o") == 0
    assert (tmp_path / "o").read_text() == ""


def test_predict_file_names_a_missing_column_and_keeps_the_older_output(tmp_path: Path) -> None:
    table = write_table(tmp_path / "in.csv", ["comment"], [["love"]])
    (tmp_path / "o").write_text("old")
    with pytest.raises(DataError, match="lacks the column 'text'; it has 'comment'"):
        predict_file(Predictor.dummy(), table, text_column="text", output=tmp_path / "o")
    assert (tmp_path / "o").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 2


def test_predict_file_refuses_a_table_whose_rows_it_can_not_tell_apart(tmp_path: Path) -> None:
    table = write_lines(tmp_path / "in.csv", "text", "love it", '"never closed', "hate it")
    said = r"in\.csv can't be read as a table: row 2, which begins in line 3: a quote"
    with pytest.raises(DataError, match=said):
        predict_file(Predictor.dummy(), table, text_column="text", output=tmp_path / "o")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]

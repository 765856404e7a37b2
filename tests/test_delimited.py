"""Tables of users: every row as it was meant, or a refusal that names the row; nothing between."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from sentiment.delimited import read_table
from sentiment.errors import DataError

TEXTS = ['he said "so good"', '"all of it quoted"', "two\nlines, one comment", "a\ttab", '"', "😂"]


def read(path: Path) -> list[dict[str, str]]:
    return list(read_table(path, columns=["text"], hint="Name it."))


def written(folder: Path, content: str, *, name: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize("name", ["in.csv", "in.tsv", "in.TSV"])
def test_read_table_gives_back_what_pandas_and_the_csv_module_wrote(
    tmp_path: Path, name: str
) -> None:
    delimiter = "\t" if name.lower() == "in.tsv" else ","
    wanted = [{"text": text, "label": str(number)} for number, text in enumerate(TEXTS)]
    pd.DataFrame(wanted).to_csv(tmp_path / name, sep=delimiter, index=False)
    assert read(tmp_path / name) == wanted
    with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["text", "label"], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(wanted)
    assert read(tmp_path / name) == wanted


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "in.csv",
            'text,label\na,1\n\n"two\nlines",1\n"unclosed quote here,1\nd,0\ne,0\n',
            "row 3, which begins in line 6: a quote that is opened in this row is never closed",
        ),
        ("in.csv", 'text,label\n"open,1\nb,1\n"c",0\n', "begins in line 2: ',' expected"),
        ("in.csv", 'text,label\n"so good" she said,1\n', "begins in line 2: ',' expected"),
        (
            "in.csv",
            "text,label\na,1\na text\nof two lines,1\n",
            "row 2, which begins in line 3: 1 fields, the header has 2",
        ),
        ("in.csv", "text,label\na, b,1\n", "line 2: 3 fields, the header has 2"),
        (
            "in.tsv",
            'text\tlabel\na\t1\n"great\t1\nc\t-1\nso bad"\t-1\n',
            "row 2, which begins in line 3: a quoted field holds a tab and the end of a line",
        ),
        ("in.TSV", "text\tlabel\na, b\n", "line 2: 1 fields, the header has 2"),
    ],
    ids=[
        *("never closed", "closed by a later row", "a quoted begin", "a line end without quotes"),
        *("a separator without quotes", "rows swallowed between tabs", "a short row"),
    ],
)
def test_read_table_refuses_a_row_that_reads_in_two_ways(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    with pytest.raises(DataError) as caught:
        read(written(tmp_path, content, name=name))
    assert said in caught.value.message
    assert "quotes inside it are doubled" in caught.value.hint


def test_read_table_refuses_two_columns_of_the_name_that_is_wanted(tmp_path: Path) -> None:
    path = written(tmp_path, "text,label,text\na,1,b\n", name="in.csv")
    with pytest.raises(DataError, match=r"in\.csv has more than one column 'text'; it has"):
        read(path)
    path = written(tmp_path, "label,text,label\n1,a,2\n", name="in.csv")
    assert [row["text"] for row in read(path)] == ["a"]


def test_read_table_takes_tabs_without_quoting(tmp_path: Path) -> None:
    path = written(tmp_path, 'text\tlabel\nso "good", they say\t1\n', name="in.tsv")
    assert read(path) == [{"text": 'so "good", they say', "label": "1"}]

"""Parts and their rows: every row is in exactly one part, and hostile ones have a reason."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sentiment.errors import DataError
from sentiment.scoring import plan
from sentiment.scoring.inputs import find_inputs
from sentiment.scoring.plan import Part, Source, plan_parts, read_layout
from sentiment.scoring.rows import InputRow, read_rows
from tests.scoring.scored import csv_bytes, numbered_csv


def planned(
    path: Path, *, part_rows: int = 4, text: str = "text", id_column: str | None = None
) -> tuple[Source, list[Part]]:
    (file,) = find_inputs([str(path)], output="elsewhere")
    source = read_layout(file, text_column=text, id_column=id_column)
    return source, list(plan_parts([source], text_column=text, part_rows=part_rows))


def rows_of(path: Path, **arguments: Any) -> list[InputRow]:
    """Read all parts, the last ones first: none may need what was read before it."""
    source, parts = planned(path, **arguments)
    by_part = {
        part.index: list(read_rows(source, part, text_column="text", id_column="id"))
        for part in reversed(parts)
    }
    for part in parts:
        assert len(by_part[part.index]) == part.n_rows
        assert by_part[part.index][0].number == part.first_row
    return [row for part in parts for row in by_part[part.index]]


def write_parquet(path: Path, columns: dict[str, Any], *, group_rows: int = 1000) -> Path:
    pq.write_table(pa.table(columns), path, row_group_size=group_rows)
    return path


WANTED = [(n, f"c{n - 1}") for n in range(1, 51)]


@pytest.mark.parametrize("part_rows", [1, 7, 50, 1000])
@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".parquet"])
def test_every_row_is_in_one_part_whatever_the_format(
    tmp_path: Path, suffix: str, part_rows: int
) -> None:
    ids, texts = [f"c{n}" for n in range(50)], [f"text\n{n}" for n in range(50)]
    path = tmp_path / f"in{suffix}"
    if suffix == ".parquet":
        write_parquet(path, {"text": texts, "id": ids}, group_rows=12)
    else:
        lines = [
            json.dumps({"id": id_, "text": text}) for id_, text in zip(ids, texts, strict=True)
        ]
        content = (
            csv_bytes(["id", "text"], zip(ids, texts, strict=True))
            if ".csv" in suffix
            else "\n".join(lines).encode()
        )
        path.write_bytes(gzip.compress(content) if suffix.endswith(".gz") else content)
    rows = rows_of(path, part_rows=part_rows)
    assert [(row.number, row.id) for row in rows] == WANTED
    assert [row.text for row in rows] == texts


def test_long_texts_make_short_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "MAX_PART_BYTES", 1000)
    texts = ["x" * 400] * 10
    (tmp_path / "in.csv").write_bytes(csv_bytes(["text"], ([text] for text in texts)))
    write_parquet(tmp_path / "in.parquet", {"text": [f"{n}{text}" for n, text in enumerate(texts)]})
    for name in ("in.csv", "in.parquet"):
        _, parts = planned(tmp_path / name, part_rows=100)
        assert sum(part.n_rows for part in parts) == 10
        assert max(part.n_rows for part in parts) <= 3


def test_parts_are_the_same_every_time_and_numbered_through_all_inputs(tmp_path: Path) -> None:
    files = find_inputs(
        [str(numbered_csv(tmp_path / f"{n}.csv", 10)) for n in range(2)], output="elsewhere"
    )
    sources = [read_layout(file, text_column="text", id_column=None) for file in files]
    first, second = (list(plan_parts(sources, text_column="text", part_rows=4)) for _ in range(2))
    assert first == second
    assert [(part.index, part.source, part.first_row) for part in first] == [
        *((0, 0, 1), (1, 0, 5), (2, 0, 9)),
        *((3, 1, 1), (4, 1, 5), (5, 1, 9)),
    ]


def test_hostile_csv_rows_are_set_aside_with_their_reason(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(
        b"id,text,more\n1,fine,\n2,short\n3,too,long,row\n4,broken \xff\xfe,\n\n5,,\n"
        b'6,"quoted\n""lines""",\xff\n7,nul \x00 byte,\n8,"open\n9,after,\n'
    )
    rows = rows_of(tmp_path / "in.csv")
    assert [(row.number, row.id, row.text, row.reason) for row in rows] == [
        (1, "1", "fine", None),
        (2, None, None, "2 fields, the header has 3"),
        (3, None, None, "4 fields, the header has 3"),
        (4, None, None, "not UTF-8"),
        (5, "5", "", None),
        (6, "6", 'quoted\n"lines"', None),  # what is broken in another column does no harm
        (7, "7", "nul \x00 byte", None),
        (8, None, None, "a quote that is opened in this row is never closed"),
        (9, "9", "after", None),
    ]


def test_rows_that_a_stray_quote_swallows_between_tabs_are_not_scored_as_one(
    tmp_path: Path,
) -> None:
    (tmp_path / "in.tsv").write_bytes(b'text\tid\nfine\t1\n"great\t2\nso bad"\t3\nafter\t4\n')
    rows = rows_of(tmp_path / "in.tsv")
    assert [(row.id, row.text) for row in rows] == [("1", "fine"), (None, None), ("4", "after")]
    assert "holds a tab and the end of a line" in (rows[1].reason or "")


def test_hostile_json_lines_are_set_aside_with_their_reason(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(
        b'{"text": "fine", "id": 7}\n{"text": null}\n{"other": 1}\n[1]\n{"text": 5}\n{"text"\n'
        b'{"text": "\xff"}\n\n{"text": "half \\ud800", "id": "\\ud800"}\n'
        b'{"text": ' + b"[" * 100_000 + b"\n" + b'{"text": ' + b"9" * 5000 + b"}\n"
    )
    rows = rows_of(tmp_path / "in.jsonl")
    assert [(row.id, row.text) for row in rows[:2]] == [("7", "fine"), (None, None)]
    assert (rows[7].id, rows[7].text) == ("?", "half \ud800")
    reasons = [row.reason for row in rows]
    assert reasons[:2] == [None, None]
    assert reasons[2:5] == [
        "lacks the field 'text'",
        "no JSON object",
        "the text is a int, not a string",
    ]
    assert all("no JSON" in (reasons[n] or "") for n in (5, 8, 9))
    assert reasons[6:8] == ["not UTF-8", None]


def test_parquet_rows_may_be_null_and_broken(tmp_path: Path) -> None:
    broken = pa.array([b"fine", None, b"\xff"], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"text": broken, "id": [1, None, 3]}), tmp_path / "in.parquet")
    rows = rows_of(tmp_path / "in.parquet")
    assert [(row.id, row.text, row.reason) for row in rows] == [
        ("1", "fine", None),
        (None, None, None),
        (None, None, "not UTF-8"),
    ]


@pytest.mark.parametrize(
    "type_", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())], ids=str
)
def test_parquet_texts_may_be_of_any_string_type(tmp_path: Path, type_: Any) -> None:
    texts = pa.array(["one", None, "two"], pa.string()).cast(type_)
    pq.write_table(pa.table({"text": texts}), tmp_path / "in.parquet")
    assert [row.text for row in rows_of(tmp_path / "in.parquet")] == ["one", None, "two"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("in.csv", b"", "in.csv lacks the column 'text'; it has no header at all"),
        ("in.csv", b"comment,id\n", "lacks the column 'text'; it has 'comment', 'id'"),
        ("in.csv", b"text,text\n", "has more than one column 'text'"),
        ("in.csv", b"id,text,id\n", "has more than one column 'id'"),
        ("in.csv", "text\nx\n".encode("utf-16"), "can't be read as a table"),
        ("in.csv", b'"text\nx\n', "can't be read as a table"),
        ("in.csv", b"\x89PNG\r\n\x1a\n", "can't be read as a table"),
        ("in.jsonl", b'{"comment": 1}\n', "lacks the field 'text' in its first 1 rows"),
        ("in.jsonl", b"text\nx\n", "they are no JSON objects"),
        ("in.parquet", b"", "in.parquet can't be read as Parquet"),
        ("in.parquet", b"PAR1" * 9, "in.parquet can't be read as Parquet"),
    ],
)
def test_a_file_without_the_column_is_refused_before_anything_is_scored(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError) as caught:
        planned(tmp_path / name)
    assert said in str(caught.value)


def test_a_parquet_column_of_numbers_is_refused(tmp_path: Path) -> None:
    write_parquet(tmp_path / "in.parquet", {"text": [1, 2]})
    with pytest.raises(DataError, match="holds no text in the column 'text' but int64"):
        planned(tmp_path / "in.parquet")


@pytest.mark.parametrize(
    ("value", "type_", "wanted"),
    [
        (Decimal("1.20"), pa.decimal128(5, 2), "1.20"),
        (date(2024, 5, 1), pa.date32(), "2024-05-01"),
        (
            datetime(2024, 5, 1, 8, tzinfo=UTC),
            pa.timestamp("us", "UTC"),
            "2024-05-01 08:00:00+00:00",
        ),
        (7, pa.int64(), "7"),
        (True, pa.bool_(), "true"),
        ([1, 2], pa.list_(pa.int64()), "[1, 2]"),
    ],
    ids=str,
)
def test_parquet_ids_of_any_type_become_text_without_quotes(
    tmp_path: Path, value: object, type_: Any, wanted: str
) -> None:
    write_parquet(tmp_path / "in.parquet", {"text": ["a"], "id": pa.array([value], type_)})
    assert [row.id for row in rows_of(tmp_path / "in.parquet")] == [wanted]


@pytest.mark.parametrize("name", ["text", "id"])
def test_two_parquet_columns_of_one_name_are_refused(tmp_path: Path, name: str) -> None:
    names = ["text", "id", name, "more", "more"]
    pq.write_table(pa.table([["a"]] * 5, names=names), tmp_path / "in.parquet")
    with pytest.raises(DataError, match=f"in.parquet has more than one column '{name}'"):
        planned(tmp_path / "in.parquet")


def test_two_columns_that_are_not_asked_for_may_have_one_name(tmp_path: Path) -> None:
    names = ["text", "id", "id", "key"]
    pq.write_table(pa.table([["a"], [1], [2], [3]], names=names), tmp_path / "in.parquet")
    (tmp_path / "in.csv").write_bytes(b"text,id,id,key\na,1,2,3\n")
    for path in (tmp_path / "in.parquet", tmp_path / "in.csv"):
        source, (part,) = planned(path, id_column="key")
        rows = list(read_rows(source, part, text_column="text", id_column="key"))
        assert rows == [InputRow(1, "3", "a")]


def test_an_id_column_that_is_asked_for_must_be_there(tmp_path: Path) -> None:
    path = numbered_csv(tmp_path / "in.csv", 3)
    with pytest.raises(DataError, match="lacks the column 'key'"):
        planned(path, id_column="key")


def test_an_id_field_that_is_asked_for_must_be_in_some_of_the_first_json_lines(
    tmp_path: Path,
) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"text": "a"}\n' * 3)
    with pytest.raises(DataError, match="lacks the field 'key' in its first 3 rows") as caught:
        planned(path, id_column="key")
    assert "--id-column" in caught.value.hint
    assert [row.id for row in rows_of(path)] == [None] * 3  # nobody asked for ids
    path.write_bytes(path.read_bytes() + b'{"key": 1}\n')
    assert len(planned(path, id_column="key")[1]) == 1


@pytest.mark.parametrize("name", ["in.csv", "in.tsv"])
def test_a_header_alone_has_no_parts(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"text\n")
    assert planned(tmp_path / name)[1] == []

"""Where records begin and end, whatever bytes a file holds."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.errors import DataError
from sentiment.scoring import records
from sentiment.scoring.records import Lines, Record, csv_records, jsonl_records

Reader = Callable[[Lines], Iterator[Record]]


def csv_reader(lines: Lines) -> Iterator[Record]:
    return csv_records(lines, name="in.csv", delimiter=",")


def read(content: bytes, reader: Reader = csv_reader, offset: int = 0) -> list[Record]:
    return list(reader(Lines(io.BytesIO(content), offset=offset)))


# Bytes that decide where a record ends come often, so that they meet in every way.
HOSTILE = st.lists(
    st.sampled_from([b'"', b",", b"\n", b"\r", b"\r\n", b"a", b"\xff", b"\xc3\xa9", b"\x00", b"{"]),
    max_size=40,
).map(b"".join)


@given(HOSTILE, st.sampled_from([csv_reader, jsonl_records]))
def test_reading_on_from_the_end_of_any_record_gives_the_records_that_follow(
    content: bytes, reader: Reader
) -> None:
    whole = read(content, reader)
    for index, record in enumerate(whole):
        assert read(content, reader, record.end) == whole[index + 1 :]


@given(HOSTILE)
def test_records_end_in_order_and_within_the_file(content: bytes) -> None:
    ends = [record.end for record in read(content)]
    assert ends == sorted(set(ends))
    assert all(0 < end <= len(content) for end in ends)


@given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=3), max_size=8))
def test_what_the_csv_module_wrote_is_read_as_it_was(rows: list[list[str]]) -> None:
    rows = [[field.encode("utf-8", "replace").decode() for field in row] for row in rows]
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    found = read(text.getvalue().encode())
    assert [record.fields for record in found] == rows
    assert all(record.reason is None for record in found)


def test_a_byte_order_mark_is_no_part_of_the_first_record() -> None:
    (record,) = read(b"\xef\xbb\xbftext\r\n")
    assert record == Record(9, ["text"])


def test_a_lone_carriage_return_ends_a_line() -> None:
    assert [record.fields for record in read(b"a,b\rc,d\re,f")] == [
        ["a", "b"],
        ["c", "d"],
        ["e", "f"],
    ]


def test_a_quote_that_is_never_closed_costs_one_line() -> None:
    found = read(b'a,b\n1,"two\n3,four\n5,six\n')
    assert [(record.fields, record.reason) for record in found] == [
        (["a", "b"], None),
        ([], "a quote that is opened in this row is never closed"),
        (["3", "four"], None),
        (["5", "six"], None),
    ]


def test_a_quote_that_a_later_row_closes_costs_one_line() -> None:
    found = read(b'a,b\n"one,1\ntwo,2\n"three",3\n')
    assert [(record.fields, record.reason) for record in found] == [
        (["a", "b"], None),
        ([], "no CSV: ',' expected after '\"'"),
        (["two", "2"], None),
        (["three", "3"], None),
    ]


def test_a_quote_that_stays_open_for_too_long_costs_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(records, "MAX_RECORD_BYTES", 64)
    found = read(b'"open\n' + b"plain line\n" * 20 + b'closed",2\n')
    assert found[0].reason == "a quote that is opened in this row is never closed"
    assert [record.fields for record in found[1:21]] == [["plain line"]] * 20


def test_quotes_that_stay_open_again_and_again_are_refused() -> None:
    # Each such row is read to the end of the file: without a limit, hours for a few megabytes.
    with pytest.raises(DataError, match=r"in\.csv: more than 100 rows open a quote"):
        read(b'x","\n' * 1000)


def test_quotes_that_a_far_row_closes_again_and_again_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Each such row is read down to the last one, which is malformed.
    monkeypatch.setattr(records, "_FREE_BYTES", 10_000)
    with pytest.raises(DataError, match=r"in\.csv: row after row opens a quote"):
        read(b'x","\n' * 1000 + b'x"y,"z"q\n')


def test_any_number_of_malformed_rows_of_a_few_lines_are_set_aside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(records, "_FREE_BYTES", 100)
    found = read(b'"two\nlines" more,1\nfine,2\n' * 500)
    assert sum(record.reason is not None for record in found) == 500
    assert sum(record.fields == ["fine", "2"] for record in found) == 500


@pytest.mark.parametrize("reader", [csv_reader, jsonl_records])
def test_a_line_that_is_too_long_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, reader: Reader
) -> None:
    monkeypatch.setattr(records, "MAX_RECORD_BYTES", 64)
    found = read(b"first\n" + b"x" * 1000 + b"\nlast\n", reader)
    assert [record.reason is None for record in found] == [True, False, True]
    assert "longer than" in (found[1].reason or "")
    assert found[1].end == 1007


def test_lines_without_anything_are_no_records() -> None:
    assert [record.fields for record in read(b"a\n\n\r\nb\n")] == [["a"], ["b"]]
    assert len(read(b"{}\n\n  \n{}\n", jsonl_records)) == 2

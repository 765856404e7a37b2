from __future__ import annotations

from pathlib import Path

import pytest

from sentiment.errors import ContractError, DataError
from sentiment.evaluation.labelled_sets import LabelledSet, parse_label_map, set_from_csv
from sentiment.labels import Label


def _write(tmp_path: Path, content: str, *, name: str = "set.csv") -> Path:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def _read(path: Path, **options: dict[str, Label]) -> LabelledSet:
    return set_from_csv(
        path, text_column="text", label_column="label", label_map=options.get("label_map")
    )


def test_csv_reads_words_and_numbers(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        'text,label\nlove it,Positive\n"two\nlines",-1\n,0\n"a, b",neutral\n',
        name="my.csv",
    )
    found = _read(path)
    assert found.name == "my"
    assert found.texts == ("love it", "two\nlines", "", "a, b")
    assert found.labels.tolist() == [2, 0, 1, 1]
    assert not found.human_labelled


def test_csv_reads_tabs_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = _write(tmp_path, "\ufefftext\tlabel\na, b\t1\n", name="set.tsv")
    assert _read(path).texts == ("a, b",)


def test_csv_reads_a_long_text(tmp_path: Path) -> None:
    path = _write(tmp_path, f"text,label\n{'a' * 200_000},1\n")
    assert len(_read(path).texts[0]) == 200_000


def test_csv_leaves_out_rows_nobody_labelled(tmp_path: Path) -> None:
    assert _read(_write(tmp_path, "text,label\na,1\nb,\nc\n")).texts == ("a",)


def test_csv_takes_a_label_map(tmp_path: Path) -> None:
    path = _write(tmp_path, "text,label\na,0\nb,1\nc,2\n")
    found = _read(path, label_map=parse_label_map("0=negative, 1=neutral, 2=positive"))
    assert found.labels.tolist() == [0, 1, 2]


def test_csv_names_every_wrong_label(tmp_path: Path) -> None:
    path = _write(tmp_path, "text,label\na,1\nb,2\nc,angry\n")
    with pytest.raises(ContractError) as caught:
        _read(path)
    assert caught.value.failures == ("line 3: label '2'", "line 4: label 'angry'")
    assert "--label-map" in caught.value.hint


def test_csv_names_the_missing_column(tmp_path: Path) -> None:
    path = _write(tmp_path, "comment,label\na,1\n")
    with pytest.raises(DataError, match="no column 'text'; found 'comment', 'label'"):
        _read(path)


@pytest.mark.parametrize("content", ["", "text,label\n", "text,label\na,\n"])
def test_csv_without_labelled_rows_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(DataError):
        _read(_write(tmp_path, content))


def test_csv_that_is_absent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="can't be read: No such file"):
        _read(tmp_path / "none.csv")


def test_csv_of_other_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_bytes(b"text,label\n\xff\xfe,1\n")
    with pytest.raises(DataError, match="not UTF-8"):
        _read(path)


@pytest.mark.parametrize("text", ["", "0", "0=sad", "=negative", "0=negative,,"])
def test_label_map_says_what_it_wants(text: str) -> None:
    with pytest.raises(DataError, match="VALUE=LABEL"):
        parse_label_map(text)

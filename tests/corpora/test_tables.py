"""The corpora that are one table each: columns, label values, absent texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from sentiment.corpora.corpus import Corpus, Row, read_csv
from sentiment.corpora.reddit import REDDIT
from sentiment.corpora.semeval import SEMEVAL
from sentiment.corpora.synthetic_corpus import SYNTHETIC
from sentiment.corpora.youtube_labels import (
    HUMAN_100,
    YOUTUBE_GPT4O,
    YOUTUBE_PRODUCT,
    YOUTUBE_SILVER,
)
from sentiment.errors import DataError
from sentiment.labels import Label
from tests.corpora.handmade import write_human_100, write_lines, write_table

N, U, P = Label.NEGATIVE, Label.NEUTRAL, Label.POSITIVE

TABLES: list[tuple[Corpus, str, Sequence[str], Sequence[str]]] = [
    (REDDIT, "Reddit_Data.csv", ["clean_comment", "category"], ["-1", "0", "1"]),
    (SEMEVAL, "semeval_2013_2016.csv", ["text", "label", "id", "file"], ["-1", "0", "1"]),
    (
        YOUTUBE_GPT4O,
        "raw_comments_gpt4o.csv",
        ["Comment", "label", "PublishedAt", "IsReply", "topic"],
        ["negative", "neutral", "positive"],
    ),
    (HUMAN_100, "human_100.csv", ["Comment", "my_label"], ["negative", "Neutral", "positive "]),
    (
        YOUTUBE_PRODUCT,
        "product_human_1185.csv",
        ["text", "sentiment_for_product", "sentiment_for_video"],
        ["0", "1", "2"],
    ),
    (
        YOUTUBE_SILVER,
        "YoutubeCommentsDataSet.csv",
        ["Comment", "Sentiment"],
        ["negative", "neutral", "positive"],
    ),
    (SYNTHETIC, "synthetic.csv", ["text", "label", "id", "source"], ["-1", "0", "1"]),
]
each_table = pytest.mark.parametrize(
    ("corpus", "name", "header", "values"), TABLES, ids=[corpus.name for corpus, *_ in TABLES]
)


def texts_and_labels(rows: Sequence[Row]) -> list[tuple[str | None, Label]]:
    return [(row.text, row.label) for row in rows]


def table_row(header: Sequence[str], text: str, value: str, number: int) -> list[str]:
    return [text, value, *[f"other {number}"] * (len(header) - 2)]


@each_table
def test_parse_reads_texts_and_three_labels(
    tmp_path: Path, corpus: Corpus, name: str, header: Sequence[str], values: Sequence[str]
) -> None:
    texts = ['bad, "really"\nbad', "😂 two", " kept as is "]
    pairs = enumerate(zip(texts, values, strict=True))
    rows = [table_row(header, text, value, number) for number, (text, value) in pairs]
    write_table(tmp_path / name, header, rows)

    found = list(corpus.parse(tmp_path))

    assert texts_and_labels(found) == list(zip(texts, (N, U, P), strict=True))
    assert len({row.id for row in found}) == 3
    assert {row.split for row in found} == {None}


@each_table
def test_parse_reads_an_absent_text_as_none(
    tmp_path: Path, corpus: Corpus, name: str, header: Sequence[str], values: Sequence[str]
) -> None:
    write_table(tmp_path / name, header, [table_row(header, "", values[1], 0)])
    assert texts_and_labels(list(corpus.parse(tmp_path))) == [(None, U)]


@each_table
def test_parse_names_file_and_row_of_a_wrong_label(
    tmp_path: Path, corpus: Corpus, name: str, header: Sequence[str], values: Sequence[str]
) -> None:
    rows = [table_row(header, "fine", values[0], 0), table_row(header, "wrong", "7", 1)]
    write_table(tmp_path / name, header, rows)
    with pytest.raises(DataError) as caught:
        list(corpus.parse(tmp_path))
    assert name in caught.value.message
    assert "'7' is no label; wanted one of" in caught.value.message


@each_table
def test_parse_names_a_missing_column(
    tmp_path: Path, corpus: Corpus, name: str, header: Sequence[str], values: Sequence[str]
) -> None:
    renamed = ["words", *header[1:]]
    write_table(tmp_path / name, renamed, [table_row(header, "fine", values[0], 0)])
    with pytest.raises(DataError, match=f"{name} lacks the column '{header[0]}'; it has 'words'"):
        list(corpus.parse(tmp_path))


def test_human_100_leaves_the_row_of_percentages_out(tmp_path: Path) -> None:
    folder = write_human_100(tmp_path, [("so good", "positive"), ("hm", "neutral")])
    assert texts_and_labels(list(HUMAN_100.parse(folder))) == [("so good", P), ("hm", U)]


def test_gpt4o_reads_the_public_edition_of_three_files(tmp_path: Path) -> None:
    header = ["Author", "Comment", "label"]
    for name, label in (("daily", "positive"), ("entertain", "neutral"), ("news", "negative")):
        path = tmp_path / f"@{name}_data_label.csv"
        write_table(path, header, [["@somebody", f"about {name}", label]])
    rows = list(YOUTUBE_GPT4O.parse(tmp_path))
    wanted = [("about daily", P), ("about entertain", U), ("about news", N)]
    assert texts_and_labels(rows) == wanted
    assert not any("somebody" in f"{row.id}{row.text}" for row in rows)


def test_product_reads_the_public_edition_with_tabs(tmp_path: Path) -> None:
    write_lines(
        tmp_path / "combined_text_clean.csv",
        "text\tsentiment_for_product\tsentiment_for_video",
        "glad, they got it\t2\t1",
    )
    assert texts_and_labels(list(YOUTUBE_PRODUCT.parse(tmp_path))) == [("glad, they got it", P)]


def test_semeval_reads_the_public_edition_line_by_line(tmp_path: Path) -> None:
    # U+2028 and U+0085 lie inside tweets: they are no ends of lines.
    write_lines(tmp_path / "train_text.txt", "one \u2028 tweet", "two \x85 tweet", "three")
    write_lines(tmp_path / "train_labels.txt", "0", "1", "2")
    assert [row.label for row in SEMEVAL.parse(tmp_path)] == [N, U, P]


def test_semeval_refuses_unequal_files(tmp_path: Path) -> None:
    write_lines(tmp_path / "train_text.txt", "one", "two")
    write_lines(tmp_path / "train_labels.txt", "0")
    said = r"train_text\.txt has 2 tweets, train_labels\.txt has 1 labels"
    with pytest.raises(DataError, match=said):
        list(SEMEVAL.parse(tmp_path))


def test_semeval_keeps_rows_that_share_an_id(tmp_path: Path) -> None:
    header = ["id", "file", "text", "label"]
    rows = [["77", "dev-A", "same tweet", "1"], ["77", "dev-B", "same tweet", "1"]]
    write_table(tmp_path / "semeval_2013_2016.csv", header, rows)
    assert len({row.id for row in SEMEVAL.parse(tmp_path)}) == 2


def test_read_csv_takes_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("\ufefftext,label\nhi,1\n".encode())
    assert list(read_csv(tmp_path / "a.csv", columns=["text"])) == [{"text": "hi", "label": "1"}]


def test_read_csv_reads_a_short_row_as_empty_values(tmp_path: Path) -> None:
    (tmp_path / "Reddit_Data.csv").write_text("clean_comment,category\nonly text\n")
    with pytest.raises(DataError, match="row 0: '' is no label"):
        list(REDDIT.parse(tmp_path))


def test_read_csv_takes_a_field_of_ten_thousand_characters_and_more(tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", ["text"], [["x" * 500_000]])
    (row,) = read_csv(tmp_path / "a.csv", columns=["text"])
    assert len(row["text"]) == 500_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"caf\xe9,label\n", "can't be read as a table"),
        (b"", "lacks the column 'text'; it has no header at all"),
    ],
)
def test_read_csv_refuses_what_is_no_table(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(DataError, match=said):
        list(read_csv(tmp_path / "a.csv", columns=["text"]))


def test_read_csv_refuses_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"absent\.csv can't be read as a table"):
        list(read_csv(tmp_path / "absent.csv", columns=["text"]))

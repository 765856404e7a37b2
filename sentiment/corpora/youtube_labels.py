"""Labelled YouTube comments: by GPT-4o, by one person, by four students, by nobody known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sentiment.corpora.corpus import Corpus, Row, SourceFile, label_or_error, read_csv
from sentiment.labels import LABEL_NAMES, LABELS

_WORDS = dict(zip(LABEL_NAMES, LABELS, strict=True))
_CLASSES = {str(index): label for index, label in enumerate(LABELS)}
_TRUTH = {"True": True, "False": False}

_GPT4O_MERGED = "raw_comments_gpt4o.csv"
_GPT4O_PARTS = {
    "@daily_data_label.csv": "bebebe12eb3dba52cc2f3770f4f476158e05b9dec53720d331cb708856cac940",
    "@entertain_data_label.csv": "1fc0fc9710ad97cfe4ed58bc2d98b52b8945c0806f152ec09da254857c4d43d1",
    "@news_data_label.csv": "720a3c977d6701182aeb6ff9a03e7fa370fae5a124a6e94fc55a102f2655e487",
}
_GPT4O_ADDRESS = "https://raw.githubusercontent.com/Betty112510210/Introduction_to_AI_Group_5/main/"
_HUMAN, _HUMAN_PUBLIC = "human_100.csv", "sentiment_label_accuracy - sample_100.csv"
_PRODUCT, _PRODUCT_PUBLIC = "product_human_1185.csv", "combined_text_clean.csv"
_SILVER = "YoutubeCommentsDataSet.csv"


def _parse_gpt4o(folder: Path) -> Iterator[Row]:
    merged = folder / _GPT4O_MERGED
    for path in [merged] if merged.exists() else [folder / name for name in _GPT4O_PARTS]:
        # Only what is wanted is read: the public edition also names the authors.
        for number, row in enumerate(read_csv(path, columns=["Comment", "label"])):
            identity = f"{path.stem}/{number}"
            label = label_or_error(_WORDS, row["label"], path=path, row=str(number))
            is_reply = _TRUTH.get(row.get("IsReply", ""))
            yield Row(identity, row["Comment"] or None, label, is_reply=is_reply)


def _parse_human(folder: Path) -> Iterator[Row]:
    local = folder / _HUMAN
    path = local if local.exists() else folder / _HUMAN_PUBLIC
    for number, row in enumerate(read_csv(path, columns=["Comment", "my_label"])):
        if row["my_label"]:  # the last row holds percentages, not a comment
            label = label_or_error(_WORDS, row["my_label"], path=path, row=str(number))
            yield Row(str(number), row["Comment"] or None, label)


def _parse_product(folder: Path) -> Iterator[Row]:
    local = folder / _PRODUCT
    path, delimiter = (local, ",") if local.exists() else (folder / _PRODUCT_PUBLIC, "\t")
    columns = ["text", "sentiment_for_product"]
    for number, row in enumerate(read_csv(path, columns=columns, delimiter=delimiter)):
        value = row["sentiment_for_product"]
        label = label_or_error(_CLASSES, value, path=path, row=str(number))
        yield Row(str(number), row["text"] or None, label)


def _parse_silver(folder: Path) -> Iterator[Row]:
    path = folder / _SILVER
    for number, row in enumerate(read_csv(path, columns=["Comment", "Sentiment"])):
        label = label_or_error(_WORDS, row["Sentiment"], path=path, row=str(number))
        yield Row(str(number), row["Comment"] or None, label)


YOUTUBE_GPT4O = Corpus(
    name="youtube_gpt4o",
    title="YouTube comments 2015-2025, raw, with emoji and replies",
    labeller="GPT-4o (agrees with a person on 89 of 100)",
    human_labelled=False,
    licence="none stated",
    n_rows=6_000,
    editions=[
        [
            SourceFile(
                _GPT4O_MERGED,
                "c77f906f49a9082e2f52484ec39a393cad77ce8259dae2b770fed1d57fa43e7e",
                local=f"youtube/{_GPT4O_MERGED}",
            )
        ],
        [
            SourceFile(name, sha256, f"{_GPT4O_ADDRESS}label_data/{name.replace('@', '%40')}")
            for name, sha256 in _GPT4O_PARTS.items()
        ],
    ],
    parse=_parse_gpt4o,
    evaluation_only=True,
    caution="Labelled by GPT-4o, not by people.",
)

HUMAN_100 = Corpus(
    name="human_100",
    title="YouTube comments, a sample of youtube_gpt4o",
    labeller="one person",
    human_labelled=True,
    licence="none stated",
    n_rows=100,
    editions=[
        [
            SourceFile(
                _HUMAN,
                "b9c8551aa4722c8813a4bd401acbbc381716a8dbc622e29ee8f53032599a44c4",
                local=f"youtube/{_HUMAN}",
            )
        ],
        [
            SourceFile(
                _HUMAN_PUBLIC,
                "c901a51dfb1b107043a880ed86ce411c06c6595ebe51fad548eaa50798cb6ec5",
                f"{_GPT4O_ADDRESS}label_accuracy/{_HUMAN_PUBLIC.replace(' ', '%20')}",
            )
        ],
    ],
    parse=_parse_human,
    evaluation_only=True,
)

YOUTUBE_PRODUCT = Corpus(
    name="youtube_product",
    title="YouTube comments on product videos, cleaned; feeling about the product",
    labeller="four students with written rules",
    human_labelled=True,
    licence="none stated",
    n_rows=1_185,
    editions=[
        [
            SourceFile(
                _PRODUCT,
                "00be5f8ccbc4a3b2f6eb3b17a650638fbc1fddbe0883521c915b7afe428b4b2d",
                local=f"youtube/{_PRODUCT}",
            )
        ],
        [
            SourceFile(
                _PRODUCT_PUBLIC,
                "70820c81d199fd3763d8245f6687acae49da9755288dd06549e5a0190ba5bfa2",
                "https://raw.githubusercontent.com/Jziumo/yt-product-sentiment/main/data/"
                + _PRODUCT_PUBLIC,
            )
        ],
    ],
    parse=_parse_product,
    evaluation_only=True,
)

YOUTUBE_SILVER = Corpus(
    name="youtube_silver",
    title="YouTube comments, lower-cased",
    labeller="unknown (neither TextBlob nor VADER)",
    human_labelled=False,
    licence="none stated",
    n_rows=18_408,
    editions=[
        [
            SourceFile(
                _SILVER,
                "1bf58bd0318cb8d556476c52f304baac2aaa9b4388e50388df0c14b05d05015b",
                "https://raw.githubusercontent.com/fenago/datasets/main/" + _SILVER,
                f"youtube/{_SILVER}",
            )
        ]
    ],
    parse=_parse_silver,
    caution="Nobody knows who or what labelled these comments.",
)

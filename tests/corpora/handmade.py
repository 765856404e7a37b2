"""Writes small corpora in the formats of the real ones."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_lines(path: Path, *lines: str) -> Path:
    """Write a text file, one line each, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")
    return path


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write a CSV file with a header, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def write_goemotions(
    raw_dir: Path,
    *,
    train: Sequence[tuple[str, str]] = (),
    dev: Sequence[tuple[str, str]] = (),
    test: Sequence[tuple[str, str]] = (),
) -> Path:
    """Write the three files of GoEmotions from (text, emotion indices), and return their folder."""
    folder = raw_dir / "goemotions"
    for name, rows in (("train", train), ("dev", dev), ("test", test)):
        lines = [
            f"{text}\t{emotions}\te{name}{place}" for place, (text, emotions) in enumerate(rows)
        ]
        write_lines(folder / f"{name}.tsv", *lines)
    return folder


def write_rated_tweets(raw_dir: Path, rows: Iterable[tuple[str, float]]) -> Path:
    """Write the file of rated tweets from (text, mean rating), and return its folder."""
    lines = [f"{number}\t{rating}\t{text}" for number, (text, rating) in enumerate(rows, start=1)]
    return write_lines(raw_dir / "rated_tweets" / "tweets_GroundTruth.txt", *lines).parent


def write_human_100(raw_dir: Path, rows: Iterable[tuple[str, str]]) -> Path:
    """Write the file of comments that one person labelled, and return its folder."""
    header = ["Comment", "PublishedAt", "IsReply", "my_label", "label-4o"]
    table = [[text, "2025-04-05T03:01:57Z", "False", label, label] for text, label in rows]
    # The real file ends with a row of percentages that has no label.
    table.append(["89%", "", "", "", "75%"])
    return write_table(raw_dir / "human_100" / "human_100.csv", header, table).parent


def write_reddit(raw_dir: Path, texts: Iterable[str]) -> Path:
    """Write the file of Reddit comments, all labelled neutral, and return its folder."""
    rows = [[text, "0"] for text in texts]
    path = raw_dir / "reddit" / "Reddit_Data.csv"
    return write_table(path, ["clean_comment", "category"], rows).parent

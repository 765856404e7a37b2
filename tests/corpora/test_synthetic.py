from __future__ import annotations

import csv
import re
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from sentiment.corpora.synthetic import (
    CSV_COLUMNS,
    EVERYDAY_MOOD,
    Mood,
    comment_at,
    generate,
    write_csv,
)
from sentiment.corpora.synthetic_phrases import OTHER_LANGUAGES, REPLIES, SLOTS, TEMPLATES
from sentiment.labels import LABELS, Label

N = 5_000
FILLED_BY_NUMBER = {"time", "year", "count", "handle", "link"}


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [comment.text for comment in generate(N, seed=7)]


def test_generate_is_diverse(texts: list[str]) -> None:
    assert len(set(texts)) > 0.9 * N


def test_generate_repeats_a_seed_and_not_another(texts: list[str]) -> None:
    assert [comment.text for comment in generate(200, seed=7)] == texts[:200]
    assert [comment.text for comment in generate(200, seed=8)] != texts[:200]


def test_generate_gives_unique_ids_and_one_source() -> None:
    comments = list(generate(500, seed=0))
    assert len({comment.id for comment in comments}) == 500
    assert {comment.source for comment in comments} == {"synthetic"}


def test_generate_is_lazy() -> None:
    assert len(list(islice(generate(10**12, seed=0), 3))) == 3


def test_generate_refuses_a_negative_number() -> None:
    with pytest.raises(ValueError, match="0 or more, found -1"):
        generate(-1, seed=0)


def test_comment_at_needs_no_other_comment(texts: list[str]) -> None:
    assert comment_at(4_321, seed=7).text == texts[4_321]
    assert comment_at(10**9, seed=7).text


def test_comment_at_is_the_same_on_every_machine() -> None:
    comment = comment_at(0, seed="pinned")
    assert comment.id == "synthetic-pinned-0"
    assert comment.label is Label.POSITIVE
    assert comment.text == "I'm not crying, this intro is just really well madeeeee lol"


def test_generate_keeps_the_mood() -> None:
    labels = [comment.label for comment in generate(N, seed=1)]
    for label, share in zip(
        LABELS,
        (EVERYDAY_MOOD.negative, EVERYDAY_MOOD.neutral, EVERYDAY_MOOD.positive),
        strict=True,
    ):
        assert abs(labels.count(label) / N - share) < 0.03
    sour = Mood(negative=1.0, neutral=0.0, positive=0.0)
    assert {comment.label for comment in generate(50, seed=1, mood=sour)} == {Label.NEGATIVE}


@pytest.mark.parametrize(
    ("habit", "pattern"),
    [
        ("emoji", "[\U0001f300-\U0001faff]"),
        ("time stamp", r"\b\d{1,2}:\d{2}\b"),
        ("elongation", r"([a-z])\1{2,}"),
        ("capitals", r"^[^a-z]*[A-Z]{4}[^a-z]*$"),
        ("slang", r"\b(u|r|pls|rly|dis)\b"),
        ("negation", r"\b(not|don't|wasn't|couldn't|never)\b"),
        ("first", r"(?i)^\W*(\w+ )?first!"),
        ("link", r"https://"),
        ("mention", r"@viewer\d+"),
        ("question", r"\?$"),
        ("line break", r"\n"),
        ("other script", r"[\u0400-\u04ff\u0600-\u06ff\u0900-\u097f\u3040-\u30ff]"),
    ],
)
def test_generate_has_the_habits_of_real_comments(
    texts: list[str], habit: str, pattern: str
) -> None:
    found = [text for text in texts if re.search(pattern, text)]
    assert len(found) >= 20, habit


def test_generate_leaves_no_slot_and_no_blank(texts: list[str]) -> None:
    replies = [comment_at(index, seed=7, is_reply=True).text for index in range(1_000)]
    for text in [*texts, *replies]:
        assert text.strip()
        assert not {"{", "}"} & set(text)
        assert len(text) <= 10_000


def test_phrases_name_known_slots_only() -> None:
    phrases = [phrase for table in (TEMPLATES, REPLIES, OTHER_LANGUAGES) for group in table.values()
               for phrase in group]  # fmt: skip
    phrases += [phrase for group in SLOTS.values() for phrase in group]
    named = {slot for phrase in phrases for slot in re.findall(r"\{(\w+)\}", phrase)}
    assert named <= set(SLOTS) | FILLED_BY_NUMBER


def test_write_csv_can_be_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "synthetic.csv"
    write_csv(path, rows=300, seed=5)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert [(row["id"], row["text"], int(row["label"])) for row in rows] == [
        (comment.id, comment.text, comment.label) for comment in generate(300, seed=5)
    ]
    assert [entry.name for entry in path.parent.iterdir()] == ["synthetic.csv"]


def test_command_writes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "made.csv"
    program = "import typer; from sentiment.cli.synthetic import command; typer.run(command)"
    arguments = ["--rows", "20", "--seed", "5", "--output", str(path)]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    again = tmp_path / "again.csv"
    write_csv(again, rows=20, seed=5)
    assert path.read_bytes() == again.read_bytes()

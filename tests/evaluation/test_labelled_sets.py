from __future__ import annotations

from pathlib import Path

import pytest

from sentiment.errors import ContractError, CorpusUnavailableError, DataError
from sentiment.evaluation.labelled_sets import (
    LabelledSet,
    parse_label_map,
    set_from_corpus,
    set_from_csv,
    set_from_folder,
)
from sentiment.labels import Label
from tests.corpora.handmade import write_goemotions, write_table


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
    found = _read(_write(tmp_path, "text,label\na,1\nb,\nc, \n"))
    assert (found.texts, found.n_unlabelled) == (("a",), 2)


def test_csv_refuses_rows_that_end_before_their_label(tmp_path: Path) -> None:
    # The first half of a text in two lines without quotes looks like a row nobody labelled.
    with pytest.raises(DataError, match=r"row 2, which begins in line 3: 1 fields, the header"):
        _read(_write(tmp_path, "text,label\na,1\nb\nc,0\n"))


@pytest.mark.parametrize("name", ["set.csv", "set.tsv", "set.TSV"])
def test_csv_refuses_a_quote_that_would_swallow_labelled_rows(tmp_path: Path, name: str) -> None:
    rows = ["text,label", "a,1", "b,1", '"unclosed quote here,1', "d,-1", "e,0", "f,0"]
    content = "\n".join(rows).replace(",", "," if name == "set.csv" else "\t")
    with pytest.raises(DataError, match=r"row 3, which begins in line 4: .*is never closed"):
        _read(_write(tmp_path, content, name=name))


def test_csv_takes_a_label_map(tmp_path: Path) -> None:
    path = _write(tmp_path, "text,label\na,0\nb,1\nc,2\n")
    found = _read(path, label_map=parse_label_map("0=negative, 1=neutral, 2=positive"))
    assert found.labels.tolist() == [0, 1, 2]


def test_csv_names_every_wrong_label(tmp_path: Path) -> None:
    path = _write(tmp_path, "text,label\na,1\nb,2\nc,angry\n")
    with pytest.raises(ContractError) as caught:
        _read(path)
    assert caught.value.failures == ("row 2: label '2'", "row 3: label 'angry'")
    assert "--label-map" in caught.value.hint


def test_csv_names_the_missing_column(tmp_path: Path) -> None:
    path = _write(tmp_path, "comment,label\na,1\n")
    with pytest.raises(
        DataError, match="lacks the column 'text'; it has 'comment', 'label'"
    ) as caught:
        _read(path)
    assert "--text-column and --label-column" in caught.value.hint


@pytest.mark.parametrize("content", ["", "text,label\n", "text,label\na,\n"])
def test_csv_without_labelled_rows_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(DataError):
        _read(_write(tmp_path, content))


def test_csv_that_is_absent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.csv can't be read: No such file"):
        _read(tmp_path / "none.csv")


def test_csv_of_other_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_bytes(b"text,label\n\xff\xfe,1\n")
    with pytest.raises(DataError, match=r"can't be read as a table: it is not UTF-8"):
        _read(path)


@pytest.mark.parametrize("text", ["", "0", "0=sad", "=negative", "0=negative,,"])
def test_label_map_says_what_it_wants(text: str) -> None:
    with pytest.raises(DataError, match="VALUE=LABEL"):
        parse_label_map(text)


def _raw_goemotions(tmp_path: Path) -> Path:
    folder = tmp_path / "raw" / "goemotions"
    folder.mkdir(parents=True)
    for name, text in (("train", "we thank you"), ("dev", "so sad"), ("test", "hate this")):
        emotion = {"train": 15, "dev": 25, "test": 2}[name]
        (folder / f"{name}.tsv").write_text(f"{text}\t{emotion}\tid{name}\n", encoding="utf-8")
    return tmp_path / "raw"


def test_corpus_gives_the_rows_of_one_split(tmp_path: Path) -> None:
    found = set_from_corpus("goemotions", raw_dir=_raw_goemotions(tmp_path), split="test")
    assert found.texts == ("hate this",)
    assert found.labels.tolist() == [0]
    assert found.human_labelled


def test_corpus_names_its_splits(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no texts in split 'tset'; found test, train, validation"):
        set_from_corpus("goemotions", raw_dir=_raw_goemotions(tmp_path), split="tset")


def test_corpus_that_was_not_downloaded_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusUnavailableError, match="sentiment download reddit"):
        set_from_corpus("reddit", raw_dir=tmp_path, split="test")


def test_corpus_leaves_out_rows_without_text(tmp_path: Path) -> None:
    folder = tmp_path / "reddit"
    folder.mkdir()
    rows = "".join(f"comment number {number},1\n" for number in range(100))
    (folder / "Reddit_Data.csv").write_text(
        f"clean_comment,category\n,0\n   ,0\n{rows}", encoding="utf-8"
    )
    for split in ("train", "validation", "test"):
        found = set_from_corpus("reddit", raw_dir=tmp_path, split=split)
        assert all(text.strip() for text in found.texts)
        assert "None" not in found.texts
        assert not found.human_labelled
        assert "TextBlob" in found.caution


def test_corpus_whole_holds_every_split(tmp_path: Path) -> None:
    write_goemotions(tmp_path, train=[("a", "1")], dev=[("b", "1")], test=[("c", "1")])
    found = set_from_corpus("goemotions", raw_dir=tmp_path, split=None)
    assert (found.split, found.texts, found.replies) == ("all", ("a", "b", "c"), None)


def test_corpus_tells_replies_where_it_knows(tmp_path: Path) -> None:
    write_table(
        tmp_path / "youtube_gpt4o" / "raw_comments_gpt4o.csv",
        ["Comment", "PublishedAt", "IsReply", "label", "topic"],
        [["good", "", "False", "positive", "@t"], ["bad", "", "True", "negative", "@t"]],
    )
    found = set_from_corpus("youtube_gpt4o", raw_dir=tmp_path, split="test")
    assert found.replies == (False, True)
    assert not found.human_labelled


def test_sentube_is_a_human_labelled_set(tmp_path: Path) -> None:
    path = tmp_path / "tablets_EN" / "video_a-annotator:B.json"
    path.parent.mkdir()
    path.write_text(
        '{"comments": [{"text": "fine", "annotation": {"positive-video": 1}},'
        ' {"text": " ", "annotation": {"positive-video": 1}}]}',
        encoding="utf-8",
    )
    found = set_from_folder("sentube", tmp_path)
    assert (found.name, found.human_labelled, found.texts) == ("sentube", True, ("fine",))
    assert found.labels.tolist() == [2]


def test_tweeteval_is_a_test_split(tmp_path: Path) -> None:
    (tmp_path / "test_text.txt").write_text("fine\n \n", encoding="utf-8")
    (tmp_path / "test_labels.txt").write_text("2\n1\n", encoding="utf-8")
    found = set_from_folder("tweeteval", tmp_path)
    assert (found.split, found.texts, found.human_labelled) == ("test", ("fine",), True)

"""From votes in a real store to a corpus that a configuration trains on."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from sentiment.cli.main import app
from sentiment.comments import KEPT_TEXT_DAYS, Comment
from sentiment.config import RAW_DIR, EvaluationConfig, ModelConfig, PipelineConfig
from sentiment.corpora import load_rows
from sentiment.corpora.split import TEST, split_of
from sentiment.corrections.collect import collect, discard
from sentiment.corrections.rules import Rules
from sentiment.errors import CorpusUnavailableError, DataError, NoCorrectionsError
from sentiment.labels import LABELS, Label
from sentiment.preparation.prepare import is_prepared, prepare
from sentiment.store import Store, open_store
from tests.conftest import REPOSITORY
from tests.corpora.handmade import write_goemotions

NOW = datetime.now(UTC)
VIDEO = "abcdefghijk"
NEGATIVE, NEUTRAL, POSITIVE = LABELS


def comment(number: int, text: str) -> Comment:
    return Comment(
        id=f"c{number}",
        video_id=VIDEO,
        text=text,
        like_count=0,
        published_at=NOW,
        parent_id=None,
    )


def fill(store: Store, texts: list[str], *, fetched_at: datetime = NOW) -> None:
    comments = [comment(number, text) for number, text in enumerate(texts)]
    store.save_comments(comments, fetched_at=fetched_at)


def correct(store: Store, number: int, label: Label, voter: str = "someone") -> None:
    store.add_feedback(f"c{number}", label, model_digest=None, voter=voter)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def store(url: str) -> Store:
    return open_store(url)


TEXTS = [
    "this bridge is insanely mid fr",
    "nah that drop slaps so hard",
    "which part of the map is this one from",
    "Das Video ist leider wirklich sehr schlecht geworden, schade",
    "never corrected by anybody at all",
]


def test_corrections_become_rows_of_a_corpus(store: Store, tmp_path: Path) -> None:
    fill(store, TEXTS)
    for number, label in ((0, NEGATIVE), (1, POSITIVE), (2, NEUTRAL), (3, NEGATIVE)):
        correct(store, number, label)
    correct(store, 1, NEGATIVE, voter="a troll")
    correct(store, 1, POSITIVE, voter="a friend")
    collected = collect(store, raw_dir=tmp_path / "raw", rules=Rules())
    rows = {row.id: row for row in load_rows("feedback", raw_dir=tmp_path / "raw")}
    assert {name: row.label for name, row in rows.items()} == {
        "c0": NEGATIVE,
        "c1": POSITIVE,
        "c2": NEUTRAL,
    }
    assert rows["c0"].text == TEXTS[0]
    manifest = json.loads((collected.directory / "feedback.json").read_text(encoding="utf-8"))
    assert manifest["set_aside"] == {"not_english": 1}
    assert manifest["votes"] == 6
    assert "someone" not in (collected.directory / "feedback.csv").read_text(encoding="utf-8")


def test_a_folder_of_something_else_is_not_replaced(store: Store, tmp_path: Path) -> None:
    fill(store, TEXTS)
    correct(store, 0, NEGATIVE)
    letters = tmp_path / "feedback" / "letter.txt"
    letters.parent.mkdir()
    letters.write_text("dear team", encoding="utf-8")
    with pytest.raises(DataError, match="something other than collected corrections"):
        collect(store, raw_dir=tmp_path / "raw", rules=Rules())
    assert letters.is_file()


class _KilledError(BaseException):
    """As a kill would: nothing of our own handles it."""


def test_a_corpus_whose_removal_was_killed_is_collected_anew_and_leaves_no_text(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, TEXTS)
    correct(store, 0, NEGATIVE)
    raw_dir = tmp_path / "raw"
    collect(store, raw_dir=raw_dir, rules=Rules())

    def killed_amid(folder: Path, **_: object) -> None:
        for manifest in folder.glob("feedback.json"):
            manifest.unlink()
            raise _KilledError

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", killed_amid)
        with pytest.raises(_KilledError):
            discard(raw_dir)

    collect(store, raw_dir=raw_dir, rules=Rules())
    discard(raw_dir)
    assert not list(tmp_path.rglob("feedback.csv"))


def test_no_correction_is_ever_a_test_row(store: Store, tmp_path: Path) -> None:
    texts = [f"comment number {number} is about the map" for number in range(120)]
    assert any(split_of(text) == TEST for text in texts)
    fill(store, texts)
    for number in range(len(texts)):
        correct(store, number, LABELS[number % 3])
    collect(store, raw_dir=tmp_path / "raw", rules=Rules())
    splits = [row.split for row in load_rows("feedback", raw_dir=tmp_path / "raw")]
    assert len(splits) == 120
    assert set(splits) == {"train", "validation"}


def test_a_configuration_trains_on_them_but_not_on_copies_of_test_rows(
    store: Store, tmp_path: Path
) -> None:
    fill(store, [*TEXTS[:3], "what is tested stays tested"])
    for number in range(4):
        correct(store, number, POSITIVE)
    raw_dir = tmp_path / "raw"
    collect(store, raw_dir=raw_dir, rules=Rules())
    write_goemotions(
        raw_dir,
        train=[("such joy", "17")],
        dev=[("dev alone", "27")],
        test=[("What is tested stays tested!", "2")],
    )
    config = PipelineConfig(
        name="fed",
        corpora=["goemotions", "feedback"],
        model=ModelConfig(base="tiny"),
        evaluation=EvaluationConfig(corpora=["goemotions"], primary="goemotions"),
    )
    prepared = prepare(
        config, raw_dir=raw_dir, interim_dir=tmp_path / "i", processed_dir=tmp_path / "p"
    )
    assert prepared.manifest["dropped"]["duplicate"] == 1
    rows = prepared.manifest["rows"]["feedback"]
    assert sum(sum(split.values()) for split in rows.values()) == 3


def test_texts_that_were_purged_are_counted_and_left_out(store: Store, tmp_path: Path) -> None:
    fill(store, TEXTS)
    correct(store, 0, NEGATIVE)
    store.purge(older_than=datetime.now(UTC) + timedelta(seconds=1))
    with pytest.raises(NoCorrectionsError, match="found none among 1 votes") as caught:
        collect(store, raw_dir=tmp_path / "raw", rules=Rules())
    assert "analyse its video again" in str(caught.value.hint)
    assert not (tmp_path / "feedback").exists()


def test_a_vote_teaches_nothing_of_a_text_that_came_after_it(store: Store, tmp_path: Path) -> None:
    fill(store, ["This is the best video I have ever seen, thank you"])
    correct(store, 0, POSITIVE)
    fill(store, ["EDIT: it is a scam, he stole my money"], fetched_at=NOW + timedelta(minutes=5))
    with pytest.raises(NoCorrectionsError, match="found none among 1 votes") as caught:
        collect(store, raw_dir=tmp_path / "raw", rules=Rules())
    assert "edited after the vote" in str(caught.value.hint)
    correct(store, 0, NEGATIVE, voter="who saw the new text")
    collected = collect(store, raw_dir=tmp_path / "raw", rules=Rules())
    (row,) = load_rows("feedback", raw_dir=tmp_path / "raw")
    assert (row.text, row.label) == ("EDIT: it is a scam, he stole my money", NEGATIVE)
    manifest = json.loads((collected.directory / "feedback.json").read_text(encoding="utf-8"))
    assert manifest["set_aside"] == {"edited": 1}


def test_a_corpus_that_is_too_old_is_refused(store: Store, tmp_path: Path) -> None:
    fill(store, TEXTS, fetched_at=NOW - timedelta(days=KEPT_TEXT_DAYS, minutes=1))
    correct(store, 0, NEGATIVE)
    collect(store, raw_dir=tmp_path / "raw", rules=Rules())
    with pytest.raises(DataError, match="were to be deleted"):
        load_rows("feedback", raw_dir=tmp_path / "raw")


def test_what_was_prepared_from_a_corpus_that_is_too_old_is_refused(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    raw_dir = tmp_path / "raw"
    fill(store, TEXTS)
    correct(store, 0, NEGATIVE)
    collected = collect(store, raw_dir=raw_dir, rules=Rules())
    write_goemotions(
        raw_dir, train=[("such joy", "17")], dev=[("dev alone", "27")], test=[("tested", "2")]
    )
    config = PipelineConfig(
        name="fed",
        corpora=["goemotions", "feedback"],
        model=ModelConfig(base="tiny"),
        evaluation=EvaluationConfig(corpora=["goemotions"], primary="goemotions"),
    )
    prepare(config, raw_dir=raw_dir)
    assert is_prepared(config, raw_dir=raw_dir)
    manifest = collected.directory / "feedback.json"
    old = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**old, "keep_until": NOW.isoformat()}), encoding="utf-8")
    with pytest.raises(DataError, match="were to be deleted"):
        is_prepared(config, raw_dir=raw_dir)


def test_corrections_lie_where_dvc_keeps_no_copies(store: Store, tmp_path: Path) -> None:
    fill(store, TEXTS)
    correct(store, 0, NEGATIVE)
    kept = yaml.safe_load((REPOSITORY / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    folder = collect(store, raw_dir=tmp_path / RAW_DIR, rules=Rules()).directory
    assert (folder / "feedback.csv").is_file()
    for stage in kept.values():
        for out in stage["outs"]:
            path, options = next(iter(out.items())) if isinstance(out, dict) else (out, {})
            if options.get("cache", True):
                assert not folder.is_relative_to(tmp_path / path)
            assert not path.startswith(("data/interim", "data/processed")) or not options["cache"]


def test_the_command_prints_what_it_did(
    store: Store, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, TEXTS)
    correct(store, 0, NEGATIVE)
    correct(store, 3, NEGATIVE)
    monkeypatch.setenv("SENTIMENT_STORE_URL", url)
    arguments = ["feedback", "--raw-dir", str(tmp_path / "raw")]
    told = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert (told["votes"], told["comments"]) == (2, 1)
    assert told["set_aside"] == {"not_english": 1}
    # DVC looks at the raw folder: a file there changes with the corpus, and holds none of it.
    stamp = tmp_path / "raw" / "feedback_stamp.json"
    before = stamp.read_text(encoding="utf-8")
    assert not any(text in before for text in TEXTS)
    correct(store, 1, POSITIVE)
    table = CliRunner().invoke(app, arguments)
    assert table.exit_code == 0
    assert "comments to learn from" in table.stdout
    assert stamp.read_text(encoding="utf-8") != before


def test_download_says_how_it_is_collected(tmp_path: Path) -> None:
    from sentiment.corpora.download import download

    with pytest.raises(CorpusUnavailableError) as caught:
        download("feedback", raw_dir=tmp_path / "raw", data_dir=None)
    assert "sentiment feedback" in str(caught.value.hint)
    assert not (tmp_path / "feedback").exists()

"""The page and the metrics of a look."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sentiment.drift.check import Look, check
from sentiment.drift.days import Days
from sentiment.drift.metrics import write_metrics
from sentiment.drift.page import COLUMNS, render_page, row_texts, verdict
from sentiment.release.bundle import Bundle
from sentiment.store import Store
from tests.drift.made import DAY, fill, simulated_profile


@pytest.fixture
def look(store: Store, bundle: Bundle, tmp_path: Path) -> Look:
    """Comments that drift from the profile, five of them of another model."""
    fill(store, bundle.digest, day=DAY)
    fill(store, "f" * 64, day=DAY, n_comments=5, seed=1)
    return check(
        *(store, bundle, simulated_profile()),
        days=Days.from_day(DAY, 1),
        state_path=tmp_path / "state.json",
    )


class _Tags(HTMLParser):
    """Notes tags, and attributes that could load something."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "rect"}:
            self.open.append(tag)
        self.loads += [name for name, _ in attrs if name in {"src", "href", "action", "onload"}]
        if tag in {"script", "link", "iframe", "img"}:
            self.loads.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_page_is_whole_and_loads_nothing(look: Look) -> None:
    page = render_page(look)
    tags = _Tags()
    tags.feed(page)
    assert (tags.open, tags.loads) == ([], [])
    assert "default-src 'none'" in page


def test_page_says_what_drifts_and_against_what(look: Look) -> None:
    text = re.sub(r"<[^>]+>", " ", render_page(look))
    assert verdict(look) in text
    assert verdict(look).startswith("Drift of ")
    assert "emoji (since 2026-06-01)" in verdict(look)
    assert "1,200 comments of 60 videos against 35,000 stored comments" in " ".join(text.split())
    assert "5 comments are left out: this model has not scored them." in text
    assert "5 and more" in text


def test_page_of_too_little_says_so(store: Store, bundle: Bundle, tmp_path: Path) -> None:
    empty = check(
        *(store, bundle, simulated_profile()),
        days=Days.from_day(DAY + timedelta(days=1), 1),
        state_path=tmp_path / "empty.json",
    )
    assert "Nothing can be told" in render_page(empty)


def test_rows_have_a_text_for_each_column(look: Look) -> None:
    for part in look.comparison.judged:
        row = row_texts(part)
        assert len(row) == len(COLUMNS)
        assert row[0] == part.finding.feature
        assert row[1] == ("yes" if part.drifts else "no")


def test_metrics_are_prometheus_text(look: Look, tmp_path: Path) -> None:
    path = tmp_path / "new" / "drift.prom"
    write_metrics(path, look.comparison, now=datetime(2026, 6, 2, tzinfo=UTC))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert 'sentiment_drift{feature="emoji"} 1.0' in lines
    assert 'sentiment_drift{feature="unknown"} 0.0' in lines
    assert "sentiment_drift_comments 1200.0" in lines
    assert "sentiment_drift_looked_timestamp_seconds 1.7803584e+09" in lines
    assert [path.name for path in path.parent.iterdir()] == ["drift.prom"]

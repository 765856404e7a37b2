from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np

from sentiment.evaluation.report import LabelledRows, render_page, write_report
from tests.evaluation.handmade import make_result

_HOSTILE = '<img src=x onerror="alert(1)">&"\''
_LOADING_ATTRIBUTES = {"src", "href", "srcset", "data", "action", "xlink:href", "poster"}


class _Page(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words += data


def test_page_shows_scores_with_intervals() -> None:
    result = make_result()
    interval = result.scores.intervals["macro_f1"]
    words = _Page(render_page([result])).words
    assert f"{result.primary:.3f} [{interval.low:.3f}, {interval.high:.3f}]" in words
    assert "textblob 1.000" in words
    assert "negation" in words
    assert "140 ok, 10 unsure" in words


def test_page_escapes_hostile_words() -> None:
    result = replace(
        make_result(corpus=_HOSTILE, labeller=_HOSTILE, human_labelled=False),
        model=_HOSTILE,
        split=_HOSTILE,
        statuses={_HOSTILE: 1},
        caution=_HOSTILE,
    )
    page = _Page(render_page([result]))
    assert "img" not in page.tags
    assert "onerror" not in page.attributes
    assert page.words.count(_HOSTILE) >= 6


def test_page_loads_nothing_and_runs_nothing() -> None:
    source = render_page([make_result(), make_result(corpus="reddit", human_labelled=False)])
    page = _Page(source)
    assert not {"script", "link", "iframe", "img", "object", "base"} & set(page.tags)
    assert not _LOADING_ATTRIBUTES & set(page.attributes)
    assert not [name for name in page.attributes if name.startswith("on")]
    assert not re.search(r"https?://|url\(|@import", source)


def test_page_shows_the_caution() -> None:
    caution = "These labels are a lexicon's output."
    with_caution = render_page([replace(make_result(), caution=caution)])
    assert caution in _Page(with_caution).words
    assert 'class="caution"' not in render_page([make_result()])


def test_page_gives_no_interval_for_a_handful_of_rows() -> None:
    result = make_result()
    few = replace(result, slices=(replace(result.slices[0], n=9),))
    words = _Page(render_page([few])).words
    assert "too few" in words
    assert "too few" not in _Page(render_page([result])).words


def test_write_report_leaves_whole_files_only(tmp_path: Path) -> None:
    labels = np.array([0, 1, 2], dtype=np.int64)
    page = write_report(
        tmp_path / "report",
        [make_result()],
        rows=[LabelledRows("goemotions", labels, labels[::-1])],
    )
    assert sorted(path.name for path in page.parent.iterdir()) == [
        "index.html",
        "metrics.json",
        "predictions.csv",
        "results.json",
    ]
    results = json.loads((page.parent / "results.json").read_text(encoding="utf-8"))
    assert results == {"results": [make_result().to_json()]}
    metrics = json.loads((page.parent / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["goemotions"]["macro_f1"] == make_result().primary
    with (page.parent / "predictions.csv").open(encoding="utf-8") as file:
        assert list(csv.reader(file)) == [
            ["corpus", "actual", "predicted"],
            ["goemotions", "negative", "positive"],
            ["goemotions", "neutral", "neutral"],
            ["goemotions", "positive", "negative"],
        ]


def test_write_report_repeats_byte_for_byte(tmp_path: Path) -> None:
    first, second = (
        write_report(tmp_path / name, [make_result()]).read_bytes() for name in ("a", "b")
    )
    assert first == second

"""The page: what a reader finds on it, and what it never does."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

from sentiment.evaluation.suite.page import render_suite_page
from sentiment.evaluation.suite.plan import AbsentSet
from tests.evaluation.suite.handmade import SECRET, make_findings

_HOSTILE = '<img src=x onerror="alert(1)">'
_FIVE_MB = 5_000_000


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


def test_page_sums_up_with_the_figures_of_its_tables() -> None:
    words = _Page(render_suite_page(make_findings())).words
    assert "The lexicon TextBlob gets 1.000 there, because it wrote these labels" in words
    assert "2 of 3 tests reach 90 %. Weakest: one typing error 60 %." in words
    assert "at most 0.31 (of a range of 2), between Polish and Danish" in words
    assert "Not measured: tweeteval (not there)." in words


def test_page_holds_every_part() -> None:
    page = render_suite_page(make_findings())
    words = _Page(page).words
    for part in (
        *("Scores by set", "Where the labels come from", "Can its confidence be believed?"),
        *("Behaviour", "Identity terms", "Sarcasm", "By class", "Confusion", "Surest mistakes"),
        *("ROC, class against rest", "Precision-recall", "Reliability", "Risk and coverage"),
    ):
        assert part in words, part
    assert "asks for 0.700: 60.0% answered, 15.0% of these wrong" in words
    assert "Against the champion" not in words
    assert page.count("<polyline") >= 12


def test_page_compares_with_the_champion() -> None:
    findings = make_findings(with_champion=True)
    against = findings.sets[0].against_champion
    assert against is not None
    words = _Page(render_suite_page(findings)).words
    assert "worse on goemotions, reddit" in words
    assert f"{against.differences['macro_f1'].difference:+.3f} [" in words
    assert f"{against.only_candidate:,} / {against.only_champion:,}" in words


def test_page_holds_no_text_of_a_comment_unless_asked() -> None:
    without = render_suite_page(make_findings())
    assert "somebody wrote" not in without
    withal = render_suite_page(make_findings(), with_texts=True)
    assert SECRET in _Page(withal).words
    assert "keep this page to yourself" in withal


def test_page_escapes_hostile_words() -> None:
    findings = make_findings()
    shift = replace(findings.identity[0], group=_HOSTILE, largest_sentence=_HOSTILE)
    hostile = replace(
        findings,
        model=replace(findings.model, name=_HOSTILE, trained_on=(_HOSTILE,)),
        absent=(AbsentSet(_HOSTILE, _HOSTILE),),
        behaviour=(replace(findings.behaviour[0], name=_HOSTILE, failures=(_HOSTILE,)),),
        identity=(shift,),
    )
    page = _Page(render_suite_page(hostile))
    assert "img" not in page.tags
    assert "onerror" not in page.attributes
    assert page.words.count(_HOSTILE) >= 8


def test_page_loads_nothing_runs_nothing_and_is_small() -> None:
    source = render_suite_page(make_findings(with_champion=True))
    page = _Page(source)
    assert not {"script", "link", "iframe", "img", "object", "base"} & set(page.tags)
    assert not {"src", "href", "srcset", "data", "action"} & set(page.attributes)
    assert not [name for name in page.attributes if name.startswith("on")]
    assert not re.search(r"https?://|url\(|@import", source)
    assert len(source) < _FIVE_MB

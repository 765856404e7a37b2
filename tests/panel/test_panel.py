"""The panel in Chromium: what is drawn of an analysis."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.panel.bodies import DIGEST, HOSTILE_TEXT, Body, analysis, comment, empty_video
from tests.panel.conftest import Complaints
from tests.panel.fake_service import FakeService
from tests.panel.visits import show

pytestmark = pytest.mark.browser


def test_panel_shows_score_shares_counts_and_model(
    page: Page, service: FakeService, complaints: Complaints
) -> None:
    panel = show(page, service, analysis())
    result = panel.get_by_label("Result")
    expect(result).to_contain_text("Mostly positive")
    expect(result).to_contain_text("+0.31")
    expect(result).to_contain_text("between +0.27 and +0.35")
    rows = panel.get_by_label("Shares").get_by_role("row")
    expect(rows).to_have_text(
        ["FeelingShareLikely range", "Negative20%17–24%", "Neutral29%25–33%", "Positive51%47–55%"]
    )
    counted = panel.get_by_label("What was counted")
    expect(counted).to_contain_text("480 of 500 comments analysed")
    expect(counted.get_by_role("listitem")).to_have_text(
        [
            "60 unsure, counted all the same",
            "17 not in English, left out",
            "3 without words, left out",
            "The video has more comments than were fetched.",
        ]
    )
    expect(panel).to_contain_text("Computed by this tool, not YouTube data.")
    expect(panel).to_contain_text(f"Model starter · {DIGEST[:12]}")
    assert complaints.lines == []


def test_panel_draws_the_bar_in_proportion(page: Page, service: FakeService) -> None:
    panel = show(page, service, analysis())
    widths = [
        box["width"]
        for part in panel.locator(".bar-part").all()
        if (box := part.bounding_box()) is not None
    ]
    total = sum(widths)
    assert [width / total for width in widths] == pytest.approx([0.2, 0.29, 0.51], abs=0.01)


@pytest.mark.parametrize(
    ("score", "neutral", "words"),
    [
        ((-0.7, -0.75, -0.65), 0.1, "Very negative"),
        ((-0.3, -0.4, -0.2), 0.3, "Mostly negative"),
        ((0.15, 0.1, 0.2), 0.3, "Slightly positive"),
        ((0.02, -0.03, 0.07), 0.2, "Mixed, about even"),
        ((0.02, -0.03, 0.07), 0.7, "Mostly neutral"),
        ((0.4, -0.2, 1.0), 0.0, "Perhaps positive, too few comments to tell"),
    ],
)
def test_panel_words_fit_the_score(
    page: Page,
    service: FakeService,
    score: tuple[float, float, float],
    neutral: float,
    words: str,
) -> None:
    body = analysis(score=dict(zip(("mean", "low", "high"), score, strict=True)))
    body["shares"]["neutral"]["share"] = neutral
    heading = show(page, service, body).get_by_role("heading", level=2)
    expect(heading).to_have_text(words)


def test_panel_lists_a_comment_with_label_confidence_likes_and_date(
    page: Page, service: FakeService
) -> None:
    comments = show(page, service, analysis()).locator(".comment")
    expect(comments.nth(0)).to_contain_text("Positive")
    expect(comments.nth(0)).to_contain_text("85% sure")
    expect(comments.nth(0)).to_contain_text("1.2K likes")
    expect(comments.nth(0).locator("time")).to_have_text("Jan 2, 2026")
    expect(comments.nth(0).locator("svg")).to_have_count(1)
    expect(comments.nth(1)).to_contain_text("Reply")
    expect(comments.nth(2)).to_contain_text("unsure")
    expect(comments.nth(3)).to_contain_text("Not English")
    expect(comments.nth(3)).not_to_contain_text("sure")


def test_panel_keeps_hostile_text_as_text(
    page: Page, service: FakeService, complaints: Complaints
) -> None:
    body = analysis(
        comments=[comment(HOSTILE_TEXT)],
        model={"name": HOSTILE_TEXT, "digest": HOSTILE_TEXT},
        notice=HOSTILE_TEXT,
    )
    panel = show(page, service, body)
    expect(panel.locator(".comment-text")).to_have_text(HOSTILE_TEXT)
    expect(panel.locator("img, script")).to_have_count(0)
    expect(page).to_have_title("Comment sentiment: demo")
    assert complaints.lines == []


def test_panel_writes_right_to_left_text_from_the_right(page: Page, service: FakeService) -> None:
    panel = show(page, service, analysis(comments=[comment("مرحبا بالعالم"), comment("hello")]))
    directions = [
        text.evaluate("node => getComputedStyle(node).direction")
        for text in panel.locator(".comment-text").all()
    ]
    assert directions == ["rtl", "ltr"]


def test_filter_shows_one_label_and_is_announced(page: Page, service: FakeService) -> None:
    panel = show(page, service, analysis())
    panel.get_by_role("radio", name="Negative").check()
    expect(panel.locator(".comment-text")).to_have_text(["The second half drags", HOSTILE_TEXT])
    expect(panel.get_by_role("status")).to_have_text("2 comments shown.")
    panel.get_by_role("radio", name="Left out").check()
    expect(panel.locator(".comment-text")).to_have_text(["مرحبا بالعالم"])
    panel.get_by_role("radio", name="All").check()
    expect(panel.locator(".comment")).to_have_count(5)


def test_filter_works_with_the_keyboard(page: Page, service: FakeService) -> None:
    panel = show(page, service, analysis())
    panel.get_by_role("radio", name="All").focus()
    page.keyboard.press("ArrowRight")
    expect(panel.locator(".comment-text")).to_have_text(["I love how calm this is"])


def test_list_shows_more_and_moves_the_focus_to_the_first_new_comment(
    page: Page, service: FakeService
) -> None:
    panel = show(page, service, analysis(comments=[comment(f"No. {n}") for n in range(70)]))
    expect(panel.locator(".comment")).to_have_count(50)
    panel.get_by_role("button", name="Show 20 more of 20").click()
    expect(panel.locator(".comment")).to_have_count(70)
    expect(panel.locator(".comment").nth(50)).to_be_focused()
    expect(panel.get_by_role("button", name="Show")).to_have_count(0)


def test_list_unfolds_a_long_comment(page: Page, service: FakeService) -> None:
    panel = show(page, service, analysis(comments=[comment("word " * 2_000)]))
    text = panel.locator(".comment-text")
    folded = text.evaluate("node => node.clientHeight")
    panel.get_by_role("button", name="Show all of it").click()
    expect(panel.get_by_role("button", name="Show less")).to_have_attribute("aria-expanded", "true")
    assert text.evaluate("node => node.clientHeight") > 10 * folded


def test_panel_says_that_a_video_has_no_comments(page: Page, service: FakeService) -> None:
    panel = show(page, service, empty_video())
    expect(panel.get_by_role("heading")).to_have_text("No comments yet")


def test_panel_says_that_no_comment_was_readable(page: Page, service: FakeService) -> None:
    body = empty_video()
    body |= {"fetched": 2, "excluded": {"empty": 1, "not_english": 1}}
    panel = show(page, service, body)
    expect(panel.get_by_role("heading", level=2)).to_have_text("No readable comments")
    expect(panel).to_contain_text("0 of 2 comments analysed")
    expect(panel).not_to_contain_text("NaN")


@pytest.mark.parametrize("odd", [None, 7, "x", {}, {"text": 1}, {"text": "a", "prediction": {}}])
def test_panel_skips_a_comment_that_it_can_not_read(
    page: Page, service: FakeService, odd: object
) -> None:
    panel = show(page, service, analysis(comments=[odd, comment("fine")]))
    expect(panel.locator(".comment-text")).to_have_text(["fine"])


def test_panel_shows_missing_numbers_as_unknown(page: Page, service: FakeService) -> None:
    sparse: Body = {"analysed": 1, "score": {"mean": 0.5}, "comments": []}
    panel = show(page, service, sparse)
    expect(panel.get_by_label("Result")).to_contain_text("how certain is not known")
    expect(panel.get_by_label("Shares")).to_contain_text("–")
    expect(panel).not_to_contain_text("NaN")
    expect(panel).not_to_contain_text("undefined")

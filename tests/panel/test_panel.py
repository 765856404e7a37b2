"""The panel in Chromium: what is drawn of an analysis."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.panel.bodies import DIGEST, HOSTILE_TEXT, Body, analysis, comment, empty_video
from tests.panel.chromium import Complaints
from tests.panel.fake_service import FakeService
from tests.panel.visits import comments_of, show, texts_of

pytestmark = pytest.mark.browser


def test_panel_shows_score_shares_counts_and_model(
    page: Page, service: FakeService, complaints: Complaints
) -> None:
    panel = show(page, service, analysis())
    result = panel.get_by_role("region", name="Result")
    expect(result).to_contain_text("Mostly positive")
    expect(result).to_contain_text("51% of those read are positive, give or take 4.")
    expect(result).to_contain_text("+0.31")
    expect(result).to_contain_text("between +0.27 and +0.35")
    rows = panel.get_by_role("region", name="Shares").get_by_role("listitem")
    expect(rows).to_have_text(
        [
            "Positive 51% give or take 4: show these comments",
            "Neutral 29% give or take 4: show these comments",
            "Negative 20% give or take 4: show these comments",
        ]
    )
    counted = panel.get_by_role("region", name="What was counted")
    expect(counted).to_contain_text("480 of 500 comments analysed")
    expect(counted.get_by_role("listitem")).to_have_text(
        [
            "The video has more comments than were fetched.",
            "60 unsure (13%), counted all the same",
            "17 not in English (3%), left out",
            "3 without words, left out",
        ]
    )
    expect(panel).to_contain_text("Computed by this tool, not YouTube data.")
    expect(panel).to_contain_text(f"Model starter · {DIGEST[:12]}")
    assert complaints.lines == []


def test_panel_draws_the_bars_in_proportion(page: Page, service: FakeService) -> None:
    shares = show(page, service, analysis()).get_by_role("region", name="Shares")
    drawn = shares.locator(".bar").evaluate_all(
        """bars => bars.map((bar) => bar.querySelector(".bar-part").getBoundingClientRect().width
                                     / bar.getBoundingClientRect().width)"""
    )
    assert drawn == pytest.approx([0.51, 0.29, 0.2], abs=0.01)


@pytest.mark.parametrize(
    ("score", "neutral", "words"),
    [
        ((-0.7, -0.75, -0.65), 0.1, "Very negative"),
        ((-0.3, -0.4, -0.2), 0.3, "Mostly negative"),
        ((0.15, 0.1, 0.2), 0.3, "Slightly positive"),
        ((0.02, -0.03, 0.07), 0.2, "Mixed, about even"),
        ((0.02, -0.03, 0.07), 0.7, "Mostly neutral"),
        ((0.02, -1.0, 1.0), 1.0, "Too few comments to tell"),
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
    result = show(page, service, body).get_by_role("region", name="Result")
    expect(result.get_by_role("heading")).to_have_text(words)


def test_panel_lists_a_comment_with_label_confidence_likes_and_date(
    page: Page, service: FakeService
) -> None:
    comments = comments_of(show(page, service, analysis()))
    first = comments.filter(has_text="I love how calm this is")
    expect(first).to_contain_text("Positive")
    expect(first).to_contain_text("85% sure")
    expect(first).to_contain_text("1.2K likes")
    expect(first.get_by_role("time")).to_have_text("Jan 2, 2026")
    expect(comments.filter(has_text="The second half drags")).to_contain_text("Reply")
    expect(comments.filter(has_text="Filmed in March")).to_contain_text("unsure")
    other = comments.filter(has_text="مرحبا بالعالم")
    expect(other).to_contain_text("Not English")
    expect(other).not_to_contain_text("sure")


def test_panel_keeps_hostile_text_as_text(
    page: Page, service: FakeService, complaints: Complaints
) -> None:
    body = analysis(
        comments=[comment(HOSTILE_TEXT)],
        model={"name": HOSTILE_TEXT, "digest": HOSTILE_TEXT},
        notice=HOSTILE_TEXT,
    )
    panel = show(page, service, body)
    expect(texts_of(panel)).to_have_text([HOSTILE_TEXT])
    expect(panel.locator("img, script")).to_have_count(0)
    expect(page).to_have_title("Comment sentiment: demo")
    assert complaints.lines == []


def test_panel_writes_right_to_left_text_from_the_right(page: Page, service: FakeService) -> None:
    panel = show(page, service, analysis(comments=[comment("مرحبا بالعالم"), comment("hello")]))
    directions = [
        text.evaluate("node => getComputedStyle(node).direction") for text in texts_of(panel).all()
    ]
    assert directions == ["rtl", "ltr"]


def test_filter_shows_one_label_and_is_announced(page: Page, service: FakeService) -> None:
    panel = show(page, service, analysis())
    texts = texts_of(panel)
    negative = panel.get_by_role("checkbox", name="Negative")
    negative.check()
    expect(texts).to_have_text(["The second half drags", HOSTILE_TEXT])
    expect(panel.get_by_role("status")).to_have_text("2 comments shown.")
    negative.uncheck()
    panel.get_by_role("checkbox", name="Left out").check()
    expect(texts).to_have_text(["مرحبا بالعالم"])
    panel.get_by_role("button", name="Clear filters").click()
    expect(texts).to_have_count(5)


def test_filter_works_with_the_keyboard(page: Page, service: FakeService) -> None:
    panel = show(page, service, analysis())
    texts = texts_of(panel)
    panel.get_by_role("searchbox").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(texts).to_have_text(["I love how calm this is"])


def test_share_leads_to_its_comments(page: Page, service: FakeService) -> None:
    panel = show(page, service, analysis())
    panel.get_by_role("button", name="Positive 51%").press("Enter")
    tab = panel.get_by_role("tab", name="Comments")
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(tab).to_be_focused()
    expect(panel.get_by_role("article")).to_have_count(1)


@pytest.mark.parametrize("width", [400, 1_000])
def test_tab_begins_at_its_top_wherever_the_one_before_was_scrolled_to(
    page: Page, service: FakeService, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    body = analysis(comments=[comment(f"No. {n}?", intents=["question"]) for n in range(40)])
    panel = show(page, service, {**body, "intents": {"question": 40}})
    panel.get_by_role("button", name="Question 40").click()
    first = panel.get_by_role("article", name="Comment 1 of 40")
    expect(first).to_be_in_viewport()
    expect(panel.get_by_role("searchbox")).to_be_in_viewport()
    expect(panel.get_by_role("heading", level=1)).to_be_in_viewport()
    panel.get_by_role("article").last.scroll_into_view_if_needed()
    expect(panel.get_by_role("searchbox")).not_to_be_in_viewport()
    panel.get_by_role("tab", name="Overview").click()
    expect(panel.get_by_role("region", name="Result")).to_be_in_viewport()
    expect(panel.get_by_role("heading", level=1)).to_be_in_viewport()


def test_tab_leaves_the_page_where_it_is_while_the_tabs_are_in_their_place(
    page: Page, service: FakeService
) -> None:
    page.set_viewport_size({"width": 400, "height": 500})
    panel = show(page, service, analysis(comments=[comment(f"No. {n}") for n in range(40)]))
    tab = panel.get_by_role("tab", name="Comments")
    tab.evaluate("tab => window.scrollBy(0, tab.getBoundingClientRect().top - 100)")
    before = page.evaluate("window.scrollY")
    assert before > 0
    tab.click()
    expect(panel.get_by_role("article").first).to_be_visible()
    assert page.evaluate("window.scrollY") == before


def test_list_draws_what_is_in_sight_and_reaches_all_of_it_by_keyboard(
    page: Page, service: FakeService
) -> None:
    panel = show(page, service, analysis(comments=[comment(f"No. {n}") for n in range(70)]))
    comments = comments_of(panel)
    first = panel.get_by_role("article", name="Comment 1 of 70")
    expect(first).to_contain_text("No. 0")
    assert comments.count() < 40
    first.focus()
    page.keyboard.press("PageDown")
    expect(panel.get_by_role("article", name="Comment 2 of 70")).to_be_focused()
    page.keyboard.press("End")
    last = panel.get_by_role("article", name="Comment 70 of 70")
    expect(last).to_be_focused()
    expect(last).to_be_in_viewport()
    expect(last).to_contain_text("No. 69")


def test_list_unfolds_a_long_comment(page: Page, service: FakeService) -> None:
    panel = show(page, service, analysis(comments=[comment("word " * 2_000)]))
    text = texts_of(panel)
    folded = text.evaluate("node => node.clientHeight")
    panel.get_by_role("button", name="Show all of it").click()
    expect(panel.get_by_role("button", name="Show less")).to_have_attribute("aria-expanded", "true")
    assert text.evaluate("node => node.clientHeight") > 10 * folded


@pytest.mark.parametrize(
    "stamps",
    [
        [f"{n}:00 A part whose title takes two lines at least\n" for n in range(9)],
        [f"0:{n} " for n in range(10, 60)],
    ],
)
def test_folded_comment_gives_the_focus_to_nothing_that_is_hidden(
    page: Page, service: FakeService, stamps: list[str]
) -> None:
    panel = show(page, service, analysis(comments=[comment("".join(stamps))]))
    text = texts_of(panel)
    expect(text.locator("span").last).to_be_attached()
    in_sight = text.evaluate(
        """text => [...text.querySelectorAll("button")].map((stamp) => {
             stamp.focus();
             const { left, top, bottom } = stamp.getBoundingClientRect();
             const isOnTop = document.elementFromPoint(left + 1, (top + bottom) / 2) === stamp;
             return isOnTop && text.scrollTop === 0;
           })"""
    )
    assert in_sight
    assert all(in_sight)
    panel.get_by_role("button", name="Show all of it").click()
    expect(text.get_by_role("button")).to_have_count(len(stamps))


def test_panel_says_that_a_video_has_no_comments(page: Page, service: FakeService) -> None:
    panel = show(page, service, empty_video())
    expect(panel.get_by_role("heading", level=2)).to_have_text("No comments yet")


def test_panel_says_that_no_comment_was_readable(page: Page, service: FakeService) -> None:
    body = empty_video()
    body |= {"fetched": 2, "excluded": {"empty": 1, "not_english": 1}}
    panel = show(page, service, body)
    result = panel.get_by_role("region", name="Result")
    expect(result.get_by_role("heading")).to_have_text("No readable comments")
    expect(panel).to_contain_text("0 of 2 comments analysed")
    expect(panel).not_to_contain_text("NaN")


@pytest.mark.parametrize("odd", [None, 7, "x", {}, {"text": 1}, {"text": "a", "prediction": {}}])
def test_panel_skips_a_comment_that_it_can_not_read(
    page: Page, service: FakeService, odd: object
) -> None:
    panel = show(page, service, analysis(comments=[odd, comment("fine")]))
    expect(texts_of(panel)).to_have_text(["fine"])


def test_panel_shows_missing_numbers_as_unknown(page: Page, service: FakeService) -> None:
    sparse: Body = {"analysed": 1, "score": {"mean": 0.5}, "comments": []}
    panel = show(page, service, sparse)
    expect(panel.get_by_role("region", name="Result")).to_contain_text("how certain is not known")
    expect(panel.get_by_role("region", name="Shares")).to_contain_text("–")
    expect(panel).not_to_contain_text("NaN")
    expect(panel).not_to_contain_text("undefined")

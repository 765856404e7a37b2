"""The demo page in Chromium: what a visitor sees for each answer of the service."""

from __future__ import annotations

import json
import re
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.panel.bodies import DIGEST, HOSTILE_TEXT, Body, analysis, comment, empty_video, problem
from tests.panel.conftest import Complaints
from tests.panel.fake_service import FakeService

pytestmark = pytest.mark.browser


def open_demo(page: Page, service: FakeService) -> Locator:
    """Open the page and return its panel."""
    page.goto(f"{service.origin}/demo")
    panel = page.locator("#panel")
    expect(panel).to_have_attribute("data-state", re.compile("."))
    return panel


def ask(page: Page, video: str) -> None:
    """Type a video and press Enter."""
    page.get_by_label("Video address or id").fill(video)
    page.keyboard.press("Enter")


def show(page: Page, service: FakeService, body: object, *, status: int = 200) -> Locator:
    """Open the page, have it answered `body`, and return its panel."""
    service.answer("any", body, status=status)
    panel = open_demo(page, service)
    ask(page, "any")
    expect(panel).to_have_attribute("data-state", "result" if status == 200 else "problem")
    return panel


def test_demo_asks_for_the_configured_video_at_once(page: Page, complaints: Complaints) -> None:
    with FakeService(demo_video="replayed-01", replayed=True) as service:
        service.answer("replayed-01", analysis())
        panel = open_demo(page, service)
        expect(panel).to_have_attribute("data-state", "result")
        expect(page.get_by_label("Video address or id")).to_have_value("replayed-01")
        expect(page.get_by_label("Stand-in for the player")).to_contain_text("made-up video")
        assert service.asked == [{"video_id": "replayed-01", "max_comments": 500}]
    assert complaints.lines == []


def test_demo_without_a_configured_video_waits_for_an_address(
    page: Page, service: FakeService
) -> None:
    expect(open_demo(page, service)).to_contain_text("Which video?")
    assert service.asked == []


def test_demo_without_configuration_still_takes_an_address(
    page: Page, service: FakeService
) -> None:
    page.route("**/demo/config.json", lambda route: route.fulfill(status=404, body="no"))
    expect(show(page, service, analysis())).to_contain_text("Mostly positive")
    expect(page.get_by_label("Stand-in for the player")).not_to_contain_text("made-up")


def test_demo_sends_the_address_as_typed(page: Page, service: FakeService) -> None:
    address = "https://youtu.be/abcdefghijk?t=4"
    service.answer(address, analysis())
    open_demo(page, service)
    ask(page, f"  {address} ")
    service.wait_until_asked(1)
    assert service.asked[0]["video_id"] == address


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


@pytest.mark.parametrize(
    ("status", "code", "title"),
    [
        (400, "invalid_video_id", "That is no video address"),
        (403, "comments_disabled", "Comments are switched off"),
        (403, "video_private", "This video is private"),
        (404, "video_not_found", "Video not found"),
        (429, "quota_exceeded", "Today's YouTube quota is spent"),
        (502, "youtube_unavailable", "YouTube does not answer"),
        (503, "api_key_missing", "The server can't ask YouTube"),
        (503, "overloaded", "The server is busy"),
        (418, "brand_new", "That did not work"),
    ],
)
def test_panel_names_the_problem_and_passes_on_the_advice(
    page: Page, service: FakeService, status: int, code: str, title: str
) -> None:
    panel = show(page, service, problem(code), status=status)
    expect(panel.get_by_role("heading")).to_have_text(title)
    expect(panel).to_contain_text("It said no.")
    expect(panel).to_contain_text("Do better.")
    expect(panel.get_by_role("status")).to_have_text(f"{title}. It said no.")


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (500, "<h1>Oops</h1>", "status 500"),
        (500, "", "status 500"),
        (500, "null", "status 500"),
        (500, '["a"]', "status 500"),
        (500, '{"error": "plain words"}', "plain words"),
        (500, '{"error": {"code": 7, "message": {}}}', "status 500"),
        (422, '{"detail": "field required"}', "field required"),
        (502, "Bad gateway", "No answer from the server"),
        (500, '{"error": {"code": "constructor", "message": "odd"}}', "odd"),
        (401, '{"error": {"code": "unauthorized", "message": "m"}}', "access token"),
    ],
)
def test_panel_tolerates_any_error_body(
    page: Page, service: FakeService, status: int, body: str, said: str
) -> None:
    expect(show(page, service, body, status=status)).to_contain_text(said)


@pytest.mark.parametrize("body", ["not json", "null", "[]", "{}", '{"analysed": 3}'])
def test_panel_refuses_an_answer_that_is_no_analysis(
    page: Page, service: FakeService, body: str
) -> None:
    service.answer("any", body)
    panel = open_demo(page, service)
    ask(page, "any")
    expect(panel.get_by_role("heading")).to_have_text("The answer can't be read")


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


def test_panel_says_when_the_server_is_gone_and_tries_again(
    page: Page, service: FakeService
) -> None:
    panel = open_demo(page, service)
    page.route("**/v1/analyze", lambda route: route.abort("connectionrefused"))
    ask(page, "any")
    expect(panel.get_by_role("heading")).to_have_text("No answer from the server")
    page.unroute("**/v1/analyze")
    service.answer("any", analysis())
    panel.get_by_role("button", name="Try again").click()
    expect(panel).to_contain_text("Mostly positive")


def test_panel_offers_no_second_try_where_none_helps(page: Page, service: FakeService) -> None:
    panel = show(page, service, problem("comments_disabled"), status=403)
    expect(panel.get_by_role("button")).to_have_count(0)


def test_panel_shows_that_it_waits(page: Page, service: FakeService) -> None:
    release = service.answer("slow", analysis(), held=True)
    panel = open_demo(page, service)
    ask(page, "slow")
    service.wait_until_asked(1)
    expect(panel).to_have_attribute("aria-busy", "true")
    expect(panel.locator(".skeleton")).to_have_count(4)
    release.set()
    expect(panel).to_have_attribute("aria-busy", "false")
    expect(panel.locator(".skeleton")).to_have_count(0)


def test_panel_aborts_the_request_for_the_previous_video(
    page: Page, service: FakeService, complaints: Complaints
) -> None:
    service.answer("late", analysis(), held=True)
    service.answer("next", analysis())
    panel = open_demo(page, service)
    ask(page, "late")
    service.wait_until_asked(1)
    with page.expect_event("requestfailed") as failed:
        ask(page, "next")
    assert json.loads(failed.value.post_data or "{}")["video_id"] == "late"
    expect(panel).to_contain_text("Mostly positive")
    assert complaints.lines == []


@pytest.mark.parametrize("late_status", [200, 404])
def test_panel_drops_an_answer_that_comes_in_spite_of_the_abort(
    page: Page, service: FakeService, late_status: int
) -> None:
    page.add_init_script("AbortController.prototype.abort = () => {}")
    late_body = analysis(comments=[comment("late")]) if late_status == 200 else problem("unknown")
    late = service.answer("late", late_body, status=late_status, held=True)
    service.answer("next", analysis(comments=[comment("next")]))
    panel = open_demo(page, service)
    ask(page, "late")
    service.wait_until_asked(1)
    ask(page, "next")
    expect(panel.locator(".comment-text")).to_have_text("next")
    with page.expect_event("requestfinished"):
        late.set()
    page.evaluate("fetch('/demo/config.json').then((response) => response.text())")
    assert panel.locator(".comment-text").all_text_contents() == ["next"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_panel_text_reaches_the_contrast_of_wcag_aa(
    page: Page, service: FakeService, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    panel = show(page, service, analysis())
    pairs = {
        selector: panel.locator(f".card {selector}").first.evaluate(
            """node => [getComputedStyle(node).color,
                        getComputedStyle(node.closest(".card")).backgroundColor]"""
        )
        for selector in (".muted", ".ink-negative", ".ink-neutral", ".ink-positive", ".verdict")
    }
    assert {name: pair for name, pair in pairs.items() if contrast(*pair) < 4.5} == {}


def contrast(first: str, second: str) -> float:
    """WCAG 2.2 contrast ratio of two colours as `rgb(r, g, b)`."""
    lights = sorted((luminance(first), luminance(second)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance."""
    channels = [int(digits) / 255 for digits in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("width", [280, 360, 1200])
def test_demo_never_scrolls_sideways(page: Page, service: FakeService, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    unbroken = comment("w" * 900, 1, status="unsure", like_count=123_456)
    panel = show(page, service, analysis(comments=[unbroken, *analysis()["comments"]]))
    panel.get_by_role("button", name="Show all of it").click()
    root = page.locator(":root")
    assert root.evaluate("root => root.scrollWidth - root.clientWidth") == 0

"""The panel in Chromium: waiting, errors, odd answers, and answers that come too late."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.panel.bodies import analysis, comment, problem
from tests.panel.chromium import Complaints
from tests.panel.fake_service import FakeService
from tests.panel.visits import ask, open_demo, show, texts_of

pytestmark = pytest.mark.browser


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
    ],
)
def test_panel_names_the_problem_in_its_own_words(
    page: Page, service: FakeService, status: int, code: str, title: str
) -> None:
    panel = show(page, service, problem(code), status=status)
    expect(panel.get_by_role("heading", level=2)).to_have_text(title)
    expect(panel).not_to_contain_text("It said no.")
    expect(panel).not_to_contain_text("Do better.")


def test_panel_quotes_the_server_on_a_problem_that_it_does_not_know(
    page: Page, service: FakeService
) -> None:
    panel = show(page, service, problem("brand_new"), status=418)
    expect(panel.get_by_role("heading", level=2)).to_have_text("That did not work")
    expect(panel.get_by_text("It said no. Do better.")).to_have_attribute("lang", "en")


def test_panel_announces_a_problem_in_its_own_words(page: Page, service: FakeService) -> None:
    panel = show(page, service, problem("video_private"), status=403)
    expect(panel.get_by_role("status")).to_have_text(
        "This video is private. The comments of a private video can't be read."
    )


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
        (403, '{"message": "Forbidden"}', "access token"),  # AWS's gateway
        (401, '{"error": {"code": "unauthorized", "message": "m"}}', "access token"),
    ],
)
def test_panel_tolerates_any_error_body(
    page: Page, service: FakeService, status: int, body: str, said: str
) -> None:
    expect(show(page, service, body, status=status)).to_contain_text(said)


@pytest.mark.parametrize("body", ["not json", "null", "[]", "{}", '{"analysed": "3"}'])
def test_panel_refuses_an_answer_that_is_no_analysis(
    page: Page, service: FakeService, body: str
) -> None:
    service.answer("any", body)
    panel = open_demo(page, service)
    ask(page, "any")
    expect(panel.get_by_role("heading", level=2)).to_have_text("The answer can't be read")


def test_panel_says_when_the_server_is_gone_and_tries_again(
    page: Page, service: FakeService
) -> None:
    panel = open_demo(page, service)
    page.route("**/v1/analyze/**", lambda route: route.abort("connectionrefused"))
    ask(page, "any")
    expect(panel.get_by_role("heading", level=2)).to_have_text("No answer from the server")
    page.unroute("**/v1/analyze/**")
    service.answer("any", analysis())
    panel.get_by_role("button", name="Test the connection").press("Enter")
    expect(panel).to_contain_text("Mostly positive")
    expect(panel).to_be_focused()


def test_panel_counts_down_when_it_asked_too_often_and_asks_again(
    page: Page, service: FakeService
) -> None:
    service.answer("any", problem("rate_limited"), status=429, retry_after_s=3)
    panel = open_demo(page, service)
    ask(page, "any")
    expect(panel.get_by_role("heading", level=2)).to_have_text("Too many requests")
    expect(panel.get_by_role("timer")).to_contain_text("Tries again in 0:0")
    service.answer("any", analysis())
    expect(panel).to_contain_text("Mostly positive")
    assert len(service.asked) == 2


def test_panel_offers_no_second_try_where_none_helps(page: Page, service: FakeService) -> None:
    panel = show(page, service, problem("comments_disabled"), status=403)
    expect(panel.get_by_role("region").get_by_role("button")).to_have_count(0)


def test_panel_shows_that_it_waits(page: Page, service: FakeService) -> None:
    release = service.answer("slow", analysis(), held=True)
    panel = open_demo(page, service)
    ask(page, "slow")
    service.wait_until_asked(1)
    expect(panel).to_have_attribute("aria-busy", "true")
    expect(panel).to_contain_text("Reading the comments…")
    release.set()
    expect(panel).to_have_attribute("aria-busy", "false")
    expect(panel).not_to_contain_text("Reading the comments…")


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
    assert "video_id=late" in failed.value.url
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
    texts = texts_of(panel)
    expect(texts).to_have_text(["next"])
    with page.expect_response(lambda response: "video_id=late" in response.url):
        late.set()
    page.evaluate("fetch('/demo/config.json').then((response) => response.text())")
    assert texts.all_text_contents() == ["next"]

"""The demo page in Chromium: its form, its first video, its layout and colours."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from sentiment.serving.wire_analysis import STAND_IN_NOTICE
from tests.panel.bodies import analysis, comment
from tests.panel.chromium import Complaints
from tests.panel.fake_service import FakeService
from tests.panel.visits import ask, open_demo, show

pytestmark = pytest.mark.browser


def test_demo_asks_for_the_configured_video_at_once(page: Page, complaints: Complaints) -> None:
    with FakeService(demo_video="replayed-01", replayed=True) as service:
        service.answer("replayed-01", analysis())
        panel = open_demo(page, service)
        expect(panel).to_have_attribute("data-state", "result")
        expect(page.get_by_label("Video address or id")).to_have_value("replayed-01")
        expect(page.get_by_label("Stand-in for the player")).to_contain_text("made-up video")
        assert service.asked == [{"video_id": "replayed-01", "max_comments": 500, "order": "time"}]
    assert complaints.lines == []


def test_demo_warns_on_top_of_the_result_of_a_stand_in(page: Page, service: FakeService) -> None:
    panel = show(page, service, analysis(notice=STAND_IN_NOTICE))
    box = panel.locator(".notice-box").filter(has_text="the comments may be made up")
    expect(box).to_be_visible()
    expect(panel.locator("footer")).to_contain_text(STAND_IN_NOTICE)
    panel = show(page, service, analysis())
    expect(panel.locator("footer")).to_contain_text("not YouTube data")
    expect(panel.locator(".notice-box")).to_have_count(0)


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


@pytest.mark.parametrize("width", [280, 360, 1200])
def test_demo_never_scrolls_sideways(page: Page, service: FakeService, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    unbroken = comment("w" * 900, 1, status="unsure", like_count=123_456)
    panel = show(page, service, analysis(comments=[unbroken, *analysis()["comments"]]))
    root = page.locator(":root")
    for tab in ("Overview", "Comments", "Compare"):
        panel.get_by_role("tab", name=tab).click()
        assert root.evaluate("root => root.scrollWidth - root.clientWidth") == 0

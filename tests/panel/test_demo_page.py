"""The demo page in Chromium: its form, its first video, its layout and colours."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.panel.bodies import analysis, comment
from tests.panel.conftest import Complaints
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
    panel.get_by_role("button", name="Show all of it").click()
    root = page.locator(":root")
    assert root.evaluate("root => root.scrollWidth - root.clientWidth") == 0


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

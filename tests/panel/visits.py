"""What a visitor does with the demo page."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.panel.fake_service import FakeService


def open_demo(page: Page, service: FakeService) -> Locator:
    """Open the page and return its panel."""
    page.goto(f"{service.origin}/demo")
    panel = page.locator("#panel")
    expect(panel).to_have_attribute("data-state", re.compile("."))
    return panel


def comments_of(panel: Locator) -> Locator:
    """Choose the tab of comments and return the comments that are drawn."""
    panel.get_by_role("tab", name="Comments").click()
    return panel.get_by_role("article")


def texts_of(panel: Locator) -> Locator:
    """Choose the tab of comments and return their texts."""
    return comments_of(panel).get_by_role("paragraph")


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

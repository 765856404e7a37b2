"""Each state of the panel, made up: axe-core finds nothing, and it fits a narrow panel.

With SENTIMENT_SCREENSHOTS naming a folder, pictures of the states are written there.
"""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize, expect

from tests.panel.chromium import EXTENSION_ID, PANEL_DIR
from tests.panel.fake_service import FakeService

pytestmark = pytest.mark.browser

# Served by nobody: the test answers for it.
_ORIGIN = "https://gallery.invalid"
_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
_STATES = (
    *("resting", "loading", "first", "complete", "stand-in", "negative"),
    *("no-comments", "none-readable"),
    *("disabled", "private", "deleted", "wrong-id", "quota", "quota-cached", "quota-low"),
    *("unreachable", "token", "rate-limited", "model-changed", "offline", "offline-cached"),
    *("too-long", "other-language", "interrupted", "stale", "page", "live"),
    *("comments", "corrections", "no-match", "hostile"),
    *("compare", "compare-ready", "compare-kept", "compare-loading", "compare-problem"),
    "settings",
)
_AXE = PANEL_DIR / "node_modules" / "axe-core" / "axe.min.js"
_WIDE: ViewportSize = {"width": 400, "height": 720}
_NARROW: ViewportSize = {"width": 280, "height": 720}
_SHOWN_NARROW = ("complete", "comments", "compare-ready", "unreachable", "settings")
_COLOURS = 48


@pytest.fixture(scope="module")
def gallery(
    browser: Browser, built_extension: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    """A page that shows the gallery, built now."""
    assert built_extension.is_dir()
    folder = tmp_path_factory.mktemp("gallery")
    subprocess.run(
        ["node", "tools/build_gallery.mjs", str(folder)], cwd=PANEL_DIR, check=True, timeout=240
    )

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(_ORIGIN).partition("?")[0].lstrip("/")
        file = folder / (path or "src/panel/view/gallery.html")
        route.fulfill(body=file.read_bytes(), content_type=_TYPES[file.suffix])

    context = browser.new_context(locale="en-US", timezone_id="UTC", reduced_motion="reduce")
    context.route(f"{_ORIGIN}/**", answer)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("state", _STATES)
def test_state_has_no_fault_that_axe_finds_and_fits_280_pixels(gallery: Page, state: str) -> None:
    gallery.set_viewport_size(_WIDE)
    gallery.goto(f"{_ORIGIN}/?state={state}&theme=light")
    expect(gallery.get_by_role("heading").first).to_be_visible()
    gallery.evaluate(_AXE.read_text(encoding="utf-8"))
    found = faults(gallery)
    keep_picture(gallery, f"{state}-light")
    gallery.evaluate("document.documentElement.dataset.theme = 'dark'")
    found += faults(gallery)
    keep_picture(gallery, f"{state}-dark")
    gallery.set_viewport_size(_NARROW)
    root = gallery.locator(":root")
    sideways_px = root.evaluate("root => root.scrollWidth - root.clientWidth")
    if state in _SHOWN_NARROW:
        keep_picture(gallery, f"{state}-narrow")
    assert (found, sideways_px) == ([], 0)


@pytest.mark.parametrize("state", ["complete", "compare-ready"])
def test_likely_range_is_seen_on_both_sides_of_the_score(gallery: Page, state: str) -> None:
    gallery.set_viewport_size(_NARROW)
    gallery.goto(f"{_ORIGIN}/?state={state}&theme=light")
    expect(gallery.get_by_role("heading").first).to_be_visible()
    boxes = gallery.evaluate(
        """() => [...document.querySelectorAll(".scale")].map((scale) =>
             [".scale-range", ".scale-mark"].map((name) => {
               const { left, right } = scale.querySelector(name).getBoundingClientRect();
               return [left, right];
             }))"""
    )
    assert boxes
    for (low, high), (left, right) in boxes:
        assert low <= left - 2
        assert high >= right + 2


@pytest.mark.parametrize("name", ["sidepanel", "settings"])
def test_page_of_the_extension_has_no_fault_that_axe_finds(
    chromium: BrowserContext, service: FakeService, name: str
) -> None:
    page = chromium.new_page()
    page.goto(f"chrome-extension://{EXTENSION_ID}/{name}.html")
    expect(page.get_by_role("heading").first).to_be_visible()
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = faults(page)
    page.close()
    assert found == []


def faults(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA and its own good practice."""
    result: dict[str, Any] = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def keep_picture(page: Page, name: str) -> None:
    """Write what is in sight to the folder of screenshots, if one is wanted."""
    folder = os.environ.get("SENTIMENT_SCREENSHOTS")
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        small = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
        small.save(Path(folder) / f"{name}.png", optimize=True)

"""The unpacked extension in Chromium, with made-up pages in YouTube's place."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Worker, expect

from tests.panel.bodies import HOSTILE_TEXT, analysis, comment
from tests.panel.chromium import EXTENSION_ID, Complaints
from tests.panel.fake_service import FakeService
from tests.panel.visits import texts_of

pytestmark = pytest.mark.browser

WATCH = "https://www.youtube.com/watch?v="
FIRST, SECOND, THIRD = "abcdefghij1", "abcdefghij2", "abcdefghij3"

_SET_SERVER = "(server) => chrome.storage.local.set({ settings: { server } })"
_GET_SERVER = "async () => (await chrome.storage.local.get('settings')).settings?.server"
# As a content script of ours, which is where a page that took over its process could read.
_READ_IN_PAGE = """async (area) => {
  const [tab] = await chrome.tabs.query({ url: "https://www.youtube.com/*" });
  const [{ result }] = await chrome.scripting.executeScript({
    target: { tabId: tab.id },
    args: [area],
    func: async (area) => {
      try {
        return JSON.stringify(await chrome.storage[area].get(null));
      } catch (error) {
        return String(error);
      }
    },
  });
  return result;
}"""
_IS_PANEL_OFFERED = """async (wanted) => {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const tabs = await chrome.tabs.query({ active: true });
    const found = await Promise.all(
      tabs.map((tab) => chrome.sidePanel.getOptions({ tabId: tab.id })),
    );
    const enabled = found.some((options) => options.enabled && options.path?.includes("?tab="));
    if (enabled === wanted || Date.now() > deadline) return enabled;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}"""


@pytest.fixture
def youtube(chromium: BrowserContext) -> Iterator[Page]:
    """A tab in front that shows the first video."""
    page = chromium.new_page()
    page.goto(WATCH + FIRST)
    yield page
    page.close()


@pytest.fixture
def panel_page(
    chromium: BrowserContext,
    worker: Worker,
    youtube: Page,
    service: FakeService,
    complaints: Complaints,
) -> Iterator[Page]:
    """The side panel's page for the YouTube tab, asking the fake service."""
    service.answer(FIRST, analysis(FIRST, comments=[comment("first"), comment(HOSTILE_TEXT)]))
    service.answer(SECOND, analysis(SECOND, comments=[comment("second")]))
    worker.evaluate(_SET_SERVER, service.origin)
    tab_id = worker.evaluate(
        "async () => (await chrome.tabs.query({ url: 'https://www.youtube.com/*' }))[0].id"
    )
    page = chromium.new_page()
    complaints.listen_to(page)
    page.goto(f"chrome-extension://{EXTENSION_ID}/sidepanel.html?tab={tab_id}")
    yield page
    page.close()


@pytest.fixture
def settings_page(chromium: BrowserContext) -> Iterator[Page]:
    """The extension's settings."""
    page = chromium.new_page()
    page.goto(f"chrome-extension://{EXTENSION_ID}/settings.html")
    yield page
    page.close()


def test_extension_loads_under_its_documented_id(worker: Worker) -> None:
    assert worker.url == f"chrome-extension://{EXTENSION_ID}/worker.js"


@pytest.mark.parametrize(
    ("address", "is_offered"),
    [
        (WATCH + FIRST, True),
        (f"https://www.youtube.com/watch?list=PL1&v={FIRST}&t=3s", True),
        (f"https://www.youtube.com/shorts/{FIRST}", True),
        (f"https://www.youtube.com/live/{FIRST}?feature=share", True),
        ("https://www.youtube.com/", False),
        ("https://www.youtube.com/watch?v=short", False),
        (f"https://www.youtube.com/playlist?v={FIRST}", False),
        (f"https://example.org/watch?v={FIRST}", False),
    ],
)
def test_worker_offers_the_panel_on_videos_only(
    youtube: Page, worker: Worker, address: str, is_offered: bool
) -> None:
    # Come from the opposite state, so that nothing passes by not having happened yet.
    youtube.goto("https://www.youtube.com/feed" if is_offered else WATCH + SECOND)
    before = worker.evaluate(_IS_PANEL_OFFERED, not is_offered)
    youtube.goto(address)
    after = worker.evaluate(_IS_PANEL_OFFERED, is_offered)
    assert (before, after) == (not is_offered, is_offered)


@pytest.mark.parametrize("area", ["local", "session"])
def test_page_of_youtube_cannot_read_what_the_extension_keeps(
    youtube: Page, worker: Worker, area: str
) -> None:
    youtube.bring_to_front()
    worker.evaluate(_SET_SERVER, "http://127.0.0.1:9")
    read = worker.evaluate(_READ_IN_PAGE, area)
    assert "not allowed" in read


def test_worker_offers_the_panel_after_chrome_has_ended_it(
    chromium: BrowserContext, settings_page: Page, youtube: Page
) -> None:
    youtube.goto("https://www.youtube.com/feed")
    session = chromium.new_cdp_session(settings_page)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")
    youtube.goto(WATCH + SECOND)
    youtube.bring_to_front()
    assert settings_page.evaluate(_IS_PANEL_OFFERED, True) is True


def test_side_panel_opens_beside_its_tab_and_asks_for_its_video(
    panel_page: Page, youtube: Page, service: FakeService
) -> None:
    service.wait_until_asked(1)
    # Chrome opens a side panel only out of a user's gesture, in a page of the extension.
    panel_page.evaluate(
        """async () => {
          const tab = (await chrome.tabs.query({ url: "https://www.youtube.com/*" }))[0];
          document.addEventListener("click", () => chrome.sidePanel.open({ tabId: tab.id }));
        }"""
    )
    panel_page.mouse.click(1, 1)
    youtube.bring_to_front()
    service.wait_until_asked(2)
    assert [asked["video_id"] for asked in service.asked] == [FIRST, FIRST]


def test_panel_shows_the_video_of_its_tab(panel_page: Page, complaints: Complaints) -> None:
    panel = panel_page.locator("#panel")
    expect(panel).to_contain_text("Mostly positive")
    expect(texts_of(panel)).to_have_text(["first", HOSTILE_TEXT])
    expect(panel.locator("img, script")).to_have_count(0)
    assert complaints.lines == []


def test_panel_follows_its_tab(panel_page: Page, youtube: Page) -> None:
    texts = texts_of(panel_page.locator("#panel"))
    expect(texts.first).to_have_text("first")
    youtube.evaluate("(address) => history.pushState({}, '', address)", WATCH + SECOND)
    expect(texts).to_have_text(["second"])
    youtube.goto("https://www.youtube.com/feed")
    expect(panel_page.locator("#panel")).to_contain_text("Open a video")


def test_panel_ignores_other_tabs(
    panel_page: Page, chromium: BrowserContext, youtube: Page, service: FakeService
) -> None:
    service.answer(THIRD, analysis(THIRD))
    texts = texts_of(panel_page.locator("#panel"))
    expect(texts.first).to_have_text("first")
    other = chromium.new_page()
    other.goto(WATCH + THIRD)
    other.close()
    youtube.goto(WATCH + SECOND)
    expect(texts).to_have_text(["second"])
    # What was kept from an earlier look is shown before the question arrives.
    service.wait_until_asked(2)
    assert [asked["video_id"] for asked in service.asked] == [FIRST, SECOND]


def test_panel_takes_another_server_from_the_settings(
    panel_page: Page, settings_page: Page, worker: Worker
) -> None:
    texts = texts_of(panel_page.locator("#panel"))
    expect(texts.first).to_have_text("first")
    address = settings_page.get_by_label("Address of the sentiment server")
    with FakeService() as other:
        other.answer(FIRST, analysis(FIRST, comments=[comment("from the other server")]))
        address.fill(other.origin.removeprefix("http://") + "/demo")
        settings_page.keyboard.press("Enter")
        expect(settings_page.get_by_role("status")).to_have_text("Saved.")
        expect(texts).to_have_text(["from the other server"])
        assert worker.evaluate(_GET_SERVER) == other.origin


@pytest.mark.parametrize(
    "typed", ["http://example.org", "ftp://127.0.0.1", "http://10.0.0.1", "/", "https://a:b@c.org"]
)
def test_settings_refuse_a_server_in_the_clear(
    settings_page: Page, worker: Worker, typed: str
) -> None:
    before = worker.evaluate(_GET_SERVER)
    address = settings_page.get_by_label("Address of the sentiment server")
    address.fill(typed)
    settings_page.keyboard.press("Enter")
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(address).to_have_accessible_description(re.compile("Wanted an address like"))
    assert worker.evaluate(_GET_SERVER) == before


def test_settings_test_says_that_no_server_answers(settings_page: Page) -> None:
    settings_page.get_by_label("Address of the sentiment server").fill("127.0.0.1:9")
    settings_page.get_by_role("button", name="Test the server").click()
    expect(settings_page.get_by_role("status")).to_contain_text("No answer from the server")


def test_panel_says_when_no_server_runs(panel_page: Page, worker: Worker) -> None:
    # Port 9 (discard) is served nowhere and refused at once.
    worker.evaluate(_SET_SERVER, "http://127.0.0.1:9")
    panel_page.reload()
    expect(panel_page.get_by_role("heading", level=2)).to_have_text("No answer from the server")


def test_panel_fits_280_pixels(panel_page: Page) -> None:
    panel_page.set_viewport_size({"width": 280, "height": 700})
    expect(panel_page.locator("#panel")).to_have_attribute("data-state", re.compile("result"))
    root = panel_page.locator(":root")
    assert root.evaluate("root => root.scrollWidth - root.clientWidth") == 0

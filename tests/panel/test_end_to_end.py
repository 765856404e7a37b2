"""The built extension against the real service and the stand-in of YouTube."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, Worker, expect

from sentiment.youtube.replay import ReplayServer
from tests.panel.beside import OpenPanel, panel_beside, set_settings
from tests.panel.chromium import EXTENSION_ID
from tests.panel.visits import comments_of
from tests.serving.running import (
    SERVE,
    Running,
    announced,
    error_of,
    free_port,
    service_variables,
    serving,
)

pytestmark = pytest.mark.browser

_TOKEN = "the-right-token-of-this-test"
_MOST_ELEMENTS = 2_000
_MOST_HEAP_BYTES = 150 * 2**20


def test_result_grows_to_completion_and_only_the_server_is_asked(
    open_panel: OpenPanel, server: Running
) -> None:
    with open_panel("size0000900", maxComments=1_000) as beside:
        beside.expect_state("result")
        expect(beside.panel.get_by_role("region", name="What was counted")).to_contain_text(
            "of 900 comments analysed"
        )
        states = beside.states()
        counts = [int(state.split()[1].replace(",", "")) for state in states if " " in state]
        assert states[0].startswith("loading")
        assert states[-1].startswith("result")
        assert any(state.startswith("streaming ") for state in states)
        assert counts == sorted(counts)
        assert len(set(counts)) > 2
        assert beside.hosts == {server.url, f"chrome-extension://{EXTENSION_ID}"}
        assert beside.complaints.lines == []


def test_answer_for_the_video_before_is_dropped(open_panel: OpenPanel) -> None:
    with open_panel("size0003000", maxComments=3_000) as beside:
        beside.expect_state("streaming")
        with beside.page.expect_event(
            "requestfailed", lambda request: "size0003000" in request.url
        ):
            beside.go_to("size0000033")
        beside.expect_state("result")
        expect(beside.panel).to_contain_text("of 33 comments analysed")
        assert comments_of(beside.panel).first.get_attribute("aria-setsize") == "33"
        after = beside.states()
        beside.page.wait_for_timeout(500)
        assert beside.states()[-1] == after[-1]


def test_panel_outlives_the_worker(open_panel: OpenPanel, chromium: BrowserContext) -> None:
    with open_panel("size0001500", maxComments=1_500) as beside:
        beside.expect_state("streaming")
        session = chromium.new_cdp_session(beside.page)
        session.send("ServiceWorker.enable")
        session.send("ServiceWorker.stopAllWorkers")
        beside.expect_state("result")
        beside.go_to("size0000033")
        expect(beside.panel).to_contain_text("of 33 comments analysed")


@pytest.mark.slow
def test_panel_mends_when_the_server_comes_back(
    chromium: BrowserContext,
    worker: Worker,
    replay: ReplayServer,
    tiny_bundle: Path,
    tmp_path: Path,
) -> None:
    port = free_port()
    command = (*SERVE, "--port", str(port))
    variables = service_variables(tiny_bundle, tmp_path, replay)
    with announced(command, log_path=tmp_path / "first", variables=variables) as first:
        opened = panel_beside(
            chromium, worker, "size0006000", first.url, settings={"maxComments": 6_000}
        )
        with opened as beside:
            beside.expect_state("streaming")
            first.process.kill()
            first.process.wait(30)
            expect(beside.panel).to_contain_text("The connection broke")
            with announced(command, log_path=tmp_path / "second", variables=variables):
                beside.expect_state("result", timeout_s=60)
                expect(beside.panel).to_contain_text("of 6,000 comments analysed")
                expect(beside.panel).not_to_contain_text("The connection broke")


@pytest.mark.slow
def test_panel_stays_small_with_5000_comments(
    open_panel: OpenPanel, chromium: BrowserContext
) -> None:
    with open_panel("size0005000", maxComments=5_000) as beside:
        beside.expect_state("result", timeout_s=60)
        page = beside.page
        page.set_viewport_size({"width": 400, "height": 800})
        first = comments_of(beside.panel).first
        count = int(first.get_attribute("aria-setsize") or "0")
        assert count > 4_000
        first.focus()
        page.keyboard.press("End")
        last = beside.panel.get_by_role("article", name=f"Comment {count:,} of {count:,}")
        expect(last).to_be_focused()
        expect(last).to_be_in_viewport()
        page.mouse.move(200, 400)
        for _ in range(20):
            page.mouse.wheel(0, -3_000)
        expect(beside.panel.get_by_role("article").first).to_be_visible()
        assert page.evaluate("document.querySelectorAll('*').length") < _MOST_ELEMENTS
        assert _heap_bytes(chromium, page) < _MOST_HEAP_BYTES


def _heap_bytes(chromium: BrowserContext, page: Page) -> float:
    """Return what the page's JavaScript holds once what it let go of is collected."""
    session = chromium.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = session.send("Performance.getMetrics")["metrics"]
    used: float = next(each["value"] for each in metrics if each["name"] == "JSHeapUsedSize")
    return used


@pytest.mark.parametrize(
    ("video_id", "title"),
    [
        ("noComments_", "Comments are switched off"),
        ("privateVid_", "This video is private"),
        ("missingVid_", "Video not found"),
        ("emptyVideo_", "No comments yet"),
    ],
)
def test_panel_says_why_there_is_no_result(
    open_panel: OpenPanel, video_id: str, title: str
) -> None:
    with open_panel(video_id) as beside:
        expect(beside.panel.get_by_role("heading", level=2)).to_have_text(title)


def test_panel_goes_on_by_itself_when_the_network_is_back(
    open_panel: OpenPanel, chromium: BrowserContext
) -> None:
    with open_panel("size0000060") as beside:
        beside.expect_state("result")
        chromium.set_offline(True)
        try:
            expect(beside.panel).to_contain_text("You are offline")
            beside.go_to("size0000061")
            expect(beside.panel.get_by_role("heading", level=2)).to_have_text("You are offline")
        finally:
            chromium.set_offline(False)
        beside.expect_state("result")
        expect(beside.panel).to_contain_text("of 61 comments analysed")


@pytest.fixture(scope="module")
def strict_server(
    tiny_bundle: Path, replay: ReplayServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A server that asks for a token, and asks YouTube anew each time."""
    limits = {"SENTIMENT_API_TOKEN": _TOKEN, "SENTIMENT_FRESH_S": "0"}
    with serving(tiny_bundle, tmp_path_factory.mktemp("strict"), replay, **limits) as (running, _):
        yield running


def test_wrong_token_is_said_and_the_right_one_is_taken(
    chromium: BrowserContext, worker: Worker, strict_server: Running
) -> None:
    url = strict_server.url
    with panel_beside(chromium, worker, "size0000034", url, settings={"token": "wrong"}) as beside:
        heading = beside.panel.get_by_role("heading", level=2)
        expect(heading).to_have_text("The server refuses this panel")
        set_settings(worker, url, token=_TOKEN)
        beside.expect_state("result")
        expect(beside.panel).to_contain_text("of 34 comments analysed")


def test_result_stays_when_the_quota_is_gone(
    chromium: BrowserContext, worker: Worker, strict_server: Running
) -> None:
    url = strict_server.url
    with panel_beside(chromium, worker, "size0000033", url, settings={"token": _TOKEN}) as beside:
        beside.expect_state("result")
        # The stand-in says of this video that the day's quota is spent.
        refused = httpx.post(
            f"{url}/v1/analyze",
            json={"video_id": "overQuota__"},
            headers={"Authorization": f"Bearer {_TOKEN}"},
        )
        assert error_of(refused)[1] == "quota_exceeded"
        beside.page.reload()
        expect(beside.panel).to_contain_text("Today's YouTube quota is spent")
        expect(beside.panel).to_contain_text("It is renewed on")
        expect(beside.panel).to_contain_text("of 33 comments analysed")
        beside.go_to("size0000035")
        heading = beside.panel.get_by_role("heading", level=2)
        expect(heading).to_have_text("Today's YouTube quota is spent")

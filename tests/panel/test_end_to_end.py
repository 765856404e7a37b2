"""The built extension against the real service and the stand-in of YouTube."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Protocol

import httpx
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Worker, expect

from sentiment.labels import Label
from sentiment.store.store import open_store
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import ReplayOptions
from tests.panel.beside import Beside, panel_beside, set_settings
from tests.panel.visits import comments_of, texts_of
from tests.serving.running import SERVE, Running, announced, error_of, free_port, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_HOSTILE = (
    '<img src=x onerror="window.owned=1"><script>window.owned=1</script>',
    '<a href="javascript:window.owned=1">x</a> {{constructor}} ${window.owned=1}',
    "\u202egnp.exe\u202c \u2066hidden\u2069 \u200b\u200b\ufeff after",
    "W" * 10_000,
)
_TOKEN = "the-right-token-of-this-test"
_MOST_ELEMENTS = 2_000
_MOST_HEAP_BYTES = 150 * 2**20


class OpenPanel(Protocol):
    """Opens a panel beside a video."""

    def __call__(self, video_id: str, **settings: object) -> AbstractContextManager[Beside]: ...


@pytest.fixture(scope="module")
def replay() -> Iterator[ReplayServer]:
    """A stand-in that takes a moment for each page, so that results come bit by bit."""
    with ReplayServer(ReplayOptions(latency_ms=60)) as server:
        yield server


@pytest.fixture(scope="module")
def store_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def server(tiny_bundle: Path, replay: ReplayServer, store_folder: Path) -> Iterator[Running]:
    with serving(tiny_bundle, store_folder, replay) as (running, _):
        yield running


@pytest.fixture
def open_panel(chromium: BrowserContext, worker: Worker, server: Running) -> OpenPanel:
    def open_(video_id: str, **settings: object) -> AbstractContextManager[Beside]:
        return panel_beside(chromium, worker, video_id, server.url, settings=settings)

    return open_


def test_result_grows_to_completion(open_panel: OpenPanel) -> None:
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


def test_panel_mends_when_the_server_comes_back(
    chromium: BrowserContext,
    worker: Worker,
    replay: ReplayServer,
    tiny_bundle: Path,
    tmp_path: Path,
) -> None:
    port = free_port()
    command = (*SERVE, "--port", str(port))
    variables = {
        "SENTIMENT_MODEL_DIR": str(tiny_bundle),
        "SENTIMENT_YOUTUBE_ENDPOINT": replay.endpoint,
        "SENTIMENT_STORE_URL": f"sqlite:///{tmp_path / 'store.db'}",
    }
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


def test_correction_is_stored_and_undone(open_panel: OpenPanel, store_folder: Path) -> None:
    with (
        closing(open_store(f"sqlite:///{store_folder / 'store.db'}", create=False)) as store,
        open_panel("size0000040") as beside,
    ):
        beside.expect_state("result")
        first = comments_of(beside.panel).first
        first.get_by_role("button", name="Correct").click()
        first.get_by_role("group", name="How does it really feel?").get_by_role(
            "button", name="Negative"
        ).click()
        expect(first.get_by_role("button", name="Undo")).to_be_visible()
        (kept,) = store.feedback()
        assert kept.label is Label.NEGATIVE
        assert kept.voter is not None
        first.get_by_role("button", name="Undo").click()
        expect(first).not_to_contain_text("You said")
        assert store.feedback() == []


def test_saved_numbers_are_what_the_panel_shows(open_panel: OpenPanel, tmp_path: Path) -> None:
    with open_panel("size0000060") as beside:
        beside.expect_state("result")
        with beside.page.expect_download() as started:
            beside.panel.get_by_role("button", name="Save numbers (CSV)").click()
        assert started.value.suggested_filename.startswith("sentiment-size0000060-")
        started.value.save_as(tmp_path / "numbers.csv")
        text = (tmp_path / "numbers.csv").read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        assert {"shares", "size0000060"} & {cell for row in rows for cell in row.values()}
        shown = texts_of(beside.panel).all_text_contents()
        assert shown
        assert [comment for comment in shown if len(comment) > 20 and comment in text] == []


def test_saved_picture_is_one(open_panel: OpenPanel, tmp_path: Path) -> None:
    with open_panel("size0000060") as beside:
        beside.expect_state("result")
        with beside.page.expect_download() as started:
            beside.panel.get_by_role("button", name="Save picture (PNG)").click()
        started.value.save_as(tmp_path / "picture.png")
    with Image.open(tmp_path / "picture.png") as picture:
        picture.load()
        assert (picture.format, picture.size) == ("PNG", (1_200, 675))
        assert len(set(picture.convert("RGB").resize((120, 68)).getdata())) > 8


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


def test_hostile_comments_are_inert(open_panel: OpenPanel, replay: ReplayServer) -> None:
    video = replay.changes.video("size0000008")
    for number, text in enumerate(_HOSTILE):
        assert replay.changes.edit(video.thread(number).id, text)
    with open_panel("size0000008") as beside:
        beside.expect_state("result")
        texts = texts_of(beside.panel)
        expect(texts.filter(has_text="onerror")).to_have_text([_HOSTILE[0]])
        beside.panel.get_by_role("button", name="Show all of it").click()
        expect(texts.filter(has_text="WWW")).to_have_text([_HOSTILE[3]])
        expect(beside.panel.locator("img, script, iframe, a")).to_have_count(0)
        isolation = texts.evaluate_all(
            "all => [...new Set(all.map((text) => getComputedStyle(text).unicodeBidi))]"
        )
        assert set(isolation) <= {"plaintext", "isolate"}
        root = beside.page.locator(":root")
        assert root.evaluate("root => root.scrollWidth - root.clientWidth") == 0
        assert beside.page.evaluate("window.owned") is None
        assert beside.complaints.lines == []


def test_marks_vanish_when_the_panel_closes(
    open_panel: OpenPanel, chromium: BrowserContext
) -> None:
    thread = ReplayServer().changes.video("size0000050").thread(0)
    body = f"""<link rel=icon href="data:,"><div id="comments"><ytd-comment-view-model>
      <a href="/watch?v=size0000050&lc={thread.id}">1 day ago</a>
      <ytd-expander><span id="content-text">text</span></ytd-expander>
    </ytd-comment-view-model></div>"""
    pattern = "https://www.youtube.com/watch?v=size0000050*"
    chromium.route(pattern, lambda route: route.fulfill(content_type="text/html", body=body))
    try:
        with open_panel("size0000050") as beside:
            beside.expect_state("result")
            beside.panel.get_by_role("switch", name="Marks on the page").check()
            expect(beside.youtube.locator("sentiment-mark")).to_have_count(1)
            beside.page.close(run_before_unload=True)
            expect(beside.youtube.locator("sentiment-mark")).to_have_count(0)
    finally:
        chromium.unroute(pattern)


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

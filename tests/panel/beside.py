"""The extension's panel beside a made-up YouTube page, and what it asks of whom."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, Worker, expect

from tests.panel.chromium import EXTENSION_ID, Complaints

WATCH = "https://www.youtube.com/watch?v="
_FORGET = "() => Promise.all([chrome.storage.local.clear(), chrome.storage.session.clear()])"
_SET = "(settings) => chrome.storage.local.set({ settings })"
_TAB = "async () => (await chrome.tabs.query({ url: 'https://www.youtube.com/*' })).at(-1).id"
_NOTE_STATES = """() => {
  window.states = [];
  new MutationObserver(() => {
    const panel = document.querySelector("#panel[data-state]");
    if (panel === null) return;
    const counted = /([\\d,]+) of [\\d,]+ comments? analysed/.exec(panel.textContent);
    const state = panel.dataset.state + (counted ? " " + counted[1] : "");
    if (state !== window.states.at(-1)) window.states.push(state);
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}"""


@dataclass
class Beside:
    """A YouTube tab and its panel.

    Attributes:
        hosts: every origin that the panel asked.
        complaints: of the panel's console.
    """

    youtube: Page
    page: Page
    hosts: set[str] = field(default_factory=set)
    complaints: Complaints = field(default_factory=Complaints)

    @property
    def panel(self) -> Locator:
        return self.page.locator("#panel")

    def go_to(self, video_id: str) -> None:
        """Move to another video as YouTube does: without loading the page anew."""
        self.youtube.evaluate("(address) => history.pushState({}, '', address)", WATCH + video_id)

    def expect_state(self, state: str, *, timeout_s: float = 30) -> None:
        expect(self.panel).to_have_attribute("data-state", state, timeout=timeout_s * 1_000)

    def states(self) -> list[str]:
        """What the panel went through: states, with the number of comments analysed."""
        states: list[str] = self.page.evaluate("window.states")
        return states


class OpenPanel(Protocol):
    """Opens a panel beside a video."""

    def __call__(self, video_id: str, **settings: object) -> AbstractContextManager[Beside]: ...


def set_settings(worker: Worker, server: str, **settings: object) -> None:
    """Set the extension's settings, whatever stood there."""
    worker.evaluate(_SET, {"server": server, **settings})


@contextmanager
def panel_beside(
    chromium: BrowserContext,
    worker: Worker,
    video_id: str,
    server: str,
    *,
    settings: Mapping[str, object] | None = None,
    script: str = "",
) -> Iterator[Beside]:
    """Open a video and its panel in an extension that remembers nothing; close both after.

    Args:
        server: origin of the service, the only host that the panel may ask.
        settings: more of the panel's settings.
        script: run in the panel's page before its own.
    """
    worker.evaluate(_FORGET)
    set_settings(worker, server, **(settings or {}))
    youtube = chromium.new_page()
    youtube.goto(WATCH + video_id)
    beside = Beside(youtube, chromium.new_page())
    beside.complaints.listen_to(beside.page)
    beside.page.on("request", lambda request: beside.hosts.add(_origin(request.url)))
    beside.page.add_init_script(f"({_NOTE_STATES})();{script}")
    try:
        tab_id = worker.evaluate(_TAB)
        beside.page.goto(f"chrome-extension://{EXTENSION_ID}/sidepanel.html?tab={tab_id}")
        yield beside
        allowed = {server, f"chrome-extension://{EXTENSION_ID}"}
        if not beside.hosts <= allowed:
            raise AssertionError(f"wanted requests to {allowed} only, found {beside.hosts}")
    finally:
        beside.page.close()
        youtube.close()


def _origin(address: str) -> str:
    parts = urlsplit(address)
    # A picture or a file of the page's own: no request leaves.
    return (
        f"chrome-extension://{EXTENSION_ID}"
        if parts.scheme in {"blob", "data"}
        else (f"{parts.scheme}://{parts.netloc}")
    )


@contextmanager
def watch_page(
    chromium: BrowserContext, video_id: str, comments: Mapping[str, str]
) -> Iterator[None]:
    """Put comments, texts by id, on the page of a video, built as YouTube builds its own."""
    drawn = "".join(
        f"""<ytd-comment-view-model><a href="/watch?v={video_id}&lc={id_}">1 day ago</a>
        <ytd-expander><span id="content-text">{html.escape(text)}</span></ytd-expander>
        </ytd-comment-view-model>"""
        for id_, text in comments.items()
    )
    body = f'<meta charset=utf-8><link rel=icon href="data:,"><div id="comments">{drawn}</div>'
    address = f"{WATCH}{video_id}*".replace("?", "\\?")
    chromium.route(address, lambda route: route.fulfill(content_type="text/html", body=body))
    try:
        yield
    finally:
        chromium.unroute(address)

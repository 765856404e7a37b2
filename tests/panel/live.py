"""A panel that watches live beside the stream, and when a comment that arrives is painted."""

from __future__ import annotations

import time

from playwright.sync_api import expect

from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_video import FIRST_ARRIVAL, MadeUpComment
from tests.panel.beside import Beside
from tests.panel.visits import comments_of

NEVER_BY_ITSELF = {"livePollSeconds": 3_600}
"""Settings of a panel that looks once an hour, the least: what comes sooner was told to it."""
_NOTE_PAINTED = """([text, patienceMs]) => {
  window.painted = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("not painted in time")), patienceMs);
    const observer = new MutationObserver(() => {
      const newest = document.querySelector("article[aria-posinset='1'] p");
      if (newest?.textContent !== text) return;
      observer.disconnect();
      // The second frame begins when the first one is painted.
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(Date.now())));
    });
    observer.observe(document, { subtree: true, childList: true, characterData: true });
  });
}"""


def watch_live(beside: Beside) -> None:
    """Switch watching on once the result is whole, and have the newest comments on top."""
    beside.expect_state("result")
    switch = beside.panel.get_by_role("switch", name="Watch live")
    with beside.page.expect_response(lambda answer: "/changes" in answer.url):
        switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    comments_of(beside.panel)
    beside.panel.get_by_label("Sort by").select_option("Newest")


def let_arrive(replay: ReplayServer, video_id: str, count: int = 1) -> MadeUpComment:
    """Let top-level comments arrive in the stand-in; return the newest."""
    replay.changes.grow(video_id, count)
    video = replay.changes.video(video_id)
    return video.thread(FIRST_ARRIVAL + video.arrivals - 1)


def arrival_to_paint_s(
    beside: Beside, replay: ReplayServer, video_id: str, *, patience_s: float
) -> tuple[MadeUpComment, float]:
    """Let a comment arrive; return it, and the seconds until it was painted on top of the list."""
    video = replay.changes.video(video_id)
    # It is known before it arrives, so that nothing stands between its arrival and the clock.
    expected = video.thread(FIRST_ARRIVAL + video.arrivals)
    beside.page.evaluate(_NOTE_PAINTED, [expected.text, patience_s * 1_000])
    arrived_s = time.time()
    let_arrive(replay, video_id)
    painted_ms: float = beside.page.evaluate("() => window.painted")
    return expected, painted_ms / 1_000 - arrived_s

"""Watching live, all of it real: stream, service and the extension; only YouTube is a stand-in.

The panel looks by itself once an hour here, so that whatever comes sooner was told to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Request, Worker, expect

from sentiment.store import Store, open_store
from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_video import FIRST_ARRIVAL
from tests.panel.beside import Beside, panel_beside
from tests.panel.live import NEVER_BY_ITSELF, arrival_to_paint_s, let_arrive, watch_live
from tests.panel.visits import comments_of, texts_of
from tests.serving.running import REPOSITORY, Running, serving
from tests.stream.running import StreamCommands, wait_until, wait_until_kept

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_STARTER = REPOSITORY / "models" / "starter"
_POLL_S = 3.0
# Of a machine that does much else; the panel's own look comes sixty times later.
_PATIENCE_S = 60.0
_COOLDOWN_MIN = 60
_NOTE_SAID = """() => {
  const status = document.querySelector("[role=status]");
  window.said = [];
  new MutationObserver(() => window.said.push(status.textContent)).observe(
    status, { subtree: true, childList: true, characterData: true },
  );
}"""
_PUT_CLOCK_FORWARD = "(ms) => { const now = Date.now; Date.now = () => now() + ms; }"
_BADGE = """async () => {
  const [tab] = (await chrome.tabs.query({ url: "https://www.youtube.com/*" })).slice(-1);
  return chrome.action.getBadgeText({ tabId: tab.id });
}"""


@dataclass(frozen=True, slots=True)
class Live:
    """What runs beside the panel, but for a worker."""

    replay: ReplayServer
    server: Running
    commands: StreamCommands
    store: Store

    def watch(self, video_id: str) -> int:
        """Have a video watched; return how many comments it has."""
        self.commands.watch(video_id, interval_s=_POLL_S)
        return self.replay.changes.video(video_id).comment_count


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A service with the starter, and a poller."""
    folder = tmp_path_factory.mktemp("live")
    with ReplayServer() as replay, serving(_STARTER, folder, replay) as (server, _):
        commands = StreamCommands(_STARTER, folder, replay)
        with (
            closing(open_store(commands.variables["SENTIMENT_STORE_URL"])) as store,
            commands.polling(_POLL_S),
        ):
            yield Live(replay, server, commands, store)


def counted(beside: Beside) -> Locator:
    """What the overview says of how many comments were counted."""
    beside.panel.get_by_role("tab", name="Overview").click()
    return beside.panel.get_by_role("region", name="What was counted")


def overview_of(beside: Beside) -> dict[str, str]:
    """Score, shares and counts as they are shown."""
    counted(beside)
    names = ("Result", "Shares", "What was counted")
    region = beside.panel.get_by_role
    return {name: region("region", name=name, exact=True).inner_text() for name in names}


def expect_once(beside: Beside, text: str, *, of: int) -> None:
    """Expect a comment on top of a list of so many, and in no other row."""
    rows = comments_of(beside.panel)
    expect(rows.first).to_have_attribute("aria-setsize", str(of))
    texts = texts_of(beside.panel)
    expect(texts.first).to_have_text(text)
    expect(texts.filter(has_text=text)).to_have_count(1)


def test_comment_that_appears_is_shown_in_a_panel_that_watches(
    live: Live, chromium: BrowserContext, worker: Worker, record_testsuite_property: Any
) -> None:
    video_id = "size0000045"
    count = live.watch(video_id)
    with live.commands.working():
        wait_until_kept(live.store, video_id, count)
        opened = panel_beside(chromium, worker, video_id, live.server.url, settings=NEVER_BY_ITSELF)
        with opened as beside:
            beside.expect_state("result")
            before = overview_of(beside)
            watch_live(beside)
            looks: list[Request] = []
            beside.page.on(
                "request", lambda one: looks.append(one) if "/analyze/" in one.url else None
            )
            arrived, took_s = arrival_to_paint_s(
                beside, live.replay, video_id, patience_s=_PATIENCE_S
            )
            record_testsuite_property("arrival_to_paint_s", round(took_s, 2))
            expect_once(beside, arrived.text, of=count + 1)
            assert len(looks) == 1
            after = overview_of(beside)
            assert all(after[name] != before[name] for name in before)
            assert f"of {count + 1} comments analysed" in after["What was counted"]
            expect(beside.panel).to_contain_text("1 new comment ·")
            assert beside.complaints.lines == []
            beside.page.reload()
            beside.expect_state("result")
            assert overview_of(beside) == after


def test_worker_that_is_killed_and_started_again_loses_and_doubles_nothing(
    live: Live, chromium: BrowserContext, worker: Worker
) -> None:
    video_id = "size0000043"
    count = live.watch(video_id)
    with live.commands.working("--visibility", "2") as process:
        wait_until_kept(live.store, video_id, count)
        opened = panel_beside(chromium, worker, video_id, live.server.url, settings=NEVER_BY_ITSELF)
        with opened as beside:
            watch_live(beside)
            # Several messages: the worker dies between them, or with one in hand.
            let_arrive(live.replay, video_id, 300)
            wait_until(lambda: len(live.store.known_ids(video_id)) > count)
            process.kill()
            process.wait(30)
            newest = let_arrive(live.replay, video_id)
            wait_until(lambda: live.store.queue_counts().ready > 0)
            with live.commands.working("--visibility", "2"):
                texts = texts_of(beside.panel)
                expect(texts.first).to_have_text(newest.text, timeout=_PATIENCE_S * 1_000)
                wait_until_kept(live.store, video_id, count + 301)
                expect_once(beside, newest.text, of=count + 301)
            expect(counted(beside)).to_contain_text(f"of {count + 301} comments analysed")
            assert live.store.queue_counts().dead == 0
            assert beside.complaints.lines == []


def test_turn_of_the_mood_is_told_once_until_it_has_cooled_down(
    live: Live, chromium: BrowserContext, worker: Worker
) -> None:
    # A video of bad moods, whose comments so far are all made friendly.
    video_id = "size0000047"
    changes, video = live.replay.changes, live.replay.changes.video(video_id)
    for thread in range(video.made_up_threads):
        replies = [video.reply(thread, reply).id for reply in video.replies(thread)]
        for id_ in (video.thread(thread).id, *replies):
            changes.edit(id_, f"I love this so much, part {thread} is wonderful!")
    count = live.watch(video_id)
    settings = {**NEVER_BY_ITSELF, "moodCooldownMinutes": _COOLDOWN_MIN}
    with live.commands.working():
        wait_until_kept(live.store, video_id, count)
        with panel_beside(chromium, worker, video_id, live.server.url, settings=settings) as beside:
            watch_live(beside)
            counted(beside)
            beside.page.evaluate(_NOTE_SAID)
            fell = beside.panel.get_by_text("The mood has turned for the worse")
            rose = beside.panel.get_by_text("The mood has turned for the better")

            def expect_new(n: int) -> None:
                expect(beside.panel).to_contain_text(
                    f"{n} new comments ·", timeout=_PATIENCE_S * 1_000
                )

            let_arrive(live.replay, video_id, 30)
            expect_new(30)
            expect(fell).to_be_visible()
            wait_until(lambda: worker.evaluate(_BADGE) == "!")
            beside.panel.get_by_role("button", name="Dismiss").click()
            wait_until(lambda: worker.evaluate(_BADGE) == "")

            # It turns again, and that is not told so soon.
            let_arrive(live.replay, video_id, 30)
            for number in range(30, 60):
                id_ = video.thread(FIRST_ARRIVAL + number).id
                changes.edit(id_, f"I love number {number}, it is wonderful!")
            expect_new(60)
            expect(fell.or_(rose)).to_have_count(0)

            beside.page.evaluate(_PUT_CLOCK_FORWARD, (_COOLDOWN_MIN + 1) * 60_000)
            let_arrive(live.replay, video_id)
            expect_new(61)
            expect(rose).to_be_visible()
            wait_until(lambda: len(told(beside)) > 1)
            first, second = told(beside)
            assert re.search(r"from \+0\.\d+ to −0\.\d+", first)
            assert re.search(r"from −0\.\d+ to \+0\.\d+", second)


def told(beside: Beside) -> list[str]:
    """What a screen reader was told of the mood."""
    said: list[str] = beside.page.evaluate("window.said")
    return [sentence for sentence in said if "The mood has turned" in sentence]

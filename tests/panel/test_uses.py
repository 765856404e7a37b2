"""What a viewer does with a result, against the real service and the stand-in of YouTube."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from sentiment.labels import Label
from sentiment.store import open_store
from sentiment.youtube.replay import ReplayServer
from tests.panel.beside import Beside, OpenPanel, watch_page
from tests.panel.visits import comments_of, texts_of

pytestmark = pytest.mark.browser

_HOSTILE = (
    '<img src=x onerror="window.owned=1"><script>window.owned=1</script>',
    '<a href="javascript:window.owned=1">x</a> {{constructor}} ${window.owned=1}',
    "\u202egnp.exe\u202c \u2066hidden\u2069 \u200b\u200b\ufeff after",
    "W" * 10_000,
)


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


def test_focus_stays_on_the_comment_whose_correction_is_stored_fails_and_is_undone(
    open_panel: OpenPanel,
) -> None:
    with open_panel("size0000040") as beside:
        beside.expect_state("result")
        comment = comments_of(beside.panel).nth(1)
        choices = comment.get_by_role("group", name="How does it really feel?")
        undo = comment.get_by_role("button", name="Undo")
        beside.page.route("**/v1/feedback", lambda route: route.abort())
        comment.get_by_role("button", name="Correct").press("Enter")
        choices.get_by_role("button", name="Negative").press("Enter")
        expect(comment).to_contain_text("Not stored")
        expect(comment).to_be_focused()
        beside.page.unroute("**/v1/feedback")
        comment.get_by_role("button", name="Try again").press("Enter")
        expect(undo).to_be_visible()
        expect(comment).to_be_focused()
        undo.press("Enter")
        expect(comment).not_to_contain_text("You said")
        expect(comment).to_be_focused()


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
        assert len(picture.convert("RGB").getcolors(picture.width * picture.height) or []) > 8


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
        beside.page.set_viewport_size({"width": 280, "height": 700})
        root = beside.page.locator(":root")
        assert root.evaluate("root => root.scrollWidth - root.clientWidth") == 0
        assert beside.page.evaluate("window.owned") is None
        assert beside.complaints.lines == []


@contextmanager
def marked(open_panel: OpenPanel, chromium: BrowserContext) -> Iterator[Beside]:
    """A panel whose marks are switched on, beside a page with one comment."""
    thread = ReplayServer().changes.video("size0000050").thread(0)
    loaded = {thread.id: thread.text}
    with watch_page(chromium, "size0000050", loaded), open_panel("size0000050") as beside:
        beside.expect_state("result")
        beside.panel.get_by_role("switch", name="Marks on the page").check()
        yield beside


def test_marks_vanish_when_the_panel_closes(
    open_panel: OpenPanel, chromium: BrowserContext
) -> None:
    with marked(open_panel, chromium) as beside:
        expect(beside.youtube.locator("sentiment-mark")).to_have_count(1)
        beside.page.close(run_before_unload=True)
        expect(beside.youtube.locator("sentiment-mark")).to_have_count(0)


def test_marks_are_put_back_on_a_page_that_is_reloaded(
    open_panel: OpenPanel, chromium: BrowserContext
) -> None:
    with marked(open_panel, chromium) as beside:
        marks = beside.youtube.locator("sentiment-mark")
        expect(marks).to_have_count(1)
        beside.youtube.reload()
        expect(marks).to_have_count(1)
        beside.expect_state("result")


def test_comments_of_the_page_are_labelled_where_the_server_can_not_ask_youtube(
    open_panel: OpenPanel, chromium: BrowserContext
) -> None:
    loaded = {"Ugx1": "I love how calm this is", "Ugx2": "The second half drags"}
    with watch_page(chromium, "cantRead___", loaded), open_panel("cantRead___") as beside:
        beside.panel.get_by_role("button", name="Use the comments on this page").click()
        beside.expect_state("result")
        expect(beside.panel).to_contain_text("The 2 comments loaded on this page")
        expect(beside.panel).to_contain_text("2 of 2 comments analysed")
        assert sorted(texts_of(beside.panel).all_text_contents()) == sorted(loaded.values())

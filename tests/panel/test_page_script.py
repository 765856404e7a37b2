"""What the extension does in a YouTube page: a made-up one, built as YouTube builds its own."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Worker, expect

from tests.panel.chromium import EXTENSION_ID

pytestmark = pytest.mark.browser

# What WCAG AA wants of text this small.
_LEAST_CONTRAST = 4.5
VIDEO = "pagescript1"
ADDRESS = f"https://www.youtube.com/watch?v={VIDEO}"
_COMMENT = """<ytd-comment-view-model>
  <a href="/@name">@name</a><a href="/watch?v={video}&lc={id}">1 day ago</a>
  <ytd-expander><span id="content-text">{text}</span></ytd-expander>
</ytd-comment-view-model>"""
_PAGE = """<meta charset=utf-8><link rel=icon href="data:,">
<style>ytd-comment-view-model {{ display: block; margin: 0 60px 300px }}
span {{ display: block }}</style>
<div id="movie_player"><video></video></div><div id="comments">{comments}</div>"""


def page_with(**comments: str) -> str:
    """A watch page with comments by id."""
    return _PAGE.format(
        comments="".join(
            _COMMENT.format(video=VIDEO, id=id_, text=text) for id_, text in comments.items()
        )
    )


class Tab:
    """The YouTube tab, and a page of the extension that talks to it as the panel does."""

    def __init__(self, youtube: Page, panel: Page, tab_id: int) -> None:
        self.youtube = youtube
        self.panel = panel
        self.tab_id = tab_id

    def ask(self, kind: str, **more: object) -> Any:
        """Send one message and return the reply."""
        return self.panel.evaluate(
            "([tabId, message]) => chrome.tabs.sendMessage(tabId, message)",
            [self.tab_id, {"kind": f"page.{kind}", **more}],
        )


@pytest.fixture
def tab(chromium: BrowserContext, worker: Worker) -> Iterator[Tab]:
    body = page_with(
        Ugx1="I <b>love</b> this <img alt='😀' src='data:,'>", Ugx2="too long", Ugx3=""
    )
    chromium.route(f"{ADDRESS}*", lambda route: route.fulfill(content_type="text/html", body=body))
    youtube = chromium.new_page()
    youtube.goto(ADDRESS)
    panel = chromium.new_page()
    panel.goto(f"chrome-extension://{EXTENSION_ID}/settings.html")
    tab_id = panel.evaluate(
        "async () => (await chrome.tabs.query({ url: 'https://www.youtube.com/*' })).at(-1).id"
    )
    yield Tab(youtube, panel, tab_id)
    panel.close()
    youtube.close()
    chromium.unroute(f"{ADDRESS}*")


def test_script_tells_which_video_is_shown(tab: Tab) -> None:
    assert tab.ask("ping") == {"videoId": VIDEO, "darkPage": False}


def test_script_reads_text_and_id_of_loaded_comments_and_no_author(tab: Tab) -> None:
    assert tab.ask("readComments") == {
        "comments": [{"id": "Ugx1", "text": "I love this 😀"}, {"id": "Ugx2", "text": "too long"}]
    }


def test_script_leaves_out_comments_of_the_video_before(tab: Tab) -> None:
    # After an in-page navigation YouTube leaves them for a while.
    tab.youtube.evaluate(
        """() => document.querySelector("ytd-comment-view-model [href*=lc]")
                  .setAttribute("href", "/watch?v=pagescript0&lc=Ugx1")"""
    )
    assert tab.ask("readComments") == {"comments": [{"id": "Ugx2", "text": "too long"}]}


def test_script_moves_the_player(tab: Tab) -> None:
    assert tab.ask("seek", seconds=61.5) == {"done": True}
    assert tab.youtube.evaluate("document.querySelector('video').currentTime") == 61.5
    tab.youtube.evaluate("document.querySelector('video').remove()")
    assert tab.ask("seek", seconds=1) == {"done": False}


def test_script_scrolls_to_a_comment_that_is_loaded(tab: Tab) -> None:
    tab.youtube.set_viewport_size({"width": 500, "height": 200})
    assert tab.ask("jump", commentId="Ugx2") == {"outcome": "shown"}
    expect(tab.youtube.get_by_text("too long")).to_be_in_viewport()
    assert tab.youtube.url == ADDRESS


def test_script_opens_the_address_of_a_comment_that_is_not_loaded(tab: Tab) -> None:
    assert tab.ask("jump", commentId="Ugx9.b") == {"outcome": "navigated"}
    tab.youtube.wait_for_url(f"{ADDRESS}&lc=Ugx9.b")


def test_marks_move_nothing_follow_the_page_and_vanish(tab: Tab) -> None:
    page = tab.youtube
    boxes = """() => [...document.querySelectorAll("span, ytd-expander")]
                 .map((node) => JSON.stringify(node.getBoundingClientRect()))"""
    before = page.evaluate(boxes)
    marks = [
        {"commentId": "Ugx1", "label": "positive", "unsure": False, "words": "Positive, 90% sure"},
        {"commentId": "Ugx7", "label": "negative", "unsure": True, "words": "<img src=x>"},
    ]
    assert tab.ask("showMarks", marks=marks) == {"shown": 1}
    expect(page.get_by_role("img", name="Positive, 90% sure")).to_be_visible()
    assert page.evaluate(boxes) == before
    # YouTube loads more, and reuses an element for another comment.
    page.evaluate(
        """() => {
          const [first, second] = document.querySelectorAll("ytd-comment-view-model");
          first.querySelector("[href*=lc]").setAttribute("href", "/watch?v=pagescript1&lc=Ugx8");
          second.querySelector("[href*=lc]").setAttribute("href", "/watch?v=pagescript1&lc=Ugx7");
        }"""
    )
    expect(page.get_by_role("img", name="<img src=x>")).to_be_visible()
    expect(page.locator("sentiment-mark")).to_have_count(1)
    assert tab.ask("hideMarks") == {"done": True}
    expect(page.locator("sentiment-mark")).to_have_count(0)


@pytest.mark.parametrize("ground", ["#ffffff", "#0f0f0f"])
def test_marks_are_read_on_light_and_dark_pages(tab: Tab, ground: str) -> None:
    tab.youtube.evaluate("ground => { document.body.style.background = ground }", ground)
    for label in ("negative", "neutral", "positive"):
        for unsure in (False, True):
            words = f"{label}, unsure: {unsure}"
            mark = {"commentId": "Ugx1", "label": label, "unsure": unsure, "words": words}
            tab.ask("showMarks", marks=[mark])
            sign = tab.youtube.get_by_role("img", name=words)
            with Image.open(io.BytesIO(sign.screenshot())) as picture:
                assert contrast_of(picture.convert("RGB")) >= _LEAST_CONTRAST, words


def contrast_of(picture: Image.Image) -> float:
    """WCAG's contrast between a sign and its ground, as they are seen.

    The ground is the commonest colour of the middle, the sign what differs most from it there:
    its edges are smoothed, and beyond the middle lies the page.
    """
    width, height = picture.size
    middle = picture.crop((width // 4, height // 4, width * 3 // 4, height * 3 // 4))
    bytes_ = middle.tobytes()
    colours = Counter(zip(bytes_[::3], bytes_[1::3], bytes_[2::3], strict=True))
    ((ground, _),) = colours.most_common(1)
    return max(_contrast(ground, colour) for colour in colours)


def _contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: tuple[int, ...]) -> float:
    """WCAG's relative luminance of an sRGB colour of three bytes."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (byte / 255 for byte in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    "message", [{"kind": "page.seek", "seconds": -1}, {"kind": "other"}, "page.ping", None]
)
def test_script_does_not_answer_what_it_does_not_understand(tab: Tab, message: object) -> None:
    said = tab.panel.evaluate(
        """([tabId, message]) => chrome.tabs.sendMessage(tabId, message)
             .then((reply) => reply ?? "nothing", () => "nothing")""",
        [tab.tab_id, message],
    )
    assert said == "nothing"
    assert tab.ask("ping")["videoId"] == VIDEO

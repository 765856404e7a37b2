from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.errors import InvalidVideoIdError
from sentiment.youtube.video_id import parse_video_id

ID = "dQw4w9WgXcQ"


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f"  {ID}\n",
        f"https://www.youtube.com/watch?v={ID}",
        f"http://youtube.com/watch?v={ID}",
        f"HTTPS://WWW.YouTube.com/watch?v={ID}",
        f"www.youtube.com/watch?v={ID}",
        f"//www.youtube.com/watch?v={ID}",
        f"https://www.youtube.com/watch?list=PL123&index=2&v={ID}&t=42s#comments",
        f"https://www.youtube.com/watch/?v={ID}",
        f"https://m.youtube.com/watch?v={ID}&pp=abc",
        f"https://music.youtube.com/watch?v={ID}",
        f"https://youtu.be/{ID}?si=AbCdEfGhIjKlMnOp&t=10",
        f"youtu.be/{ID}",
        f"https://www.youtube.com/shorts/{ID}?feature=share",
        f"https://www.youtube.com/live/{ID}?si=x",
        f"https://www.youtube.com/embed/{ID}?autoplay=1",
        f"https://www.youtube-nocookie.com/embed/{ID}",
        f"https://www.youtube.com/v/{ID}",
    ],
)
def test_parse_video_id_finds_the_id(text: str) -> None:
    assert parse_video_id(text) == ID


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "short",
        "twelve-chars",
        "dQw4w9WgXc!",
        "dQw4w9WgXc①",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch",
        "https://www.youtube.com/watch?v=",
        "https://www.youtube.com/watch?v=tooshort",
        f"https://www.youtube.com/watch?x={ID}",
        f"https://www.youtube.com/playlist?v={ID}",
        "https://www.youtube.com/@channel",
        "https://www.youtube.com/embed/videoseries?list=PL123",
        "https://www.youtube-nocookie.com/embed/live_stream?channel=UC123",
        f"https://evil.example/watch?v={ID}",
        f"https://youtube.com.evil.example/watch?v={ID}",
        f"https://youtube.com@evil.example/watch?v={ID}",
        f"ftp://youtube.com/watch?v={ID}",
        f"javascript:alert('{ID}')",
        "https://[::1/watch?v=" + ID,
        f"https://www.youtube.com/watch?v={ID}&" + "a" * 5_000,
        "https://youtu.be/",
        "\ud800" * 11,
    ],
)
def test_parse_video_id_refuses_what_holds_none(text: str) -> None:
    with pytest.raises(InvalidVideoIdError) as caught:
        parse_video_id(text)
    assert len(str(caught.value)) < 1_200
    str(caught.value).encode()


@given(st.text(st.characters(), max_size=60))
def test_parse_video_id_gives_an_id_or_our_error(text: str) -> None:
    try:
        found = parse_video_id(text)
    except InvalidVideoIdError:
        return
    assert len(found) == 11
    assert found in text

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.comments import Comment
from sentiment.errors import MessageError
from sentiment.stream.messages import MAX_MESSAGE_BYTES, pack, read_message, video_of
from sentiment.textclean import storable

NOW = datetime(2026, 6, 1, tzinfo=UTC)
VIDEO = "video000001"


def _comments(texts: list[str]) -> list[Comment]:
    return [
        Comment(f"Ug{number}", VIDEO, text, number, NOW, None if number % 2 else "Ug0")
        for number, text in enumerate(texts)
    ]


@given(st.lists(st.text(st.characters(), max_size=300), max_size=250))
def test_comments_come_out_as_they_went_in(texts: list[str]) -> None:
    went_in = _comments(texts)
    messages = [batch.body() for batch in pack(VIDEO, went_in, fetched_at=NOW)]
    came_out = [one for body in messages for one in read_message(body).unpacked()]
    assert [one.text for one in came_out] == [storable(one.text) for one in went_in]
    assert [(one.id, one.parent_id, one.like_count) for one in came_out] == [
        (one.id, one.parent_id, one.like_count) for one in went_in
    ]
    assert all(body.isascii() and len(body) <= MAX_MESSAGE_BYTES for body in messages)


def test_comments_that_go_alone_share_a_message_with_no_other() -> None:
    packed = pack(VIDEO, _comments(list("abcdef")), fetched_at=NOW, alone={"Ug1", "Ug2", "Ug5"})
    texts = ["".join(one.text for one in batch.comments) for batch in packed]
    assert texts == ["a", "b", "c", "de", "f"]


def test_a_text_that_nobody_can_have_typed_is_cut() -> None:
    (batch,) = pack(VIDEO, _comments(["\N{GRINNING FACE}" * 100_000]), fetched_at=NOW)
    assert len(batch.body()) <= MAX_MESSAGE_BYTES
    assert len(batch.comments[0].text) == 20_000


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"version":1}', '{"version":1,"secret":"hunter2"}', "\x00"]
)
def test_what_is_no_message_is_told_without_quoting_it(body: str) -> None:
    with pytest.raises(MessageError, match="can't be read") as raised:
        read_message(body)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("body", "video_id"),
    [
        (f'{{"version":2,"video_id":"{VIDEO}","comments":"none"}}', VIDEO),
        ('{"video_id":"no id\\nof a video"}', None),
        ('{"version":1}', None),
        ("{", None),
    ],
)
def test_video_is_read_where_a_message_names_one(body: str, video_id: str | None) -> None:
    assert video_of(body) == video_id

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sentiment.comments import Comment, Prediction, Status
from sentiment.labels import Label
from sentiment.serving.snapshot import Circumstances, Gathered
from sentiment.serving.wire import ModelBody
from sentiment.serving.wire_analysis import Reason, VideoBody

VIDEO = "dQw4w9WgXcQ"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
GOOD = Prediction(Label.POSITIVE, (0.1, 0.2, 0.7), Status.OK)
BAD = Prediction(Label.NEGATIVE, (0.8, 0.1, 0.1), Status.OK)
AROUND = Circumstances(
    model=ModelBody(name="tiny", digest="ab" * 32),
    video=VideoBody(title="A film", comment_count=2, is_live=False),
    complete=True,
    reasons=[],
    replies_left_out=0,
    units_spent=2,
    quota=None,
    fetched_at=NOW - timedelta(seconds=30),
    now=NOW,
    stored=True,
    notice="Computed by this tool, not YouTube data.",
)


def comment(number: int, text: str = "nice film", *, parent: str | None = None) -> Comment:
    moment = NOW - timedelta(hours=number)
    return Comment(f"Ug{number}", VIDEO, text, number, moment, parent)


def gathered(pairs: list[tuple[Comment, Prediction]], *, max_comments: int = 100) -> Gathered:
    found = Gathered(max_comments)
    found.add([one for one, _ in pairs], {one.id: said for one, said in pairs})
    return found


def told(found: Gathered, around: Circumstances = AROUND) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(found.tell(VIDEO, around).model_dump_json())
    return document


def test_analysis_tells_what_was_gathered() -> None:
    pairs = [(comment(1), GOOD), (comment(2, "bad film"), BAD), (comment(3, parent="Ug1"), GOOD)]
    document = told(gathered(pairs))
    assert (document["fetched"], document["analysed"]) == (3, 3)
    assert document["shares"]["positive"]["share"] == pytest.approx(2 / 3)
    assert document["threads"]["replies"]["analysed"] == 1
    assert document["labels"]["positive"]["most_liked"][0] == "Ug3"
    assert sum(bucket["analysed"] for bucket in document["trend"]) == 3
    assert document["age_s"] == 30
    assert document["video"]["title"] == "A film"
    assert document["notice"] == "Computed by this tool, not YouTube data."


def test_analysis_of_nothing_has_nulls() -> None:
    document = told(gathered([]))
    assert document["score"] is None
    assert document["shares"]["neutral"] == {"share": None, "low": None, "high": None}
    assert document["trend"] == []


def test_only_the_newest_count() -> None:
    pairs = [(comment(number), GOOD if number < 3 else BAD) for number in range(5, 0, -1)]
    document = told(gathered(pairs, max_comments=2))
    assert document["fetched"] == 2
    assert document["shares"]["negative"]["share"] == 0


def test_reasons_are_told_in_order() -> None:
    around = replace(AROUND, complete=False, reasons={Reason.REPLIES, Reason.DEADLINE})
    assert told(gathered([]), around)["reasons"] == ["deadline", "replies_left_out"]


def test_edited_comment_replaces_its_older_self() -> None:
    found = gathered([(comment(1, "is this good?"), GOOD)])
    edited = comment(1, "this is bad")
    assert found.is_new(edited)
    found.add([edited], {edited.id: BAD})
    (judged,) = found.judged([edited.id])
    body = judged.body()
    assert (body.text, body.prediction.label, body.intents) == ("this is bad", -1, ["complaint"])
    assert len(found) == 1


def test_lone_surrogate_is_written_as_a_question_mark() -> None:
    found = gathered([(comment(1, "half \ud83d"), GOOD)])
    assert found.judged(["Ug1"])[0].body().text == "half ?"

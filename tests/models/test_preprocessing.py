"""What happens to a text before a model takes its features."""

from __future__ import annotations

from typing import Any

import pytest

from sentiment.models.options import TextOptions
from sentiment.models.preprocessing import preprocess


@pytest.mark.parametrize(
    ("options", "text", "wanted"),
    [
        ({}, "Soooooo GOOD https://x.example/a", "Sooo GOOD http"),
        ({"clean": False}, "Soooooo  GOOD", "Soooooo  GOOD"),
        ({"lowercase": True}, "Not GOOD", "not good"),
        ({"emoji": "keep"}, "fine 😍", "fine 😍"),
        ({"emoji": "drop"}, "fine 😍 day", "fine day"),
        ({"emoji": "names"}, "ok 👍🏽!", "ok thumbs up sign !"),
    ],
)
def test_preprocess_follows_its_options(options: dict[str, Any], text: str, wanted: str) -> None:
    assert preprocess([text], TextOptions(**options)) == [wanted]

"""What the service says of a video, written by hand: an analysis with its comments."""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]
DIGEST = "3f9a6c01d2" + "0" * 54
HOSTILE_TEXT = "<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script>"

_PROBABILITIES = {-1: (0.8, 0.15, 0.05), 0: (0.1, 0.75, 0.15), 1: (0.03, 0.12, 0.85)}


def comment(text: str, label: int = 0, *, status: str = "ok", **more: Any) -> Body:
    """A comment with a prediction that fits its label."""
    negative, neutral, positive = _PROBABILITIES[label]
    prediction = {
        "label": label,
        "score": positive - negative,
        "probabilities": {"negative": negative, "neutral": neutral, "positive": positive},
        "confidence": max(negative, neutral, positive),
        "status": status,
    }
    return {
        "id": "Ugx" + str(abs(hash(text)) % 10**8),
        "parent_id": None,
        "text": text,
        "like_count": 3,
        "published_at": "2026-01-02T03:04:05Z",
        "prediction": prediction,
        **more,
    }


def analysis(video_id: str = "replayed-01", **changes: Any) -> Body:
    """An analysis of 500 comments, five of them listed."""
    body = {
        "video_id": video_id,
        "analysed": 480,
        "excluded": {"empty": 3, "not_english": 17},
        "unsure": 60,
        "shares": {
            "negative": {"share": 0.2, "low": 0.17, "high": 0.24},
            "neutral": {"share": 0.29, "low": 0.25, "high": 0.33},
            "positive": {"share": 0.51, "low": 0.47, "high": 0.55},
        },
        "score": {"mean": 0.31, "low": 0.27, "high": 0.35},
        "fetched": 500,
        "complete": False,
        "comments": [
            comment("I love how calm this is", 1, like_count=1204),
            comment("The second half drags", -1, parent_id="Ugx1"),
            comment("Filmed in March", 0, status="unsure", like_count=1),
            comment("مرحبا بالعالم", 0, status="not_english"),
            comment(HOSTILE_TEXT, -1),
        ],
        "model": {"name": "starter", "digest": DIGEST},
        "units_spent": 5,
        "notice": "Computed by this tool, not YouTube data.",
    }
    return {**body, **changes}


def empty_video(video_id: str = "replayed-01") -> Body:
    """An analysis of a video without comments."""
    unknown = {"share": None, "low": None, "high": None}
    return analysis(
        video_id,
        analysed=0,
        fetched=0,
        complete=True,
        unsure=0,
        excluded={"empty": 0, "not_english": 0},
        shares={"negative": unknown, "neutral": unknown, "positive": unknown},
        score=None,
        comments=[],
    )


def problem(code: str, message: str = "It said no.", advice: str = "Do better.") -> Body:
    """An error in the service's own shape."""
    return {"error": {"code": code, "message": message, "advice": advice}}

from __future__ import annotations

from prometheus_client import REGISTRY, generate_latest

from sentiment.inference.cache import PredictionCache
from sentiment.inference.predictor import Predictor
from sentiment.serving import metrics


def value(name: str) -> float:
    return REGISTRY.get_sample_value(name) or 0.0


def test_times_of_an_analysis_are_observed() -> None:
    before = value("sentiment_analysis_first_result_seconds_sum")
    metrics.observe_first_result(1.5)
    metrics.observe_last_result(4.0)
    assert value("sentiment_analysis_first_result_seconds_sum") - before == 1.5
    assert value("sentiment_analysis_last_result_seconds_count") >= 1


def test_quota_is_what_it_was_last_set_to() -> None:
    for units in (10_000, 9_990):
        metrics.set_quota_left(units)
    assert value("sentiment_youtube_quota_left_units") == 9_990


def test_module_watches_a_predictor() -> None:
    names = ("batch_texts_count", "batch_texts_sum", "batch_tokens_sum")
    cached = ("prediction_cache_hits_total", "prediction_cache_misses_total")
    before = [value(f"sentiment_{name}") for name in (*names, *cached)]
    dummy = Predictor.dummy(cache=PredictionCache(max_texts=9, max_characters=99), watcher=metrics)
    dummy.predict(["love it", "hate", "love it"])
    dummy.predict(["love it"])
    after = [value(f"sentiment_{name}") for name in (*names, *cached)]
    assert [new - old for new, old in zip(after, before, strict=True)] == [1, 2, 3, 1, 2]


def test_names_hold_our_prefix_and_a_unit() -> None:
    lines = generate_latest(REGISTRY).decode().splitlines()
    ours = [line.split()[2] for line in lines if line.startswith("# TYPE sentiment_")]
    units = ("_seconds", "_texts", "_tokens", "_units", "_total", "_created", "_info")
    assert len(ours) >= 10
    assert [name for name in ours if not name.endswith(units)] == []

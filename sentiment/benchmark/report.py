"""The benchmark's result as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sentiment.benchmark.analyses import PAGE_LATENCY_MS
from sentiment.benchmark.result import PIPELINE, PREDICTOR, TARGET_RATIO, BenchmarkResult, Ratio
from sentiment.benchmark.texts import CORPUS


def result_tables(result: BenchmarkResult) -> RenderableType:
    """Return speeds, ratios and what they hold for."""
    return Group(
        _speeds(result),
        _ratios(result),
        _loads(result),
        _analyses(result),
        *map(Text, _notes(result)),
    )


def _speeds(result: BenchmarkResult) -> Table:
    table = Table(
        title="Comments a second, median of the rounds",
        title_justify="left",
    )
    table.add_column("", no_wrap=True)
    for column in ("/s", "lowest", "highest", "texts", "tokens"):
        table.add_column(column, justify="right")
    for pace in result.paces.values():
        table.add_row(
            pace.title,
            f"{pace.median:,.1f}",
            f"{min(pace.rates):,.1f}",
            f"{max(pace.rates):,.1f}",
            f"{pace.texts_per_round:,}",
            f"{pace.tokens_per_text:.1f}",
        )
    return table


def _ratios(result: BenchmarkResult) -> Table:
    table = Table(title="Ratios", title_justify="left")
    table.add_column("", no_wrap=True)
    for column in ("times", "lowest", "highest"):
        table.add_column(column, justify="right")
    table.add_column("target", no_wrap=True)
    for ratio in result.ratios:
        table.add_row(
            f"{result.paces[ratio.numerator].title}\n/ {result.paces[ratio.denominator].title}",
            f"{ratio.value:.2f}",
            f"{ratio.low:.2f}",
            f"{ratio.high:.2f}",
            _target(ratio),
        )
    return table


def _loads(result: BenchmarkResult) -> Table:
    table = Table(title="Single texts over HTTP", title_justify="left")
    for column in ("clients", "/s", "p50 ms", "p99 ms", "of the predictor"):
        table.add_column(column, justify="right")
    for load in result.loads:
        table.add_row(
            str(load.clients),
            f"{load.texts_per_s:,.1f}",
            f"{load.p50_ms:,.1f}",
            f"{load.p99_ms:,.1f}",
            f"{load.of_engine:.2f}",
        )
    return table


def _analyses(result: BenchmarkResult) -> Table:
    table = Table(
        title=f"Analyses, {PAGE_LATENCY_MS:.0f} ms a page of the stand-in",
        title_justify="left",
    )
    for column in ("comments", "", "first s", "whole s", "/s", "units", "memory +MB"):
        table.add_column(column, justify="right")
    for one in result.analyses:
        table.add_row(
            f"{one.comments:,}",
            one.memory,
            f"{one.first_s:.2f}",
            f"{one.whole_s:.2f}",
            f"{one.comments_per_s:,.0f}",
            str(one.units),
            "" if one.peak_mb is None else f"{one.peak_mb:.0f}",
        )
    return table


def _target(ratio: Ratio) -> str:
    if (ratio.numerator, ratio.denominator) != (PREDICTOR, PIPELINE):
        return ""
    return f">= {TARGET_RATIO:.0f}: {'met' if ratio.value >= TARGET_RATIO else 'missed'}"


def _notes(result: BenchmarkResult) -> Iterator[str]:
    latency, machine = result.latency, result.machine
    yield (
        f"Latency of one text over HTTP, one client: p50 {latency.p50_ms:.1f} ms, "
        f"p99 {latency.p99_ms:.1f} ms ({latency.requests:,} requests)."
    )
    made_up = "" if result.source == CORPUS else f" (made up: the corpus {CORPUS} is not here)"
    yield (
        f"Texts: {result.n_texts:,} of {result.source}{made_up}, no two alike, "
        f"{result.tokens_per_text:.1f} tokens a text."
    )
    yield (
        f"Model: {result.model_name}, digest {result.model_digest[:12]}; predictor and service "
        "also clean each text and tell its language."
    )
    yield f"Pipeline: {result.weights}, {result.pipeline_threads} threads."
    cores = f"{machine.cores} core{'s' if machine.cores != 1 else ''}"
    yield f"Machine: {machine.processor}, {cores}, load before the start {machine.load}."
    yield ", ".join(f"{name} {number}" for name, number in machine.versions.items())
    if machine.is_busy:
        yield (
            "Other work was running on this machine: all speeds are too low, the pipeline's most "
            "of all (its threads wait for each other), so that its ratios are too high."
        )

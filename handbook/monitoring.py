"""The pages of what a program may watch: metrics of the service and exit codes of the commands."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram

from handbook.table import code, table
from sentiment import errors
from sentiment.cli import exit_codes
from sentiment.serving import metrics

_STREAM = Path(metrics.__file__).parents[1] / "stream" / "metrics.py"


def metrics_page() -> str:
    """Return the page of the service's own metrics."""
    rows = []
    for collector in vars(metrics).values():
        if not isinstance(collector, (Counter, Gauge, Histogram)):
            continue
        (described,) = collector.describe()
        name = described.name + ("_total" if described.type == "counter" else "")
        labels = ", ".join(collector._labelnames)  # noqa: SLF001 - there is no public name
        rows.append((code(name), described.type, labels, described.documentation))
    parts = [
        "# Metrics",
        (
            "Made from `sentiment/serving/metrics.py` by `make docs`. `GET /metrics` shows them "
            "in Prometheus' format, summed over the processes, beside BentoML's own. What to do "
            "about them: the [runbook](../runbook.md)."
        ),
        table(("metric", "type", "labels", "meaning"), rows),
        (
            "A histogram shows as `…_bucket`, `…_sum` and `…_count`. `sentiment drift check "
            "--metrics FILE.prom` writes `sentiment_drift{feature}`, "
            "`sentiment_drift_effect_ratio{feature}`, `sentiment_drift_comments` and "
            "`sentiment_drift_looked_timestamp_seconds` for node_exporter's textfile collector."
        ),
        "## Of the stream",
        (
            "Poller and workers are scraped by nobody: `sentiment stream poll --metrics FILE.prom` "
            "and `sentiment stream worker --metrics FILE.prom` leave a file each, for the same "
            "collector. Made from `sentiment/stream/metrics.py`."
        ),
        table(("metric", "meaning"), _stream_metrics()),
    ]
    return "\n\n".join(parts) + "\n"


def exit_codes_page() -> str:
    """Return the page of exit codes."""
    meanings: dict[int, list[str]] = {}
    for kind in _tree(errors.SentimentError):
        number = exit_codes.exit_code_of(kind(""))
        # What ends as its parent does is said with the parent.
        if number not in {exit_codes.UNEXPECTED, _number_of_parent(kind)}:
            meanings.setdefault(number, []).append(_meaning(kind))
    for number, words in _told_constants():
        meanings.setdefault(number, []).append(words)
    meanings.setdefault(exit_codes.OK, []).append("Done.")
    meanings.setdefault(exit_codes.UNEXPECTED, []).append("Anything else that went wrong.")
    meanings.setdefault(exit_codes.INTERRUPTED, []).append("Interrupted (Ctrl-C).")
    parts = [
        "# Exit codes",
        (
            "Made from `sentiment/cli/exit_codes.py` and `sentiment/errors.py` by `make docs`. "
            "The message on standard error says what was wanted, what was found, and what to do."
        ),
        table(
            ("code", "meaning"),
            [(str(number), " ".join(meanings[number])) for number in sorted(meanings)],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _stream_metrics() -> Iterator[tuple[str, str]]:
    """Yield name and meaning of what the stream writes, read and not imported: it needs more."""
    loops = ast.walk(ast.parse(_STREAM.read_text(encoding="utf-8")))
    for loop in (node for node in loops if isinstance(node, ast.For)):
        ending = "_total" if "Counter(" in ast.unparse(loop) else ""
        for part in ast.walk(loop.iter):
            match part:
                case ast.Tuple(
                    elts=[ast.Constant(value=str(name)), ast.Constant(value=str(meaning)), _]
                ):
                    yield code(f"sentiment_stream_{name}{ending}"), meaning


def _tree(kind: type[errors.SentimentError]) -> Iterator[type[errors.SentimentError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _tree(child)


def _number_of_parent(kind: type[errors.SentimentError]) -> int | None:
    parent = kind.__bases__[0]
    is_ours = issubclass(parent, errors.SentimentError)
    return exit_codes.exit_code_of(parent("")) if is_ours else None


def _meaning(kind: type[errors.SentimentError]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]


def _told_constants() -> Iterator[tuple[int, str]]:
    """Yield the constants that a docstring follows, with it."""
    body = ast.parse(Path(exit_codes.__file__).read_text(encoding="utf-8")).body
    for here, after in itertools.pairwise(body):
        match here, after:
            case (
                ast.Assign(value=ast.Constant(value=int(number))),
                ast.Expr(value=ast.Constant(value=str(words))),
            ):
                yield number, words

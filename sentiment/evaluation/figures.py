"""Styles and figures of the report, as text: inline CSS and SVG, no library, no script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sentiment.evaluation.metrics import EvaluationResult

CSS = """
:root{--ink:#1c1c1e;--quiet:#5b5b63;--ground:#fff;--line:#d9d9de;--accent:#0b62a8;--warn:#8a4b00}
@media (prefers-color-scheme:dark){
:root{--ink:#ececf0;--quiet:#a9a9b3;--ground:#161618;--line:#3a3a40;--accent:#6db3f2;--warn:#f0b25c}}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:76rem;margin:0 auto;padding:1.5rem}
h1{margin:0}h2{margin:2.5rem 0 .25rem}small,caption{color:var(--quiet);font-weight:400}
h2 small{font-size:.65em}.scroll{overflow-x:auto}
table{border-collapse:collapse;margin:1rem 0;font-size:.9rem}
caption{text-align:left;padding-bottom:.25rem}
th,td{border-bottom:1px solid var(--line);padding:.35rem .8rem .35rem 0;text-align:left;
vertical-align:top}
thead th{color:var(--quiet);font-weight:600}
.number{font-variant-numeric:tabular-nums;white-space:nowrap}
.heat{padding:.35rem .8rem;
background:color-mix(in srgb,var(--accent) calc(var(--share)*45%),transparent)}
.heat small{color:inherit}figure{margin:1rem 0}
.caution{border-left:4px solid var(--warn);padding-left:.8rem;color:var(--warn)}
.pair{display:flex;flex-wrap:wrap;gap:0 3rem}
svg{max-width:100%;height:auto;font:13px system-ui,sans-serif}
svg text{fill:var(--ink)}svg .quiet{fill:var(--quiet)}
svg .grid{stroke:var(--line)}svg .bar{stroke:var(--accent);stroke-width:3}
svg .dot{fill:var(--accent)}svg .other{fill:none;stroke:var(--quiet);stroke-width:1.5}
"""

_LEFT_PX = 190
_PLOT_PX = 480
_ROW_PX = 30
_TOP_PX = 28
_WIDTH_PX = _LEFT_PX + _PLOT_PX + 60


def interval_figure(results: Sequence[EvaluationResult], *, metric: str, title: str) -> str:
    """Draw one score of each result with its interval, as inline SVG.

    Args:
        results: one line each, top to bottom.
        metric: a score that each result has; hollow marks are the baselines.
        title: how to call the score.

    Returns:
        A `<figure>` element; all text from data is escaped.
    """
    height = _TOP_PX + _ROW_PX * len(results) + 8
    parts = [
        (
            f'<figure><svg viewBox="0 0 {_WIDTH_PX} {height}" width="{_WIDTH_PX}" role="img" '
            f'aria-label="{escape(title)} of each corpus with its 95 % interval">'
        )
    ]
    for tenth in range(0, 11, 2):
        x = _x(tenth / 10)
        parts.append(
            f'<line class="grid" x1="{x}" x2="{x}" y1="{_TOP_PX - 6}" y2="{height}"/>'
            f'<text class="quiet" x="{x}" y="14" text-anchor="middle">{tenth / 10:.1f}</text>'
        )
    for index, result in enumerate(results):
        y = _TOP_PX + _ROW_PX * index + _ROW_PX // 2
        interval = result.scores.intervals[metric]
        value = result.scores.metrics[metric]
        parts.append(
            f'<text x="0" y="{y + 4}">{escape(_shortened(result.corpus))}</text>'
            f'<line class="bar" x1="{_x(interval.low)}" x2="{_x(interval.high)}" '
            f'y1="{y}" y2="{y}"/><circle class="dot" cx="{_x(value)}" cy="{y}" r="5"/>'
            f'<text x="{_LEFT_PX + _PLOT_PX + 12}" y="{y + 4}">{value:.3f}</text>'
        )
        parts.extend(
            f'<circle class="other" cx="{_x(baseline.metrics[metric])}" cy="{y}" r="4">'
            f"<title>{escape(baseline.name)} {baseline.metrics[metric]:.3f}</title></circle>"
            for baseline in result.baselines
        )
    parts.append(
        f"</svg><figcaption><small>{escape(title)}: the dot is the model, the bar its 95 % "
        "interval, the hollow ring TextBlob on the same rows.</small></figcaption></figure>"
    )
    return "".join(parts)


def _x(share: float) -> str:
    return f"{_LEFT_PX + share * _PLOT_PX:.1f}"


def _shortened(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}…"

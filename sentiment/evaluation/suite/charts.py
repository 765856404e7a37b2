"""Charts of the suite's page as inline SVG: no library, no script, readable in black and white."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from sentiment.evaluation.calibration import ReliabilityBin
from sentiment.evaluation.curves import Points
from sentiment.evaluation.intervals import Interval

CHART_CSS = """
svg .frame{fill:none;stroke:var(--line)}svg .ideal{stroke:var(--quiet);stroke-dasharray:2 4}
svg .target{stroke:var(--warn);stroke-dasharray:4 3}svg polyline{fill:none;stroke-width:2}
svg .s0{stroke:#c2402a}svg .s1{stroke:var(--quiet);stroke-dasharray:6 3}svg .s2{stroke:#0b62a8}
svg .k0{fill:#c2402a}svg .k1{fill:var(--quiet)}svg .k2{fill:#0b62a8}
svg .fill{fill:var(--accent);opacity:.35}svg .low{fill:var(--warn)}
svg .low.bar{stroke:var(--warn)}
.charts{display:flex;flex-wrap:wrap;gap:0 1.5rem}.charts figure{margin:.5rem 0;max-width:18.5rem}
"""

_SIDE_PX = 230
_LEFT_PX = 44
_TOP_PX = 26
_BOTTOM_PX = 40
_RATE_LEFT_PX = 230
_RATE_PLOT_PX = 400
_RATE_ROW_PX = 24


@dataclass(frozen=True, slots=True)
class Series:
    """A line of a chart: its name in the legend and its points in [0, 1] x [0, 1]."""

    name: str
    points: Points


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its interval, as one line of `rate_chart`."""

    name: str
    value: float
    interval: Interval


def line_chart(
    series: Sequence[Series], *, title: str, x: str, y: str, diagonal: bool = False
) -> str:
    """Draw up to three lines over the unit square.

    Args:
        series: their order decides their colours and dashes.
        title: above the chart.
        x: what the horizontal axis is.
        y: what the vertical axis is.
        diagonal: draw what chance gives.
    """
    parts = [_diagonal()] if diagonal else []
    for index, line in enumerate(series):
        points = " ".join(f"{_x(at):.1f},{_y(value):.1f}" for at, value in line.points)
        parts.append(f'<polyline class="s{index}" points="{points}"/>')
    legend = " &nbsp; ".join(
        f'<svg width="24" height="10" aria-hidden="true"><polyline class="s{index}" '
        f'points="0,6 24,6"/></svg> {escape(line.name)}'
        for index, line in enumerate(series)
    )
    return _square(title, x, y, parts, legend)


def reliability_chart(bins: Sequence[ReliabilityBin], *, title: str) -> str:
    """Draw accuracy over confidence: bars on the diagonal mean honest confidence."""
    n_rows = sum(part.n for part in bins)
    parts = []
    for part in bins:
        top, width = _y(part.accuracy), _x(part.high) - _x(part.low) - 1
        parts.append(
            f'<rect class="fill" x="{_x(part.low):.1f}" y="{top:.1f}" width="{width:.1f}" '
            f'height="{_y(0) - top:.1f}"><title>{part.n:,} rows, confidence '
            f"{part.confidence:.3f}, accuracy {part.accuracy:.3f}</title></rect>"
        )
    parts.append(_diagonal())
    for part in bins:
        radius = 2 + 6 * (part.n / n_rows) ** 0.5
        parts.append(
            f'<circle class="dot" cx="{_x(part.confidence):.1f}" cy="{_y(part.accuracy):.1f}" '
            f'r="{radius:.1f}"/>'
        )
    return _square(title, "confidence", "accuracy", parts, "dot size: share of the rows")


def rate_chart(rates: Sequence[Rate], *, title: str, target: float) -> str:
    """Draw shares with their intervals, one a line, and the target as a dashed line.

    Args:
        rates: top to bottom.
        title: for those who can't see it.
        target: a share below it is drawn in another colour, in [0, 1].
    """
    height = _TOP_PX + _RATE_ROW_PX * len(rates) + 6
    width = _RATE_LEFT_PX + _RATE_PLOT_PX + 72

    def place(share: float) -> str:
        return f"{_RATE_LEFT_PX + share * _RATE_PLOT_PX:.1f}"

    opening = (
        f'<figure><svg viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'aria-label="{escape(title)}">'
    )
    grid = [
        f'<line class="grid" x1="{place(tenth / 10)}" x2="{place(tenth / 10)}" '
        f'y1="{_TOP_PX - 6}" y2="{height}"/><text class="quiet" x="{place(tenth / 10)}" '
        f'y="14" text-anchor="middle">{tenth * 10} %</text>'
        for tenth in range(0, 11, 2)
    ]
    goal = (
        f'<line class="target" x1="{place(target)}" x2="{place(target)}" y1="{_TOP_PX - 6}" '
        f'y2="{height}"/>'
    )
    parts = [opening, *grid, goal]
    for index, rate in enumerate(rates):
        middle = _TOP_PX + _RATE_ROW_PX * index + _RATE_ROW_PX // 2
        low = " low" if rate.value < target else ""
        parts.append(
            f'<text x="0" y="{middle + 4}">{escape(rate.name)}</text>'
            f'<line class="bar{low}" x1="{place(rate.interval.low)}" '
            f'x2="{place(rate.interval.high)}" y1="{middle}" y2="{middle}"/>'
            f'<circle class="dot{low}" cx="{place(rate.value)}" cy="{middle}" r="5"/>'
            f'<text x="{_RATE_LEFT_PX + _RATE_PLOT_PX + 12}" y="{middle + 4}">'
            f"{rate.value:.1%}</text>"
        )
    parts.append("</svg></figure>")
    return "".join(parts)


def _square(title: str, x: str, y: str, parts: Sequence[str], legend: str) -> str:
    width, height = _LEFT_PX + _SIDE_PX + 14, _TOP_PX + _SIDE_PX + _BOTTOM_PX
    ticks = []
    for fifth in range(6):
        share = fifth / 5
        ticks.append(
            f'<text class="quiet" x="{_x(share):.1f}" y="{_y(0) + 16:.1f}" '
            f'text-anchor="middle">{share:.1f}</text><text class="quiet" x="{_LEFT_PX - 6}" '
            f'y="{_y(share) + 4:.1f}" text-anchor="end">{share:.1f}</text>'
            f'<line class="grid" x1="{_LEFT_PX}" x2="{_x(1):.1f}" y1="{_y(share):.1f}" '
            f'y2="{_y(share):.1f}"/>'
        )
    return (
        f'<figure><svg viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'aria-label="{escape(title)}: {escape(y)} over {escape(x)}">'
        f'<text x="{_LEFT_PX}" y="14">{escape(title)}</text>{"".join(ticks)}'
        f'<rect class="frame" x="{_LEFT_PX}" y="{_TOP_PX}" width="{_SIDE_PX}" '
        f'height="{_SIDE_PX}"/>{"".join(parts)}'
        f'<text class="quiet" x="{_x(0.5):.1f}" y="{height - 6}" text-anchor="middle">'
        f"{escape(x)}</text></svg>"
        f"<figcaption><small>{escape(y)}; {legend}</small></figcaption></figure>"
    )


def _diagonal() -> str:
    return (
        f'<line class="ideal" x1="{_x(0):.1f}" y1="{_y(0):.1f}" x2="{_x(1):.1f}" y2="{_y(1):.1f}"/>'
    )


def _x(share: float) -> float:
    return _LEFT_PX + share * _SIDE_PX


def _y(share: float) -> float:
    return _TOP_PX + (1 - share) * _SIDE_PX

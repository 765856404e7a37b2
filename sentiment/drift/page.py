"""One look as a page that loads nothing and runs nothing; no text of a comment is in it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sentiment.drift.check import Look
from sentiment.drift.compare import Judged
from sentiment.drift.features import FEATURES, Feature
from sentiment.drift.profile import MIN_COMMENTS, MIN_VIDEOS
from sentiment.drift.two_sample import ASSUMED_CORRELATION
from sentiment.evaluation.figures import CSS
from sentiment.evaluation.markup import cell, header_cell, number, page, table

_FEATURES = {feature.name: feature for feature in FEATURES}
_PAGE_CSS = """
.shares td{min-width:5rem}.shares .bars{width:24rem}
.bars svg{display:block}.bars .was{fill:var(--quiet)}.bars .is{fill:var(--accent)}
"""
_BAR_PX = 380
_BAR_HEIGHT_PX = 7
COLUMNS = ("feature", "drifts", "effect", "matters from", "adjusted p", "design effect", "comments")


def render_page(look: Look) -> str:
    """Return the page of a look."""
    seen = look.comparison
    body = [
        (
            f"<h1>Drift on {escape(str(look.days))}</h1><p>Model <strong>{escape(look.model)}"
            f"</strong> <code>{escape(look.model_digest[:12])}</code>; {seen.n_comments:,} "
            f"comments of {seen.n_videos:,} videos against {escape(reference_words(look))}.</p>"
        ),
        f'<p class="{_class(look)}"><strong>{escape(verdict(look))}</strong></p>',
        f"<p>{escape(notes(look))}</p>" if notes(look) else "",
        table("Every feature", COLUMNS, [_row(part) for part in seen.judged]),
        (
            "<p>A feature drifts when its p-value, corrected for the other features (Holm 1979), "
            f"is at most {seen.level:.2g}, and its effect matters. That level is the part of the "
            "year's budget of false alarms that this look may spend (Lan and DeMets 1983). The "
            "effect is the share of comments that moved (label, unsure, language) or Cliff's "
            "delta (the others: above 0 where values are larger now). The tests take the video as "
            "the unit (Rao and Scott 1984; Mann-Whitney for clustered data): the design effect "
            "says how many times larger that makes the variance. No video counts for more than "
            f"{1 / ASSUMED_CORRELATION:.0f} comments, in the shares below either.</p>"
        ),
        *(_shares(part) for part in seen.judged),
    ]
    return page(f"Drift on {look.days}", css=CSS + _PAGE_CSS, body=[part for part in body if part])


def verdict(look: Look) -> str:
    """Return one sentence: whether anything drifts, and since when."""
    seen = look.comparison
    if not seen.is_conclusive:
        return (
            f"Nothing can be told: no feature has {MIN_COMMENTS} comments of {MIN_VIDEOS:.0f} "
            "videos of similar size."
        )
    if seen.drifting:
        named = ", ".join(
            f"{part.finding.feature} (since {look.state.open[part.finding.feature].since})"
            for part in seen.drifting
        )
        return f"Drift of {named}."
    if not seen.level:
        return "No day of this window is new since the last look: it may raise no alarm."
    return "No drift."


def reference_words(look: Look) -> str:
    """Return what the look compares with, in words."""
    reference = look.reference
    if reference.source == "validation":
        return f"the model's {reference.n_comments:,} validation rows"
    return f"{reference.n_comments:,} stored comments of {reference.since} up to {reference.until}"


def row_texts(part: Judged) -> tuple[str, ...]:
    """Return one feature's row of the table, in the order of `COLUMNS`."""
    found = part.finding
    return (
        found.feature,
        "yes" if part.drifts else "no",
        f"{found.effect:+.3f}" if _is_signed(found.feature) else f"{found.effect:.3f}",
        f"{found.least_effect:g}",
        f"{part.adjusted_p_value:.2g}",
        f"{found.design_effect:.1f}",
        f"{found.n_comments:,}",
    )


def _is_signed(name: str) -> bool:
    return bool(_FEATURES[name].edges)


def _class(look: Look) -> str:
    quiet = look.comparison.is_conclusive and not look.comparison.drifting
    return "fine" if quiet else "caution"


def notes(look: Look) -> str:
    """Return what else is to be known of the window; empty where nothing is."""
    stored, left_out = look.stored, look.comparison.left_out
    found = []
    if stored.n_unscored:
        found.append(
            f"{stored.n_unscored:,} comments are left out: this model has not scored them."
        )
    if stored.n_unreadable:
        found.append(f"{stored.n_unreadable:,} are left out: their rows hold no prediction.")
    if left_out and look.comparison.judged:
        found.append(f"Too few comments or videos for {', '.join(left_out)}.")
    return " ".join(found)


def _row(part: Judged) -> str:
    name, drifts, *figures = row_texts(part)
    return header_cell(name) + cell(drifts) + "".join(number(figure) for figure in figures)


def _shares(part: Judged) -> str:
    feature = _FEATURES[part.finding.feature]
    pairs = list(
        zip(
            feature.bins,
            part.finding.reference_shares,
            part.finding.window_shares,
            strict=True,
        )
    )
    largest = max(max(was, now) for _, was, now in pairs)
    rows = [
        header_cell(name)
        + number(f"{was:.1%}")
        + number(f"{now:.1%}")
        + number(f"{(now - was) * 100:+.1f}")
        + f'<td class="bars">{_bars(was, now, largest)}</td>'
        for name, was, now in pairs
    ]
    return _section(feature, rows)


def _section(feature: Feature, rows: Sequence[str]) -> str:
    columns = ("", "expected", "seen", "points", "expected above, seen below")
    return (
        f'<section class="shares"><h2>{escape(feature.name)} <small>{escape(feature.words)}'
        f"</small></h2>{table(f'Shares of {feature.name}', columns, rows)}</section>"
    )


def _bars(was: float, now: float, largest: float) -> str:
    return (
        f'<svg width="{_BAR_PX}" height="{2 * _BAR_HEIGHT_PX + 1}" aria-hidden="true">'
        f'<rect class="was" width="{_BAR_PX * was / largest:.1f}" height="{_BAR_HEIGHT_PX}"/>'
        f'<rect class="is" y="{_BAR_HEIGHT_PX + 1}" width="{_BAR_PX * now / largest:.1f}" '
        f'height="{_BAR_HEIGHT_PX}"/></svg>'
    )

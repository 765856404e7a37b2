"""The release gate: may this candidate replace the champion?

Pure: arrays and figures in, a decision out. Three questions, each answered with numbers: is it
better than the champion on people's labels by more than chance, is no slice far worse, and does
the exported model still say what its checkpoint says? A model that was retrained on corrections
is asked the first one otherwise (`Corrections`). Imports no training library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentiment.evaluation.decision import Check, GateDecision
from sentiment.evaluation.intervals import (
    DEFAULT_RESAMPLES,
    PRIMARY_METRIC,
    paired_difference,
)
from sentiment.release.bundle import Parity


@dataclass(frozen=True, slots=True)
class GateLimits:
    """What the gate asks for.

    Attributes:
        min_label_agreement: of the exported model with its checkpoint, in [0, 1].
        max_parity_loss: macro-F1 that the export may cost beyond chance, in [0, 1].
        min_slice_rows: smaller slices are not judged, chance rules them.
        max_slice_loss: macro-F1 that a slice may lose against the champion, in [0, 1]; more, where
            the interval of the loss holds 0.
        max_primary_loss: of a retrained model: macro-F1 that the primary set may lose against
            the champion at worst, by the lower end of the interval, in [0, 1].
        min_corrections: with fewer held-back ones a retrained model need not be surely better
            on them, only not worse.
    """

    min_label_agreement: float = 0.985
    max_parity_loss: float = 0.005
    min_slice_rows: int = 50
    max_slice_loss: float = 0.05
    max_primary_loss: float = 0.01
    min_corrections: int = 30


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """What the gate must know of a model.

    Attributes:
        name: for messages.
        digest: hex sha256 of its bundle.
        classes: predicted class indexes on the primary set, one a row.
        parity: of the exported model with its checkpoint.
    """

    name: str
    digest: str
    classes: NDArray[np.int64]
    parity: Parity


@dataclass(frozen=True, slots=True)
class PrimarySet:
    """The labelled rows that the gate decides on.

    Attributes:
        name: the corpus.
        human_labelled: whether people gave the labels; else the gate refuses.
        labels: true class indexes 0..2, shape (n,).
        slices: name of a slice -> its row indexes.
    """

    name: str
    human_labelled: bool
    labels: NDArray[np.int64]
    slices: Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Corrections:
    """Held-back corrections, which no model was trained on: they judge a retrained model.

    Such a model learned what the champion got wrong, a small part of all comments. It has to be
    better there, and not worse on the primary set.

    Attributes:
        labels: true class indexes 0..2, shape (n,), n >= 0.
        candidate: class indexes predicted by the new model, same shape.
        champion: class indexes predicted by the model in use, same shape.
    """

    labels: NDArray[np.int64]
    candidate: NDArray[np.int64]
    champion: NDArray[np.int64]


def judge(
    candidate: ModelFigures,
    champion: ModelFigures | None,
    *,
    primary: PrimarySet,
    limits: GateLimits,
    rng: np.random.Generator,
    n_resamples: int = DEFAULT_RESAMPLES,
    must_be_better: bool = True,
    corrections: Corrections | None = None,
) -> GateDecision:
    """Judge a candidate.

    A first candidate (no champion) is compared with nobody; everything else is still asked. A
    candidate with the champion's digest passes with nothing to publish.

    Args:
        candidate: the new model.
        champion: the model in use, if any; its `classes` are over the same rows.
        primary: human-labelled rows.
        limits: what to ask for.
        rng: source of randomness of the bootstrap.
        n_resamples: bootstrap samples.
        must_be_better: on the primary set, by more than chance; else it must be surely not worse
            by more than `limits.max_primary_loss`.
        corrections: of a retrained model, the held-back ones, on which it must be better.

    Raises:
        DataError: the predictions don't fit the rows.
    """
    digest_of_champion = champion.digest if champion else None
    if candidate.digest == digest_of_champion:
        unchanged = Check("change", passed=True, detail="it is the champion: nothing to publish")
        return GateDecision(candidate.digest, digest_of_champion, (unchanged,))
    checks = [_check_labels(primary), *_check_parity(candidate, limits)]
    if champion is None:
        checks.append(Check("champion", passed=True, detail="there is none yet to compare with"))
    else:
        checks.append(
            _check_primary(
                candidate,
                champion,
                primary=primary,
                # What must be exceeded: no difference, or the loss that is allowed.
                least=0.0 if must_be_better else -limits.max_primary_loss,
                rng=rng,
                n_resamples=n_resamples,
            )
        )
        if corrections is not None:
            checks.append(
                _check_corrections(corrections, limits=limits, rng=rng, n_resamples=n_resamples)
            )
        checks.extend(
            _check_slices(
                candidate,
                champion,
                primary=primary,
                limits=limits,
                rng=rng,
                n_resamples=n_resamples,
            )
        )
    return GateDecision(candidate.digest, digest_of_champion, tuple(checks))


def _check_labels(primary: PrimarySet) -> Check:
    who = "people" if primary.human_labelled else "a machine or somebody unknown"
    return Check("labels", primary.human_labelled, f"{primary.name} is labelled by {who}")


def _check_parity(candidate: ModelFigures, limits: GateLimits) -> list[Check]:
    parity = candidate.parity
    tolerated = limits.max_parity_loss + parity.loss_by_chance
    return [
        Check(
            "parity of labels",
            parity.label_agreement >= limits.min_label_agreement,
            f"export and checkpoint agree on {parity.label_agreement:.4f} of labels, "
            f"at least {limits.min_label_agreement:.4f} is wanted",
        ),
        Check(
            "parity of macro-F1",
            parity.macro_f1_loss <= tolerated,
            f"the export loses {parity.macro_f1_loss:+.4f} macro-F1, at most {tolerated:.4f} is "
            f"allowed on {parity.rows:,} rows",
        ),
    ]


def _check_primary(
    candidate: ModelFigures,
    champion: ModelFigures,
    *,
    primary: PrimarySet,
    least: float,
    rng: np.random.Generator,
    n_resamples: int,
) -> Check:
    found = paired_difference(
        primary.labels, candidate.classes, champion.classes, rng=rng, n_resamples=n_resamples
    )
    return Check(
        f"{'not worse' if least else 'better'} on {primary.name}",
        found.interval.low > least,
        f"macro-F1 differs from the champion's by {found.difference:+.4f} "
        f"[{found.interval.low:+.4f}, {found.interval.high:+.4f}] on {found.n:,} rows, "
        f"the lower end must be above {least:g}",
    )


def _check_corrections(
    held_back: Corrections, *, limits: GateLimits, rng: np.random.Generator, n_resamples: int
) -> Check:
    if not len(held_back.labels):
        return Check("held-back corrections", passed=True, detail="there is none to judge by")
    found = paired_difference(
        held_back.labels,
        held_back.candidate,
        held_back.champion,
        rng=rng,
        metric="accuracy",
        n_resamples=n_resamples,
    )
    is_few = found.n < limits.min_corrections
    wanted = (
        f"fewer than {limits.min_corrections}: it must not be below 0"
        if is_few
        else "the lower end must be above 0"
    )
    return Check(
        f"{'not worse' if is_few else 'better'} on held-back corrections",
        found.difference >= 0 if is_few else found.interval.low > 0,
        f"accuracy differs from the champion's by {found.difference:+.4f} "
        f"[{found.interval.low:+.4f}, {found.interval.high:+.4f}] on {found.n:,} rows, {wanted}",
    )


def _check_slices(
    candidate: ModelFigures,
    champion: ModelFigures,
    *,
    primary: PrimarySet,
    limits: GateLimits,
    rng: np.random.Generator,
    n_resamples: int,
) -> list[Check]:
    checks = []
    for name, rows in primary.slices.items():
        if len(rows) < limits.min_slice_rows:
            continue
        chosen = np.asarray(rows, dtype=np.int64)
        found = paired_difference(
            primary.labels[chosen],
            candidate.classes[chosen],
            champion.classes[chosen],
            rng=rng,
            metric=PRIMARY_METRIC,
            n_resamples=n_resamples,
        )
        checks.append(
            Check(
                f"slice {name}",
                # A slice of few rows goes up and down by more than that when nothing has changed.
                found.difference >= -limits.max_slice_loss or found.interval.high >= 0,
                f"macro-F1 differs by {found.difference:+.4f} "
                f"[{found.interval.low:+.4f}, {found.interval.high:+.4f}] on {found.n:,} rows, "
                f"a loss of more than {limits.max_slice_loss:.4f} that chance does not explain is "
                "refused",
            )
        )
    return checks

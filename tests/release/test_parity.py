"""Parity: the figures are those one counts by hand, and the limits are kept."""

from __future__ import annotations

import numpy as np
import pytest

from sentiment.config import ExportConfig
from sentiment.errors import ExportError
from sentiment.release.bundle import Parity
from sentiment.release.parity import measure_parity, refuse_if_strayed

CLASSES = np.array([0, 1, 2, 0])
# Logarithms of probabilities: at temperature 1 the softmax gives them back.
CHECKPOINT = np.log([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6], [0.5, 0.3, 0.2]])
EXPORTED = np.log([[0.6, 0.3, 0.1], [0.1, 0.8, 0.1], [0.3, 0.1, 0.6], [0.3, 0.5, 0.2]])


def parity_of(*, agreement: float, loss: float) -> Parity:
    return Parity(
        rows=1_000, label_agreement=agreement, largest_probability_gap=0.1, macro_f1_loss=loss
    )


def test_measure_parity_counts_as_one_does_by_hand() -> None:
    parity = measure_parity(CHECKPOINT, EXPORTED, CLASSES, temperature=1.0)
    assert parity.rows == 4
    assert parity.label_agreement == 0.75
    assert parity.largest_probability_gap == pytest.approx(0.2)
    # The checkpoint is right everywhere; the export's F1 by class are 2/3, 2/3 and 1.
    assert parity.macro_f1_loss == pytest.approx(1 - 7 / 9)


def test_measure_parity_compares_probabilities_as_they_are_served() -> None:
    # At temperature 2 probabilities go as square roots: row 4's 0.4155 becomes 0.3218.
    parity = measure_parity(CHECKPOINT, EXPORTED, CLASSES, temperature=2.0)
    assert parity.largest_probability_gap == pytest.approx(0.09365, abs=1e-4)
    assert parity.label_agreement == 0.75


def test_measure_parity_of_a_better_export_is_a_negative_loss() -> None:
    parity = measure_parity(EXPORTED, CHECKPOINT, CLASSES, temperature=1.0)
    assert parity.macro_f1_loss == pytest.approx(7 / 9 - 1)


def test_measure_parity_of_equals() -> None:
    parity = measure_parity(CHECKPOINT, CHECKPOINT, CLASSES, temperature=1.3)
    expected = Parity(rows=4, label_agreement=1.0, largest_probability_gap=0.0, macro_f1_loss=0.0)
    assert parity == expected


@pytest.mark.parametrize(
    ("agreement", "loss"), [(0.985, 0.005), (1.0, -0.2), (0.99, 0.0), (0.985, 0.0113)]
)
def test_refuse_if_strayed_lets_pass_what_keeps_the_limits(agreement: float, loss: float) -> None:
    refuse_if_strayed(parity_of(agreement=agreement, loss=loss), ExportConfig())


@pytest.mark.parametrize(
    ("agreement", "loss"), [(0.9849, 0.0), (1.0, 0.0051), (0.5, 0.5), (0.985, 0.0114)]
)
def test_refuse_if_strayed_names_both_figures_and_both_limits(
    agreement: float, loss: float
) -> None:
    with pytest.raises(ExportError) as caught:
        refuse_if_strayed(parity_of(agreement=agreement, loss=loss), ExportConfig())
    message = caught.value.message
    assert f"label agreement {agreement:.4f} (wanted at least 0.985)" in message
    assert f"macro-F1 loss {loss:.4f} (wanted at most 0.005 beyond" in message
    assert "quantisation: none" in caught.value.hint


def test_loss_by_chance_is_what_one_export_of_twenty_loses() -> None:
    parity = parity_of(agreement=0.985, loss=0.0)
    drawn = np.random.default_rng(13).choice([-1, 1], (20_000, 15)).sum(axis=1) / 1_000
    assert 0.03 < (drawn > parity.loss_by_chance).mean() < 0.07
    assert parity_of(agreement=1.0, loss=0.0).loss_by_chance == 0

from __future__ import annotations

import numpy as np
import pytest

from sentiment.evaluation.curves import MAX_POINTS, class_curves, thinned


def test_curves_of_a_perfect_model_have_an_area_of_one() -> None:
    classes = np.array([0, 1, 2, 2])
    for curve in class_curves(classes, np.eye(3)[classes]):
        assert (curve.roc_area, curve.average_precision) == (1.0, 1.0)
        assert curve.roc[-1] == (1.0, 1.0)
        assert curve.n == (classes == ["negative", "neutral", "positive"].index(curve.label)).sum()


def test_curves_of_an_even_model_are_chance() -> None:
    classes = np.array([0, 0, 1, 2])
    curves = {curve.label: curve for curve in class_curves(classes, np.full((4, 3), 1 / 3))}
    assert curves["negative"].roc_area == 0.5
    assert curves["negative"].average_precision == pytest.approx(0.5)


def test_a_class_that_nobody_has_gets_no_curve() -> None:
    curves = class_curves(np.array([0, 2]), np.eye(3)[[0, 2]])
    assert [curve.label for curve in curves] == ["negative", "positive"]


def test_thinned_keeps_both_ends() -> None:
    x = np.linspace(0, 1, 5_000)
    points = thinned(x, x**2)
    assert len(points) == MAX_POINTS
    assert (points[0], points[-1]) == ((0.0, 0.0), (1.0, 1.0))
    assert thinned(x[:3], x[:3]) == tuple((round(v, 5), round(v, 5)) for v in x[:3])

"""P-values of many questions together."""

from __future__ import annotations

import pytest

from sentiment.evaluation.many_tests import holm


def test_holm_is_holms() -> None:
    # Holm 1979 by hand: 0.01 x 4, 0.02 x 3, then nothing below what came before.
    assert holm([0.03, 0.01, 0.04, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1, 1]
    assert holm([]) == []

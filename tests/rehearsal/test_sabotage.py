from __future__ import annotations

from pathlib import Path

import numpy as np

from sentiment.inference.predictor import Predictor
from sentiment.labels import Label
from sentiment.rehearsal.sabotage import make_slow, make_wrong
from sentiment.release.bundle import load_bundle
from tests.conftest import REPOSITORY

STARTER = REPOSITORY / "models" / "starter"
TEXTS = ["I love this so much!", "This is terrible, I hate it.", "The song starts at 1:20."]


def test_the_wrong_one_says_the_opposite_and_the_slow_one_the_same(tmp_path: Path) -> None:
    make_wrong(STARTER, tmp_path / "wrong")
    make_slow(STARTER, tmp_path / "slow")
    bundles = [load_bundle(folder) for folder in (STARTER, tmp_path / "wrong", tmp_path / "slow")]
    assert len({bundle.digest for bundle in bundles}) == 3
    right, wrong, slow = (Predictor.from_bundle(bundle).predict(TEXTS) for bundle in bundles)
    assert [one.label for one in right] == [Label.POSITIVE, Label.NEGATIVE, Label.NEUTRAL]
    assert [one.label for one in wrong] == [Label.NEGATIVE, Label.POSITIVE, Label.NEUTRAL]
    np.testing.assert_allclose(
        [one.probabilities for one in slow], [one.probabilities for one in right], atol=1e-6
    )
    # What both claim is what they were made of: only measuring tells.
    assert bundles[1].manifest.metrics == bundles[0].manifest.metrics

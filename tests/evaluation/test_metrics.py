from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, recall_score

from sentiment.errors import DataError
from sentiment.evaluation.intervals import scores_of_confusion
from sentiment.evaluation.metrics import compute_scores
from tests.evaluation.handmade import make_result, random_classes

_REPOSITORY = Path(__file__).resolve().parents[2]

# Any connection ends the process: the local modules must need no hub, even with an empty cache.
_WITHOUT_NETWORK = """
import socket, sys
def refuse(*args, **kwargs):
    sys.exit(f"tried to reach {args}")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
import numpy as np
from sentiment.evaluation.metrics import compute_scores
classes = np.array([0, 1, 2, 2], dtype=np.int64)
print(compute_scores(classes, classes, rng=np.random.default_rng(0)).metrics["macro_f1"])
"""


def test_scores_equal_scikit_learn() -> None:
    references, predictions = random_classes(500, seed=3, accuracy=0.6)

    scores = compute_scores(references, predictions, rng=np.random.default_rng(0))

    assert scores.n == 500
    assert scores.metrics["accuracy"] == pytest.approx(accuracy_score(references, predictions))
    assert scores.metrics["macro_f1"] == pytest.approx(
        f1_score(references, predictions, average="macro")
    )
    assert scores.metrics["macro_recall"] == pytest.approx(
        recall_score(references, predictions, average="macro")
    )
    assert scores.metrics["positive_f1"] == pytest.approx(
        f1_score(references, predictions, average=None)[2]
    )
    np.testing.assert_array_equal(scores.confusion, confusion_matrix(references, predictions))
    assert scores.support == tuple(np.bincount(references))


def test_scores_have_an_interval_around_each_value() -> None:
    references, predictions = random_classes(400, seed=5, accuracy=0.7)
    scores = compute_scores(references, predictions, rng=np.random.default_rng(0))
    assert scores.intervals.keys() == scores.metrics.keys()
    for name, value in scores.metrics.items():
        assert scores.intervals[name].low < value < scores.intervals[name].high


@pytest.mark.parametrize("classes", [[0, 2], [1, 2], [1]])
def test_scores_average_over_the_classes_that_occur(classes: list[int]) -> None:
    rng = np.random.default_rng(7)
    references = rng.choice(classes, size=60).astype(np.int64)
    predictions = rng.choice(classes, size=60).astype(np.int64)
    scores = compute_scores(references, predictions, rng=rng)
    formula = scores_of_confusion(np.asarray(scores.confusion))
    for name in scores.metrics:
        assert scores.metrics[name] == pytest.approx(float(formula[name]))


def test_scores_of_no_rows_are_refused() -> None:
    none = np.array([], dtype=np.int64)
    with pytest.raises(DataError, match="at least one labelled row"):
        compute_scores(none, none, rng=np.random.default_rng(0))


def test_scores_of_a_foreign_class_are_refused() -> None:
    fine = np.array([0, 1], dtype=np.int64)
    with pytest.raises(DataError, match=r"class indexes 0\.\.2, found values from -1 to 1"):
        compute_scores(fine, np.array([-1, 1], dtype=np.int64), rng=np.random.default_rng(0))


def test_metric_modules_need_no_network_in_a_fresh_home(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_NETWORK],
        cwd=_REPOSITORY,
        env={**os.environ, "HOME": str(tmp_path), "HF_HOME": str(tmp_path / "hf")},
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "1.0"


def test_result_is_plain_json_with_intervals() -> None:
    document = json.loads(json.dumps(make_result().to_json()))
    assert document["primary_metric"] == "macro_f1"
    assert document["metrics"]["macro_f1"].keys() == {"value", "low", "high"}
    assert document["confusion"]["counts"] == [[30, 5, 5], [4, 40, 6], [1, 9, 50]]
    assert document["confusion"]["labels"] == ["negative", "neutral", "positive"]


def test_result_flat_names_the_corpus() -> None:
    result = make_result(corpus="semeval")
    assert result.flat()["semeval_macro_f1"] == result.primary

"""The code in docs/extending.md runs as it stands there."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from sentiment.corpora.corpus import Corpus
from sentiment.errors import DataError
from sentiment.evaluation import intervals
from sentiment.labels import Label
from tests.conftest import REPOSITORY

PAGE = (REPOSITORY / "docs" / "extending.md").read_text(encoding="utf-8")
EXAMPLES = dict(
    re.findall(
        r'^```python title="([^"]+)"\n(.*?)^```$',
        PAGE,
        flags=re.MULTILINE | re.DOTALL,
    )
)


def example(title: str) -> ModuleType:
    module = ModuleType(Path(title).stem)
    exec(compile(EXAMPLES[title], title, "exec"), vars(module))
    return module


def test_example_of_a_corpus_reads_its_file(tmp_path: Path) -> None:
    corpus: Corpus = example("sentiment/corpora/reviews.py").REVIEWS
    (tmp_path / "reviews.tsv").write_text(
        "body\tverdict\nnice\tgood\nso so\tfine\nno\tbad\n", encoding="utf-8"
    )
    rows = list(corpus.parse(tmp_path))
    assert [row.label for row in rows] == [Label.POSITIVE, Label.NEUTRAL, Label.NEGATIVE]
    assert corpus.n_rows == len(rows)


def test_example_of_a_corpus_refuses_a_file_that_reads_in_two_ways(tmp_path: Path) -> None:
    corpus: Corpus = example("sentiment/corpora/reviews.py").REVIEWS
    (tmp_path / "reviews.tsv").write_text(
        'body\tverdict\n"great, truly\tgood\nawful\tbad\nhe said "x" ok\tfine\nnice\tgood\n',
        encoding="utf-8",
    )
    with pytest.raises(DataError, match="row 1, which begins in line 2"):
        list(corpus.parse(tmp_path))


def test_example_of_a_model_survives_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = importlib.import_module("sentiment.models.options")
    scope = dict(vars(options))
    exec(EXAMPLES["sentiment/models/options.py"], scope)
    kind = scope["MajorityOptions"]
    monkeypatch.setattr(options, "MajorityOptions", kind, raising=False)
    majority = example("sentiment/models/majority.py").Majority
    model = majority(kind(name="majority", kind="majority"), seed=1)
    model.fit(["a", "b", "c", "d"], np.array([0, 1, 2, 2], dtype=np.int64))
    model.save(tmp_path / "model")
    again = majority.load(tmp_path / "model")
    np.testing.assert_array_equal(again.predict_proba(["x", "y"]), [[0.25, 0.25, 0.5]] * 2)
    assert again.size_bytes == 24


def test_example_of_a_metric_is_read_by_evaluate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_EVALUATE_OFFLINE", "1")
    import evaluate

    folder = tmp_path / "toxicity"
    folder.mkdir()
    title = "sentiment/evaluation/metric_modules/toxicity/toxicity.py"
    (folder / "toxicity.py").write_text(EXAMPLES[title], encoding="utf-8")
    module = evaluate.load(str(folder), keep_in_memory=True)
    scores = module.compute(predictions=[2, 0, 2, 1], toxicity=[0.9, 0.8, 0.1, 0.0])
    assert scores["toxic_called_positive"] == 0.5
    assert scores["toxicity_of_positive"] == pytest.approx(0.5)
    assert scores["toxicity"] == pytest.approx(0.45)


def test_example_of_an_interval_holds_the_mean() -> None:
    (body,) = re.findall(
        r'^ +```python title="the interval"\n(.*?)^ +```$',
        PAGE,
        flags=re.MULTILINE | re.DOTALL,
    )
    scope = dict(vars(intervals))
    exec(re.sub(r"^ {3}", "", body, flags=re.MULTILINE), scope)
    values = np.array([0.0, 1.0] * 100)
    interval = scope["toxicity_interval"](values, rng=np.random.default_rng(3))
    assert 0.4 < interval.low < 0.5 < interval.high < 0.6

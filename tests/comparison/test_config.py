"""A comparison's configuration: what is shipped can be read, and each mistake is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sentiment.comparison.config import CompareConfig
from sentiment.errors import ConfigError
from sentiment.sections import read_config
from tests.comparison.racing import WITH_CHARACTERS, WORDS_ALONE, make_config
from tests.conftest import REPOSITORY


def test_the_shipped_comparison_knows_every_kind_and_needs_no_hub() -> None:
    config = read_config(REPOSITORY / "configs" / "compare.yaml", CompareConfig)
    kinds = {model.kind for model in config.models}
    assert kinds == {
        *("textblob", "vader", "tfidf_logistic", "tfidf_lightgbm", "bilstm"),
        *("embeddings_logistic", "fine_tuned", "zero_shot"),
    }
    assert {model.kind for model in config.enabled}.isdisjoint({"fine_tuned", "zero_shot"})


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ({**WORDS_ALONE, "max_feature": 9}, "did you mean 'max_features'?"),
        ({**WORDS_ALONE, "text": {"lower": True}}, "did you mean 'lowercase'?"),
        ({**WORDS_ALONE, "kind": "tfidf"}, "did you mean 'tfidf_logistic'?"),
        ({"name": "x"}, "missing key 'models.0.kind'"),
        ({**WORDS_ALONE, "word_ngrams": None}, "can't both be null"),
        ({**WORDS_ALONE, "word_ngrams": [2, 1]}, "n-gram sizes must rise"),
        ({**WORDS_ALONE, "min_documents": "2"}, "found '2'"),
        ({**WORDS_ALONE, "enabled": False}, "no model is enabled"),
        ({"name": "x", "kind": "vader", "neutral_band": 0.0}, "greater than 0"),
        ({"name": "x", "kind": "tfidf_lightgbm", "max_leaf": 9}, "did you mean 'max_leaves'?"),
        ({"name": "x", "kind": "tfidf_lightgbm", "word_ngrams": [2, 1]}, "sizes must rise"),
        (
            {"name": "x", "kind": "fine_tuned", "training": {"averaged_checkpoints": 3}},
            "averaged_checkpoints must be 1",
        ),
        (
            {"name": "x", "kind": "fine_tuned", "training": {"epoch": 3}},
            "did you mean 'epochs'?",
        ),
    ],
)
def test_a_mistake_in_a_model_is_named(tmp_path: Path, model: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        make_config(tmp_path, model)
    assert said in str(caught.value)


def test_two_models_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="found twice: 'words'"):
        make_config(tmp_path, WORDS_ALONE, {**WITH_CHARACTERS, "name": "words"})


def test_a_negative_seed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="seed: Input should be greater than or equal to 0"):
        make_config(tmp_path, WORDS_ALONE, seed=-1)

"""Configurations: what is read, and how each mistake is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from sentiment.config import load_config
from sentiment.corpora import corpus_info
from sentiment.errors import ConfigError
from tests.conftest import REPOSITORY

MINIMAL: dict[str, Any] = {
    "name": "mine",
    "corpora": ["reddit"],
    "model": {"base": "tiny"},
    "evaluation": {"corpora": ["reddit"], "primary": "reddit"},
}
PIPELINE_CONFIGS = sorted(
    path
    for path in (REPOSITORY / "configs").glob("*.yaml")
    if "model" in yaml.safe_load(path.read_text(encoding="utf-8"))
)


def write(folder: Path, document: object) -> Path:
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


def changed(where: str, value: object) -> dict[str, Any]:
    """Return the minimal document with one value set at a dotted place."""
    document = yaml.safe_load(yaml.safe_dump(MINIMAL))
    section = document
    *parents, last = where.split(".")
    for part in parents:
        section = section.setdefault(part, {})
    section[last] = value
    return dict(document)


def test_configs_folder_holds_the_promised_five() -> None:
    names = {path.stem for path in PIPELINE_CONFIGS}
    assert names >= {"quickstart", "reddit", "starter", "distilbert", "smoke"}


@pytest.mark.parametrize("path", PIPELINE_CONFIGS, ids=lambda path: path.stem)
def test_load_config_reads_what_is_shipped(path: Path) -> None:
    config = load_config(path)
    assert config.name == path.stem
    assert config.evaluation.primary in config.evaluation.corpora
    for name in config.corpora:
        assert not corpus_info(name).evaluation_only
    for name in config.evaluation.corpora:
        assert corpus_info(name).name == name


def test_load_config_fills_in_defaults(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, MINIMAL))
    assert config.seed == 13
    assert config.training.label_smoothing == 0
    assert config.processed_dir == Path("data/processed/mine")


def test_config_is_frozen(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, MINIMAL))
    with pytest.raises(ValidationError, match="frozen"):
        config.training.epochs = 4


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("corpra", "unknown key 'corpra': did you mean 'corpora'?"),
        (
            "training.learning_rat",
            "unknown key 'training.learning_rat': did you mean 'learning_rate'?",
        ),
        ("model.max_length", "unknown key 'model.max_length': did you mean 'max_length_tokens'?"),
        ("evaluation.zzz", "unknown key 'evaluation.zzz': known are corpora, primary, "),
    ],
)
def test_load_config_names_the_nearest_key(tmp_path: Path, where: str, message: str) -> None:
    path = write(tmp_path, changed(where, 1))
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("where", "value", "said"),
    [
        ("training.epochs", "three", "training.epochs: Input should be a valid number"),
        ("training.batch_size", 2.5, "training.batch_size: Input should be a valid integer"),
        ("training.batch_size", 0, "training.batch_size: Input should be greater than or equal"),
        ("training.class_weights", "heavy", "training.class_weights: Input should be 'none' or"),
        ("model.emoji_tokens", "yes", "model.emoji_tokens: Input should be a valid boolean"),
        ("corpora", [], "corpora: List should have at least 1 item"),
        ("corpora", "reddit", "corpora: Input should be a valid list"),
        ("name", "../../etc", "name: String should match pattern"),
        ("seed", -1, "seed: Input should be greater than or equal to 0"),
        ("seed", True, "seed: Input should be a valid integer"),
        ("model", "minilm", "model: Input should be a valid dictionary"),
    ],
)
def test_load_config_repeats_the_offending_value(
    tmp_path: Path, where: str, value: object, said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(write(tmp_path, changed(where, value)))
    assert said in str(caught.value)
    assert f"found {value!r}" in str(caught.value)


def test_load_config_lists_every_problem(tmp_path: Path) -> None:
    document = changed("training.epochs", -1)
    del document["evaluation"]
    document["nam"] = "x"
    with pytest.raises(ConfigError) as caught:
        load_config(write(tmp_path, document))
    for part in ("training.epochs", "missing key 'evaluation'", "did you mean 'name'?"):
        assert part in str(caught.value)


def test_load_config_of_a_missing_file_lists_the_neighbours(tmp_path: Path) -> None:
    write(tmp_path, MINIMAL)
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "min.yaml")
    assert "can't be read: No such file or directory" in caught.value.message
    assert str(tmp_path / "mine.yaml") in caught.value.hint


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("starter", "Did you mean configs/starter.yaml?"),
        ("startr.yaml", "Did you mean configs/starter.yaml?"),
        ("configs/startr.yaml", "Did you mean configs/starter.yaml?"),
        ("zzz", "There are: configs/reddit.yaml, configs/starter.yaml."),
    ],
)
def test_load_config_of_a_name_looks_among_the_configurations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, hint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").mkdir()
    for other in ("dvc", ".starter", "configs/starter", "configs/reddit", "configs/.starter"):
        (tmp_path / f"{other}.yaml").touch()
    with pytest.raises(ConfigError) as caught:
        load_config(Path(name))
    assert caught.value.hint == hint


def test_load_config_of_a_missing_folder_says_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="none in that folder"):
        load_config(tmp_path / "absent" / "x.yaml")


@pytest.mark.parametrize("content", [b"a: [1, 2", b"\xff\xfe\x00", b"a: b: c"])
def test_load_config_refuses_what_is_not_yaml(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"broken\.yaml is not YAML"):
        load_config(path)


@pytest.mark.parametrize(("document", "kind"), [([1], "list"), (None, "NoneType"), ("x", "str")])
def test_load_config_refuses_what_is_no_mapping(
    tmp_path: Path, document: object, kind: str
) -> None:
    with pytest.raises(ConfigError, match=f"should hold a mapping .* found {kind}"):
        load_config(write(tmp_path, document))


@pytest.mark.parametrize("unsure_below", [0.5, 0.7])
def test_an_unsure_threshold_and_a_risk_exclude_each_other(
    tmp_path: Path, unsure_below: float
) -> None:
    document = changed("export", {"unsure_below": unsure_below, "unsure_risk": 0.2})
    with pytest.raises(ConfigError, match="unsure_below and unsure_risk can't both be set"):
        load_config(write(tmp_path, document))


@pytest.mark.parametrize("risk", [0.0, 1.0, "0.2"])
def test_a_risk_is_a_share(tmp_path: Path, risk: object) -> None:
    with pytest.raises(ConfigError, match=r"export\.unsure_risk: Input should be"):
        load_config(write(tmp_path, changed("export.unsure_risk", risk)))


def test_a_risk_alone_is_read(tmp_path: Path) -> None:
    export = load_config(write(tmp_path, changed("export.unsure_risk", 0.2))).export
    assert export.unsure_risk == 0.2


@pytest.mark.parametrize(
    ("where", "name", "advice"),
    [
        ("preparation.max_training_rows", "redit", "did you mean 'reddit'?"),
        ("preparation.max_training_rows", "semevl", "did you mean 'semeval'?"),
        ("training.repeats", "fedback", "did you mean 'feedback'?"),
        ("training.repeats", "zzz", "known are reddit, feedback"),
        # Their labels, and so their rows, are not trained on.
        ("training.repeats", "semeval", "known are reddit, feedback"),
    ],
)
def test_rows_of_a_corpus_that_is_not_learnt_from_are_refused(
    tmp_path: Path, where: str, name: str, advice: str
) -> None:
    document = changed(where, {name: 2})
    document["teaching"] = {"soft_labels": "soft.csv", "corpora": ["semeval"]}
    with pytest.raises(ConfigError) as caught:
        load_config(write(tmp_path, document))
    assert f"{where} names {name!r}, not among the corpora: {advice}" in str(caught.value)


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("preparation.max_training_rows", "semeval"),
        ("preparation.max_training_rows", "feedback"),
        ("training.repeats", "reddit"),
        ("training.repeats", "feedback"),
    ],
)
def test_rows_of_a_corpus_that_is_learnt_from_or_will_be_are_taken(
    tmp_path: Path, where: str, name: str
) -> None:
    document = changed(where, {name: 2})
    document["teaching"] = {"soft_labels": "soft.csv", "corpora": ["semeval"]}
    assert load_config(write(tmp_path, document)).taught_corpora == ["semeval"]

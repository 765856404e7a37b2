"""Teaching: two trained networks label the texts of a third, which then learns from them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification
from typer.testing import CliRunner

from sentiment.cli.main import app
from sentiment.config import PipelineConfig, TeachingConfig
from sentiment.corpora.download import download
from sentiment.errors import ConfigError, TrainingError
from sentiment.models.base import load_classifier
from sentiment.models.soft_labels import read_soft_labels
from sentiment.teach import teach
from sentiment.textclean import short_digest
from sentiment.train import train
from tests.training_data import small_config, write_splits

UNSEEN = ["a song terrible", "it part where", "so was great"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with splits, three unlabelled texts, and two teachers in it."""
    made = tmp_path_factory.mktemp("teaching")
    splits = write_splits(made / "processed")
    rows = {"id": list("abc"), "source": "elsewhere", "text": UNSEEN}
    pd.DataFrame(rows).to_parquet(splits / "unlabelled.parquet", index=False)
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(made)
        for seed in (1, 2):
            config = small_config(epochs=6, learning_rate=5e-3, checkpoints_per_epoch=1).model_copy(
                update={"seed": seed}
            )
            train_in(made, config, f"teacher-{seed}")
        yield made
    torch.set_num_threads(n_threads)


def train_in(folder: Path, config: PipelineConfig, name: str) -> dict[str, float]:
    return train(
        config,
        tracking_uri=f"sqlite:///{folder / 'mlflow.db'}",
        processed_dir=folder / "processed",
        checkpoint_dir=folder / name,
    ).validation


def pupil(folder: Path, *, weight: float = 1.0) -> PipelineConfig:
    teaching = TeachingConfig(
        soft_labels=str(folder / "soft.csv"), weight=weight, corpora=["reddit"]
    )
    return small_config(epochs=6, learning_rate=5e-3, checkpoints_per_epoch=1).model_copy(
        update={"teaching": teaching}
    )


def teachers(folder: Path) -> list[Path]:
    return [folder / "teacher-1", folder / "teacher-2"]


def test_every_text_gets_the_mean_of_its_teachers(folder: Path) -> None:
    n_texts = teach(pupil(folder), teachers(folder), processed_dir=folder / "processed")
    both = read_soft_labels(folder / "soft.csv")
    assert n_texts == len(both)
    alone = []
    for teacher in teachers(folder):
        teach(pupil(folder), [teacher], processed_dir=folder / "processed")
        alone.append(read_soft_labels(folder / "soft.csv"))
    for digest, probabilities in both.items():
        mean = (alone[0][digest] + alone[1][digest]) / 2
        assert abs(probabilities - mean).max() < 0.002  # each file is rounded to thousandths
    assert {short_digest(text) for text in UNSEEN} <= both.keys()
    rows = pd.read_parquet(folder / "processed" / "train.parquet")
    guesses = [int(both[short_digest(text)].argmax()) for text in rows["text"]]
    assert (rows["label"] == guesses).mean() > 0.9


def test_a_pupil_learns_from_soft_labels_alone(folder: Path) -> None:
    """Its own labels are made wrong: what it knows, it has from its teachers."""
    teach(pupil(folder), teachers(folder), processed_dir=folder / "processed")
    path = folder / "processed" / "train.parquet"
    rows = pd.read_parquet(path)
    try:
        rows.assign(label=(rows["label"] + 1) % 3).to_parquet(path, index=False)
        assert train_in(folder, pupil(folder, weight=1.0), "pupil")["macro_f1"] > 0.9
        summary = json.loads((folder / "pupil" / "training.json").read_text(encoding="utf-8"))
        assert summary["soft_labels"]["elsewhere"] == {"texts": 3, "with_soft_label": 3}
        untaught = pupil(folder).model_copy(update={"teaching": None})
        assert train_in(folder, untaught, "untaught")["macro_f1"] < 0.4
    finally:
        rows.to_parquet(path, index=False)


def test_a_pupil_may_have_labelled_texts_alone(folder: Path) -> None:
    teach(pupil(folder), teachers(folder), processed_dir=folder / "processed")
    config = pupil(folder)
    assert config.teaching is not None
    alone = config.model_copy(
        update={"teaching": config.teaching.model_copy(update={"corpora": []})}
    )
    path = folder / "processed" / "unlabelled.parquet"
    rows = pd.read_parquet(path)
    try:
        rows.head(0).to_parquet(path, index=False)
        assert train_in(folder, alone, "alone")["macro_f1"] > 0.9
    finally:
        rows.to_parquet(path, index=False)


def test_the_command_prepares_what_is_missing_and_says_what_it_wrote(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    download("synthetic", raw_dir=Path("data/raw"), data_dir=None)
    teaching = TeachingConfig(soft_labels="soft.csv")
    config = small_config().model_copy(update={"teaching": teaching})
    Path("small.yaml").write_text(config.model_dump_json(), encoding="utf-8")
    arguments = ["teach", "--config", "small.yaml", "--checkpoint", str(folder / "teacher-1")]
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    texts = set(pd.read_parquet(config.processed_dir / "train.parquet")["text"])
    assert read_soft_labels(Path("soft.csv")).keys() == {short_digest(text) for text in texts}
    told = json.loads(result.stdout)
    assert told == {"soft_labels": "soft.csv", "n_texts": len(texts)}


def test_a_folder_that_is_no_teacher_is_refused_and_nothing_written(folder: Path) -> None:
    config = pupil(folder)
    (folder / "soft.csv").unlink(missing_ok=True)
    with pytest.raises(TrainingError, match="can't be loaded"):
        teach(config, [folder / "processed"], processed_dir=folder / "processed")
    assert not (folder / "soft.csv").exists()


@pytest.mark.parametrize(
    "names",
    [
        ["positive", "neutral", "negative"],
        ["positive", "neutral", "negative", "joy"],
        ["negative", "positive"],
    ],
)
def test_a_teacher_with_another_label_order_is_refused_and_nothing_written(
    folder: Path, tmp_path: Path, names: list[str]
) -> None:
    teacher = Path(shutil.copytree(folder / "teacher-1", tmp_path / "teacher"))
    say_labels(teacher, names)
    (folder / "soft.csv").unlink(missing_ok=True)
    with pytest.raises(TrainingError) as caught:
        teach(pupil(folder), [teacher], processed_dir=folder / "processed")
    found = [*names, None][:3]
    assert f"has the label order {found}" in caught.value.message
    assert "wanted ['negative', 'neutral', 'positive']" in caught.value.message
    assert "sentiment train" in caught.value.hint
    assert not (folder / "soft.csv").exists()


def test_outputs_behind_a_teachers_labels_may_mean_anything(folder: Path) -> None:
    train_in(folder, small_config(emotion_loss_weight=0.2, max_steps=2), "two-tasks")
    assert teach(pupil(folder), [folder / "two-tasks"], processed_dir=folder / "processed")


def say_labels(checkpoint: Path, names: list[str]) -> None:
    """Give a checkpoint other labels, and outputs for them."""
    tokenizer, _ = load_classifier(checkpoint)
    labels = dict(enumerate(names))
    settings = BertConfig.from_pretrained(
        checkpoint,
        num_labels=len(names),
        id2label=labels,
        label2id={name: index for index, name in labels.items()},
    )
    BertForSequenceClassification(settings).save_pretrained(checkpoint)
    tokenizer.save_pretrained(checkpoint)


def test_a_configuration_without_teaching_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigError, match="no section teaching"):
        teach(small_config(), teachers(folder), processed_dir=folder / "processed")

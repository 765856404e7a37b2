"""The MLflow run around a training."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import mlflow
import pytest
from mlflow import MlflowClient

from sentiment.errors import TrainingError
from sentiment.tracking import EXPERIMENT_NAME, flatten, tracked_run


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One store for all tests here: making a database takes seconds."""
    folder = tmp_path_factory.mktemp("mlflow")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield f"sqlite:///{folder / 'mlflow.db'}"


def test_flatten_joins_keys_by_dots() -> None:
    assert flatten({"a": {"b": {"c": 1}, "d": [2]}, "e": None}) == {
        "a.b.c": 1,
        "a.d": [2],
        "e": None,
    }


def test_tracked_run_keeps_what_it_is_told(uri: str, tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "file.txt").write_text("x")
    with tracked_run(tracking_uri=uri, name="one") as run:
        run.log_parameters({"training": {"epochs": 3, "note": "x" * 2_000}})
        run.log_tags({"corpus.a": "digest"})
        run.log_metrics({"f1": 0.5})
        run.log_json("document.json", {"a": 1})
        run.log_directory(tmp_path, "folder")
    kept = MlflowClient(uri).get_run(run.run_id)
    assert kept.info.run_name == "one"
    assert kept.info.status == "FINISHED"
    assert kept.data.params["training.epochs"] == "3"
    assert len(kept.data.params["training.note"]) == 500
    assert kept.data.tags["corpus.a"] == "digest"
    assert kept.data.metrics == {"f1": 0.5}
    names = {item.path for item in MlflowClient(uri).list_artifacts(run.run_id)}
    assert names == {"document.json", "folder"}
    experiment = MlflowClient(uri).get_experiment(kept.info.experiment_id)
    assert experiment.name == EXPERIMENT_NAME


def test_tracked_run_is_failed_when_the_training_fails(uri: str) -> None:
    with pytest.raises(ZeroDivisionError), tracked_run(tracking_uri=uri, name="bad") as run:
        raise ZeroDivisionError
    assert MlflowClient(uri).get_run(run.run_id).info.status == "FAILED"
    assert mlflow.active_run() is None


def test_tracked_run_goes_on_with_an_interrupted_one(uri: str) -> None:
    with tracked_run(tracking_uri=uri, name="first") as first:
        first.log_metrics({"before": 1.0})
    with tracked_run(tracking_uri=uri, name="second", resume_run_id=first.run_id) as second:
        second.log_metrics({"after": 2.0})
    assert second.run_id == first.run_id
    assert MlflowClient(uri).get_run(first.run_id).data.metrics == {"before": 1.0, "after": 2.0}


def test_tracked_run_opens_a_new_one_when_the_old_one_is_gone(uri: str) -> None:
    with tracked_run(tracking_uri=uri, name="new", resume_run_id="0" * 32) as run:
        assert run.run_id != "0" * 32
    assert MlflowClient(uri).get_run(run.run_id).info.run_name == "new"


def test_a_parameter_that_changes_is_an_error_of_ours(uri: str) -> None:
    with tracked_run(tracking_uri=uri, name="x") as run:
        run.log_parameters({"seed": 1})
        with pytest.raises(TrainingError, match="Changing param values is not allowed"):
            run.log_parameters({"seed": 2})


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt, None])
def test_what_happened_is_told_though_the_store_is_gone_too(
    tmp_path: Path, error: type[BaseException] | None
) -> None:
    store = tmp_path / "mlflow.db"

    def lose_the_store() -> None:
        with tracked_run(tracking_uri=f"sqlite:///{store}", name="x"):
            store.write_bytes(b"no database" * 1_000)
            if error is not None:
                raise error

    with pytest.raises(error or TrainingError) as caught:
        lose_the_store()
    assert mlflow.active_run() is None
    assert error or "The MLflow store can't be used" in str(caught.value)


def test_tracked_run_of_an_unusable_store_is_an_error_of_ours() -> None:
    with (
        pytest.raises(TrainingError, match="The MLflow store can't be used") as caught,
        tracked_run(tracking_uri="gopher://nowhere", name="x"),
    ):
        pass
    assert "MLFLOW_TRACKING_URI" in caught.value.hint

"""`sentiment retrain` killed with SIGKILL in each of its steps, against a real MLflow server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mlflow import MlflowClient

from sentiment.release.registered import CHALLENGER
from sentiment.release.registry import ModelRegistry
from sentiment.retraining.state import RETRAIN_DIR, Step
from sentiment.tracking import EXPERIMENT_NAME
from tests.cli.correcting import correct, write_corpora
from tests.cli.cutting import Cutter, Moment
from tests.cli.forking import KILLED, Forge, forging
from tests.serving.swapping import until

pytestmark = pytest.mark.slow

COMMAND = ("retrain", "--config", "fed.yaml", "--json")
NOTHING_TO_DO = 24
MODULES = ("sentiment.retraining.run", "sentiment.train", "sentiment.release.export", "evaluate")


@pytest.fixture
def retrain(folder: Path, cutter: Cutter) -> Iterator[Forge]:
    write_corpora(folder)
    correct(folder, range(60))
    with forging(
        folder,
        *MODULES,
        MLFLOW_TRACKING_URI=cutter.url,
        SENTIMENT_STORE_URL=f"sqlite:///{folder / 'store.db'}",
        OMP_NUM_THREADS="1",
    ) as forge:
        yield forge


def test_retraining_killed_in_each_step_uses_each_correction_once(
    folder: Path, retrain: Forge, cutter: Cutter
) -> None:
    def killed_when(is_so: Callable[[], bool], what: str) -> list[Step]:
        retrain.start(*COMMAND)
        until(is_so, what)
        retrain.kill()
        assert retrain.wait().code == KILLED, what
        return steps(retrain)

    def has_begun(step: Step) -> Callable[[], bool]:
        return lambda: step in steps(retrain)

    def is_there(pattern: str) -> Callable[[], bool]:
        return lambda: any(folder.glob(pattern))

    began = []
    killed_in = []
    for step in Step:
        began.append(killed_when(has_begun(step), step))
        killed_in.append(step)
        if step == Step.TRAIN:
            a_checkpoint = f"{RETRAIN_DIR}/*/checkpoint.work/checkpoint-*"
            began.append(killed_when(is_there(a_checkpoint), "a checkpoint"))
            killed_in.append(step)
    # In the middle of registering, and after the last step.
    cutter.cut(lambda write, _: write.kind == "model-versions/create", Moment.AFTER, retrain.kill)
    assert retrain(*COMMAND).code == KILLED
    began.append(steps(retrain))
    cutter.clear()
    cutter.cut(lambda write, _: write.kind == "model-versions/set-tag", Moment.AFTER, retrain.kill)
    assert retrain(*COMMAND).code == KILLED
    began.append(steps(retrain))
    cutter.clear()
    (processed,) = folder.glob(f"{RETRAIN_DIR}/*/processed")
    for number in range(10_000):  # so that clearing up takes its time
        (processed / f"text-{number}").touch()
    began.append(killed_when(is_there("reports/retrain.html"), "the page"))
    last = retrain(*COMMAND)
    assert last.code == 0, last.stderr

    assert not list(RETRAIN_DIR.glob("*/processed"))

    # What was done is not done again, and nothing is left out.
    killed_in += [Step.REGISTER, Step.REGISTER]
    assert [run[0] for run in began] == [Step.COLLECT, *killed_in]
    (state,) = (json.loads(path.read_text()) for path in folder.glob(f"{RETRAIN_DIR}/*/state.json"))
    assert state["done"] == list(Step)
    told = json.loads(last.stdout)
    assert told["outcome"] == "challenger"
    assert told["data"]["votes"] == 60
    registry = ModelRegistry(cutter.upstream)
    (version,) = registry.history()
    assert registry.holder(CHALLENGER) is not None
    assert version.tags["retrain.id"] == state["id"]
    assert statuses(cutter) == ["FINISHED"]
    again = retrain(*COMMAND, "--when", "corrections:1")
    assert again.code == NOTHING_TO_DO, again.stderr


def steps(retrain: Forge) -> list[Step]:
    """What was begun since the command began."""
    names = set(Step)
    return [Step(line) for line in retrain.stderr.read_text().splitlines() if line in names]


def statuses(cutter: Cutter) -> list[str]:
    """Of the runs of training."""
    client = MlflowClient(tracking_uri=cutter.upstream)
    experiment = client.get_experiment_by_name(EXPERIMENT_NAME)
    assert experiment is not None
    return [run.info.status for run in client.search_runs([experiment.experiment_id])]

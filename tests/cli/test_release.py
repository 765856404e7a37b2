"""`sentiment release` from end to end: a real MLflow server, a real store, real folders."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from sentiment.release.bundle import MODEL_FILE, load_bundle
from sentiment.release.registry import MODEL_NAME, ModelRegistry
from sentiment.rollout.arms import Arm
from sentiment.rollout.plan import Plan, Releases
from sentiment.store.records import RolloutEventKind
from tests.cli.calling import CommandLine, Outcome, assert_clear
from tests.cli.releasing import Place

SHADOW, CANARY = RolloutEventKind.SHADOW, RolloutEventKind.CANARY
PROMOTED, ROLLED_BACK = RolloutEventKind.PROMOTED, RolloutEventKind.ROLLED_BACK


@pytest.fixture
def place(folder: Path, mlflow_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    place = Place(folder, ModelRegistry(mlflow_server))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow_server)
    monkeypatch.setenv("SENTIMENT_STORE_URL", place.store_url)
    monkeypatch.setenv("SENTIMENT_RELEASES_DIR", str(place.releases.root))
    yield place
    client = MlflowClient(tracking_uri=mlflow_server)
    with suppress(MlflowException):  # a test may have made none
        client.delete_registered_model(MODEL_NAME)


@pytest.fixture
def first(place: Place, sentiment: CommandLine) -> str:
    """The digest of a first champion that services run."""
    assert sentiment("release", "init", "--bundle", place.made("first")).code == 0
    return place.plan().champion


@pytest.fixture
def second(place: Place, first: str, sentiment: CommandLine) -> str:
    """The digest of a model that is tried beside it."""
    digest = place.challenger("second")
    assert sentiment("release", "shadow").code == 0
    return digest


def test_a_model_goes_from_the_shadow_to_champion_and_back(
    place: Place, first: str, sentiment: CommandLine
) -> None:
    second = place.challenger("second")
    assert place.held() == {"champion": first, "challenger": second}

    assert sentiment("release", "shadow", "--share", "0.5").code == 0
    rollout_id = place.candidate().rollout_id
    assert place.candidate().shadow_share == 0.5
    assert place.held() == {"champion": first, "challenger": second, "shadow": second}
    assert load_bundle(place.releases.bundle_folder(second)).digest == second
    assert sentiment("release", "check").code == 0

    assert sentiment("release", "canary", "--share", "0.25").code == 0
    assert place.candidate().rollout_id == rollout_id
    assert place.candidate().canary_share == 0.25

    refused = sentiment("release", "promote")
    assert_clear(refused, 23, "more calls that fail: between", "more videos with corrections")
    assert place.plan().champion == first

    for arm in Arm:
        place.count(arm)
    ready = sentiment("release", "check", "--watch", "60", "--json")
    assert (ready.code, json.loads(ready.stdout)["state"]) == (19, "ready")
    assert sentiment("release", "promote").code == 0
    assert place.held() == {"champion": second, "previous": first}
    assert place.plan() == Plan(champion=second)
    assert place.tags(second)["rollout.state"] == "promoted"
    assert place.kept() == {first, second}
    history = json.loads(sentiment("release", "history", "--json").stdout)
    assert [(one["digest"], one["aliases"]) for one in history] == [
        (second, ["champion"]),
        (first, ["previous"]),
    ]

    assert sentiment("release", "rollback", "--reason", "it is rude").code == 0
    assert place.held() == {"champion": first}
    assert place.plan() == Plan(champion=first)
    assert place.tags(second)["rollback.reason"] == "it is rude"
    assert place.kept() == {first}
    assert place.events() == [SHADOW, CANARY, PROMOTED, ROLLED_BACK]
    assert sentiment("release", "rollback").code == 22


def test_bundles_older_than_the_previous_champion_go(
    place: Place, first: str, sentiment: CommandLine
) -> None:
    digests = [first]
    for content in ("second", "third"):
        digests.append(place.challenger(content))
        assert sentiment("release", "shadow").code == 0
        assert sentiment("release", "promote", "--force").code == 0
    assert place.kept() == set(digests[1:])
    assert place.held() == {"champion": digests[2], "previous": digests[1]}


class _CutOffError(BaseException):
    """As a kill would: nothing of the command's own handles it."""


# What was done before; the command; how many events there are once it is through.
CUTS = {
    "shadow": ((), ("shadow",), 1),
    "canary": (("shadow",), ("canary",), 2),
    "promote": (("shadow",), ("promote", "--force"), 2),
    "abort": (("shadow",), ("abort", "--reason", "no"), 2),
    "rollback": (("shadow", "promote --force"), ("rollback",), 3),
}


@pytest.mark.parametrize("name", CUTS)
def test_a_command_cut_off_before_the_plan_is_finished_by_the_next(
    name: str,
    place: Place,
    first: str,
    sentiment: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, command, n_events = CUTS[name]
    place.challenger("second")
    for step in before:
        assert sentiment("release", *step.split()).code == 0
    plan = place.plan()

    def cut_off(*_: object) -> None:
        raise _CutOffError

    with monkeypatch.context() as patch:
        patch.setattr(Releases, "write", cut_off)
        with pytest.raises(_CutOffError):
            sentiment("release", *command)
    assert place.plan() == plan
    # The share of a canary is in the plan alone.
    parted = {link["name"] for link in _broken(_status(sentiment))} - {"process"}
    assert bool(parted) == (name != "canary")

    assert sentiment("release", *command).code == 0
    assert place.plan() != plan
    assert len(place.events()) == n_events
    links = {
        link["name"]: link["is_whole"] for link in json.loads(_status(sentiment).stdout)["links"]
    }
    links.pop("process")  # none runs here
    assert all(links.values()), links


def test_a_damaged_bundle_is_never_released(
    place: Place, first: str, mlflow_folder: Path, sentiment: CommandLine
) -> None:
    digest = place.challenger("second")
    registered = place.registry.with_digest(digest)
    assert registered is not None
    (artifact,) = mlflow_folder.glob(
        f"mlartifacts/*/{registered.run_id}/artifacts/bundle/{MODEL_FILE}"
    )
    artifact.write_text("foreign", encoding="utf-8")
    assert_clear(sentiment("release", "shadow"), 7, "corrupt")
    assert place.plan() == Plan(champion=first)
    assert place.kept() == {first}
    assert "shadow" not in place.held()


def test_check_clears_away_a_model_that_fails(
    place: Place, first: str, second: str, sentiment: CommandLine
) -> None:
    place.count(Arm.CHAMPION)
    place.count(Arm.SHADOW, failed=True)
    assert_clear(sentiment("release", "canary"), 22, "worse than allowed", "more calls that fail")
    found = sentiment("release", "check", "--json")
    assert found.code == 20
    end = json.loads(found.stdout)["end"]
    assert end["kind"] == "rolled back"
    assert "more calls that fail" in end["reason"]
    assert place.plan() == Plan(champion=first)
    assert place.held() == {"champion": first}
    assert place.tags(second)["rollout.reason"] == end["reason"]
    assert place.events() == [SHADOW, ROLLED_BACK]
    assert sentiment("release", "check").code == 0


def test_check_follows_a_service_that_ended_the_rollout(
    place: Place, first: str, second: str, sentiment: CommandLine
) -> None:
    with place.store() as store:
        store.add_rollout_event(
            place.candidate().rollout_id, ROLLED_BACK, digest=second, reason="seen by the service"
        )
    assert_clear(sentiment("release", "promote", "--force"), 22, "seen by the service")
    assert sentiment("release", "check").code == 20
    assert place.plan() == Plan(champion=first)
    assert place.held() == {"champion": first}
    assert place.tags(second)["rollout.reason"] == "seen by the service"

    # A second try of the same model is another rollout.
    assert sentiment("release", "shadow", "--version", "2").code == 0
    assert sentiment("release", "check").code == 0
    assert "rollout.reason" not in place.tags(second)


def test_another_model_waits_until_the_first_try_is_over(
    place: Place, second: str, sentiment: CommandLine
) -> None:
    place.challenger("third")
    assert_clear(sentiment("release", "shadow"), 22, "being tried")
    assert place.candidate().digest == second
    assert_clear(sentiment("release", "shadow", "--version", "champion"), 22, "is the champion")
    assert_clear(sentiment("release", "shadow", "--version", "9"), 9, "no version '9'")


def test_status_follows_the_chain_to_the_process(
    place: Place, second: str, sentiment: CommandLine
) -> None:
    tried = place.candidate()
    ready: dict[str, Any] = {
        "ready": True,
        "model": {"name": "handmade", "digest": place.plan().champion},
        "rollout": {"rollout_id": tried.rollout_id, "digest": second, "state": "running"},
    }
    with _service(ready) as address:
        whole = _status(sentiment, "--service", address)
        assert whole.code == 0, whole.stdout
        assert json.loads(whole.stdout)["rollout"]["decision"] == "go on"

        ready["rollout"] = {**ready["rollout"], "state": "withdrawn", "reason": "it failed"}
        (broken,) = _broken(_status(sentiment, "--service", address))
        assert broken["name"] == "process"
        assert "withdrawn (it failed)" in broken["detail"]
        assert broken["advice"]


def test_status_shows_plan_and_process_without_the_registry(
    place: Place, first: str, sentiment: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    ready = {"ready": True, "model": {"name": "handmade", "digest": first}}
    with _closed_port() as nowhere, _service(ready) as address:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", nowhere)
        found = _status(sentiment, "--service", address)
        shown = sentiment("release", "status", "--service", address)
        assert found.code == shown.code == 21
        (broken,) = _broken(found)
        assert broken["name"] == "registry"
        assert "MLFLOW_TRACKING_URI" in broken["advice"]
        assert f"ok      plan: champion {first[:12]}" in shown.stdout
        assert f"ok      process: answers with {first[:12]}" in shown.stdout


def test_release_wants_a_folder(sentiment: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTIMENT_RELEASES_DIR", " ")
    assert_clear(sentiment("release", "check"), 2, "SENTIMENT_RELEASES_DIR")


def _status(sentiment: CommandLine, *options: str) -> Outcome:
    return sentiment("release", "status", "--json", *options)


def _broken(outcome: Outcome) -> Sequence[dict[str, Any]]:
    return [link for link in json.loads(outcome.stdout)["links"] if not link["is_whole"]]


@contextmanager
def _closed_port() -> Iterator[str]:
    with socket.socket() as taken:
        # Bound but not listening: connections are refused, and nobody else takes the port.
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def _service(ready: dict[str, Any]) -> Iterator[str]:
    """Answer `/readyz` with what `ready` holds at the time."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/readyz" else 404)
            self.end_headers()
            self.wfile.write(json.dumps(ready).encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()

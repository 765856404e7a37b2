"""`sentiment release` and the service that follows its plan, together over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from sentiment.release.registry import ModelRegistry
from sentiment.store.records import RolloutEventKind
from sentiment.youtube.replay import ReplayServer
from tests.bundles import make_tiny_bundle
from tests.cli.calling import CommandLine
from tests.cli.releasing import Place
from tests.serving.running import serving
from tests.serving.swapping import until


@pytest.mark.slow
def test_a_service_runs_what_release_says(
    folder: Path,
    tiny_bundle: Path,
    store_url: str,
    sentiment: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = f"sqlite:///{folder / 'mlflow.db'}"
    place = Place(folder, ModelRegistry(address), store_url)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    monkeypatch.setenv("SENTIMENT_STORE_URL", place.store_url)
    monkeypatch.setenv("SENTIMENT_RELEASES_DIR", str(place.releases.root))
    make_tiny_bundle(folder / "made" / "other", name="other", seed=99)
    assert sentiment("release", "init", "--bundle", tiny_bundle).code == 0
    first = place.plan().champion
    second = place.challenger("other")

    with (
        ReplayServer() as replay,
        serving(
            folder / "none",
            folder,
            replay,
            SENTIMENT_RELEASES_DIR=str(place.releases.root),
            SENTIMENT_FRESH_S="0",
            SENTIMENT_STORE_URL=store_url,
        ) as (running, client),
    ):
        whole = _status_is(sentiment, running.url, 0)
        until(whole, "a whole chain")
        assert sentiment("release", "shadow").code == 0
        until(whole, "a whole chain")
        assert _rollout(client)["digest"] == second
        assert sentiment("release", "canary", "--share", "1").code == 0
        until(lambda: _rollout(client)["canary_share"] == 1.0, "what was released")
        answer = client.post("/v1/analyze", json={"video_id": "size0000030"})
        assert answer.json()["model"]["digest"] == second
        until(lambda: _n_calls(place) > 0, "what was released")

        assert sentiment("release", "promote", "--force").code == 0
        until(lambda: client.get("/v1/model").json()["digest"] == second, "what was released")
        until(whole, "a whole chain")
        assert sentiment("release", "rollback").code == 0
        until(lambda: client.get("/v1/model").json()["digest"] == first, "what was released")
        until(whole, "a whole chain")

        # What is ended by the service is cleared away by `check`.
        assert sentiment("release", "shadow", "--version", "2").code == 0
        until(lambda: _rollout(client).get("state") == "running", "what was released")
        with place.store() as store:
            store.add_rollout_event(
                place.candidate().rollout_id,
                RolloutEventKind.ROLLED_BACK,
                digest=second,
                reason="seen elsewhere",
            )
        assert sentiment("release", "check").code == 20
        until(whole, "a whole chain")
        assert not _rollout(client)

        # So is what the service can't load: a whole bundle whose model is none.
        place.challenger("no model")
        assert sentiment("release", "shadow", "--version", "3").code == 0
        until(lambda: _rollout(client).get("state") == "refused", "what was released")
        until(lambda: RolloutEventKind.REFUSED in place.events(), "the refusal in the store")
        ended = sentiment("release", "check", "--json")
        assert (ended.code, json.loads(ended.stdout)["state"]) == (20, "refused")
        until(whole, "a whole chain")
        assert client.get("/v1/model").json()["digest"] == first


def _rollout(client: httpx.Client) -> dict[str, object]:
    body: dict[str, object] | None = client.get("/readyz").json()["rollout"]
    return body or {}


def _n_calls(place: Place) -> int:
    with place.store() as store:
        return sum(arm.n_calls for arm in store.arm_counts(place.candidate().rollout_id))


def _status_is(sentiment: CommandLine, url: str, code: int) -> Callable[[], bool]:
    def look() -> bool:
        found = sentiment("release", "status", "--service", url, "--json")
        json.loads(found.stdout)
        return found.code == code

    return look

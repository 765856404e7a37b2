"""Bundles offered to a running service: who may, and which are taken; bad ones change nothing."""

from __future__ import annotations

import itertools
import json
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sentiment.release.bundle import (
    MANIFEST_FILE,
    MODEL_FILE,
    TOKENIZER_FILE,
    manifest_digest,
)
from sentiment.youtube.replay import ReplayServer
from tests.release.handmade import make_handmade_bundle
from tests.serving.running import error_of, serving
from tests.serving.swapping import (
    ADMIN,
    RELOAD,
    TEXTS,
    Candidate,
    Offered,
    reload,
    served,
    swaps,
    until,
)


@pytest.fixture(scope="module")
def patient(
    tmp_path_factory: pytest.TempPathFactory, one: Candidate, replay: ReplayServer
) -> Iterator[Offered]:
    """One service that is offered bundle after bundle."""
    variables = {"SENTIMENT_CACHE_TEXTS": "0", "SENTIMENT_API_TOKEN": "us3r"}
    with served(tmp_path_factory.mktemp("patient"), one, replay, **variables) as made:
        made[1].headers["authorization"] = "Bearer us3r"
        yield made


WAYS = ("request", "signal")
HARMS = ("flipped byte", "missing file", "cleaner version", "half-copied", "no graph", "no bundle")


def _harm(bundle: Path, harm: str) -> None:
    content = (bundle / MODEL_FILE).read_bytes()
    match harm:
        case "flipped byte":
            flipped = bytes([content[500] ^ 1])
            (bundle / MODEL_FILE).write_bytes(content[:500] + flipped + content[501:])
        case "missing file":
            (bundle / TOKENIZER_FILE).unlink()
        case "cleaner version":
            manifest = json.loads((bundle / MANIFEST_FILE).read_text())
            manifest["cleaner_version"] += 1
            (bundle / MANIFEST_FILE).write_text(json.dumps(manifest))
        case "half-copied":
            (bundle / MODEL_FILE).write_bytes(content[: len(content) // 2])
        case "no graph":
            shutil.rmtree(bundle)
            make_handmade_bundle(bundle)
        case _:
            shutil.rmtree(bundle)


@pytest.fixture
def bad(tmp_path: Path, other: Candidate) -> Path:
    """A copy that may be harmed."""
    return Path(shutil.copytree(other.folder, tmp_path / "bad"))


@pytest.mark.parametrize(("harm", "way"), [*itertools.product(HARMS, WAYS)])
def test_bad_bundle_changes_nothing(
    patient: Offered,
    bad: Path,
    one: Candidate,
    *,
    harm: str,
    way: str,
) -> None:
    server, client, place = patient
    _harm(bad, harm)
    before = swaps(client, "refused"), swaps(client, "switched"), len(server.log())
    place.put(bad)
    if way == "request":
        refused = reload(client)
        assert error_of(refused) == (422, "bundle_refused")
        assert one.digest in refused.json()["error"]["message"]
    else:
        server.process.send_signal(signal.SIGHUP)
        until(lambda: swaps(client, "refused") > before[0], "a refusal")
    assert (swaps(client, "refused"), swaps(client, "switched")) == (before[0] + 1, before[1])
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["model"]) == (200, one.body)
    answer = client.post("/v1/predict", json={"texts": TEXTS})
    assert one.says(TEXTS, answer.json())
    log = server.log()[before[2] :]
    (line,) = [line for line in log.splitlines() if '"ERROR"' in line]
    told = json.loads(line)["message"]
    assert one.digest in told
    assert (manifest_digest(bad) or "unknown") in told
    assert "Traceback" not in log
    place.put(one.folder)


def test_bundle_that_is_whole_again_is_taken(
    patient: Offered, one: Candidate, other: Candidate
) -> None:
    _, client, place = patient
    place.put(other.folder)
    assert reload(client).json() == {"before": one.body, "after": other.body}
    assert reload(client).json() == {"before": other.body, "after": other.body}
    place.put(one.folder)
    assert reload(client).json() == {"before": other.body, "after": one.body}


def test_folder_that_is_renamed_in_is_taken(
    tmp_path: Path, one: Candidate, other: Candidate, replay: ReplayServer
) -> None:
    folder = Path(shutil.copytree(one.folder, tmp_path / "bundle"))
    shutil.copytree(other.folder, tmp_path / "next")
    variables = {"SENTIMENT_RELOAD_INTERVAL_S": "0.05"}
    with serving(folder, tmp_path, replay, **variables) as (_, client):
        assert client.get("/v1/model").json() == one.body
        folder.rename(tmp_path / "last")
        (tmp_path / "next").rename(folder)
        # Nobody asks: the folder is watched.
        until(lambda: client.get("/v1/model").json() == other.body, "the new model")
        answer = client.post("/v1/predict", json={"texts": TEXTS})
        assert other.says(TEXTS, answer.json())


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": ""},
        {"authorization": "Bearer wrong"},
        {"authorization": "Bearer us3r"},
        {"authorization": "Basic adm1n"},
    ],
)
def test_reload_asks_for_the_administrators_token(
    patient: Offered, other: Candidate, headers: dict[str, str]
) -> None:
    _, client, place = patient
    before = client.get("/v1/model").json()
    place.put(other.folder)
    assert error_of(reload(client, headers)) == (401, "unauthorized")
    assert client.get("/v1/model").json() == before


def test_administrators_token_opens_nothing_else(
    patient: Offered,
) -> None:
    _, client, _ = patient
    assert client.get("/v1/model", headers=ADMIN).status_code == 401


def test_reload_takes_an_empty_object_alone(patient: Offered) -> None:
    _, client, _ = patient
    assert error_of(client.post(RELOAD, json={"x": 1}, headers=ADMIN))[0] == 400
    assert error_of(client.post(RELOAD, content=b"{}", headers=ADMIN))[0] == 415
    assert client.get(RELOAD, headers=ADMIN).status_code == 405


def test_reload_is_not_there_without_a_token_of_its_own(client: httpx.Client) -> None:
    for headers in ({}, ADMIN):
        assert error_of(reload(client, headers)) == (404, "not_found")

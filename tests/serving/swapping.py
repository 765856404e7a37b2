"""Two bundles with different weights, and a service that is offered one after the other."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from sentiment.inference.predictor import Predictor
from sentiment.release.bundle import load_bundle
from sentiment.youtube.replay import ReplayServer
from tests.serving.running import Running, serving

TEXTS = [f"what I think of number {number}: love it, hate it, meh" for number in range(20)]
ADMIN = {"authorization": "Bearer adm1n"}
RELOAD = "/v1/admin/reload"
Offered = tuple[Running, httpx.Client, "Place"]


@dataclass(frozen=True)
class Candidate:
    """A bundle and what its model says."""

    folder: Path
    predictor: Predictor

    @property
    def digest(self) -> str:
        return self.predictor.digest

    @property
    def body(self) -> dict[str, str]:
        return {"name": self.predictor.name, "digest": self.digest}

    def says(self, texts: Sequence[str], outcomes: Sequence[dict[str, Any]]) -> bool:
        """Whether all outcomes are this model's; a batch's other texts move the last digits."""
        wanted = self.predictor.predict(texts)
        return len(outcomes) == len(texts) and all(
            tuple(outcome["probabilities"].values())
            == pytest.approx(prediction.probabilities, abs=1e-5)
            for outcome, prediction in zip(outcomes, wanted, strict=True)
        )


def candidate(folder: Path) -> Candidate:
    return Candidate(folder, Predictor.from_bundle(load_bundle(folder), threads=1))


class Place:
    """Where the service finds its bundle: a link, which is replaced in one step."""

    def __init__(self, link: Path, first: Candidate) -> None:
        self.link = link
        self.put(first.folder)

    def put(self, folder: Path) -> None:
        new = self.link.with_name("new-link")
        new.symlink_to(folder)
        new.replace(self.link)


@contextmanager
def served(
    tmp_path: Path, first: Candidate, replay: ReplayServer, **variables: str
) -> Iterator[Offered]:
    place = Place(tmp_path / "bundle", first)
    with serving(place.link, tmp_path, replay, SENTIMENT_ADMIN_TOKEN="adm1n", **variables) as (
        server,
        client,
    ):
        yield server, client, place


def reload(client: httpx.Client, headers: Mapping[str, str] = ADMIN) -> httpx.Response:
    return client.post(RELOAD, json={}, headers=headers)


def until(is_so: Callable[[], object], what: str) -> None:
    ends_s = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < ends_s, f"waited in vain: {what}"
        time.sleep(0.02)


def swaps(client: httpx.Client, result: str) -> float:
    return counted(client, f'sentiment_model_swaps_total{{result="{result}"}}')


def counted(client: httpx.Client, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", client.get("/metrics").text, re.MULTILINE)
    assert found is not None, name
    return float(found[1])

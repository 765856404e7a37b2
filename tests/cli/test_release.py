"""`sentiment release` from end to end: a real MLflow server, real stores, real folders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sentiment.release.bundle import MODEL_FILE, load_bundle
from sentiment.rollout.arms import Arm
from sentiment.rollout.plan import Plan, Releases
from sentiment.store.records import RolloutEventKind
from tests.cli.calling import CommandLine, assert_clear
from tests.cli.releasing import Place, broken_links, status_of

SHADOW, CANARY = RolloutEventKind.SHADOW, RolloutEventKind.CANARY
PROMOTED, ROLLED_BACK = RolloutEventKind.PROMOTED, RolloutEventKind.ROLLED_BACK


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


def test_release_begins_once(place: Place, first: str, sentiment: CommandLine) -> None:
    assert sentiment("release", "init").code == 0
    assert place.plan() == Plan(champion=first)
    assert_clear(
        sentiment("release", "init", "--bundle", place.made("second")), 22, "first champion"
    )


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
    parted = {link["name"] for link in broken_links(status_of(sentiment))} - {"process"}
    assert bool(parted) == (name != "canary")

    assert sentiment("release", *command).code == 0
    assert place.plan() != plan
    assert len(place.events()) == n_events
    links = {
        link["name"]: link["is_whole"] for link in json.loads(status_of(sentiment).stdout)["links"]
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


def test_another_model_waits_until_the_first_try_is_over(
    place: Place, second: str, sentiment: CommandLine
) -> None:
    place.challenger("third")
    assert_clear(sentiment("release", "shadow"), 22, "being tried")
    assert place.candidate().digest == second
    assert_clear(sentiment("release", "shadow", "--version", "champion"), 22, "is the champion")
    assert_clear(sentiment("release", "shadow", "--version", "9"), 9, "no version '9'")


def test_release_wants_a_folder(sentiment: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTIMENT_RELEASES_DIR", " ")
    assert_clear(sentiment("release", "check"), 2, "SENTIMENT_RELEASES_DIR")

"""`sentiment release check`: how a model that is tried ends, and what is left of it."""

from __future__ import annotations

import json

from sentiment.rollout.arms import Arm
from sentiment.rollout.plan import Plan
from sentiment.store.records import RolloutEventKind
from tests.cli.calling import CommandLine, assert_clear
from tests.cli.releasing import Place, broken_links, status_of

SHADOW, REFUSED = RolloutEventKind.SHADOW, RolloutEventKind.REFUSED
ROLLED_BACK = RolloutEventKind.ROLLED_BACK


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


def test_check_ends_the_try_of_a_model_that_a_service_refuses(
    place: Place, first: str, second: str, sentiment: CommandLine
) -> None:
    _refuse(place, "its bundle is corrupt")
    status = status_of(sentiment)
    assert json.loads(status.stdout)["rollout"]["refusal"] == "its bundle is corrupt"
    details = {link["name"]: link["detail"] for link in broken_links(status)}
    assert details["rollout"] == "refused by a service: its bundle is corrupt"
    for step in (("canary",), ("promote",), ("promote", "--force")):
        assert_clear(sentiment("release", *step), 22, "A service refused", "is corrupt")

    found = sentiment("release", "check", "--json")
    assert found.code == 20
    said = json.loads(found.stdout)
    assert (said["state"], said["digest"]) == ("refused", second)
    assert said["end"] == {
        "kind": "rolled back",
        "reason": "refused by a service: its bundle is corrupt",
    }
    assert place.plan() == Plan(champion=first)
    assert place.held() == {"champion": first}
    assert place.tags(second)["rollout.reason"] == said["end"]["reason"]
    assert place.events() == [SHADOW, REFUSED, ROLLED_BACK]
    assert sentiment("release", "check").code == 0


def test_check_says_why_a_service_ended_the_try_of_a_model_that_it_refuses(
    place: Place, first: str, second: str, sentiment: CommandLine
) -> None:
    reason = "2 processes died while they loaded it"
    _refuse(place, reason)
    with place.store() as store:
        rollout_id = place.candidate().rollout_id
        store.add_rollout_event(rollout_id, ROLLED_BACK, digest=second, reason=reason)
    found = sentiment("release", "check")
    assert (found.code, found.stdout.strip()) == (20, f"refused: {reason}")
    assert place.plan() == Plan(champion=first)
    assert place.held() == {"champion": first}


def test_a_refused_model_that_is_brought_anew_is_tried_again(
    place: Place, second: str, sentiment: CommandLine
) -> None:
    _refuse(place, "its bundle is corrupt")
    before = place.releases.plan_path.stat()
    assert sentiment("release", "shadow").code == 0
    # Services load it again when the file has changed, though it says the same.
    assert place.releases.plan_path.stat().st_ino != before.st_ino
    assert sentiment("release", "check").code == 0
    assert place.candidate().digest == second


def _refuse(place: Place, reason: str) -> None:
    """Write down what a service does that can't load the candidate."""
    tried = place.candidate()
    with place.store() as store:
        store.add_rollout_event(tried.rollout_id, REFUSED, digest=tried.digest, reason=reason)

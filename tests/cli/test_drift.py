"""`drift`: what each command prints, and what its exit status means."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sentiment.release.bundle import Bundle
from sentiment.store import open_store
from tests.cli.calling import CommandLine, Outcome, assert_clear
from tests.cli.forking import KILLED, Forge, forging
from tests.drift.made import SADDER, answer_with, fill, make_watched_bundle, receiving
from tests.drift.made import simulated_profile as profile
from tests.serving.swapping import until

DRIFT, INCONCLUSIVE, UNTOLD = 16, 17, 18


class Watched:
    """A store of eight days before today, the last of which may drift."""

    def __init__(self, folder: Path, sentiment: CommandLine) -> None:
        self.folder, self.sentiment = folder, sentiment
        self.bundle: Bundle = make_watched_bundle(folder / "bundle")
        self.url = f"sqlite:///{folder}/store.db"
        self.today = datetime.now(UTC).date()

    def fill(self, days_ago: int, **options: Any) -> None:
        store = open_store(self.url)
        day: date = self.today - timedelta(days=days_ago)
        # The same comments whatever day it is.
        fill(store, self.bundle.digest, day=day, seed=days_ago, **options)
        store.close()

    def __call__(self, command: str, *arguments: str | Path) -> Outcome:
        return self.sentiment(
            *("drift", command, "--store", self.url, "--bundle", self.bundle.directory),
            *arguments,
        )

    def check(self, *arguments: str | Path) -> Outcome:
        return self("check", "--reference", self.folder / "reference.json", *arguments)

    def checking(self, *arguments: str | Path) -> tuple[str | Path, ...]:
        """The same, for a process of its own."""
        reference = self.folder / "reference.json"
        where = ("--store", self.url, "--bundle", self.bundle.directory, "--reference", reference)
        return ("drift", "check", *where, *arguments)


@pytest.fixture
def watched(folder: Path, sentiment: CommandLine) -> Watched:
    """Of which a reference was made: seven to three days ago."""
    made = Watched(folder, sentiment)
    for days_ago in range(8, 2, -1):
        made.fill(days_ago, n_comments=400)
    outcome = made("reference", "--days", "5", "--output", folder / "reference.json")
    assert outcome.code == 0, outcome.stderr
    first = made.today - timedelta(days=7)  # the day before may have begun before the store
    assert outcome.stdout.strip() == (
        f"{folder}/reference.json: 2,000 comments of 60 videos, "
        f"{first} to {first + timedelta(days=4)}"
    )
    return made


def test_check_of_days_alike_ends_with_0(watched: Watched) -> None:
    watched.fill(1)
    outcome = watched.check("--json")
    assert outcome.code == 0, outcome.stderr
    found = json.loads(outcome.stdout)
    assert (found["drift"], found["conclusive"], found["new"]) == (False, True, [])
    assert found["since"] == str(watched.today - timedelta(days=1))
    assert [part["feature"] for part in found["features"]][:2] == ["label", "unsure"]


def test_check_of_a_drift_ends_with_16_and_tells(watched: Watched) -> None:
    watched.fill(1, shares=SADDER)
    with receiving() as receiver:
        options = ("--webhook", receiver.url, "--report", "d.html", "--metrics", "d.prom")
        outcome = watched.check(*options)
        again = watched.check(*options)
    assert (outcome.code, again.code) == (DRIFT, DRIFT)
    assert "Drift of label (since" in outcome.stdout
    (body,) = receiver.bodies
    assert json.loads(body)["model_digest"] == watched.bundle.digest
    assert "Drift of label" in (watched.folder / "d.html").read_text(encoding="utf-8")
    metrics = (watched.folder / "d.prom").read_text(encoding="utf-8")
    assert 'sentiment_drift{feature="label"} 1.0' in metrics
    assert len(list((watched.folder / "data" / "drift").glob("state-*.json"))) == 1


def test_references_that_take_turns_tell_once_each(watched: Watched, folder: Path) -> None:
    watched.fill(1, shares=SADDER)
    watched("reference", "--days", "4", "--output", folder / "other.json")
    with receiving() as receiver:
        for name in ("reference.json", "other.json") * 2:
            options = ("--reference", folder / name, "--webhook", receiver.url)
            assert watched("check", *options).code == DRIFT
    assert len(receiver.bodies) == 2


def test_check_of_too_little_ends_with_17(watched: Watched) -> None:
    outcome = watched.check()
    assert outcome.code == INCONCLUSIVE
    assert "Nothing can be told" in outcome.stdout


def test_check_that_can_tell_nobody_ends_with_18_and_tells_later(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.fill(1, shares=SADDER)
    with receiving(answer_with(404), answer_with(200)) as receiver:
        monkeypatch.setenv("SENTIMENT_ALARM_WEBHOOK", receiver.url)
        outcome = watched.check()
        assert outcome.code == UNTOLD
        assert "it answered 404" in outcome.stderr
        assert "S3CRET" not in outcome.stderr + outcome.stdout
        assert watched.check().code == DRIFT
        assert watched.check().code == DRIFT
    assert len(receiver.bodies) == 2


def test_check_takes_the_profile_of_the_bundle(folder: Path, sentiment: CommandLine) -> None:
    made = Watched(folder, sentiment)
    made.bundle = make_watched_bundle(folder / "with-profile", profile=profile())
    made.fill(1)
    outcome = made("check", "--json")
    assert outcome.code == DRIFT
    assert "emoji" in json.loads(outcome.stdout)["new"]


def test_check_of_an_older_bundle_ends_with_7(watched: Watched) -> None:
    assert_clear(watched("check"), 7, "it has no profile.json", "sentiment export", "--reference")


def test_check_of_another_models_store_ends_with_3(watched: Watched, folder: Path) -> None:
    watched.fill(1)
    watched.bundle = make_watched_bundle(folder / "other", profile=profile())
    assert_clear(watched("check"), 3, "found none for the 1,200 comments", "--bundle")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--webhook", "ftp://host/x"), "wanted http:// or https://"),
        (("--since", "2999-01-01"), "is not over yet"),
    ],
)
def test_check_refuses_what_it_cant_use(
    watched: Watched, arguments: tuple[str, ...], says: str
) -> None:
    assert_clear(watched.check(*arguments), 2, says)


def test_check_says_that_boto3_is_missing(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "boto3", None)
    monkeypatch.setenv("SENTIMENT_ALARM_SNS_TOPIC", "arn:aws:sns:us-east-1:123456789012:drift")
    assert_clear(watched.check(), 2, "boto3 is not installed")


def test_check_without_a_store_ends_with_13(watched: Watched) -> None:
    watched.url = "sqlite:///none/store.db"
    assert_clear(watched.check(), 13, "none/store.db")


def test_reference_of_days_that_are_not_over_is_refused(watched: Watched) -> None:
    outcome = watched("reference", "--days", "9", "--output", "none.json")
    assert_clear(outcome, 3, "the last is not over", "--days")
    assert not Path("none.json").exists()


def test_reference_of_too_little_is_refused(watched: Watched) -> None:
    since = str(watched.today - timedelta(days=2))
    assert_clear(watched("reference", "--since", since, "--days", "1"), 3, "at least 200 comments")


def test_simulate_prints_false_alarms_and_delay(sentiment: CommandLine) -> None:
    outcome = sentiment(
        *("drift", "simulate", "--days", "30", "--years", "2", "--runs", "5", "--json")
    )
    assert outcome.code == 0, outcome.stderr
    found = json.loads(outcome.stdout)
    assert (found["false_alarms_a_year"], found["median_delay_days"]) == (0, 1)
    words = sentiment("drift", "simulate", "--days", "5", "--years", "1", "--runs", "2")
    assert "found on the first day" in words.stdout


def test_simulate_takes_the_shares_of_a_reference(sentiment: CommandLine, folder: Path) -> None:
    path = folder / "reference.json"
    path.write_text(profile().to_json(), encoding="utf-8")
    options = ("--days", "1", "--years", "1", "--runs", "1", "--shift", "0.7795")
    assert sentiment("drift", "simulate", *options).code == 0
    # Of the typical comments 0.22 are negative, of the reference's 0.2211.
    assert_clear(sentiment("drift", "simulate", "--reference", path, *options), 2, "can't gain")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--feature", "weather"), "There is no feature 'weather'"),
        (("--correlation", "0"), "Wanted a correlation"),
        (("--shift", "0.9"), "can't gain 0.90"),
    ],
)
def test_simulate_refuses_what_cant_be(
    sentiment: CommandLine, arguments: tuple[str, ...], says: str
) -> None:
    assert_clear(sentiment("drift", "simulate", *arguments), 2, says)


@pytest.fixture
def killable(watched: Watched) -> Iterator[Forge]:
    """The command line in processes of their own, with a last day that drifts."""
    watched.fill(1, shares=SADDER)
    with forging(watched.folder, "sentiment.drift.check", "alembic.command") as forge:
        yield forge


def test_check_killed_after_it_told_tells_the_same_alarm(watched: Watched, killable: Forge) -> None:
    with receiving(lambda _: killable.kill(), answer_with(200)) as receiver:
        command = watched.checking("--state", "state.json", "--webhook", receiver.url)
        assert killable(*command).code == KILLED
        assert [killable(*command).code for _ in range(2)] == [DRIFT, DRIFT]
    first, second = map(json.loads, receiver.bodies)
    assert first == second
    assert receiver.keys == [first["id"]] * 2


def test_check_killed_before_it_told_tells_once(watched: Watched, killable: Forge) -> None:
    state = watched.folder / "state.json"
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # takes connections, and hears nothing
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        killable.start(*watched.checking("--state", state, "--webhook", address))
        until(state.exists, "what is remembered")
        killable.kill()
        assert killable.wait().code == KILLED
    with receiving() as receiver:
        command = watched.checking("--state", state, "--webhook", receiver.url)
        assert [killable(*command).code for _ in range(2)] == [DRIFT, DRIFT]
    assert len(receiver.bodies) == 1


@pytest.mark.slow
def test_check_killed_at_any_moment_tells_one_alarm(watched: Watched, killable: Forge) -> None:
    with receiving() as receiver:
        began = time.monotonic()
        assert killable(*watched.checking("--state", "calm.json", "--webhook", receiver.url)).code
        calm_s = time.monotonic() - began
        n_told, n_killed = 1, 0
        for tenth in range(1, 11):
            command = watched.checking("--state", f"{tenth}.json", "--webhook", receiver.url)
            killable.start(*command)
            time.sleep(calm_s * tenth / 10)
            killable.kill()
            n_killed += killable.wait().code == KILLED
            assert killable(*command).code == DRIFT
            assert len(receiver.bodies) > n_told
            n_told = len(receiver.bodies)
    assert n_killed > 0
    assert len(set(receiver.keys)) == 1

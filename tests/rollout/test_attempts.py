"""Notes of loads, left behind by real processes that were killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sentiment.errors import BundleError, ReleaseError
from sentiment.rollout.attempts import Attempts
from sentiment.rollout.plan import Releases
from tests.rollout.dying import die_while_loading, loading_elsewhere
from tests.serving.trial.releasing import tried

CANDIDATE = tried("b" * 64)


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    return Releases(tmp_path / "releases")


def notes_of(releases: Releases) -> list[Path]:
    return sorted((releases.root / "loading").glob("*"))


def test_process_that_was_killed_while_it_loaded_is_counted(releases: Releases) -> None:
    attempts = Attempts(releases)
    assert attempts.n_deaths(CANDIDATE.rollout_id) == 0
    for n_deaths in (1, 2):
        die_while_loading(releases, CANDIDATE)
        assert attempts.n_deaths(CANDIDATE.rollout_id) == n_deaths
    assert attempts.n_deaths(tried("b" * 64).rollout_id) == 0


def test_process_that_still_loads_is_not_counted(releases: Releases) -> None:
    with loading_elsewhere(releases, CANDIDATE):
        assert notes_of(releases)
        assert Attempts(releases).n_deaths(CANDIDATE.rollout_id) == 0


def test_load_that_ends_well_forgets_deaths(releases: Releases) -> None:
    die_while_loading(releases, CANDIDATE)
    with Attempts(releases).noted(CANDIDATE):
        assert Attempts(releases).n_deaths(CANDIDATE.rollout_id) == 1
    assert notes_of(releases) == []


def test_load_that_fails_is_no_death_and_forgets_none(releases: Releases) -> None:
    attempts = Attempts(releases)
    die_while_loading(releases, CANDIDATE)
    with pytest.raises(BundleError), attempts.noted(CANDIDATE):
        raise BundleError("corrupt")
    assert attempts.n_deaths(CANDIDATE.rollout_id) == 1


def test_next_candidate_removes_what_the_last_one_left(releases: Releases) -> None:
    die_while_loading(releases, CANDIDATE)
    other = tried("c" * 64)
    with loading_elsewhere(releases, tried("d" * 64)), Attempts(releases).noted(other):
        assert Attempts(releases).n_deaths(CANDIDATE.rollout_id) == 0
        # Its own note, and the one that a process holds.
        assert len(notes_of(releases)) == 2


def test_nothing_is_loaded_without_a_note(releases: Releases) -> None:
    releases.root.mkdir()
    (releases.root / "loading").write_text("no folder")
    with (
        pytest.raises(ReleaseError, match="found that it can't be: "),
        Attempts(releases).noted(CANDIDATE),
    ):
        pytest.fail("it was loaded")

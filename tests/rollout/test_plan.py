from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sentiment.errors import ReleaseError
from sentiment.rollout.plan import Plan, Releases, Stage, new_candidate

AT = datetime(2026, 6, 1, tzinfo=UTC)


def test_a_plan_comes_back_as_it_was_written(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "releases")
    assert releases.read() is None
    plan = Plan(
        champion="a" * 64,
        candidate=new_candidate("b" * 64, at=AT, shadow_share=0.2, canary_share=0.1),
    )
    releases.write(plan)
    assert releases.read() == plan
    assert plan.candidate is not None
    assert plan.candidate.stage == Stage.CANARY


def test_two_tries_of_one_model_have_names_of_their_own() -> None:
    one, other = (new_candidate("b" * 64, at=AT, shadow_share=1) for _ in range(2))
    assert one.stage == Stage.SHADOW
    assert one.rollout_id != other.rollout_id


@pytest.mark.parametrize(
    "content", ["", "{}", '{"champion": "x"}', '{"champion": "%s", "more": 1}' % ("a" * 64)]
)
def test_what_is_no_plan_is_refused_by_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "rollout.json").write_text(content)
    with pytest.raises(ReleaseError, match="no plan of ours"):
        Releases(tmp_path).read()

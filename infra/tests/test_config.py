"""What context may say, and the table of stages."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from infra.config import (
    DRAIN_S,
    STAGES,
    STOP_TIMEOUT_S,
    Choices,
    ContextError,
    read_choices,
)


def test_no_context_builds_both_stages() -> None:
    assert [stage.name for stage in read_choices(lambda _: None).stages] == [
        "staging",
        "production",
    ]


def test_context_chooses_one_stage() -> None:
    said = {"stage": "production", "alarm_email": "operator@example.org"}
    choices = read_choices(said.get)
    assert [stage.name for stage in choices.stages] == ["production"]
    assert choices.alarm_email == "operator@example.org"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"stage": "prod"}, "stage"),
        ({"region": "Frankfurt"}, "region"),
        ({"architecture": "riscv"}, "architecture"),
        ({"first_image": "a/b:c"}, "first_image"),
        ({"alarm_email": "nobody"}, "alarm_email"),
        ({"internal_host": "inside.example.org"}, "go together"),
        ({"public_certificate_arn": "arn:aws:acm:eu-central-1:1:certificate/a"}, "go together"),
        ({"public_host": "https://example.org/"}, "public_host"),
    ],
)
def test_a_wrong_value_is_refused_and_named(said: dict[str, str], named: str) -> None:
    with pytest.raises(ContextError, match=named):
        read_choices(said.get)


def test_a_stage_scales_upwards() -> None:
    wrong = {**STAGES["staging"].model_dump(), "min_instances": 3, "max_instances": 2}
    with pytest.raises(ValidationError, match="max_instances 2 is below min_instances 3"):
        type(STAGES["staging"]).model_validate(wrong)


def test_the_networks_of_the_stages_can_be_joined() -> None:
    assert len({stage.cidr for stage in STAGES.values()}) == len(STAGES)


def test_a_container_may_take_as_long_to_stop_as_the_service_drains() -> None:
    from sentiment.serving import limits

    assert limits.DRAIN_S == DRAIN_S < STOP_TIMEOUT_S


def test_a_client_that_waits_for_comments_raises_no_alarm_of_latency() -> None:
    from sentiment.serving import limits

    # It is answered at the first look after that time, and a look may take a while.
    assert limits.HOLD_S + 1 < min(stage.slow_s for stage in STAGES.values())


def test_choices_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Choices().stage = "staging"

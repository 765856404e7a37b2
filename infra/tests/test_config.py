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
    assert list(read_choices(lambda _: None)) == ["staging", "production"]


def test_context_chooses_one_stage() -> None:
    said = {"stage": "production", "alarm_email": "operator@example.org"}
    chosen = read_choices(said.get)
    assert list(chosen) == ["production"]
    assert chosen["production"].alarm_email == "operator@example.org"


def test_a_value_may_be_said_for_each_stage() -> None:
    said = {
        "alarm_email": "operator@example.org",
        "region": {"production": "us-east-1"},
        "public_host": {"staging": "try.example.org", "production": "sentiment.example.org"},
        "public_certificate_arn": {
            "staging": "arn:aws:acm:eu-central-1:1:certificate/a",
            "production": "arn:aws:acm:us-east-1:2:certificate/b",
        },
    }
    chosen = read_choices(said.get)
    assert [(stage, of.alarm_email, of.region, of.public_host) for stage, of in chosen.items()] == [
        ("staging", "operator@example.org", "eu-central-1", "try.example.org"),
        ("production", "operator@example.org", "us-east-1", "sentiment.example.org"),
    ]


def test_what_one_stage_lacks_is_told_of_that_stage() -> None:
    said = {
        "public_host": "sentiment.example.org",
        "public_certificate_arn": {"production": "arn:aws:acm:us-east-1:2:certificate/b"},
    }
    with pytest.raises(ContextError, match=r"for staging: .* go together"):
        read_choices(said.get)
    assert list(read_choices({**said, "stage": "production"}.get)) == ["production"]


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
        ({"alarm_email": {"prod": "operator@example.org"}}, "alarm_email names prod"),
    ],
)
def test_a_wrong_value_is_refused_and_named(said: dict[str, object], named: str) -> None:
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
    assert min(stage.slow_s for stage in STAGES.values()) > limits.HOLD_S + 1


def test_choices_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Choices().region = "us-east-1"

"""What may differ: the stages' figures in one table, and what an operator says in context.

Every size, limit and threshold of the stacks is a field here, so that staging and production can
be compared by reading two rows. Values that an operator must choose come from CDK's context
(`cdk.json`, or `-c NAME=VALUE`) and are checked before anything is built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

StageName = Literal["staging", "production"]
Architecture = Literal["arm64", "x86_64"]

SERVICE_PORT = 3000
READY_PATH = "/readyz"
DRAIN_S = 25
"""The service answers what it has accepted within this time after SIGTERM."""

STOP_TIMEOUT_S = 30
"""How long a container may take to stop; more than `DRAIN_S`."""

REQUEST_TIMEOUT_S = 120
"""The service gives a request up after this long; every part in front of it waits longer."""

DATABASE_PARAMETERS = {
    "rds.force_ssl": "1",
    "log_min_duration_statement": "1000",
    "log_parameter_max_length": "0",
}
"""Of PostgreSQL. Only over TLS, and what takes over a second is written down, without its
parameters: they are comments' texts, and the log outlives the 30 days that these are kept."""

_HOST = r"^[a-z0-9-]+(\.[a-z0-9-]+)+$"
_CERTIFICATE = r"^arn:aws[a-z-]*:acm:"
_NETWORK = r"^10\.\d{1,3}\.0\.0/16$"


class ContextError(ValueError):
    """The context names something that can't be built; the message names it."""


class StageConfig(BaseModel):
    """One stage. Frozen; an unknown field is refused.

    Attributes:
        cidr: private network of the stage; the two differ, so that they can be joined one day.
        zones: availability zones, 2 or more because a load balancer needs two.
        nat_gateways: ways out to the internet; one for each zone survives the loss of a zone.
        instance_types: of the service, by architecture.
        min_instances: fewest at any time.
        max_instances: most at any time; a deployment runs twice the present number for a while.
        target_cpu_percent: scaling keeps the mean near it.
        keep_blue_minutes: the instances of before stay this long after traffic has moved; until
            then an alarm, or an operator who stops the deployment, moves it back to them.
        database_class: of PostgreSQL, without `db.`.
        database_gb: storage at first, GiB; grows to four times as much by itself.
        multi_az: whether a second database stands by.
        backup_days: daily snapshots are kept so long.
        log_days: logs are kept so long.
        rate_per_s: requests a second of one key, in the long run.
        burst: requests of one key at once.
        requests_a_day: of one key. A panel that watches live all day makes some 9,600 of them.
        poll_minutes: the poller runs so often.
        worker_batch: messages that a worker takes at once (SQS gives at most 10).
        quota_units: units of the Data API a Pacific day.
        slow_s: p95 of the time to an answer's headers above this is an alarm.
        error_percent: share of 5xx above this is an alarm.
        queue_age_s: an oldest message above this age is an alarm.
        budget_usd: a month's cost of the account above this is an alarm.
        keeps_data: whether buckets, images and the database outlive their stack.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: StageName
    cidr: str = Field(pattern=_NETWORK)
    zones: int = Field(default=2, ge=2, le=3)
    nat_gateways: int = Field(ge=1, le=3)
    instance_types: dict[Architecture, str]
    min_instances: int = Field(ge=1)
    max_instances: int = Field(ge=1, le=20)
    target_cpu_percent: int = Field(default=60, ge=20, le=90)
    keep_blue_minutes: int = Field(ge=0, le=2_880)
    database_class: str
    database_gb: int = Field(ge=20)
    multi_az: bool
    backup_days: int = Field(ge=1, le=35)
    log_days: Literal[30, 90]
    rate_per_s: int = Field(ge=1)
    burst: int = Field(ge=1)
    requests_a_day: int = Field(ge=1)
    poll_minutes: int = Field(ge=1, le=60)
    worker_batch: int = Field(default=10, ge=1, le=10)
    quota_units: int = Field(default=10_000, ge=1)
    slow_s: float = Field(default=10.0, gt=0, lt=REQUEST_TIMEOUT_S)
    error_percent: float = Field(default=2.0, gt=0, le=100)
    queue_age_s: int = Field(default=600, ge=60)
    budget_usd: int = Field(ge=1)
    keeps_data: bool

    @model_validator(mode="after")
    def _scales_upwards(self) -> StageConfig:
        if self.max_instances < self.min_instances:
            raise ValueError(
                f"max_instances {self.max_instances} is below min_instances {self.min_instances}"
            )
        return self

    @property
    def title(self) -> str:
        """The name as part of a stack's name."""
        return self.name.capitalize()

    @property
    def prefix(self) -> str:
        """What the names of this stage's things begin with."""
        return f"sentiment-{self.name}"


_INSTANCE_TYPES: dict[Architecture, str] = {"arm64": "c7g.large", "x86_64": "c7i.large"}

STAGES: dict[StageName, StageConfig] = {
    "staging": StageConfig(
        name="staging",
        cidr="10.20.0.0/16",
        nat_gateways=1,
        instance_types=_INSTANCE_TYPES,
        min_instances=1,
        max_instances=2,
        keep_blue_minutes=5,
        database_class="t4g.micro",
        database_gb=20,
        multi_az=False,
        backup_days=1,
        log_days=30,
        rate_per_s=10,
        burst=20,
        requests_a_day=20_000,
        poll_minutes=15,
        budget_usd=200,
        keeps_data=False,
    ),
    "production": StageConfig(
        name="production",
        cidr="10.30.0.0/16",
        nat_gateways=2,
        instance_types=_INSTANCE_TYPES,
        min_instances=2,
        max_instances=6,
        keep_blue_minutes=60,
        database_class="t4g.medium",
        database_gb=50,
        multi_az=True,
        backup_days=30,
        log_days=90,
        rate_per_s=50,
        burst=100,
        requests_a_day=500_000,
        poll_minutes=1,
        budget_usd=600,
        keeps_data=True,
    ),
}


class Choices(BaseModel):
    """What an operator says in context of one stage; every value has a default.

    Attributes:
        region: of AWS; the account is that of the operator's credentials.
        architecture: of instances and functions; the images must be built for it.
        first_image: tag of the serving image that an instance runs until CodeDeploy has handed
            it a release.
        lambda_image: tag of the functions' image.
        training_image: tag of the image that trains and that looks for drift.
        alarm_email: told of every alarm; None leaves subscribing to the operator.
        mood_alerts: whether turns of a watched video's mood are told to the topic of alarms, too.
        public_host: name of the gateway, such as `sentiment.example.org`; the panel needs one,
            because it takes servers without a path. None leaves Amazon's name, with `/api`.
        public_certificate_arn: ACM's certificate of `public_host`, in the same region.
        internal_host: name of the load balancer inside the network; None speaks HTTP there.
        internal_certificate_arn: ACM's certificate of `internal_host`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str = Field(default="eu-central-1", pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")
    architecture: Architecture = "arm64"
    first_image: str = Field(default="first", pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$")
    lambda_image: str = Field(default="first", pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$")
    training_image: str = Field(default="first", pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$")
    alarm_email: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+$")
    mood_alerts: bool = False
    public_host: str | None = Field(default=None, pattern=_HOST)
    public_certificate_arn: str | None = Field(default=None, pattern=_CERTIFICATE)
    internal_host: str | None = Field(default=None, pattern=_HOST)
    internal_certificate_arn: str | None = Field(default=None, pattern=_CERTIFICATE)

    @model_validator(mode="after")
    def _hosts_have_certificates(self) -> Choices:
        for kind in ("public", "internal"):
            names = (f"{kind}_host", f"{kind}_certificate_arn")
            if len({getattr(self, name) is None for name in names}) > 1:
                raise ValueError(f"{names[0]} and {names[1]} go together")
        return self


def read_choices(look_up: Callable[[str], Any]) -> dict[StageName, Choices]:
    """Read the operator's choices for each stage to build: for `stage`, or for both without it.

    A value holds for both stages, or is a mapping by stage; a stage that is not in it has the
    default.

    Args:
        look_up: gives the context's value of a name, or None.

    Raises:
        ContextError: a value can't be used; the message names it.
    """
    wanted = look_up("stage")
    if not wanted:
        return {stage: _choices_of(stage, look_up) for stage in STAGES}
    _refuse_unknown("stage", [str(wanted)])
    return {wanted: _choices_of(wanted, look_up)}


def _choices_of(stage: StageName, look_up: Callable[[str], Any]) -> Choices:
    said = {name: _said_of(stage, name, look_up(name)) for name in Choices.model_fields}
    try:
        return Choices.model_validate({name: value for name, value in said.items() if value})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc']) or 'context'}: {problem['msg']}"
            for problem in error.errors()
        )
        raise ContextError(f"The context can't be used for {stage}: {problems}.") from None


def _said_of(stage: StageName, name: str, value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    _refuse_unknown(name, value.keys())
    return value.get(stage)


def _refuse_unknown(name: str, stages: Iterable[str]) -> None:
    unknown = sorted(set(stages) - STAGES.keys())
    if unknown:
        raise ContextError(
            f"The context can't be used: {name} names {', '.join(unknown)}; "
            f"the stages are {', '.join(STAGES)}."
        )

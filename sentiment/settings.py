"""What the environment says: keys, addresses, folders. Read once at the edge and passed in.

Values come from environment variables, then from `.env`; `.env.example` lists them all.
Secrets are `SecretStr`, so that no log, error or repr can show them.
"""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from sentiment.errors import ConfigError

_QUIET_LIBRARIES = {
    "BENTOML_DO_NOT_TRACK": "True",
    "DVC_NO_ANALYTICS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "1",
}


# No "*": an open service on the user's own machine would let any page spend the user's quota.
_ORIGIN = r"(?:https?|chrome-extension)://[A-Za-z0-9.\-]+(?::\d+)?"
_ORIGINS = rf"^(?:{_ORIGIN}(?:\s*,\s*{_ORIGIN})*)?$"
_RATE_LIMIT = r"^(?:[1-9][0-9]{0,5} ?/ ?(?:second|minute|hour|day))?$"

# Follows from the key in chrome_extension/public/manifest.json, so that it is the same everywhere.
EXTENSION_ORIGIN = "chrome-extension://kgcndkfdlidfbkkfhlakekkggbcedgod"

LogFormat = Literal["auto", "json", "text"]


class Settings(BaseSettings):
    """The environment, validated."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        use_attribute_docstrings=True,
    )

    data_dir: Path | None = Field(default=None, alias="SENTIMENT_DATA_DIR")
    """Folder that holds the corpora already; looked at before anything is fetched."""

    model_dir: Path = Field(default=Path("models/starter"), alias="SENTIMENT_MODEL_DIR")
    """The bundle that is served when no model of the Bento store is named."""

    model_tag: str | None = Field(default=None, alias="SENTIMENT_MODEL_TAG")
    """A model of the Bento store, `name:version`; it comes before `model_dir`."""

    releases_dir: Path | None = Field(default=None, alias="SENTIMENT_RELEASES_DIR")
    """Folder of bundles and of the plan that says which of them are served, see
    `sentiment.rollout.plan`; a plan comes before `model_tag` and `model_dir`. None: there are no
    releases."""

    youtube_api_key: SecretStr | None = Field(default=None, alias="YOUTUBE_API_KEY")
    """Key of the YouTube Data API v3; None: only made-up videos, or what is known already."""

    youtube_endpoint: str | None = Field(default=None, alias="SENTIMENT_YOUTUBE_ENDPOINT")
    """Address of a stand-in of the Data API (`sentiment replay`); None is the real one."""

    api_token: SecretStr | None = Field(default=None, alias="SENTIMENT_API_TOKEN")
    """Bearer token that the service asks for; None asks for none."""

    api_token_also: SecretStr | None = Field(default=None, alias="SENTIMENT_API_TOKEN_ALSO")
    """A second one that is taken too, so that one can replace the other while both are in use."""

    admin_token: SecretStr | None = Field(default=None, alias="SENTIMENT_ADMIN_TOKEN")
    """Bearer token of `/v1/admin/`; None: there is nothing there."""

    reload_interval_s: float = Field(default=0.0, alias="SENTIMENT_RELOAD_INTERVAL_S", ge=0)
    """Every so many seconds the bundle's files are looked at, and taken when they have changed;
    0 never looks."""

    allowed_origins: str = Field(
        default=EXTENSION_ORIGIN, alias="SENTIMENT_ALLOWED_ORIGINS", pattern=_ORIGINS
    )
    """Web origins, with commas between, whose pages may read the service's answers (CORS). The
    service's own pages need none."""

    rate_limit: str = Field(default="600/minute", alias="SENTIMENT_RATE_LIMIT", pattern=_RATE_LIMIT)
    """Requests to the interface that one client may send in any such time; empty: no limit."""

    trusted_proxies: str = Field(default="", alias="SENTIMENT_TRUSTED_PROXIES")
    """Addresses or networks, with commas between, whose `X-Forwarded-For` is believed."""

    cache_texts: int = Field(default=20_000, alias="SENTIMENT_CACHE_TEXTS", ge=0)
    """Texts whose predictions the service keeps in memory; 0 keeps none."""

    log_format: LogFormat = Field(default="auto", alias="SENTIMENT_LOG_FORMAT")
    """How the service, and the stream's worker and poller, write their logs: `auto` is text on a
    terminal and JSON elsewhere."""

    store_url: SecretStr = Field(
        default=SecretStr("sqlite:///data/store/sentiment.db"), alias="SENTIMENT_STORE_URL"
    )
    """Where the service keeps comments, predictions and feedback: SQLite, or
    `postgresql://USER:PASSWORD@HOST/NAME`. Secret, because it may hold a password."""

    fresh_s: float = Field(default=60.0, alias="SENTIMENT_FRESH_S", ge=0)
    """A video that was fetched less than this many seconds ago is not fetched again."""

    quota_units_a_day: int = Field(default=10_000, alias="SENTIMENT_QUOTA_UNITS", ge=1)
    """Units of the Data API that all processes of one store may spend a Pacific day."""

    queue_url: str | None = Field(default=None, alias="SENTIMENT_QUEUE_URL")
    """Address of an SQS queue for `sentiment stream`; needs boto3. None takes the store's own."""

    alarm_webhook: SecretStr | None = Field(default=None, alias="SENTIMENT_ALARM_WEBHOOK")
    """Where `drift check` and `stream worker` post alarms; None posts none. Secret, as such
    addresses often are."""

    alarm_sns_topic: str | None = Field(default=None, alias="SENTIMENT_ALARM_SNS_TOPIC")
    """ARN of a topic that they publish alarms to; needs boto3. None publishes none."""

    tracking_uri: str = Field(default="sqlite:///mlflow.db", alias="MLFLOW_TRACKING_URI")
    """MLflow's server, or its database: runs and the model registry."""

    port: int = Field(default=3000, alias="PORT", ge=0, le=65535)
    """Of `sentiment serve` and `sentiment demo`; 0 takes a free one."""

    @field_validator(
        *("data_dir", "model_tag", "releases_dir", "youtube_api_key", "youtube_endpoint"),
        *(
            "api_token",
            "api_token_also",
            "admin_token",
            "alarm_webhook",
            "alarm_sns_topic",
            "queue_url",
        ),
        mode="before",
    )
    @classmethod
    def _blank_is_absent(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("api_token", "api_token_also", "admin_token")
    @classmethod
    def _fits_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        """Take a token as it arrives in a header; one from a file often ends in a newline."""
        token = "" if value is None else value.get_secret_value().strip()
        if len(token.split()) > 1:
            raise ValueError("wanted a token without white space, found some within it")
        return SecretStr(token) if token else None

    @field_validator("trusted_proxies")
    @classmethod
    def _names_networks(cls, value: str) -> str:
        for part in _parts(value):
            ip_network(part)  # raises ValueError, which pydantic reports
        return value

    @property
    def api_tokens(self) -> tuple[str, ...]:
        """The tokens that are taken; none where none is asked for."""
        asked = (self.api_token, self.api_token_also)
        return tuple(token.get_secret_value() for token in asked if token is not None)

    @property
    def origins(self) -> tuple[str, ...]:
        """`allowed_origins`, one by one."""
        return _parts(self.allowed_origins)

    @property
    def proxies(self) -> tuple[str, ...]:
        """`trusted_proxies`, one by one."""
        return _parts(self.trusted_proxies)


def _parts(listed: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in listed.split(",") if part.strip())


def load_settings() -> Settings:
    """Read the environment and `.env`.

    Raises:
        ConfigError: a value has the wrong type; the message names it and never shows a secret.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
            for problem in error.errors()
        )
        raise ConfigError(
            f"The environment holds a value that can't be used: {problems}.",
            hint="Correct it in the environment or in .env; .env.example shows each variable.",
        ) from None


def switch_off_telemetry() -> None:
    """Tell every library that would phone home not to. Call before any of them is imported."""
    for name, value in _QUIET_LIBRARIES.items():
        os.environ.setdefault(name, value)

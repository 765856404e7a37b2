"""Who is told of alarms, from what the environment says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentiment.settings import Settings

if TYPE_CHECKING:
    from sentiment.drift.alarm import Sink


def open_sinks(webhook: str | None, settings: Settings) -> list[Sink]:
    """Return the webhook and the topic that are named; none where none is.

    Args:
        webhook: an address that comes before that of the environment.
        settings: what the environment says.

    Raises:
        ConfigError: an address can't be used, or boto3 is missing.
    """
    from pydantic import SecretStr  # noqa: PLC0415 - keeps --help quick

    from sentiment.drift.sns import SnsSink  # noqa: PLC0415
    from sentiment.drift.webhook import WebhookSink  # noqa: PLC0415

    address = SecretStr(webhook) if webhook else settings.alarm_webhook
    sinks: list[Sink] = []
    if address is not None:
        sinks.append(WebhookSink(address))
    if settings.alarm_sns_topic is not None:
        sinks.append(SnsSink(settings.alarm_sns_topic))
    return sinks

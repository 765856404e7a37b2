"""What failures mean that can't be had on demand from a real database."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors as postgres
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from sentiment.errors import OutOfSpaceError, SentimentError, StoreError, StoreUnavailableError
from sentiment.store.failures import clear_failures


@pytest.mark.parametrize(
    ("cause", "kind", "said"),
    [
        (postgres.DiskFull, OutOfSpaceError, "No space is left .*53100"),
        (postgres.DeadlockDetected, StoreUnavailableError, "busy for too long .*40P01"),
        (postgres.QueryCanceled, StoreUnavailableError, "busy for too long .*57014"),
        (postgres.TooManyConnections, StoreUnavailableError, "can't be reached.*53300"),
        (postgres.AdminShutdown, StoreUnavailableError, "can't be reached.*57P01"),
        (psycopg.OperationalError, StoreUnavailableError, "can't be reached"),
        (postgres.UndefinedTable, StoreError, "failed .*42P01"),
    ],
)
def test_failure_of_postgresql_becomes_ours(
    cause: type[psycopg.Error], kind: type[SentimentError], said: str
) -> None:
    with pytest.raises(kind, match=said) as raised, clear_failures("The store"):
        raise OperationalError("SELECT secret", {}, cause("row: secret"))
    assert type(raised.value) is kind
    assert "secret" not in str(raised.value)
    assert raised.value.hint


def test_waiting_in_vain_for_a_connection_is_being_busy() -> None:
    said = "every connection is in use"
    with pytest.raises(StoreUnavailableError, match=said), clear_failures("The store"):
        raise NoConnectionError("QueuePool limit")

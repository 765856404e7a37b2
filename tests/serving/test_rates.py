from __future__ import annotations

import time

import pytest

from sentiment.serving.rates import ClientRates, client_of_address


def test_refusal_tells_when_the_next_request_passes() -> None:
    rates = ClientRates("2/second")
    assert [rates.refusal("a"), rates.refusal("a")] == [None, None]
    wait_s = rates.refusal("a")
    assert wait_s == 1
    time.sleep(wait_s)
    assert rates.refusal("a") is None


def test_refused_requests_do_not_lengthen_the_wait() -> None:
    rates = ClientRates("1/hour")
    rates.refusal("a")
    waits = [rates.refusal("a") for _ in range(50)]
    assert {3_599, 3_600} >= set(waits)


def test_clients_are_counted_apart() -> None:
    rates = ClientRates("1 / minute")
    assert [rates.refusal(client) is None for client in "abab"] == [True, True, False, False]


def test_a_flood_of_clients_shares_one_allowance_and_fills_nothing() -> None:
    rates = ClientRates("1/minute", max_clients=3)
    assert [rates.refusal(client) is None for client in "abc"] == [True, True, True]
    assert [rates.refusal(f"flood {number}") is None for number in range(100)] == [
        True,
        *[False] * 99,
    ]
    assert len(rates) == 3


def test_clients_of_the_past_make_room() -> None:
    rates = ClientRates("1/second", max_clients=2)
    for client in "ab":
        rates.refusal(client)
    time.sleep(1.05)
    assert [rates.refusal(client) for client in "cd"] == [None, None]
    assert len(rates) == 2


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_client_of_an_address(address: str, client: str) -> None:
    assert client_of_address(address) == client

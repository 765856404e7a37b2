"""Alerts of watched videos, on both databases: one worker tells, and none is lost."""

from __future__ import annotations

from datetime import timedelta

from sentiment.store import Store
from tests.store.samples import VIDEO, Clock


def test_an_alert_is_kept_once_and_told_by_one_at_a_time(store: Store, clock: Clock) -> None:
    seen = store.add_watch(VIDEO, interval_s=60)
    assert store.claim_alert(VIDEO, lease_s=300) is None
    assert store.keep_alert(seen, "one", cooldown_s=0)
    clock.now += timedelta(seconds=1)
    assert not store.keep_alert(seen, "another's", cooldown_s=0)
    assert store.claim_alert(VIDEO, lease_s=300) == "one"
    assert store.claim_alert(VIDEO, lease_s=300) is None
    clock.now += timedelta(seconds=300)
    assert store.claim_alert(VIDEO, lease_s=300) == "one"
    store.drop_alert(VIDEO)
    clock.now += timedelta(seconds=300)
    assert store.claim_alert(VIDEO, lease_s=300) is None


def test_the_next_alert_waits_for_the_cooldown(store: Store, clock: Clock) -> None:
    store.keep_alert(store.add_watch(VIDEO, interval_s=60), "one", cooldown_s=600)
    store.drop_alert(VIDEO)
    clock.now += timedelta(seconds=599)
    assert not store.keep_alert(store.watches_of([VIDEO])[VIDEO], "two", cooldown_s=600)
    clock.now += timedelta(seconds=1)
    assert store.keep_alert(store.watches_of([VIDEO])[VIDEO], "two", cooldown_s=600)

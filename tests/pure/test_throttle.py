"""How many tries a bucket takes, whatever their rhythm."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from register.access.throttle import Bucket, source_of, wait_before
from register.api.limits import MOST_NAMES, Limits


def test_a_bucket_takes_its_burst_and_then_one_an_interval() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    bucket, full = Bucket(3, timedelta(minutes=1)), now
    taken = []
    for second in count(0, 10):
        at = now + timedelta(seconds=second)
        if not wait_before(full, at, bucket):
            full = max(full, at) + bucket.interval
            taken.append(second)
        if second >= 300:
            break
    assert taken == [0, 10, 20, 60, 120, 180, 240, 300]


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("a name", "a name"),
    ],
)
def test_whoever_has_many_addresses_is_one_source(address: str, source: str) -> None:
    assert source_of(address) == source


def test_buckets_that_are_not_full_again_are_kept_when_there_are_too_many() -> None:
    now, limits = datetime(2026, 3, 2, tzinfo=UTC), Limits(rate=1, places=1)
    for each in range(MOST_NAMES):
        limits.spend(f"address {each}", now - timedelta(hours=1))
    for _ in range(4):
        limits.spend("mine", now)
    assert limits.spend("mine", now) < 0, "it is as empty as it was"
    for each in range(MOST_NAMES + 1):
        limits.spend(f"address {each}", now)
    assert limits.spend("mine", now) >= 0, "control: of so many none is kept"

"""How many tries a bucket takes, whatever their rhythm."""

from datetime import UTC, datetime, timedelta
from itertools import count

from register.access.throttle import Bucket, wait_before


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

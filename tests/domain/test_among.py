"""One of many numbers, asked for in one parameter, the same on both databases."""

import pytest
from sqlalchemy import delete, select, update

from register.db import among
from register.linkage.models import BlockingKey
from register.work import Work

GREATEST = 2**63 - 1


@pytest.fixture
def keys(work: Work) -> list[int]:
    """Store keys of every size."""
    keys = [-GREATEST - 1, -7, 0, 7, 2**53 + 1, GREATEST]
    work.session.add_all(BlockingKey(key=key, subject_id=1) for key in keys)
    work.session.flush()
    return keys


def found(work: Work, numbers: list[int]) -> list[int]:
    query = select(BlockingKey.key).where(among(BlockingKey.key, numbers))
    return list(work.session.scalars(query.order_by(BlockingKey.key)))


def test_what_is_asked_for_is_found_to_the_last_bit(work: Work, keys: list[int]) -> None:
    assert found(work, keys) == keys
    assert found(work, [2**53, 2**53 + 2, GREATEST - 1, 8]) == []
    assert found(work, [7, 7, -7]) == [-7, 7]


def test_none_of_nothing(work: Work, keys: list[int]) -> None:
    assert keys
    assert found(work, []) == []


def test_however_many(work: Work, keys: list[int]) -> None:
    assert found(work, list(range(100_000))) == [key for key in keys if 0 <= key < 100_000]


def test_also_to_change_and_to_delete(work: Work, keys: list[int]) -> None:
    work.session.execute(
        update(BlockingKey).where(among(BlockingKey.key, [7, -7])).values(subject_id=2)
    )
    work.session.execute(delete(BlockingKey).where(~among(BlockingKey.key, [7])))
    assert work.session.scalars(select(BlockingKey.subject_id)).all() == [2]
    assert found(work, keys) == [7]

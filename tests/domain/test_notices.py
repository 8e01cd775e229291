"""What privacy officers are told: each organisation its own, once, until somebody has looked."""

from datetime import timedelta

import pytest

from register.access import notices
from register.access.models import Notice
from register.access.notices import (
    Matter,
    find_notices,
    mark_seen,
    officer_of,
    tell,
    tell_exceeded,
)
from register.errors import NotFound
from register.terms import Role
from register.work import Actor, Work

MEL = Actor("mel", Role.AUTHORITY_MANAGER, "E08000035", 6)
FAY = Actor("fay", Role.FORCE_COORDINATOR, "E23000001", 7)
DOT = Actor("dot", Role.DATA_PROTECTION_OFFICER, "", 11)


def told(work: Work, actor: Actor) -> list[tuple[str, str, str]]:
    work.actor = actor
    return [(each.organisation, each.reference, each.seen_by) for each in find_notices(work)]


def test_each_is_told_their_own_once_and_the_registers_officer_all(work: Work) -> None:
    for _ in range(2):
        tell(work, ["E23000001", "E08000035", ""], Matter.GLASS, "need 1")
    tell(work, ["E08000035"], Matter.SEAL, "need 1")
    tell(work, [], Matter.LIMIT, "2026-03-02 user 9")
    assert told(work, MEL) == [("E08000035", "need 1", "")] * 2
    assert told(work, FAY) == [("E23000001", "need 1", "")]
    assert [each[0] for each in told(work, DOT)] == ["", "E08000035", "E23000001", "E08000035"]
    assert [each.matter for each in find_notices(work)] == ["limit", "seal", "glass", "glass"]
    assert officer_of(DOT) == ""


def test_what_nobody_has_seen_stands_first_and_the_first_who_looked_is_kept(work: Work) -> None:
    for number in range(3):
        tell(work, ["E08000035"], Matter.GLASS, f"need {number}")
    work.actor = MEL
    newest = find_notices(work)[0]
    mark_seen(work, newest.id)
    assert [each[1:] for each in told(work, MEL)] == [
        *(("need 1", ""), ("need 0", "")),
        ("need 2", "mel"),
    ]
    first = work.now
    work.now += timedelta(hours=1)
    work.actor = DOT
    mark_seen(work, newest.id)
    seen = find_notices(work)[-1]
    assert (seen.seen_by, seen.seen_at) == ("mel", first)
    assert [entry.kind for _, entry in work.notes["audit"]] == ["notice:seen"]  # type: ignore[attr-defined]  # what is noted
    for actor, number in ((FAY, newest.id), (DOT, 99), (DOT, 10**30)):
        work.actor = actor
        with pytest.raises(NotFound, match="no such notice"):
            mark_seen(work, number)


def test_so_many_are_shown_at_once(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "MOST", 2)
    for number in range(3):
        tell(work, ["E08000035"], Matter.GLASS, f"need {number}")
    assert [each[1] for each in told(work, MEL)] == ["need 2", "need 1"]
    assert work.session.query(Notice).count() == 3


def test_who_asked_for_too_much_is_told_by_number_and_day(work: Work) -> None:
    work.actor = MEL
    tell_exceeded(work)
    work.actor = Actor("client 1", Role.MACHINE, "E08000035")
    tell_exceeded(work)
    assert [each[1] for each in told(work, MEL)] == [
        "2026-03-02 user of a system",
        "2026-03-02 user 6",
    ]

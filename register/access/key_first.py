"""A security key before the password: a new browser is known by it, whoever guesses meanwhile.

A key cannot be guessed, so it needs no waiting. It opens nothing by itself: the browser is known
from then on for its person, whose password no longer weighs on buckets that others can fill.
"""

import secrets

from sqlalchemy import delete, select

from register.access import security_keys
from register.access.factors import KEY, Desk
from register.access.models import Factor, KeyFirst, User
from register.access.sessions import digest_of, subject_of
from register.access.signing_in import HALF_LASTS, Caller, know_device
from register.access.throttle import source_of, weigh
from register.audit.service import record
from register.work import Work


def ask_key(work: Work, caller: Caller) -> str:
    """Begin to ask for a key; give the token of the question, blank where there are too many."""
    if weigh(work, {"source": source_of(caller.address)}):
        return ""
    work.session.execute(delete(KeyFirst).where(KeyFirst.created_at <= work.now - HALF_LASTS))
    token = secrets.token_urlsafe(32)
    question = KeyFirst(
        digest=digest_of(token), created_at=work.now, challenge=secrets.token_bytes(32)
    )
    work.session.add(question)
    return token


def asked_of_key(work: Work, token: str, desk: Desk) -> str:
    """Write what a browser asks of any key of the register's; blank once it was answered."""
    found = work.session.get(KeyFirst, digest_of(token))
    if found is None or work.now - found.created_at >= HALF_LASTS:
        return ""
    return security_keys.asked_to_sign(desk.site, found.challenge, [])


def know_by_key(work: Work, token: str, answer: str, desk: Desk, caller: Caller) -> str:
    """Know a browser by what a key answered; give the token it keeps, blank if it did not hold.

    Whatever comes of it must be committed: a question stands for one answer.
    """
    dead = delete(KeyFirst).where(KeyFirst.digest == digest_of(token))
    row = work.session.execute(
        dead.returning(KeyFirst.challenge, KeyFirst.created_at)
    ).one_or_none()
    said = security_keys.credential_in(answer)
    factor = work.session.scalar(
        select(Factor).where(Factor.credential == said, Factor.kind == KEY).with_for_update()
    )
    if row is None or factor is None or work.now - row.created_at >= HALF_LASTS:
        return ""
    count = security_keys.signed(desk.site, row.challenge, answer, factor.material, factor.counter)
    user = work.session.get(User, factor.user_id)
    if count is None or user is None or not user.active:
        return ""
    factor.counter, factor.used_at = count, work.now
    record(work, "device:known", subject_of(user), factor=factor.id)
    return know_device(work, user, caller)

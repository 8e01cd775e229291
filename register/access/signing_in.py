"""Signing in: a password, then a factor; what is tried weighs, and what fits opens a session.

The password is checked between two pieces of work (`passwords.fits`), for it takes a tenth of a
second in which nobody should have to wait: `begin_try` weighs the try first, so that tries at once
are counted too, and `finish_try` keeps what came of it. An unknown username takes the same way.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import delete, select

from register.access import passwords
from register.access.factors import Desk, Proof, held_by, prove, set_up
from register.access.models import HalfSignIn, KnownDevice, User
from register.access.service import user_named
from register.access.sessions import digest_of, open_session, subject_of
from register.access.throttle import (
    NOT_AT_ALL,
    empty,
    forget_light,
    source_of,
    take_back,
    weigh,
)
from register.audit.service import record
from register.work import Work

HALF_LASTS = timedelta(minutes=10)
DEVICE_LASTS = timedelta(days=180)
"""A browser that nobody signed in from for so long is no longer known."""
MOST_FAILURES = 5
"""Codes of one half sign-in that may be wrong, before the password is asked again."""
Stage = Literal["refused", "half", "whole"]


@dataclass(frozen=True, slots=True)
class Caller:
    """From where somebody signs in: the network address, and the browser's token if it has one."""

    address: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class Try:
    """One try to sign in that was let through, or must `wait`; `weighs_on` are its buckets."""

    caller: Caller
    user_id: int | None
    kept: str | None
    weighs_on: Mapping[str, str]
    wait: timedelta = NOT_AT_ALL


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try: nothing, half a sign-in whose factor is to be asked, or a session."""

    stage: Stage = "refused"
    token: str = ""
    device: str = ""
    wait: timedelta = NOT_AT_ALL


def begin_try(work: Work, username: str, caller: Caller) -> Try:
    """Weigh a try to sign in, before its password is looked at."""
    username = username.strip().lower()
    user = user_named(work, username)
    known = _is_known(work, caller, user.id if user else 0)
    if user and known:
        # Nobody else can fill this bucket: neither who guesses at the account nor a neighbour.
        names = {"device": _pair(caller, user)}
    else:
        names = {"account": username, "source": source_of(caller.address)}
    wait = weigh(work, names)
    forget_light(work)
    if wait:
        record(work, "user:refused", why="too many tries")
    is_open = user is not None and user.active
    return Try(
        caller,
        user.id if user else None,
        user.password_hash if user and is_open else None,
        names,
        wait,
    )


def finish_try(
    work: Work, tried: Try, rehashed: str = "", *, fits: bool, second_factor: bool
) -> Outcome:
    """Keep what came of a try whose password was looked at; whatever comes must be committed."""
    user = work.session.get(User, tried.user_id) if tried.user_id else None
    # The account may have changed while the password was looked at.
    if user is None or not fits or not user.active or user.password_hash != tried.kept:
        # What was typed for an unknown username is not logged: it may be a password.
        record(work, "user:refused", subject_of(user) if user else "", why="does not fit")
        return Outcome()
    take_back(work, tried.weighs_on)
    if rehashed:
        user.password_hash = rehashed
    if not second_factor:
        return _enter(work, user, tried.caller)
    old = HalfSignIn.created_at <= work.now - HALF_LASTS
    work.session.execute(delete(HalfSignIn).where(old))
    token = secrets.token_urlsafe(32)
    work.session.add(
        HalfSignIn(
            digest=digest_of(token),
            user_id=user.id,
            created_at=work.now,
            challenge=secrets.token_bytes(32),
        )
    )
    return Outcome("half", token)


def try_password(tried: Try, password: str) -> tuple[bool, str]:
    """Tell whether a password fits a try, and its hash anew where the old one was too cheap."""
    fits = passwords.fits(tried.kept, password)
    is_due = fits and passwords.is_outdated(tried.kept or "")
    return fits, passwords.hash_of(password) if is_due else ""


def find_half(work: Work, token: str, *, to_finish: bool = False) -> HalfSignIn | None:
    """Give the half sign-in of a token; None once used, too old or barred.

    Of two who would finish one at the same time, the second waits and finds it used.
    """
    half = work.session.get(HalfSignIn, digest_of(token), with_for_update=to_finish or None)
    if half is None or work.now - half.created_at >= HALF_LASTS or not half.user.active:
        return None
    return half


def must_set_up(work: Work, half: HalfSignIn) -> bool:
    """Tell whether somebody half signed in has no factor yet."""
    return not held_by(work, half.user_id)


def may_set_up(work: Work, half: HalfSignIn) -> bool:
    """Tell whether a first factor may be set up with the password alone, as on a first day."""
    until = half.user.enrol_until
    return must_set_up(work, half) and until is not None and work.now < until


def finish_with_factor(
    work: Work, half: HalfSignIn, proof: Proof, desk: Desk, caller: Caller
) -> Outcome:
    """Sign in whole by a factor; whatever comes of it must be committed."""
    user = half.user
    names = {} if proof.answer else _codes_weigh_on(work, caller, user)
    wait = weigh(work, names)
    if wait:
        record(work, "user:refused", subject_of(user), why="too many codes")
        return Outcome(wait=wait)
    if not prove(work, half, proof, desk):
        record(work, "user:refused", subject_of(user), why="second step does not hold")
        half.failures += 1
        if half.failures >= MOST_FAILURES:
            _end_half(work, half)
        return Outcome()
    take_back(work, names)
    _end_half(work, half)
    return _enter(work, user, caller)


def finish_with_new_factor(
    work: Work, half: HalfSignIn, name: str, proof: Proof, desk: Desk, caller: Caller
) -> Outcome:
    """Set up a first factor and sign in whole; raise Invalid by field."""
    if not may_set_up(work, half):
        return Outcome()
    user = half.user
    set_up(work, half, name, proof, desk)
    user.enrol_until = None
    _end_half(work, half)
    return _enter(work, user, caller)


def _end_half(work: Work, half: HalfSignIn) -> None:
    work.session.delete(half)
    work.session.flush()


def know_device(work: Work, user: User, caller: Caller) -> str:
    """Know a browser as one that a person uses; give the token that it keeps."""
    device = caller.device if _was_given_out(work, caller) else secrets.token_urlsafe(32)
    before = work.session.get(KnownDevice, (digest_of(device), user.id))
    first_at = before.first_at if before else work.now
    work.session.merge(
        KnownDevice(digest=digest_of(device), user_id=user.id, first_at=first_at, last_at=work.now)
    )
    empty(work, "device", _pair(Caller(caller.address, device), user))
    return device


def _enter(work: Work, user: User, caller: Caller) -> Outcome:
    is_known = _is_known(work, caller, user.id)
    token = open_session(work, user, caller.address)
    device = know_device(work, user, caller)
    record(work, "user:signed_in", subject_of(user), device="known" if is_known else "new")
    return Outcome("whole", token, device)


def _is_known(work: Work, caller: Caller, user_id: int) -> bool:
    device = (
        (KnownDevice.digest == digest_of(caller.device))
        & (KnownDevice.user_id == user_id)
        & (KnownDevice.last_at > work.now - DEVICE_LASTS)
    )
    return work.session.scalar(select(KnownDevice.user_id).where(device)) is not None


def _codes_weigh_on(work: Work, caller: Caller, user: User) -> dict[str, str]:
    known = _is_known(work, caller, user.id)
    return {"code": _pair(caller, user) if known else user.username}


def _pair(caller: Caller, user: User) -> str:
    return f"{digest_of(caller.device)} {user.id}"


def _was_given_out(work: Work, caller: Caller) -> bool:
    # Several people may use one browser; what somebody planted there is not taken over.
    made = select(KnownDevice.user_id).where(KnownDevice.digest == digest_of(caller.device))
    return work.session.scalar(made.limit(1)) is not None

"""What people prove to hold besides knowing a password: set up, asked for, taken away.

Nothing that was proved once is taken again: a security key signs a challenge that stands for one
answer, and of an app's codes the time step last used is kept.
"""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes

from sqlalchemy import select

from register.access import codes, security_keys
from register.access.key_files import FactorKey
from register.access.models import FACTOR_NAME_LENGTH, Factor, HalfSignIn, LoginSession, User
from register.access.security_keys import Site
from register.audit.service import record
from register.errors import Invalid, NotFound
from register.work import Work

KEY, APP = "key", "app"
_MOST = 10
_SECRET_BYTES = 20
Holder = HalfSignIn | LoginSession
"""Whoever a factor is asked of: somebody half signed in, or signed in and asked again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What checking a factor needs besides the database: where the register is, and its key."""

    site: Site
    key: FactorKey


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody sent as proof: the code of an app, or what a security key answered."""

    code: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A factor as its owner and an administrator see it."""

    id: int
    kind: str
    name: str
    added_at: datetime
    used_at: datetime


@dataclass(frozen=True, slots=True)
class NewApp:
    """What an app is told: its secret in groups, and an address that an app opens."""

    spelled: str
    link: str


def held_by(work: Work, user_id: int) -> list[Held]:
    """Give a person's factors, oldest first."""
    return [
        Held(row.id, row.kind, row.name, row.added_at, row.used_at)
        for row in _factors(work, user_id)
    ]


def has_app(work: Work, user_id: int) -> bool:
    """Tell whether a person has an app that shows codes."""
    return bool(_factors(work, user_id, APP))


def question(work: Work, holder: Holder, desk: Desk) -> str:
    """Write what a browser asks of the person's security keys; blank where there are none."""
    keys = [row.credential or "" for row in _factors(work, holder.user_id, KEY)]
    return security_keys.asked_to_sign(desk.site, holder.challenge, keys) if keys else ""


def prove(work: Work, holder: Holder, proof: Proof, desk: Desk) -> bool:
    """Tell whether the proof holds; taken or not, it is good for nothing a second time."""
    work.session.refresh(holder, with_for_update=True)
    held = _factors(work, holder.user_id, locked=True)
    if proof.answer:
        return _key_answers(work, holder, held, proof.answer, desk)
    for row in held:
        if row.kind != APP:
            continue
        secret = desk.key.open(row.material, _whose(row.user_id))
        if secret is None:
            continue
        step = codes.matching_step(secret, proof.code, work.now, row.counter)
        if step is not None:
            row.counter, row.used_at = step, work.now
            return True
    return False


def invitation(work: Work, holder: Holder, user: User, desk: Desk) -> tuple[str, NewApp]:
    """Write what is asked of a new security key, and what a new app is told."""
    held = _factors(work, user.id)
    keys = [row.credential or "" for row in held if row.kind == KEY]
    handle = desk.key.derive(f"handle {user.id}", 32)
    asked = security_keys.asked_to_join(desk.site, user.username, handle, holder.challenge, keys)
    secret = _offered(holder, desk.key)
    return asked, NewApp(codes.spelled(secret), codes.link(secret, user.username))


def set_up(work: Work, holder: Holder, name: str, proof: Proof, desk: Desk) -> None:
    """Keep a new factor that its first answer proves; raise Invalid by field."""
    held = _factors(work, holder.user_id)
    kind = KEY if proof.answer else APP
    _refuse_bad_name(name, kind, held)
    if proof.answer:
        row = _new_key(work, holder, proof.answer, desk)
    else:
        row = _new_app(work, holder, proof.code, desk)
    row.name = name.strip()
    work.session.add(row)
    work.session.flush()
    record(work, "factor:added", f"user {holder.user.username}", factor=row.id, means=row.kind)


def remove(work: Work, user: User, factor_id: int) -> None:
    """Take away one of a person's factors, never the last; raise NotFound and Invalid."""
    rows = _factors(work, user.id)
    found = next((row for row in rows if row.id == factor_id), None)
    if found is None:
        raise NotFound("You have no such second step.")
    if len(rows) == 1:
        raise Invalid({"second step": "is the only one: set up another before you take it away"})
    work.session.delete(found)
    record(work, "factor:removed", f"user {user.username}", factor=found.id, means=found.kind)


def remove_all(work: Work, user: User) -> int:
    """Take away all that a person signs in with besides the password; give how many."""
    rows = _factors(work, user.id)
    for row in rows:
        work.session.delete(row)
        record(work, "factor:removed", f"user {user.username}", factor=row.id, means=row.kind)
    return len(rows)


def _factors(work: Work, user_id: int, kind: str = "", *, locked: bool = False) -> list[Factor]:
    query = select(Factor).where(Factor.user_id == user_id).order_by(Factor.id)
    if locked:
        # Of two who send one code at the same time, the second finds it used.
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(work.session.scalars(query.where(Factor.kind == kind) if kind else query))


def _key_answers(work: Work, holder: Holder, held: list[Factor], answer: str, desk: Desk) -> bool:
    challenge, holder.challenge = holder.challenge, token_bytes(32)
    said = security_keys.credential_in(answer)
    row = next((row for row in held if row.credential == said), None)
    if row is None or row.kind != KEY:
        return False
    count = security_keys.signed(desk.site, challenge, answer, row.material, row.counter)
    if count is None:
        return False
    row.counter, row.used_at = count, work.now
    return True


def _offered(holder: Holder, key: FactorKey) -> bytes:
    # The same while somebody tries, and kept nowhere before a code of it was typed.
    return key.derive(f"secret {holder.digest} {holder.challenge.hex()}", _SECRET_BYTES)


def _new_key(work: Work, holder: Holder, answer: str, desk: Desk) -> Factor:
    challenge, holder.challenge = holder.challenge, token_bytes(32)
    found = security_keys.joined(desk.site, challenge, answer)
    if found is None:
        raise Invalid({"key": "did not answer as a security key does: try again"})
    taken = select(Factor.id).where(Factor.credential == found.credential)
    if work.session.scalar(taken) is not None:
        raise Invalid({"key": "is set up already"})
    return _row(work, holder, KEY, found.public_key, found.count, found.credential)


def _new_app(work: Work, holder: Holder, code: str, desk: Desk) -> Factor:
    secret = _offered(holder, desk.key)
    step = codes.matching_step(secret, code, work.now, 0)
    if step is None:
        raise Invalid(
            {"code": "is not the one that the app shows now: check the secret and the time"}
        )
    holder.challenge = token_bytes(32)
    return _row(work, holder, APP, desk.key.seal(secret, _whose(holder.user_id)), step, None)


def _row(
    work: Work, holder: Holder, kind: str, material: bytes, counter: int, credential: str | None
) -> Factor:
    return Factor(
        user_id=holder.user_id,
        kind=kind,
        credential=credential,
        material=material,
        counter=counter,
        added_at=work.now,
        used_at=work.now,
    )


def _refuse_bad_name(name: str, kind: str, held: list[Factor]) -> None:
    field = "key_name" if kind == KEY else "app_name"
    if not 1 <= len(name.strip()) <= FACTOR_NAME_LENGTH:
        said = f"must be 1 to {FACTOR_NAME_LENGTH} characters: it tells your second steps apart"
        raise Invalid({field: said})
    if name.strip().casefold() in {row.name.casefold() for row in held}:
        raise Invalid({field: "is the name of another of yours"})
    if len(held) >= _MOST:
        raise Invalid({field: f"would be one too many: {_MOST} are enough"})


def _whose(user_id: int) -> str:
    return f"user {user_id}"

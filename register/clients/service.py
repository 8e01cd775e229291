"""Systems that may speak to the register: made, given secrets and tokens, and barred again."""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select, update

from register.access.policy import ROLES, Permission, needs
from register.audit.service import record
from register.clients.models import Client, ClientSecret, ClientToken
from register.errors import Conflict, Invalid, NotFound
from register.terms import Role
from register.work import Actor, Work

TOKEN_LASTS = timedelta(hours=1)
SECRETS_AT_ONCE = 2
"""So many secrets of a client are valid at a time: the new one is in place before the old ends."""
CLIENT_ROLES = (
    Role.MACHINE,
    Role.STEWARD,
    Role.INSPECTOR,
    Role.POLICE_INSPECTOR,
    Role.DEPARTMENT,
)
"""What a system may be: an organisation's own, or a desk's of the register's own people."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client as an administrator sees it."""

    name: str
    organisation: str
    role: str
    scopes: tuple[str, ...]
    certificate: str
    active: bool
    secrets: int


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever holds a token: as the verbs know it, and what the token opens."""

    client: int
    actor: Actor
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """A client that proved who it is: as the verbs know it, and the scopes that it may ask for."""

    id: int
    actor: Actor
    scopes: str
    is_bound: bool
    """Whether its tokens hold for its certificate only."""


@needs(Permission.USER_MANAGE)
def create_client(  # one argument a column
    work: Work,
    name: str,
    role: Role,
    organisation: str,
    scopes: Collection[str],
    certificate: str = "",
) -> str:
    """Add a client and give its first secret, which is told this once; raise Invalid, Conflict."""
    certificate = read_fingerprint(certificate)
    problems = _problems(name, role, organisation, scopes)
    if problems:
        raise Invalid(problems)
    if _client_named(work, name) is not None:
        raise Conflict(f"There is a client called {name} already: choose another name.")
    client = Client(
        name=name,
        organisation=organisation,
        role=role.value,
        scopes=" ".join(sorted(set(scopes))),
        certificate=certificate,
        created_at=work.now,
    )
    work.session.add(client)
    work.session.flush()
    record(work, "client:added", _subject(client), role=role, organisation=organisation)
    return _add_secret(work, client)


@needs(Permission.USER_MANAGE)
def rotate_secret(work: Work, name: str) -> str:
    """Give a client a new secret; the one before it stays valid, any older one ends."""
    client = get_client(work, name)
    valid = _valid_secrets(work, client)
    for old in valid[: len(valid) - SECRETS_AT_ONCE + 1]:
        old.ended_at = work.now
    record(work, "client:changed", _subject(client), ended=max(len(valid) - 1, 0))
    return _add_secret(work, client)


@needs(Permission.USER_MANAGE)
def end_old_secrets(work: Work, name: str) -> int:
    """End every secret but the newest, and every token: the last act of a rotation."""
    client = get_client(work, name)
    old = _valid_secrets(work, client)[:-1]
    for each in old:
        each.ended_at = work.now
    _end_tokens(work, client)
    record(work, "client:changed", _subject(client), ended=len(old))
    return len(old)


@needs(Permission.USER_MANAGE)
def bar_client(work: Work, name: str) -> None:
    """Bar a client: its secrets and its tokens open nothing from now on."""
    client = get_client(work, name)
    client.active = False
    for each in _valid_secrets(work, client):
        each.ended_at = work.now
    _end_tokens(work, client)
    record(work, "client:barred", _subject(client))


@needs(Permission.USER_MANAGE)
def find_clients(work: Work) -> list[ClientRow]:
    """Give every client, by name."""
    return [
        ClientRow(
            each.name,
            each.organisation,
            each.role,
            tuple(each.scopes.split()),
            each.certificate,
            each.active,
            len(_valid_secrets(work, each)),
        )
        for each in work.session.scalars(select(Client).order_by(Client.name))
    ]


def get_client(work: Work, name: str) -> Client:
    """Give a client by name; raise NotFound."""
    client = _client_named(work, name)
    if client is None:
        raise NotFound(f"There is no client called {name[:80]!r}.")
    return client


def find_client(work: Work, name: str, secret: str, certificate: str = "") -> Known | None:
    """Give the client that this name, this secret and this certificate belong to, if they do."""
    held = work.session.get(ClientSecret, digest_of(secret))
    client = _client_named(work, name)
    if client is None or held is None or held.client_id != client.id or held.ended_at is not None:
        return None
    fits = not client.certificate or secrets.compare_digest(client.certificate, certificate)
    if not client.active or not fits:
        return None
    return Known(client.id, actor_of(client), client.scopes, bool(client.certificate))


def issue_token(work: Work, client: Known, scopes: str, certificate: str = "") -> str:
    """Give a client a token for these scopes, which it holds; only its digest is kept."""
    token = secrets.token_urlsafe(32)
    work.session.add(
        ClientToken(
            digest=digest_of(token),
            client_id=client.id,
            scopes=scopes,
            certificate=certificate if client.is_bound else "",
            created_at=work.now,
            expires_at=work.now + TOKEN_LASTS,
        )
    )
    record(work, "token:issued", client.actor.name)
    return token


def find_bearer(work: Work, token: str, certificate: str = "") -> Bearer | None:
    """Give whom a token stands for; None once ended, expired, barred, or of another certificate."""
    held = work.session.get(ClientToken, digest_of(token))
    if held is None or held.ended_at is not None or held.expires_at <= work.now:
        return None
    client = held.client
    if not client.active or not secrets.compare_digest(held.certificate, client.certificate):
        return None
    if held.certificate and not secrets.compare_digest(held.certificate, certificate):
        return None
    scopes = frozenset(held.scopes.split()) & frozenset(client.scopes.split())
    return Bearer(client.id, replace(actor_of(client), scopes=scopes), scopes)


def actor_of(client: Client) -> Actor:
    """Give a client as the verbs know it."""
    return Actor(_subject(client), Role(client.role), client.organisation)


def digest_of(secret: str) -> str:
    """Give the SHA-256 of a secret, by which it is found."""
    return sha256(secret.encode(errors="replace")).hexdigest()


def read_fingerprint(text: str) -> str:
    """Read a certificate's SHA-256, with colons or without; blank for none, Invalid otherwise."""
    plain = text.replace(":", "").strip().lower()
    if plain and not _FINGERPRINT.fullmatch(plain):
        raise Invalid({"certificate": "must be the SHA-256 of the certificate: 64 hex digits"})
    return plain


def _subject(client: Client) -> str:
    return f"client {client.name}"


def _client_named(work: Work, name: str) -> Client | None:
    if not _NAME.fullmatch(name):
        return None
    return work.session.scalar(select(Client).where(Client.name == name))


def _add_secret(work: Work, client: Client) -> str:
    secret = secrets.token_urlsafe(32)
    row = ClientSecret(digest=digest_of(secret), client_id=client.id, created_at=work.now)
    work.session.add(row)
    return secret


def _valid_secrets(work: Work, client: Client) -> list[ClientSecret]:
    valid = (ClientSecret.client_id == client.id) & ClientSecret.ended_at.is_(None)
    query = select(ClientSecret).where(valid).order_by(ClientSecret.created_at)
    return list(work.session.scalars(query))


def _end_tokens(work: Work, client: Client) -> None:
    running = (ClientToken.client_id == client.id) & ClientToken.ended_at.is_(None)
    work.session.execute(update(ClientToken).where(running).values(ended_at=work.now))
    record(work, "token:revoked", _subject(client))


def _problems(name: str, role: Role, organisation: str, scopes: Collection[str]) -> dict[str, str]:
    problems = {}
    if not _NAME.fullmatch(name):
        problems["name"] = "must be 3 to 64 small letters, digits or . _ -"
    if role not in CLIENT_ROLES:
        problems["role"] = f"{role} is no system's role; choose one of {', '.join(CLIENT_ROLES)}"
    elif (role is Role.MACHINE) != bool(organisation):
        problems["organisation"] = (
            "must be given for a system of a force or an authority, and for no other"
        )
    strange = sorted(set(scopes) - {each.value for each in ROLES.get(role, ())})
    if strange or not scopes:
        may = ", ".join(sorted(ROLES.get(role, ())))
        problems["scope"] = f"{' '.join(strange) or 'none'} is nothing that a {role} may do: {may}"
    return problems

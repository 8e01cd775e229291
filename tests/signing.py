"""Ways in, as the pages take them: by a password, by half and whole, by an app."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from register.access.factors import Desk, Proof, invitation, set_up
from register.access.key_files import FactorKey
from register.access.models import User
from register.access.security_keys import Site
from register.access.sessions import own_session
from register.access.signing_in import Caller, Outcome, begin_try, finish_try, try_password
from register.settings import Settings
from register.terms import Role
from register.work import OPERATOR, Actor, Work, begin_work
from tests.authenticator import code_at
from tests.web.conftest import Clock
from tests.web.people import PASSWORD

ORIGIN = "https://register.example"
DESK = Desk(Site(ORIGIN), FactorKey("a key of nobody"))
HERE = Caller("192.0.2.1")
DAY = timedelta(days=1)
SETTINGS = Settings()
EVE = Actor("eve", Role.ADMINISTRATOR, user_id=5)
FAY = Actor("fay", Role.ADMINISTRATOR, user_id=99)


@dataclass
class Door:
    """The way in, as the pages take it; `looked_at` are the passwords that were hashed, by name."""

    engine: Engine
    clock: Clock
    looked_at: list[tuple[datetime, str]] = field(default_factory=list)

    def knock(self, username: str, password: str, address: str, device: str = "") -> Outcome:
        """Try to sign in; give what came of it."""
        with begin_work(self.engine, clock=self.clock) as work:
            tried = begin_try(work, username, Caller(address, device))
        if tried.wait:
            return Outcome(wait=tried.wait)
        self.looked_at.append((self.clock.now, username))
        fits, rehashed = try_password(tried, password)
        with begin_work(self.engine, clock=self.clock) as work:
            return finish_try(work, tried, rehashed, fits=fits, second_factor=False)

    def half(self, username: str) -> str:
        """Give the password where there is a second step; give the token of what follows."""
        with begin_work(self.engine, clock=self.clock) as work:
            tried = begin_try(work, username, Caller("192.0.2.1"))
        fits, _ = try_password(tried, PASSWORD)
        with begin_work(self.engine, clock=self.clock) as work:
            return finish_try(work, tried, fits=fits, second_factor=True).token

    def most_in_a_day(self) -> int:
        """Give how many passwords were looked at in the worst 24 hours."""
        times = [at for at, _ in self.looked_at]
        return max(sum(start <= at < start + DAY for at in times) for start in times)


def step(work: Work, username: str = "amina", *, second: bool = False) -> Outcome:
    """Give the password; where there is no second step that is all."""
    tried = begin_try(work, username, HERE)
    fits, rehashed = try_password(tried, PASSWORD)
    return finish_try(work, tried, rehashed, fits=fits, second_factor=second)


def sign_in(work: Work, username: str = "amina") -> str:
    token = step(work, username).token
    work.actor = OPERATOR
    return token


def user_of(work: Work, username: str) -> User:
    return work.session.scalars(select(User).where(User.username == username)).one()


def give_app(work: Work, token: str) -> bytes:
    """Set up an app in a session; give its secret."""
    mine = own_session(work, token)
    _, app = invitation(work, mine, mine.user, DESK)
    secret = DESK.key.derive(f"secret {mine.digest} {mine.challenge.hex()}", 20)
    set_up(work, mine, f"app {work.now}", Proof(code=code_at(secret, work.now)), DESK)
    assert app.link.startswith("otpauth://totp/")
    return secret

"""Whether whoever asks has just shown again that it is they: the one place that is asked."""

from datetime import timedelta
from hashlib import sha256

from register.access.models import LoginSession
from register.work import Work

FRESH = timedelta(minutes=5)
"""How long a sign-in counts as fresh."""


def confirmed(work: Work, token: str) -> bool:
    """Tell whether the session of this token was signed in to, or confirmed, just now."""
    session = work.session.get(LoginSession, sha256(token.encode()).hexdigest())
    if session is None or session.ended_at is not None or session.user_id != work.actor.user_id:
        return False
    return work.now - session.created_at < FRESH

"""What could not be compared, and why: counted and shown, never an alarm (domain 7.1, 1)."""

from sqlalchemy import select

from register.access.policy import Permission, needs
from register.mismatches.case import Gap
from register.mismatches.models import Outlook
from register.records.sight import is_in_sight
from register.work import Work, stands


@needs(Permission.MISMATCH_READ)
def find_gaps(work: Work, child: int) -> list[Gap]:
    """Give what could not be compared of one child."""
    seen = is_in_sight(work, Outlook.child) & stands(work, Outlook)
    gaps = work.session.scalar(select(Outlook.gaps).where(Outlook.child == child, seen))
    return [Gap(*row) for row in gaps or []]

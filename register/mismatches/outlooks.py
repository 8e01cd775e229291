"""What each comparison left open, as it stands: what time will bring, what was not compared."""

from collections.abc import Mapping, Sequence

from register.mismatches.finding_rows import Row
from register.mismatches.models import Outlook
from register.rows import add_standing, end_standing, standing_rows
from register.work import Work

_TOLD = ("next_change_at", "gaps")


def keep_outlooks(work: Work, heard: Mapping[int, Row], children: Sequence[int]) -> int:
    """Hold the outlooks of these children equal to what was heard; give how many changed.

    One that leaves nothing open has no row.
    """
    wanted = {child: row for child, row in heard.items() if row["gaps"] or row["next_change_at"]}
    known = {row["child"]: row for row in standing_rows(work.session, children, Outlook.child)}
    kept = {
        child
        for child, row in known.items()
        if child in wanted and all(row[name] == wanted[child][name] for name in _TOLD)
    }
    stale = [row["id"] for child, row in known.items() if child not in kept]
    end_standing(work.session, Outlook.id, stale, work.now)
    fresh = [
        {"child": child, **row, "known_from": work.now}
        for child, row in sorted(wanted.items())
        if child not in kept
    ]
    add_standing(work.session, Outlook, fresh)
    return len((known.keys() | wanted.keys()) - kept)

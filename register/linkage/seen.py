"""What a person saw of some children when they decided: held against what is known now.

It travels with the page as text, `report:version` by `.`: whoever decides sends it back, and where
a report came, went or says something else since, nothing is decided.
"""

import re
from collections.abc import Collection, Iterable

from sqlalchemy import select

from register.errors import Conflict
from register.linkage.models import Membership
from register.reports.models import Report
from register.rows import among, parts
from register.work import Work, stands

_SEEN = re.compile(r"(\d+:\d+(\.\d+:\d+)*)?")


def seen_of(work: Work, children: Iterable[int]) -> str:
    """Say which reports these children have, and in which version each."""
    rows: list[tuple[int, int | None]] = []
    for part in parts(sorted(set(children))):
        query = (
            select(Report.id, Report.current_version_id)
            .join(Membership, Membership.report_id == Report.id)
            .where(among(Membership.child_id, part), stands(work, Membership))
        )
        rows += [(report, version) for report, version in work.session.execute(query)]
    return ".".join(f"{report}:{version}" for report, version in sorted(rows))


def refuse_changed(work: Work, children: Collection[int], seen: str) -> None:
    """Refuse to decide on children who are not what was seen; raise Conflict with what changed."""
    now = seen_of(work, children)
    if now == seen:
        return
    if not _SEEN.fullmatch(seen):
        raise Conflict("It is not said what you were shown. Open the page again and decide there.")
    before, after = versions_seen(seen), versions_seen(now)
    came, went = after.keys() - before.keys(), before.keys() - after.keys()
    corrected = {each for each in before.keys() & after.keys() if before[each] != after[each]}
    # What was sent back as seen is named only if it ever was of these children.
    names = _names(work, came | corrected | _once_of(work, children, went))
    said = [
        f"{what} {', '.join(sorted(names.get(each, 'another') for each in reports))}"
        for what, reports in (
            ("added since:", came),
            ("no longer with these children:", went),
            ("corrected since:", corrected),
        )
        if reports
    ]
    raise Conflict(
        "The reports are not those that you were shown, so nothing was decided. "
        f"Reports {'; '.join(said)}. Look again, then decide."
    )


def versions_seen(seen: str) -> dict[int, str]:
    """Give the version of each report that was seen."""
    pairs = (each.split(":") for each in seen.split(".") if each)
    return {int(report): version for report, version in pairs}


def _once_of(work: Work, children: Collection[int], reports: Collection[int]) -> set[int]:
    once = among(Membership.child_id, sorted(children)) & among(Membership.report_id, reports)
    return set(work.session.scalars(select(Membership.report_id).where(once)))


def _names(work: Work, reports: set[int]) -> dict[int, str]:
    names: dict[int, str] = {}
    for part in parts(sorted(reports)):
        columns = (Report.id, Report.organisation, Report.reference)
        rows = work.session.execute(select(*columns).where(among(Report.id, part)))
        names |= {report: f"{code} {reference}" for report, code, reference in rows}
    return names

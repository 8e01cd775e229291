"""Protected values that a statement does not hold: opened here, one by one, for who has asked."""

from collections.abc import Collection

from sqlalchemy import select

from register.reports.models import Report, ReportVersion
from register.reports.sealing import opened_all
from register.reports.statement import Statement, Value
from register.rows import ASKED, ask
from register.secrecy.keys import key_of
from register.work import Work

_SEALED = (
    select(Report.id, Report.organisation, Report.kind, Report.reference, ReportVersion.protected)
    .join_from(ASKED, Report, Report.id == ASKED.c.value)
    .join(ReportVersion, ReportVersion.id == Report.current_version_id)
)


def protected_values(work: Work, report_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Give every protected value of these reports as they stand, usable or as sent, by field."""
    return {
        number: opened_all(sealed, (organisation, kind, reference), key_of(work, organisation))
        for number, organisation, kind, reference, sealed in ask(
            work.session, _SEALED, set(report_ids)
        )
    }


def whole_of(work: Work, statement: Statement) -> dict[str, Value]:
    """Give all that a report of the actor's own says, as used or as sent, to be sent again."""
    hidden = protected_values(work, [statement.report_id])[statement.report_id]
    return {**statement.doubtful, **statement.values, **hidden}

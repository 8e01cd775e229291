"""What an inspection comes to, as data that others can read and hash."""

from dataclasses import asdict
from datetime import UTC

from register.inspection.figure import Figure
from register.inspection.figures import Figures

Data = dict[str, object]


def as_data(found: Figures) -> Data:
    """Give figures as plain data: texts, numbers, lists."""
    scope = found.scope
    return {
        "organisation": scope.organisation,
        "during": [scope.first.isoformat(), scope.last.isoformat()],
        "as_at": found.moment.astimezone(UTC).isoformat(),
        "figures": [_figure(each) for each in found.figures],
    }


def _figure(figure: Figure) -> Data:
    told = asdict(figure)
    told["lengths"] = [
        {
            "label": each.label,
            "seconds": None if each.length is None else int(each.length.total_seconds()),
            "of": each.of,
        }
        for each in figure.lengths
    ]
    told["lines"] = [{"label": line.label, "counts": list(line.counts)} for line in figure.lines]
    return told

"""The page of an evidence pack: one file of HTML to be read, printed and kept, without scripts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from register.inspection.chronology import Chronology, Entry
from register.inspection.figure import Figure
from register.inspection.figures import Figures
from register.inspection.pack_data import given
from register.inspection.samples import DrawnSample
from register.reports.organisations import find_organisation
from register.reports.values import Moment


@dataclass(frozen=True, slots=True)
class Cover:
    """Who made a pack, when, for whom, and what for."""

    actor: str
    made_at: datetime
    recipient: str
    purpose: str


def page_of(
    cover: Cover,
    figures: Figures,
    sample: DrawnSample,
    chronologies: Sequence[Chronology],
    sums: Mapping[str, str],
) -> bytes:
    """Write the page."""
    html = Element("html", lang="en")
    head = SubElement(html, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "title").text = f"Evidence pack of sample {sample.number}"
    SubElement(head, "link", rel="stylesheet", href="pack.css")
    main = SubElement(SubElement(html, "body"), "main")
    _put(main, "h1", f"Evidence pack of sample {sample.number}")
    _cover(main, cover, figures, sample)
    _put(main, "h2", "Figures")
    for figure in figures.figures:
        _figure(main, figure)
    _sample(main, sample)
    for each in chronologies:
        _chronology(main, each)
    _verification(main, sums)
    written = tostring(html, encoding="unicode", method="html")
    return f"<!DOCTYPE html>\n{written}\n".encode()


def _cover(main: Element, cover: Cover, figures: Figures, sample: DrawnSample) -> None:
    scope = figures.scope
    known = find_organisation(scope.organisation)
    rows = (
        ("Organisation", known.name if known else "All of England"),
        ("Goings missing that began", f"from {scope.first} to {scope.last}"),
        ("As known at", _time(figures.moment)),
        ("Sample", f"number {sample.number}, drawn by {sample.actor}, {_time(sample.drawn_at)}"),
        ("Seed", sample.seed),
        ("Pack made by", f"{cover.actor}, {_time(cover.made_at)}"),
        ("For", cover.recipient),
        ("Purpose", cover.purpose),
    )
    listed = SubElement(main, "dl")
    for name, text in rows:
        _put(listed, "dt", name)
        _put(listed, "dd", text)
    _put(
        main,
        "p",
        "Places, names, dates of birth, identifying numbers and people's own words are left out. "
        "Times are in UTC.",
    )


def _figure(main: Element, figure: Figure) -> None:
    section = SubElement(main, "section")
    _put(section, "h3", figure.title)
    _put(section, "p", figure.definition)
    for share in figure.shares:
        shown = "not shown" if share.percent is None else f"{share.percent}%"
        _put(
            section, "p", f"{share.label}: {shown} ({_count(share.part)} of {_count(share.whole)})"
        )
    for length in figure.lengths:
        _put(section, "p", f"{length.label}: {length.length or 'not known'}")
    rows = [[line.label, *map(_count, line.counts)] for line in figure.lines]
    _table(section, figure.title, [figure.heading, *figure.headings], rows)


def _sample(main: Element, sample: DrawnSample) -> None:
    _put(main, "h2", "Sample")
    _put(
        main,
        "p",
        "Of each child of a stratum the SHA-256 of seed:stratum:number was taken; those with the "
        "smallest were drawn. sample.json holds every child of each stratum.",
    )
    rows = [
        [each.title, str(each.frame), str(each.wanted), ", ".join(each.drawn)]
        for each in sample.strata
    ]
    _table(main, "Sample", ["Stratum", "Children in it", "Asked for", "Drawn"], rows)


def _chronology(main: Element, told: Chronology) -> None:
    section = SubElement(main, "section", {"class": "chronology"})
    _put(section, "h2", f"Chronology of {told.number}")
    rows = [
        [_time(each.known_at), _moment(each.happened), _who(each), _what(each)]
        for each in told.entries
    ]
    headings = ["Known to the register", "Happened", "Said by", "What"]
    _table(section, f"Chronology of {told.number}", headings, rows)


def _verification(main: Element, sums: Mapping[str, str]) -> None:
    _put(main, "h2", "Whether this pack is whole")
    _put(
        main,
        "p",
        "Run `python verify.py`, or `sha256sum -c SHA256SUMS`, in the folder of the pack. The log "
        "of the register keeps the SHA-256 of SHA256SUMS with the entry of this disclosure; "
        "log.txt tells how long the log was, and its root, when the pack was made.",
    )
    _table(main, "Parts", ["Part", "SHA-256"], [[name, each] for name, each in sums.items()])


def _what(entry: Entry) -> str:
    changes = [
        f"{each.field.label}: {given(each.field.name, each.before) or 'nothing'} to "
        f"{given(each.field.name, each.after) or 'nothing'}"
        if each.before
        else f"{each.field.label}: {given(each.field.name, each.after)}"
        for each in entry.changes
    ]
    return f"{entry.what}{'. ' if changes else ''}{'; '.join(changes)}"


def _who(entry: Entry) -> str:
    known = find_organisation(entry.organisation)
    return " for ".join(filter(None, [entry.who, known.name if known else entry.organisation]))


def _table(
    parent: Element, caption: str, headings: Sequence[str], rows: Iterable[Sequence[str]]
) -> None:
    table = SubElement(parent, "table")
    _put(table, "caption", caption)
    top = SubElement(SubElement(table, "thead"), "tr")
    for heading in headings:
        _put(top, "th", heading, scope="col")
    body = SubElement(table, "tbody")
    for row in rows:
        line = SubElement(body, "tr")
        _put(line, "th", row[0], scope="row")
        for cell in row[1:]:
            _put(line, "td", cell)


def _put(parent: Element, tag: str, text: str, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = text


def _count(count: int | None) -> str:
    return "not shown" if count is None else str(count)


def _moment(moment: Moment | None) -> str:
    if moment is None:
        return ""
    return moment.day.isoformat() if moment.day_only else _time(moment.earliest)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(" ", "seconds").removesuffix("+00:00")

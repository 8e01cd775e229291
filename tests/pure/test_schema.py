"""The one validator: what keeps a report out, what is kept as doubtful, what is marked."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.errors import Invalid
from register.reports.digest import digest
from register.reports.fields import FIELDS
from register.reports.schema import Reading, Unread, read_report
from register.reports.values import VALUE_LENGTH
from register.terms import Kind

NOW = datetime(2026, 3, 2, 22, 40, tzinfo=UTC)
REPORT: dict[str, object] = {
    "organisation": "E23000001",
    "reference": "P1",
    "forename": "Ottilie",
    "category": "missing",
    "status": "open",
    "missing_at": "2026-03-01T21:00:00+00:00",
}
ROSTER: dict[str, object] = {
    "organisation": "E08000035",
    "child_reference": "C7",
    "looked_after_from": "2024-05-01",
}


def read(**values: object) -> Reading:
    return read_report({**REPORT, **values}, now=NOW)


def refused(**values: object) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        read(**values)
    return refusal.value.problems


def test_what_stands_in_a_reading() -> None:
    reading = read(surname="  Quill ", known_as="Otti; Tilly;Otti", updated_at="", height_cm=152)
    assert (reading.organisation, reading.reference, reading.kind) == (
        "E23000001",
        "P1",
        Kind.MISSING,
    )
    assert reading.content == {
        "forename": "Ottilie",
        "surname": "Quill",
        "known_as": ["Otti", "Tilly"],
        "category": "missing",
        "status": "open",
        "missing_at": "2026-03-01T21:00:00+00:00",
        "height_cm": "152",
    }
    assert (reading.doubtful, reading.marks) == ({}, {})


@pytest.mark.parametrize("name", ["organisation", "reference", "category", "status", "missing_at"])
@pytest.mark.parametrize("value", ["", " ", None, "nonsense \x00", "9999-99-99"])
def test_a_required_field_keeps_a_report_out(name: str, value: str | None) -> None:
    if name == "reference" and value == "9999-99-99":
        assert read(reference=value).reference == value
    else:
        assert set(refused(**{name: value})) == {name}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nhs_number", "9434765910"),
        ("upn", "B123456789012"),
        ("home_postcode", "nowhere"),
        ("sex", "X"),
        ("date_of_birth", "31/05/2012"),
        ("date_of_birth", "2026-05-01"),
        ("date_of_birth", "1999-05-01"),
        ("date_of_birth", "2026-03-02"),
        ("surname", "Qu\x00ill"),
        ("surname", "Qu\ud800ill"),
        ("surname", "x" * 401),
        ("found_at", "2026-03-02T10:00:00"),
        ("found_at", "9999-12-31"),
        ("updated_at", "2026-03-09"),
        ("height_cm", 1.5),
        ("clothing", {"coat": "red"}),
        ("risk_flags", ["trafficking", "unheard_of"]),
    ],
)
def test_a_doubtful_optional_value_keeps_no_report_out(name: str, value: object) -> None:
    reading = read(**{name: value})
    assert set(reading.doubtful) == set(reading.marks) == {name}
    assert reading.marks[name][0].islower()
    kept = reading.content.get(name)
    assert kept is None or (name == "risk_flags" and kept == ["trafficking"])
    # Whatever was sent, every database can keep it.
    reading.doubtful[name].encode()
    assert "\x00" not in reading.doubtful[name]


def test_nothing_of_a_doubtful_value_is_lost() -> None:
    assert read(surname="Qu\x00i\udfffll").doubtful == {"surname": r"Qu\x00i\udfffll"}
    longest = "x" * VALUE_LENGTH
    assert read(clothing=longest).doubtful == {"clothing": longest}
    assert set(refused(clothing=longest + "x")) == {"clothing"}


def test_a_mark_quotes_no_value() -> None:
    values = {each.name: "Zyzzyva-1" for each in FIELDS if not each.required}
    values.pop("looked_after_from")
    values.pop("looked_after_to")
    marks = read(**values).marks
    assert len(marks) > 20
    assert not [why for why in marks.values() if "zyzzyva" in why.lower()]


def test_unknown_names_are_refused_with_the_nearest() -> None:
    assert "'surname'" in refused(surnam="Quill")["surnam"]
    assert refused(looked_after_from="2024-05-01").keys() == {"looked_after_from"}
    assert list(refused(**{"na\ud800me": "x"})) == [r"na\ud800me"]


def test_a_report_says_whom_it_is_about() -> None:
    assert refused(forename="").keys() == {"child_reference"}
    assert "nhs_number" in refused(forename="", nhs_number="123")["child_reference"]
    assert read(forename="", child_reference="7").content["child_reference"] == "7"


def test_only_forces_and_authorities_report() -> None:
    assert "sends no reports" in refused(organisation="NCA")["organisation"]
    assert read(organisation="btp").organisation == "BTP"


def test_a_roster_row_is_named_by_child_and_first_day() -> None:
    reading = read_report(ROSTER, Kind.ROSTER, now=NOW)
    assert (reading.reference, reading.kind) == ("C7/2024-05-01", Kind.ROSTER)
    unknown = read_report({**ROSTER, "looked_after_from": "once"}, Kind.ROSTER, now=NOW)
    assert (unknown.reference, set(unknown.doubtful)) == ("C7", {"looked_after_from"})
    for values in ({"organisation": "E23000001"}, {"child_reference": ""}, {"category": "away"}):
        with pytest.raises(Invalid) as refusal:
            read_report({**ROSTER, **values}, Kind.ROSTER, now=NOW)
        assert set(refusal.value.problems) == set(values)


@pytest.mark.parametrize(
    ("values", "marked"),
    [
        ({"found_at": "2026-03-01T20:59:00+00:00"}, {"found_at"}),
        ({"found_at": "2026-02-28"}, {"found_at"}),
        ({"found_at": "2026-03-02", "returned_at": "2026-03-01"}, {"returned_at"}),
        ({"reported_at": "2026-03-02T01:00:00+00:00", "closed_at": "2026-03-01"}, {"closed_at"}),
        ({"reported_at": "2026-03-01T20:00:00+00:00"}, {"reported_at"}),
        ({"missing_at": "2026-03-03T21:00:00+00:00"}, {"missing_at"}),
        ({"updated_at": "2026-03-01T22:00:00+00:00", "found_at": "2026-03-02"}, {"found_at"}),
        # No contradiction: the same day, a report made after the child was found, a review due.
        ({"found_at": "2026-03-01"}, set()),
        ({"found_at": "2026-03-02", "reported_at": "2026-03-02T09:00:00+00:00"}, set()),
        ({"next_review_at": "2026-03-09T09:00:00+00:00"}, set()),
        ({"updated_at": "2026-03-02", "found_at": "2026-03-02T20:00:00+00:00"}, set()),
    ],
)
def test_contradictory_times_are_kept_and_marked(
    values: dict[str, object], marked: set[str]
) -> None:
    reading = read(**values)
    assert set(reading.marks) == marked
    assert reading.doubtful == {}
    assert values.items() <= reading.content.items()


def test_a_pupil_number_of_an_unknown_authority_is_used_and_marked() -> None:
    reading = read(upn="A123456789012")
    assert reading.content["upn"] == "A123456789012"
    assert set(reading.marks) == {"upn"}


def test_what_a_layout_could_not_read() -> None:
    reading = read_report(
        {**REPORT, "sex": "female"},
        now=NOW,
        unread={"sex": Unread("W", "is not one of the codes F, M")},
        marks={"missing_at": "names an hour that never was"},
    )
    assert reading.doubtful == {"sex": "W"}
    assert reading.marks == {
        "sex": "is not one of the codes F, M",
        "missing_at": "names an hour that never was",
    }
    with pytest.raises(Invalid) as refusal:
        read_report(REPORT, unread={"status": Unread("ODD", "is not one of the codes LIVE")})
    assert refusal.value.problems == {"status": "is not one of the codes LIVE"}


def test_the_digest_follows_what_is_said_and_nothing_else() -> None:
    one = digest(read(surname="Quill", sex="?"))
    same = {"sex": "?", "surname": " Quill", **REPORT}
    assert digest(read_report(same, now=NOW)) == one
    others = [read(surname="Quill"), read(surname="Quil", sex="?"), read(surname="Quill", sex="!")]
    assert one not in [digest(each) for each in others]
    assert len(one) == 64


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(st.sampled_from([field.name for field in FIELDS]) | st.text(), JSON),
    st.sampled_from(Kind),
    st.booleans(),
)
def test_any_values_are_read_or_refused(
    values: dict[str, object],
    kind: Kind,
    complete: bool,  # noqa: FBT001  # Hypothesis gives it
) -> None:
    start = (REPORT if kind is Kind.MISSING else ROSTER) if complete else {}
    try:
        reading = read_report({**start, **values}, kind, now=NOW)
    except Invalid as refusal:
        str(refusal).encode()
        return
    json.dumps([reading.content, reading.doubtful, reading.marks], ensure_ascii=False).encode()
    assert len(digest(reading)) == 64

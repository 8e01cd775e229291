"""One value a field: who is believed, what is no difference, who says so and since when."""

from datetime import UTC, datetime
from itertools import permutations

import pytest

from register.records.episodes import align
from register.records.reconcile import (
    CHILD_FIELDS,
    EPISODE_FIELDS,
    Reconciled,
    reconcile,
    reconcile_episode,
)
from register.reports.fields import BY_NAME
from register.reports.statement import Statement, Value
from tests.statements import AUTHORITY, FORCE, HOST, OTHER_FORCE, moment, report, roster, saying

A, H, P, Q = AUTHORITY, HOST, FORCE, OTHER_FORCE
UPN, OTHER_UPN = "H801200001001", "T380200001002"


def police(organisation: str = P, updated: str = "03-09 12:00", **said: Value) -> Statement:
    """Make a report of a force that says this of the child."""
    return saying(report(organisation, "03-02 22:00", updated=updated), said)


def authority(organisation: str = A, updated: str = "03-09 12:00", **said: Value) -> Statement:
    """Make a report of an authority that says this of the child."""
    return saying(report(organisation, "03-02", updated=updated), said)


def weighed(field: str, *statements: Statement) -> Reconciled:
    """Reconcile in every order and give the one result for a field."""
    results = [reconcile(order).values[field] for order in permutations(statements)]
    assert all(result == results[0] for result in results)
    return results[0]


def one_going(*statements: Statement) -> dict[str, Reconciled]:
    """Reconcile the only episode of these reports."""
    (episode,) = align(statements)
    return reconcile_episode(episode)


# Whose word is taken


def test_every_field_is_about_the_child_or_about_one_going_missing() -> None:
    names = [field.name for field in (*CHILD_FIELDS, *EPISODE_FIELDS)]
    own = {"organisation", "reference", "updated_at", "child_reference"}
    assert len(names) == len(set(names))
    assert set(names) | own == set(BY_NAME)


def test_one_word_is_the_value() -> None:
    surname = weighed("surname", police(surname="Okafor"), authority())
    assert (surname.value, surname.disputed) == ("Okafor", False)
    assert [origin.organisation for origin in surname.origins] == [P]


def test_what_nobody_says_is_not_there() -> None:
    record = reconcile([police(surname="Okafor", sex="unknown"), authority(ethnicity="NOBT")])
    assert set(record.values) == {"surname"}
    assert record.text("sex") == record.text("nhs_number") == ""


@pytest.mark.parametrize(
    ("field", "force", "council", "value"),
    [
        ("upn", OTHER_UPN, UPN, UPN),
        ("nhs_number", "9434765919", "9434765870", "9434765870"),
        ("legal_status", "V2", "C2", "C2"),
        ("care_status", "none", "looked_after", "looked_after"),
        ("placement_postcode", "LS1 1AA", "LS2 2BB", "LS2 2BB"),
        ("responsible_authority", HOST, AUTHORITY, AUTHORITY),
        ("police_force", FORCE, OTHER_FORCE, FORCE),
        ("surname", "Okafor", "Nwosu", None),
        ("sex", "female", "male", None),
        ("height_cm", "150", "170", None),
    ],
)
def test_who_is_believed_is_in_the_field_table(
    field: str, force: str, council: str, value: str | None
) -> None:
    found = weighed(field, police(**{field: force}), authority(**{field: council}))
    assert (found.value, found.disputed) == (value, value is None)
    assert {origin.value for origin in found.origins} == {force, council}
    believed = BY_NAME[field].believed
    if believed is not None:
        assert found.origins[0].organisation == (P if believed == "police" else A)


def test_the_believed_who_differ_among_themselves_leave_it_disputed() -> None:
    found = weighed("upn", authority(upn=UPN), authority(H, upn=OTHER_UPN), police(upn=UPN))
    assert found.disputed
    assert found.value is None
    assert [origin.organisation for origin in found.origins] == [H, A, P]


def test_those_who_are_not_believed_may_differ_from_nobody() -> None:
    assert weighed("upn", police(upn=UPN), police(Q, upn=OTHER_UPN)).disputed
    assert weighed("upn", police(upn=UPN), police(Q, upn=UPN)).value == UPN


def test_a_disputed_value_is_blank_as_text() -> None:
    record = reconcile([police(surname="Okafor"), authority(surname="Nwosu")])
    assert record.values["surname"].disputed
    assert record.text("surname") == ""


def test_withdrawn_reports_say_nothing() -> None:
    found = weighed(
        "surname", police(surname="Okafor", status="withdrawn"), authority(surname="Nwosu")
    )
    assert found.value == "Nwosu"


def test_a_list_speaks_like_a_report() -> None:
    assert weighed("forename", roster(A, "03-01", forename="Amara")).value == "Amara"


# The latest word, and since when


def test_the_latest_word_counts_and_a_blank_says_nothing() -> None:
    found = weighed(
        "surname",
        police(updated="03-03 10:00", surname="Okafor"),
        police(updated="03-05 10:00", surname="Nwosu"),
        police(updated="03-07 10:00"),
    )
    assert found.value == "Nwosu"
    assert not found.disputed


def test_since_is_the_first_report_of_the_unbroken_run() -> None:
    first, blank, last = (
        police(updated="03-03 10:00", surname="Okafor"),
        police(updated="03-04 10:00"),
        police(updated="03-05 10:00", surname="Okafor"),
    )
    before = police(updated="03-01 10:00", surname="Okafor")
    between = police(updated="03-02 10:00", surname="Nwosu")
    (origin,) = weighed("surname", first, blank, last, before, between).origins
    assert origin.since == datetime(2026, 3, 3, 10, tzinfo=UTC)
    assert origin.report_id == last.report_id


def test_of_rows_written_together_the_one_about_the_latest_time_counts() -> None:
    """An annual return has one date of change for all its rows."""
    found = weighed(
        "legal_status",
        roster(A, "02-01", legal_status="C2"),
        roster(A, "01-01", "02-01", legal_status="E1"),
    )
    assert found.value == "C2"


# Of those that agree


def test_of_two_that_agree_the_one_that_tells_more_is_the_value() -> None:
    rough = authority(
        date_of_birth="2010-05-15", date_of_birth_precision="month", updated="03-10 10:00"
    )
    record = reconcile([rough, police(date_of_birth="2010-05-30", surname="OKAFOR-ÉZE")])
    assert record.text("date_of_birth") == "2010-05-30"
    assert record.text("date_of_birth_precision") == "exact"
    capitals = [police(surname="MCDONALD", updated="03-10 10:00"), authority(surname="McDonald")]
    assert reconcile(capitals).text("surname") == "McDonald"


def test_a_source_that_disputes_the_age_leaves_it_disputed() -> None:
    doubting = authority(date_of_birth="2008-01-01", date_of_birth_precision="disputed")
    record = reconcile([doubting, police(date_of_birth="2010-01-01")])
    assert record.values["date_of_birth"].disputed
    assert record.text("date_of_birth_precision") == "disputed"


def test_other_names_add_up() -> None:
    found = weighed("known_as", police(known_as=["BOB"]), authority(known_as=["Bob", "Ace"]))
    assert not found.disputed
    assert [str(name).lower() for name in found.value or ()] == ["ace", "bob"]


# One going missing


def test_police_are_believed_on_when_last_seen_and_authorities_on_the_return() -> None:
    values = one_going(
        report(P, "03-02 22:00", "03-03 06:00", found_at=moment("03-03 05:00")),
        report(A, "03-03", "03-05", found_at=moment("03-05"), risk_level="low"),
    )
    assert values["missing_at"].value == moment("03-02 22:00")
    assert values["found_at"].value == moment("03-03 05:00")
    assert values["returned_at"].value == moment("03-05")
    assert values["risk_level"].value == "low"
    assert "reported_at" not in values
    assert "surname" not in values


def test_the_first_spell_tells_how_it_began_and_the_last_how_it_ended() -> None:
    values = one_going(
        report(A, "03-02", "03-10"),
        report(P, "03-02 22:00", "03-03 01:00", reported_at=moment("03-02 23:00")),
        report(P, "03-05 20:00", "03-06 03:00", risk_level="high", updated="03-06 04:00"),
    )
    assert values["missing_at"].value == moment("03-02 22:00")
    assert values["reported_at"].value == moment("03-02 23:00")
    assert values["returned_at"].origins[1].value == moment("03-06 03:00")
    assert values["risk_level"].value == "high"


def test_a_child_missing_again_is_not_shown_as_found() -> None:
    values = one_going(
        report(A, "03-02"),
        report(P, "03-02 22:00", "03-03 01:00", found_at=moment("03-03 00:30")),
        report(P, "03-05 20:00", updated="03-05 21:00"),
    )
    assert "found_at" not in values
    assert "returned_at" not in values
    assert values["status"].value == "open"


def test_an_open_spell_counts_though_a_later_one_is_closed() -> None:
    values = one_going(
        report(A, "03-02"), report(P, "03-02 22:00"), report(P, "03-05 20:00", "03-05 21:00")
    )
    assert values["status"].value == "open"


def test_located_not_returned_is_found_and_not_returned() -> None:
    values = one_going(
        report(P, "03-03 21:00", status="located", found_at=moment("03-04 02:00")),
        report(A, "03-03", status="closed", found_at=moment("03-04")),
        report(A, "03-04", category="away"),
    )
    assert values["category"].value == "missing"
    assert values["found_at"].value == moment("03-04 02:00")
    assert [origin.value for origin in values["found_at"].origins] == [
        moment("03-04 02:00"),
        moment("03-04"),
    ]
    assert "returned_at" not in values


def test_missing_to_one_and_away_to_the_other_is_disputed() -> None:
    values = one_going(report(P, "03-03 21:00"), report(A, "03-03", category="away"))
    assert values["category"].disputed


def test_risk_flags_add_up() -> None:
    values = one_going(
        report(P, "03-03 21:00", risk_flags=["trafficking"]),
        report(A, "03-03", risk_flags=["self_harm", "trafficking"]),
    )
    assert values["risk_flags"].value == ["self_harm", "trafficking"]
    assert not values["risk_flags"].disputed

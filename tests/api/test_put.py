"""One report over HTTP: received, linked, folded, and told in the same answer."""

from collections.abc import Callable

from tests.api.speaking import LEEDS, OPEN, WEST_YORKSHIRE, Speaker

Speak = Callable[[str], Speaker]


def test_a_report_is_received_and_told_what_became_of_it(speak: Speak) -> None:
    answer = speak("police").put(WEST_YORKSHIRE, "WY-1")
    assert answer.status_code == 201, answer.text
    said = answer.get_json()
    assert (said["received"], said["stands"], said["decision"]) == ("accepted", True, "alone")
    assert said["child"].startswith("C-")
    assert said["episode"].startswith("E-")
    assert said["warnings"] == []
    assert answer.headers["ETag"].strip('"')
    assert answer.headers["Cache-Control"] == "no-store"


def test_two_sides_are_linked_and_hear_what_disagrees(speak: Speak) -> None:
    first = speak("police").put(WEST_YORKSHIRE, "WY-1").get_json()
    second = speak("leeds").put(LEEDS, "L/1", date_of_birth="2011-06-30").get_json()
    assert second["child"] == first["child"]
    assert second["decision"] == "linked"
    assert "D1" in {each["rule"] for each in second["mismatches"]}


def test_the_same_again_changes_nothing(speak: Speak) -> None:
    police = speak("police")
    first = police.put(WEST_YORKSHIRE, "WY-1")
    again = police.put(WEST_YORKSHIRE, "WY-1")
    assert (again.status_code, again.get_json()["received"]) == (200, "unchanged")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_an_older_version_that_comes_late_does_not_stand(speak: Speak) -> None:
    police = speak("police")
    police.put(WEST_YORKSHIRE, "WY-1")
    late = police.put(WEST_YORKSHIRE, "WY-1", updated_at="2026-03-02T22:00:00+00:00", sex="female")
    assert (late.get_json()["received"], late.get_json()["stands"]) == ("accepted", False)
    held = police.ask("GET", f"/reports/{WEST_YORKSHIRE}/WY-1").get_json()
    assert held["report"]["sex"] == "male"


def test_every_bad_field_is_pointed_at_and_nothing_is_kept(speak: Speak) -> None:
    police = speak("police")
    answer = police.put(WEST_YORKSHIRE, "WY-1", missing_at="2026-03-02T22:40:00", **{"ho/me": "x"})
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    told = {each["pointer"]: each["detail"] for each in answer.get_json()["errors"]}
    assert "no offset" in told["/missing_at"]
    assert "is no field of a report" in told["/ho~1me"]
    assert police.ask("GET", f"/reports/{WEST_YORKSHIRE}/WY-1").status_code == 404


def test_a_doubtful_value_is_kept_and_warned_of(speak: Speak) -> None:
    answer = speak("police").put(WEST_YORKSHIRE, "WY-1", nhs_number="9000000001", height_cm=1.5)
    assert answer.status_code == 201
    warned = {each["pointer"] for each in answer.get_json()["warnings"]}
    assert warned == {"/nhs_number", "/height_cm"}


def test_another_organisations_report_is_as_if_absent(speak: Speak) -> None:
    police, leeds = speak("police"), speak("leeds")
    police.put(WEST_YORKSHIRE, "WY-1")
    there = leeds.ask("GET", f"/reports/{WEST_YORKSHIRE}/WY-1")
    nowhere = leeds.ask("GET", f"/reports/{WEST_YORKSHIRE}/WY-2")
    assert (there.status_code, there.data) == (404, nowhere.data)
    assert leeds.put(WEST_YORKSHIRE, "WY-1").data == there.data
    assert police.ask("GET", f"/reports/{WEST_YORKSHIRE}/WY-1").status_code == 200, "the control"


def test_a_report_is_changed_only_as_it_was_seen(speak: Speak) -> None:
    police = speak("police")
    path = f"/reports/{WEST_YORKSHIRE}/WY-1"
    none = {"headers": {"If-None-Match": "*"}}
    tag = police.ask("PUT", path, json=OPEN, **none).headers["ETag"]
    assert police.ask("PUT", path, json=OPEN, **none).status_code == 412
    later = OPEN | {"updated_at": "2026-03-02T22:20:00+00:00", "risk_level": "medium"}
    changed = police.ask("PUT", path, json=later, headers={"If-Match": tag})
    assert changed.status_code == 200
    latest = later | {"updated_at": "2026-03-02T22:25:00+00:00"}
    assert police.ask("PUT", path, json=latest, headers={"If-Match": tag}).status_code == 412
    same = police.ask("GET", path, headers={"If-None-Match": changed.headers["ETag"]})
    assert same.status_code == 304


def test_a_reference_may_hold_what_an_address_parts_by(speak: Speak) -> None:
    leeds = speak("leeds")
    assert leeds.put(LEEDS, "L-77%2F1").get_json()["reference"] == "L-77/1"
    assert leeds.ask("GET", f"/reports/{LEEDS}/L-77/1").status_code == 200


def test_json_that_can_be_read_in_two_ways_is_not_read(speak: Speak) -> None:
    police = speak("police")
    path = f"/reports/{WEST_YORKSHIRE}/WY-1"
    for body in (b'{"status": "open", "status": "closed"}', b"{", b"\xff", b'{"a": NaN}', b"[]"):
        how = {"data": body, "content_type": "application/json"}
        answer = police.ask("PUT", path, **how)
        assert answer.status_code in {400, 422}, body
        assert answer.mimetype == "application/problem+json"
    assert police.ask("PUT", path, data=b"{}", content_type="text/plain").status_code == 415

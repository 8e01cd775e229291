"""The mixture: one child against brother or sister, twin, look-alike and stranger; and its file."""

import math
import tomllib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.errors import Refused
from register.linkage.compare import compare
from register.linkage.guards import Decision
from register.linkage.levels import (
    BIRTH_ORDER,
    FORENAME_ORDER,
    PLAIN_ORDER,
    POSTCODE_ORDER,
    SURNAME_ORDER,
    Level,
)
from register.linkage.match import ELSEWHERE, Bits, judge, sum_up, together, weigh_all
from register.linkage.model import IN_FORCE
from register.linkage.model_file import EVIDENCE, model_of, model_text
from tests.subjects import HOME, MODEL, RARE, SAID, compared, elsewhere, judged, police

TABLE = tomllib.loads(IN_FORCE.read_text("utf-8"))
AT_HOME = {**RARE, "home_postcode": HOME}
BY_RARITY = {
    "forename": ("exact", "first", "first_other", "family"),
    "surname": ("exact", "part", "alike"),
}
SUMS = st.builds(Bits, *[st.floats(-60, 60)] * len(Bits._fields))


@pytest.mark.parametrize(
    ("said", "rival"),
    [
        ({"forename": "Barnaby"}, "twin"),
        ({"forename": "Barnaby", "date_of_birth": "2008-11-02"}, "sibling"),
        ({"date_of_birth": "", "home_postcode": "CR0 6NG"}, "look_alike"),
        ({"surname": "Khan", "home_postcode": "CR0 6NG", "date_of_birth": ""}, "stranger"),
    ],
)
def test_the_likeliest_other_explanation(said: dict[str, Any], rival: str) -> None:
    assert judged(AT_HOME, {**AT_HOME, **said}).rival == rival


def test_what_a_family_shares_weighs_nothing_within_the_family() -> None:
    apart = {**RARE, "forename": "Barnaby", "home_postcode": "CR0 6NG"}
    near = {**apart, "home_postcode": HOME}
    one, other = (weigh_all(compared(AT_HOME, each), MODEL) for each in (apart, near))
    for rival in ("sibling", "twin"):
        assert sum(getattr(bits, rival) for bits in one.values()) == sum(
            getattr(bits, rival) for bits in other.values()
        )
    assert one["postcode"].stranger < other["postcode"].stranger, "the control"


def test_in_another_part_of_the_country_only_two_rare_names_are_enough() -> None:
    here, there = {"home_postcode": HOME}, {"home_postcode": "CR0 6NG"}
    for names, decision in (
        ({}, Decision.LINK),
        ({"forename": "Olivia"}, Decision.REVIEW),
        ({"forename": "Olivia", "surname": "Smith"}, Decision.NOTHING),
    ):
        told = {**RARE, **names}
        apart = compare(police(**told, **here), elsewhere(**told, **there))
        assert judge(apart, MODEL).decision is decision, names
        # The control: one force's area.
        assert (
            judge(compared({**told, **here}, {**told, **there}), MODEL).bits
            > judge(apart, MODEL).bits
        )


def test_no_agreement_of_a_household_makes_plain_twins_one_child() -> None:
    twin = {**AT_HOME, "forename": "Barnaby"}
    assert judged(AT_HOME, twin).probability < MODEL.review
    # The control: to a sum that knows strangers only, they are one child.
    strangers = replace(MODEL, priors=Bits(99.0, 99.0, 99.0, MODEL.prior))
    assert judge(compared(AT_HOME, twin), strangers).probability > MODEL.link


@given(SUMS)
def test_four_explanations_together_are_likelier_than_any(sums: Bits) -> None:
    found = together(sums)
    assert min(sums) - 2 <= found <= min(sums)
    assert math.isclose(2.0**-found, sum(2.0**-bits for bits in sums), rel_tol=1e-9)


@given(SUMS, st.sampled_from(Bits._fields), st.floats(0, 9))
def test_whatever_speaks_for_one_child_never_lowers_the_score(
    sums: Bits, rival: str, more: float
) -> None:
    raised = sums._replace(**{rival: getattr(sums, rival) + more})
    assert together(raised) >= together(sums) - 1e-9


@given(SAID, SAID)
def test_the_score_is_of_all_four_sums(one: dict[str, Any], other: dict[str, Any]) -> None:
    found = compared(one, other)
    result = judge(found, MODEL)
    sums = sum_up(weigh_all(found, MODEL).values(), MODEL)
    assert result.bits == together(sums) <= result.fit == pytest.approx(sums.stranger)
    assert getattr(sums, result.rival) == min(sums)
    assert result.eventless <= result.fit


@pytest.mark.parametrize("rival", Bits._fields)
@pytest.mark.parametrize(
    ("table", "order"),
    [
        ("forename", FORENAME_ORDER),
        ("surname", SURNAME_ORDER),
        ("date_of_birth", BIRTH_ORDER),
        ("postcode", POSTCODE_ORDER),
        ("sex", PLAIN_ORDER),
        ("identifier", PLAIN_ORDER),
    ],
)
def test_full_agreement_weighs_most_and_difference_least(
    table: str, order: tuple[Level, ...], rival: str
) -> None:
    rare = BY_RARITY.get(table, ()) if rival == "stranger" else ()
    weights = {
        level: getattr(weight.bits, rival) + 7.0 * (level in rare)
        for level, weight in MODEL.weights[table].items()
        if level != ELSEWHERE
    }
    best = weights[order[0]]
    assert all(best >= bits for bits in weights.values())
    assert all(weights[Level.DIFFERS] <= bits for bits in weights.values())
    assert best >= 0 >= weights[Level.DIFFERS]


@pytest.mark.parametrize("table", EVIDENCE)
def test_the_model_file_weighs_every_level_and_no_other(table: str) -> None:
    assert set(TABLE[table]) == set(EVIDENCE[table]) - {Level.UNKNOWN}


@pytest.mark.parametrize("table", sorted(set(EVIDENCE) - {"going_missing"}))
def test_the_shares_of_a_kind_of_evidence_are_of_one_whole(table: str) -> None:
    weights = MODEL.weights[table].items()
    assert sum(w.same for level, w in weights if level != "swapped") == pytest.approx(1, abs=0.02)


def test_a_model_is_written_as_it_is_read() -> None:
    model = replace(MODEL, forenames={"mia": 5.5, "jack": 5.5, "ada": 9.0}, surnames={"ng": 8.0})
    assert model_of(tomllib.loads(model_text(model))) == model


@pytest.mark.parametrize(
    ("part", "value", "told"),
    [
        ("prior", None, "The model file lacks the table `prior`: add it."),
        ("prior", {"sibling": "much"}, "no number `sibling` at prior"),
        ("surname", {"exact": {}}, "no number `sibling` at [surname] exact"),
        ("surname", {}, "The model file lacks [surname] `exact`: add it."),
        ("thresholds", {"link": True}, "no number `link` at thresholds"),
        ("limits", {"crowd": math.inf}, "no number `crowd` at limits"),
        ("rarity", {"forenames": {"rare": "mia"}}, 'lines such as "5.5" = "mia jack"'),
        ("rarity", {"surnames": ["khan"]}, 'lines such as "5.5" = "mia jack"'),
    ],
)
def test_a_faulty_file_is_refused_with_a_sentence(part: str, value: object, told: str) -> None:
    faulty = {name: each for name, each in TABLE.items() if name != part}
    if value is not None:
        faulty[part] = value
    with pytest.raises(Refused) as refused:
        model_of(faulty)
    assert told in str(refused.value)

"""Learning a model from patterns of levels: it finds what they were drawn with, and keeps apart."""

import math
from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from register.errors import Refused
from register.linkage import training
from register.linkage.columns.people import find_people
from register.linkage.levels import Level
from register.linkage.match import Bits, Model, judge, sum_up, together
from register.linkage.training import (
    GIVE,
    NAMED_OFTEN,
    NameCounts,
    Pattern,
    learn_names,
    pattern_of,
    train,
)
from register.linkage.training_pairs import count_names
from register.reports.columns import columns_of
from tests.statements import AUTHORITY, FORCE
from tests.subjects import HOME, MODEL, RARE, compared, judged, told

Shares = dict[str, dict[str, float]]
ONE_CHILD: Shares = {
    "forename": {"exact": 0.73, "slip": 0.20, "family": 0.07},
    "surname": {"exact": 0.80, "alike": 0.17, "differs": 0.03},
    "date_of_birth": {"exact": 0.85, "swapped": 0.08, "slip": 0.07},
    "postcode": {"exact": 0.60, "area": 0.40},
    "sex": {"agrees": 0.99, "differs": 0.01},
}
HOUSEHOLD = {
    "forename": {"exact": 0.002, "alike": 0.098, "differs": 0.90},
    "surname": {"exact": 0.95, "differs": 0.05},
    "postcode": {"exact": 1.0},
    "sex": {"agrees": 0.5, "differs": 0.5},
}
SIBLINGS: Shares = {**HOUSEHOLD, "date_of_birth": {"one_part": 0.02, "differs": 0.98}}
TWINS: Shares = {**HOUSEHOLD, "date_of_birth": {"exact": 0.95, "slip": 0.05}}
STRANGERS: Shares = {
    "forename": {"exact": 0.3, "differs": 0.7},
    "surname": {"exact": 0.3, "differs": 0.7},
    "date_of_birth": {"one_part": 0.1, "differs": 0.9},
    "postcode": {"area": 0.3, "differs": 0.7},
    "sex": {"agrees": 0.5, "differs": 0.5},
}
NOBODY = NameCounts({}, {}, 5000)


def drawn(rng: Random, shares: Shares) -> Pattern:
    told = tuple(
        (evidence, rng.choices(list(levels), list(levels.values()))[0])
        for evidence, levels in shares.items()
    )
    rare = dict(told)
    rarity = 10.0 * (rare["forename"] in {"exact", "family"}) + 9.0 * (rare["surname"] != "differs")
    return Pattern(told, rarity)


def patterns(seed: int = 7, same: int = 4000) -> Counter[Pattern]:
    """Draw pairs as files hold them: brothers, sisters and twins beside those of one child."""
    rng = Random(seed)  # noqa: S311  # a simulation, no secret
    numbers = ((ONE_CHILD, same), (SIBLINGS, 3000), (TWINS, 1200), (STRANGERS, 8000))
    return Counter(drawn(rng, shares) for shares, number in numbers for _ in range(number))


LEARNT = train(patterns(), MODEL)


@pytest.mark.parametrize("evidence", ONE_CHILD)
def test_what_pairs_of_one_child_were_drawn_with_is_found(evidence: str) -> None:
    for level, share in ONE_CHILD[evidence].items():
        found = LEARNT.weights[evidence][level].same
        begun = MODEL.weights[evidence][level].same
        assert found == pytest.approx(share, abs=0.02), level
        assert abs(found - share) <= abs(begun - share) + 0.01, "nearer than the start"


def test_a_level_seen_oftener_weighs_more_against_strangers() -> None:
    for evidence, level in (("forename", "slip"), ("date_of_birth", "swapped")):
        one, other = (model.weights[evidence][level].bits.stranger for model in (LEARNT, MODEL))
        assert 1.0 < one - other <= GIVE


def test_another_draw_teaches_the_same() -> None:
    other = train(patterns(seed=8), MODEL)
    for evidence, levels in LEARNT.weights.items():
        for level, weight in levels.items():
            again = other.weights[evidence][level]
            assert abs(weight.bits.stranger - again.bits.stranger) < 1.0, (evidence, level)
            assert weight.same == pytest.approx(again.same, abs=0.03), (evidence, level)


@pytest.mark.parametrize("household", [SIBLINGS, TWINS])
def test_brothers_sisters_and_twins_are_never_learnt_as_one_child(household: Shares) -> None:
    rng = Random(9)  # noqa: S311  # a simulation, no secret
    shares = {**household, "forename": {"alike": 0.1, "differs": 0.9}, "sex": {"agrees": 1.0}}
    alone = Counter(drawn(rng, shares) for _ in range(20_000))
    for model in (LEARNT, train(patterns() + alone, MODEL)):
        assert all(probability(each, model) < MODEL.link for each in alone)


def test_control_without_the_household_twins_are_learnt_as_one_child() -> None:
    strangers = replace(MODEL, priors=Bits(99.0, 99.0, 99.0, MODEL.prior))
    learnt = train(patterns(), strangers)
    twins = Pattern(
        (
            ("forename", "differs"),
            ("surname", "exact"),
            ("date_of_birth", "exact"),
            ("postcode", "exact"),
        ),
        9.0,
    )
    assert probability(twins, learnt) > MODEL.link > probability(twins, LEARNT)


def probability(pattern: Pattern, model: Model) -> float:
    weights = [model.weights[evidence][level].bits for evidence, level in pattern.told]
    bits = together(sum_up([*weights, Bits(stranger=pattern.rarity)], model))
    return 1 / (1 + math.pow(2.0, -bits))


def test_what_speaks_of_two_children_never_comes_to_speak_less() -> None:
    for level in training.OTHER_NAMES:
        learnt, begun = (model.weights["forename"][level].bits for model in (LEARNT, MODEL))
        assert learnt.sibling <= begun.sibling
        assert learnt.twin <= begun.twin


def test_no_weight_runs_away() -> None:
    for evidence, levels in LEARNT.weights.items():
        for level, weight in levels.items():
            begun = MODEL.weights[evidence][level].bits
            apart = [abs(a - b) for a, b in zip(weight.bits, begun, strict=True)]
            assert max(apart) <= GIVE + 0.05, (evidence, level)


def test_thresholds_limits_and_chance_are_the_starts() -> None:
    assert (LEARNT.link, LEARNT.review) == (MODEL.link, MODEL.review)
    assert (LEARNT.crowd, LEARNT.shared) == (MODEL.crowd, MODEL.shared)
    assert LEARNT.prior == MODEL.prior


def test_too_few_pairs_of_one_child_are_refused() -> None:
    with pytest.raises(Refused, match="too few to learn from: give 200 and more"):
        train(patterns(same=50), MODEL)


def test_too_few_children_are_refused() -> None:
    with pytest.raises(Refused, match="tell of 999 children, too few to learn from"):
        learn_names(replace(NOBODY, subjects=999), MODEL)


def test_names_are_as_rare_as_in_these_reports_near_the_lists_where_few() -> None:
    counts = {"zebulon": 400, "olivia": 3, "barnaby": NAMED_OFTEN, "x": 900}
    learnt = learn_names(replace(NOBODY, forenames=counts, surnames={"oakley": 300}), MODEL)
    assert learnt.forenames["zebulon"] == 4.0, "one child in thirteen"
    assert set(learnt.forenames) <= {"zebulon", "barnaby"}, "no few, and no initials"
    assert learnt.forenames.get("barnaby", 12.0) >= 9.5
    assert learnt.surnames["oakley"] == 4.0
    assert all((2 * bits).is_integer() for bits in learnt.forenames.values())


def test_a_name_that_is_common_here_weighs_less() -> None:
    common = learn_names(replace(NOBODY, forenames={"zebulon": 400}), MODEL)
    found = compared(RARE, RARE)
    assert judge(found, common).fit == judge(found, MODEL).fit - 12.0 + 4.0


def test_names_are_counted_once_a_subject_as_they_are_compared() -> None:
    children = [
        told(FORCE, forename="Mohammed Ali", surname="Khan-Smith"),
        told(AUTHORITY, forename="Mohammed", surname="Khan", known_as=["Mo"]),
    ]
    contents = [(each.organisation, each.reference, each.kind, each.values) for each in children]
    found = count_names(find_people(columns_of(contents)))
    assert found.forenames == {"ali": 1, "mohammed": 1}
    assert found.surnames == {"khan": 2, "smith": 1, "khansmith": 1}
    assert found.subjects == 2


def test_a_pattern_keeps_levels_and_rarity_and_no_value() -> None:
    at_home = {**RARE, "home_postcode": HOME}
    swapped = {**at_home, "forename": RARE["surname"], "surname": RARE["forename"]}
    found = pattern_of(compared(at_home, swapped), MODEL)
    assert found == Pattern(
        (
            ("forename", Level.EXACT),
            ("forename", Level.SWAPPED),
            ("surname", Level.EXACT),
            ("date_of_birth", Level.EXACT),
            ("sex", Level.AGREES),
            ("postcode", Level.EXACT),
        ),
        25.0,
    )
    assert probability(found, MODEL) == pytest.approx(judged(at_home, swapped).probability)

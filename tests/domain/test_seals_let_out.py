"""What was let out of a seal is told of itself alone: not that it looks like a sealed child."""

from sqlalchemy import Engine, select

from register.access.seals import find_seals
from register.inspection.made_of import own_report
from register.inspection.reviews import review_list
from register.linkage.models import Review
from register.sealing import change_seal
from register.terms import Role
from register.work import Actor, begin_work
from tests.domain.test_seals import MANAGER, MINA, seal_mina
from tests.domain.test_seals_by_looks import report_named
from tests.registers import NOW, OTHER_FORCE, say, send

ALIKE = {**MINA, "date_of_birth": "2011-07-05", "nhs_number": "", "home_postcode": ""}
SYSTEM = Actor("their system", Role.MACHINE, OTHER_FORCE)


def test_a_review_with_a_sealed_child_is_told_to_no_sender(engine: Engine) -> None:
    seal_mina(engine)
    for reference, forename in (("X1", "Mina"), ("X2", "Mine")):
        send(engine, [say(OTHER_FORCE, reference, **{**ALIKE, "forename": forename})])
        with begin_work(engine, writes=False) as work:
            report = report_named(work, reference)
        with begin_work(engine, MANAGER, clock=lambda: NOW) as work:
            (seal,) = find_seals(work)
            change_seal(work, seal.id, "released", "another child", report)
    with begin_work(engine, SYSTEM, clock=lambda: NOW) as work:
        listed = {each.id for each in review_list(work).rows}
        assert set(own_report(work, OTHER_FORCE, "X1").reviews) == listed
    with begin_work(engine, writes=False) as work:
        waiting = set(work.session.scalars(select(Review.id).where(Review.known_to.is_(None))))
    assert listed, "the one between its own two reports"
    assert listed < waiting, "control: others are with the sealed child"

"""The children of the simulated month: whose they are, where they are placed, who is alone."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from register.simulation import names
from register.simulation.chances import Weighted, happens
from register.simulation.days import FIRST_DAY, LAST_DAY
from register.simulation.families import Ages, Child, Families
from register.simulation.places import AUTHORITIES, CROYDON, KENT, MEDWAY, Authority

IN_CARE = 960
NOT_IN_CARE = 450
UNACCOMPANIED = 110
TURNING_18 = 3
HOMES_PER_AUTHORITY = 6
OUT_OF_AREA = 0.22
OLDEST_AT_PRIMARY = 10
SUPPORTED_FROM = 16
ADULT = 18

# Large authorities look after more children; Medway's are known to the Kent force alone.
CARED_FOR_BY: Weighted[Authority] = Weighted(
    dict(zip(AUTHORITIES, (15, 14, 14, 8, 20, 8, 13, 8), strict=True)) | {MEDWAY: 3}
)
UNACCOMPANIED_IN: Weighted[Authority] = Weighted({KENT: 45, CROYDON: 25} | {
    authority: 5 for authority in AUTHORITIES if authority not in (KENT, CROYDON)})  # fmt: skip
HOST: Weighted[Authority] = Weighted(dict.fromkeys(AUTHORITIES, 10) | {KENT: 25})
PLACEMENTS: Weighted[str] = Weighted({"U4": 16, "U5": 14, "U6": 22, "K2": 34, "P1": 4, "U1": 8})
LEGAL_STATUSES: Weighted[str] = Weighted({"C2": 58, "C1": 16, "V2": 22, "E1": 4})

HOUSES = """Ashfield Beechwood Cedar Elmhurst Fairview Greenacre Hawthorn Larkfield Meadowbank
    Northgate Oakdene Parkside Riverside Rowan Springfield Thornlea Westbrook Willowdene""".split()


@dataclass(frozen=True, slots=True)
class Home:
    """A children's home: all its children share its name, URN and postcode."""

    name: str
    urn: str
    postcode: str


@dataclass(slots=True)
class Care:
    """That a child is looked after: by whom, where, since when."""

    responsible: Authority
    host: Authority
    legal_status: str
    placement_type: str
    placement_name: str
    placement_urn: str
    placement_postcode: str
    looked_after_from: date
    placement_started_on: date
    child_reference: str
    looked_after_to: date | None = None
    host_told_on: date | None = None

    @property
    def out_of_area(self) -> bool:
        """Whether another authority than the responsible one is host."""
        return self.host is not self.responsible


@dataclass(slots=True)
class Resident:
    """A child of the simulation with what the agencies are to them."""

    child: Child
    care: Care | None = None
    unaccompanied: bool = False
    home_office_reference: str = ""
    birth_date_precision: str = ""
    never_found: bool = False

    @property
    def area(self) -> Authority:
        """The authority in whose area the child lives."""
        return self.care.host if self.care else self.child.home

    def age_on(self, day: date) -> int:
        """Return the child's age in whole years."""
        born = self.child.date_of_birth
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class World:
    """Builds the children, household by household."""

    def __init__(self, rng: Random) -> None:
        """Draw everything from `rng`."""
        self._rng = rng
        self.families = Families(rng, Ages(on=FIRST_DAY, youngest=2, oldest=17.7, common=16.5))
        self._homes = {authority: self._children_homes(authority)
                       for authority in (*AUTHORITIES, MEDWAY)}  # fmt: skip
        self._numbers = dict.fromkeys((*AUTHORITIES, MEDWAY), 10_000)
        self.residents: list[Resident] = []
        self._look_after(IN_CARE - UNACCOMPANIED - TURNING_18)
        self._add_unaccompanied()
        self._add_turning_18()
        self._add_those_at_home()

    def _children_homes(self, authority: Authority) -> list[Home]:
        rng = self._rng
        return [
            Home(f"{name} House", f"SC{rng.randrange(10**6):06d}", authority.postcode(rng))
            for name in rng.sample(HOUSES, HOMES_PER_AUTHORITY)
        ]

    def _look_after(self, children: int) -> None:
        while len(self.residents) < children:
            authority = CARED_FOR_BY.draw(self._rng)
            for child in self.families.household(authority):
                self.residents.append(Resident(child, self._care(child, authority)))

    def _add_unaccompanied(self) -> None:
        rng = self._rng
        for _ in range(UNACCOMPANIED):
            authority = UNACCOMPANIED_IN.draw(rng)
            background = names.UNACCOMPANIED_BACKGROUNDS.draw(rng)
            child = self.families.of_background(background, authority)
            child.date_of_birth = self._assumed_birth_date()
            if happens(rng, 0.85):
                child.nhs_number = ""
            if happens(rng, 0.8):
                child.upn = ""
            care = self._care(child, authority)
            care.legal_status = "V2"
            reference = self.families.issuer.home_office_reference()
            precision = "disputed" if happens(rng, 0.08) else "estimated"
            self.residents.append(
                Resident(
                    child,
                    care,
                    unaccompanied=True,
                    home_office_reference=reference,
                    birth_date_precision=precision,
                )
            )

    def _assumed_birth_date(self) -> date:
        year = FIRST_DAY.year - self._rng.choice((15, 16, 16, 17, 17))
        if happens(self._rng, 0.6):
            return date(year, 1, 1)
        return date(year, 12, 1) - timedelta(days=self._rng.randrange(300))

    def _add_turning_18(self) -> None:
        rng = self._rng
        for place in range(TURNING_18):
            authority = AUTHORITIES[place % len(AUTHORITIES)]
            child = self.families.household(authority, size=1)[0]
            birthday = FIRST_DAY + timedelta(days=rng.randrange(12, 24))
            child.date_of_birth = birthday.replace(year=birthday.year - ADULT)
            self.residents.append(
                Resident(child, self._care(child, authority, near=True), never_found=True)
            )

    def _add_those_at_home(self) -> None:
        wanted = len(self.residents) + NOT_IN_CARE
        while len(self.residents) < wanted:
            for child in self.families.household(CARED_FOR_BY.draw(self._rng)):
                resident = Resident(child)
                if resident.age_on(FIRST_DAY) >= OLDEST_AT_PRIMARY:
                    self.residents.append(resident)

    def _care(self, child: Child, authority: Authority, *, near: bool = False) -> Care:
        rng = self._rng
        host = HOST.draw(rng) if not near and happens(rng, OUT_OF_AREA) else authority
        away = host is not authority
        since = self._since(child)
        started = since + timedelta(days=rng.randrange(max((FIRST_DAY - since).days, 1)))
        self._numbers[authority] += rng.randrange(1, 9)
        kind = self._placement_type(child)
        house = rng.choice(self._homes[host])
        is_house = kind in ("K2", "K3")
        return Care(
            responsible=authority,
            host=host,
            legal_status=LEGAL_STATUSES.draw(rng),
            placement_type=kind,
            placement_name=house.name if is_house else "foster placement",
            placement_urn=house.urn if is_house else "",
            placement_postcode=house.postcode if is_house else host.postcode(rng),
            looked_after_from=since,
            placement_started_on=started,
            child_reference=f"{self._numbers[authority]}",
            host_told_on=started - timedelta(days=rng.randrange(1, 9)) if away else None,
        )

    def _since(self, child: Child) -> date:
        oldest = (FIRST_DAY - child.date_of_birth).days
        return FIRST_DAY - timedelta(days=self._rng.randrange(20, max(min(oldest, 1600), 21)))

    def _placement_type(self, child: Child) -> str:
        age = (LAST_DAY - child.date_of_birth).days / 365.25
        if age >= SUPPORTED_FROM and happens(self._rng, 0.4):
            return "K3"
        return PLACEMENTS.draw(self._rng)

"""The country of the simulation: authorities, the forces that police them, their postcodes."""

from dataclasses import dataclass
from random import Random

from register.simulation.identifiers import postcode


@dataclass(frozen=True, slots=True)
class Authority:
    """A local authority: ONS code, three-digit code, its force, postcode districts."""

    code: str
    name: str
    number: str
    force: str
    districts: tuple[str, ...]

    def postcode(self, rng: Random) -> str:
        """Draw a postcode in this authority's area."""
        return postcode(rng, rng.choice(self.districts))


def _districts(area: str, *numbers: int | range) -> tuple[str, ...]:
    spans = [span if isinstance(span, range) else range(span, span + 1) for span in numbers]
    return tuple(f"{area}{number}" for span in spans for number in span)


WEST_YORKSHIRE = "E23000010"
GREATER_MANCHESTER = "E23000005"
METROPOLITAN = "E23000001"
KENT_POLICE = "E23000032"
WEST_MIDLANDS = "E23000014"
FORCES = (WEST_YORKSHIRE, GREATER_MANCHESTER, METROPOLITAN, KENT_POLICE, WEST_MIDLANDS)

LEEDS = Authority("E08000035", "Leeds", "383", WEST_YORKSHIRE, _districts("LS", range(1, 28)))
BRADFORD = Authority("E08000032", "Bradford", "380", WEST_YORKSHIRE, _districts("BD", range(1, 22)))
MANCHESTER = Authority(
    "E08000003", "Manchester", "352", GREATER_MANCHESTER, _districts("M", 1, 4, 8, 9, range(11, 24))
)
SALFORD = Authority(
    "E08000006", "Salford", "355", GREATER_MANCHESTER, _districts("M", 5, 6, 7, 27, 28, 38, 44)
)
BIRMINGHAM = Authority(
    "E08000025", "Birmingham", "330", WEST_MIDLANDS, _districts("B", range(1, 39))
)
COVENTRY = Authority("E08000026", "Coventry", "331", WEST_MIDLANDS, _districts("CV", range(1, 7)))
KENT = Authority(
    "E10000016",
    "Kent",
    "886",
    KENT_POLICE,
    _districts("CT", range(1, 21)) + _districts("TN", range(1, 31)) + _districts("ME", 9, 10, 14),
)
CROYDON = Authority("E09000008", "Croydon", "306", METROPOLITAN, _districts("CR", 0, 2, 7, 8))
# Medway sends the register nothing: what the Kent force knows there cannot be compared.
MEDWAY = Authority("E06000035", "Medway", "887", KENT_POLICE, _districts("ME", range(1, 9)))

AUTHORITIES = (LEEDS, BRADFORD, MANCHESTER, SALFORD, BIRMINGHAM, COVENTRY, KENT, CROYDON)
UNCONNECTED = (MEDWAY,)
BY_CODE = {authority.code: authority for authority in (*AUTHORITIES, *UNCONNECTED)}

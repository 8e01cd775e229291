"""How like two names are: the same, another form, a slip, near, or another name. Pure."""

from rapidfuzz.distance import OSA, JaroWinkler

from register.linkage.identity import Names
from register.linkage.levels import Level, NamePair
from register.linkage.names import is_known_forename, is_particle, same_family, says_little
from register.linkage.sounds import sounds

SIMILAR = 0.92
"""Jaro-Winkler from which two longer names are a slip of each other."""
SHORT_NAME = 3
LONG_NAME = 7


def compare_forenames(a: Names, b: Names) -> NamePair:
    """Compare two forenames, each with its further ones; of an initial only the letter counts."""
    if not a or not b or a[0].isascii() != b[0].isascii():
        return NamePair(Level.UNKNOWN)  # a name in another script can't be held against this one
    own_a, own_b = own_names(a), own_names(b)
    if min(len(own_a[0]), len(own_b[0])) == 1 and own_a[0] != own_b[0]:
        fits = own_a[0][0] == own_b[0][0]
        return NamePair(Level.UNKNOWN if fits else Level.DIFFERS)
    return NamePair(_forename_level(a, b), own_a[0], own_b[0])


def own_names(names: Names) -> Names:
    """Leave out a first name that brothers share: Mohammed Ali is not Mohammed Yusuf."""
    return names[1:] if len(names) > 1 and says_little(names[0]) else names


def _forename_level(a: Names, b: Names) -> Level:
    if "".join(a) == "".join(b):
        return Level.UNKNOWN if len("".join(a)) == 1 else Level.EXACT
    own_a, own_b = own_names(a), own_names(b)
    level = _own_level(own_a, own_b)
    if (own_a, own_b) == (a, b):
        return level
    if level is Level.EXACT:
        return Level.FIRST
    if level is Level.DIFFERS and 1 in {len(a), len(b)} and same_family(a[0], b[0]):
        return Level.FIRST_OTHER
    return level


def _own_level(a: Names, b: Names) -> Level:
    if a == b:
        return Level.EXACT
    if a[0] == b[0]:
        shorter = min(len(a), len(b))
        if a[:shorter] == b[:shorter]:
            return Level.FIRST
        return Level.SLIP if _is_further_slip(a, b) else Level.FIRST_OTHER
    if same_family(a[0], b[0]):
        return Level.FAMILY
    if _is_slip(a[0], b[0]):
        return Level.ALIKE if _may_be_two_names(a[0], b[0]) else Level.SLIP
    if set(a) & set(b) or _is_short_form(a[0], b[0]):
        return Level.ALIKE
    return Level.DIFFERS


def _is_further_slip(a: Names, b: Names) -> bool:
    """Tell a slip in a further name, Ryan Lnee, from another name: Ryan Leo is not Ryan Lee."""
    apart = [(x, y) for x, y in zip(a, b, strict=False) if x != y]
    near = all(OSA.distance(x, y) <= 1 and not _may_be_two_names(x, y) for x, y in apart)
    return len(a) == len(b) and len(apart) == 1 and near


def _may_be_two_names(a: str, b: str) -> bool:
    """Tell apart what a typist does from what parents do when they name twins.

    Two names that we know are two; so may be two that rhyme, for the first letter is the one that
    is seldom wrong, and two rare ones that are more than one keystroke apart.
    """
    known = is_known_forename(a) + is_known_forename(b)
    rhyme = len(a) == len(b) and a[0] != b[0] and a[1:] == b[1:]
    return known > 1 or rhyme or (known == 0 and OSA.distance(a, b) > 1)


def compare_surnames(a: Names, b: Names) -> NamePair:
    """Compare two surnames; the parts of a double name may stand in either order, or alone."""
    one, other = "".join(a), "".join(b)
    if not one or not other or one.isascii() != other.isascii():
        return NamePair(Level.UNKNOWN)
    initial = min(len(one), len(other)) == 1 and one[0] == other[0]
    if initial or is_particle(one) or is_particle(other):
        return NamePair(Level.UNKNOWN)  # Al is what is left of a name that was cut in two
    if one == other or sorted(a) == sorted(b):
        return NamePair(Level.EXACT, one, other)
    shared = max((name for name in a if name in b), key=len, default="")
    if len(shared) >= SHORT_NAME:
        return NamePair(Level.PART, shared, shared)
    shorter, longer = sorted((one, other), key=len)
    begins = longer.startswith(shorter) or is_particle(longer.removesuffix(shorter))
    if (
        (len(shorter) > SHORT_NAME and begins)
        or _is_slip(one, other)
        or same_family(one, other)
        or sounds(one) == sounds(other)
    ):
        return NamePair(Level.ALIKE, one, other)
    return NamePair(Level.DIFFERS, one, other)


def _is_slip(a: str, b: str) -> bool:
    distance = OSA.distance(a, b, score_cutoff=2)
    shorter = min(len(a), len(b))
    if distance <= 1:
        return shorter >= SHORT_NAME
    if distance == 2:  # noqa: PLR2004  # two slips in a long name
        return shorter >= LONG_NAME and a[0] == b[0]
    return shorter >= LONG_NAME and JaroWinkler.similarity(a, b) >= SIMILAR


def _is_short_form(a: str, b: str) -> bool:
    shorter, longer = sorted((a, b), key=len)
    return len(shorter) > 1 and longer.startswith(shorter)

"""What is known of names: how one is read, which are one name written twice, which are common.

Knows no child and no report. The lists lie in `config/names`, where a README tells their columns,
and are read once. Names say only how well two reports agree: whether a brother or sister of a like
name stands against a link is for the matcher, for twins may well be called Mia and Mya.
"""

import csv
import re
import unicodedata
from functools import cache, lru_cache

from register.linkage.sounds import sounds
from register.settings import CONFIG_DIR

__all__ = [
    "family_of",
    "fold",
    "forename_bits",
    "is_known_forename",
    "is_particle",
    "same_family",
    "says_little",
    "sounds",
    "spelling_of",
    "surname_bits",
    "tokens",
]

CACHED = 1 << 17
"""Readings kept; bounded, since what arrives is not ours to trust."""
FORENAME_BITS = {"1": 7.0, "2": 9.0, "3": 11.0, "4": 12.0}
SURNAME_BITS = {"1": 7.5, "2": 9.0, "3": 11.0, "4": 12.5}
"""-log2 of the share of children in the middle of each class of commonness: from 5 in a thousand
children, from 1, from a fifth, fewer."""
UNLISTED_FORENAME, UNLISTED_SURNAME, INITIAL = 12.0, 13.0, 4.0
"""Caps: a name that we don't list may be common where the child lives. An initial says little."""

_NAME = 2
"""Letters from which on a token is a name; one is an initial."""
_APOSTROPHES = dict.fromkeys(
    [
        *b"'`\xb4",
        0x2B9,
        *range(0x2BB, 0x2C0),
        *range(0x2018, 0x201C),
        0x2032,
        0x2035,
        0xA78C,
        0xFF07,
    ]
)
_NO_MARK = str.maketrans("đðɗøɔłħŋəɛɓƙƴŧ\u0131", "dddoolhneebkyti") | str.maketrans(
    {"æ": "ae", "œ": "oe", "þ": "th"}
)
"""Latin letters that Unicode doesn't take apart."""
_LOOK_ALIKES = str.maketrans(
    "АаВвЕеЅѕІіЈјКкМмНнОоРрСсТтУуХхҮүҺһӀӏԀԁԚԛԜԝ" + "ΑαΒβΕεΖζΗηΙιΚκΜμΝνΟοΡρΤτΥυΧχ",
    "AaBbEeSsIiJjKkMmHhOoPpCcTtYyXxYyHhIlDdQqWw" + "AaBbEeZzHnIiKkMmNvOoPpTtYuXx",
)
"""Cyrillic and Greek letters that pass for Latin ones."""


@lru_cache(CACHED)
def fold(text: str) -> str:
    """Write a name without what typists differ in: marks, case, apostrophes, hyphens, invisibles.

    The words of the answer are parted by one blank. A word with no Latin letter keeps its script
    and marks; one that mixes scripts has its look-alikes read as Latin.
    """
    if text.isascii():
        if text.isalpha():
            return text.lower()
        return " ".join(re.findall("[a-z0-9]+", text.translate(_APOSTROPHES).lower()))
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).translate(_APOSTROPHES)
    words = "".join(map(_visible, plain)).split()
    return " ".join(_fold_word(word) for word in words if any(map(str.isalnum, word)))


@lru_cache(CACHED)
def _visible(letter: str) -> str:
    """Letters, marks and digits stand; what has no width goes; all else parts words."""
    kind = unicodedata.category(letter)
    if kind[0] in "LMN":
        return letter
    return "" if kind == "Cf" else " "


def _fold_word(word: str) -> str:
    if not any(map(_is_latin, word)):
        return unicodedata.normalize("NFC", unicodedata.normalize("NFKD", word.casefold()))
    latin = word.translate(_LOOK_ALIKES).casefold().translate(_NO_MARK)
    letters = unicodedata.normalize("NFKD", latin)
    return "".join(letter for letter in letters if unicodedata.category(letter)[0] != "M")


@lru_cache(CACHED)
def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")


@lru_cache(CACHED)
def tokens(text: str) -> tuple[str, ...]:
    """Give the names in a text, folded, in their order.

    Titles, fillers such as "baby" or "not known", and numbers are no names: where nothing else
    stands the answer is empty. An initial is kept, and is told by its length. Particles are joined
    to what follows: O'Neill, ONeill and O Neill are one.
    """
    words = fold(text).split()
    if len(words) == 1 and words[0].isalpha():
        return () if words[0] in _no_names() else tuple(words)
    named: list[str] = []
    for word in reversed(_without_fillers(words)):
        following = named[-1] if named else ""
        if len(following) < _NAME:
            named.append(word)
        elif _joins(word, following):
            named[-1] = word + following
        elif word not in _words("dropped"):
            named.append(word)
    return tuple(reversed(named))


def _without_fillers(words: list[str]) -> list[str]:
    if _fillers_begin().isdisjoint(words) and not any(map(str.isdecimal, words)):
        return words
    kept, place = [], 0
    while place < len(words):
        ahead = [" ".join(words[place : place + length]) for length in (3, 2, 1)]
        if not _words("of another").isdisjoint(ahead):
            break
        length = next((3 - n for n, phrase in enumerate(ahead) if _is_filler(phrase)), 0)
        if not length:
            kept.append(words[place])
        place += length or 1
    return kept


def _is_filler(phrase: str) -> bool:
    return phrase in _words("title") or phrase in _words("filler") or phrase.isdecimal()


@cache
def _fillers_begin() -> frozenset[str]:
    """Words with which a title or a filler begins."""
    return frozenset(phrase.split()[0] for phrase in _no_names())


@cache
def _no_names() -> frozenset[str]:
    """Words that are no name where they stand alone."""
    return _words("title") | _words("filler") | _words("of another")


def _joins(word: str, following: str) -> bool:
    if word in _words("joined unless listed"):
        return not _is_listed(following)
    if not _words("joined if listed").isdisjoint((word, following)):
        return _is_listed(word + following)
    return word in _words("joined")


def _is_listed(token: str) -> bool:
    return token in _bits("forenames") or token in _bits("surnames")


def says_little(token: str) -> bool:
    """Say whether brothers or sisters often share it beside their own name: Mohammed, Kaur."""
    return spelling_of(token) in _shared()


@lru_cache(CACHED)
def family_of(token: str) -> frozenset[int]:
    """Give the numbers of the families that a folded token belongs to; most have none.

    All spellings of a name are one family; a name and one nickname of it are one. So two nicknames
    of a name (Beth and Libby) have no family in common. Numbers hold while the process runs.
    """
    return _families().get(token, frozenset())


def same_family(a: str, b: str) -> bool:
    """Say whether two folded tokens are spellings of one name, or a name and its nickname."""
    return a == b or not family_of(a).isdisjoint(family_of(b))


def spelling_of(token: str) -> str:
    """Give the one spelling that stands for all spellings of a folded token's name."""
    return _spellings().get(token, (token,))[0]


def is_known_forename(token: str) -> bool:
    """Say whether a folded token is a forename that we list, or a spelling or nickname of one."""
    return token in _bits("forenames")


def is_particle(token: str) -> bool:
    """Say whether a folded token that stands alone is but the beginning of a surname: Al, De."""
    return token in _particles() and token not in _bits("surnames")


@cache
def _particles() -> frozenset[str]:
    return _words("joined") | _words("joined unless listed") | _words("dropped")


def forename_bits(token: str) -> float:
    """Give -log2 of how many children bear a folded forename; 0 for none, at most 12."""
    if len(token) < _NAME:
        return INITIAL * len(token)
    return _bits("forenames").get(token, UNLISTED_FORENAME)


def surname_bits(token: str) -> float:
    """Give -log2 of how many children bear a folded surname; 0 for none, at most 13."""
    if len(token) < _NAME:
        return INITIAL * len(token)
    return _bits("surnames").get(token, UNLISTED_SURNAME)


def _rows(file: str) -> list[dict[str, str]]:
    with (CONFIG_DIR / "names" / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def _words(kind: str) -> frozenset[str]:
    rows = (row for row in _rows("words") if row["kind"] == kind)
    return frozenset(word for row in rows for word in row["words"].split("; "))


@cache
def _shared() -> frozenset[str]:
    return frozenset(map(spelling_of, _words("shared")))


@cache
def _bits(file: str) -> dict[str, float]:
    """The bits of each listed name; a spelling that isn't listed itself counts as rare."""
    classes = FORENAME_BITS if file == "forenames" else SURNAME_BITS
    listed = {
        fold(name): classes[row["commonness"]]
        for row in _rows(file)
        for name in row["names"].split()
    }
    kinds = {"spelling", "nickname"} if file == "forenames" else {"surname"}
    known = (name for kind, members in _lines() if kind in kinds for name in members)
    return dict.fromkeys(known, classes["4"]) | listed


@cache
def _lines() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The kind and the folded names of each line of the families, its head first."""
    return tuple(
        (row["kind"], tuple(map(fold, (row["head"], *row["variants"].split()))))
        for row in _rows("families")
    )


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    """All spellings of a name, by each of them."""
    lines = (members for kind, members in _lines() if kind != "nickname")
    return {name: members for members in lines for name in members}


@cache
def _families() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, members in enumerate(_members()):
        for name in members:
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


@cache
def _members() -> tuple[tuple[str, ...], ...]:
    """The members of each family: all spellings of a name; those of a name and of a nickname.

    A nickname brings its spellings along where it heads their line: Fia is short for Sophia,
    Fiadh is not.
    """
    spellings = _spellings()
    headed = {members[0]: members for members in spellings.values()}
    pairs = (
        headed.get(head, (head,)) + headed.get(nickname, (nickname,))
        for kind, (head, *nicknames) in _lines()
        if kind == "nickname"
        for nickname in nicknames
    )
    return (*dict.fromkeys(spellings.values()), *pairs)

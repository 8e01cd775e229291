"""The model as a file: reading its table, and writing one that a person can read. Pure."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from register.errors import Refused
from register.linkage.levels import (
    BIRTH_ORDER,
    FORENAME_ORDER,
    PLAIN_ORDER,
    POSTCODE_ORDER,
    SURNAME_ORDER,
    Level,
)
from register.linkage.match import ELSEWHERE, Bits, Model, Weight

EVIDENCE: dict[str, tuple[str, ...]] = {
    "forename": (*FORENAME_ORDER, "swapped"),
    "surname": SURNAME_ORDER,
    "date_of_birth": BIRTH_ORDER,
    "sex": PLAIN_ORDER,
    "postcode": (*POSTCODE_ORDER, ELSEWHERE),
    "going_missing": (Level.AGREES,),
    "identifier": PLAIN_ORDER,
}
"""Each kind of evidence with its levels, as the file has them; unknown weighs nothing."""
_Table = Mapping[str, object]


def model_of(table: _Table) -> Model:
    """Read a model file's table. Raises Refused where something is missing or is no number."""
    thresholds, limits = _part(table, "thresholds"), _part(table, "limits")
    rarity = _part(table, "rarity")
    forenames, surnames = (_rarities(rarity, kind) for kind in ("forenames", "surnames"))
    return Model(
        version=str(table.get("version", "")),
        source=str(table.get("source", "")),
        priors=_bits(_part(table, "prior"), "prior"),
        link=_number(thresholds, "link", "thresholds"),
        review=_number(thresholds, "review", "thresholds"),
        crowd=int(_number(limits, "crowd", "limits")),
        namesakes=int(_number(limits, "namesakes", "limits")),
        shared=int(_number(limits, "shared", "limits")),
        weights={name: dict(_weights(_part(table, name), name)) for name in EVIDENCE},
        forenames=forenames,
        surnames=surnames,
    )


def _weights(part: _Table, name: str) -> Iterator[tuple[str, Weight]]:
    for level in EVIDENCE[name]:
        if level != Level.UNKNOWN:
            line = _part(part, level, f"[{name}] ")
            where = f"[{name}] {level}"
            yield str(level), Weight(_bits(line, where), _number(line, "same", where))


def _bits(line: _Table, where: str) -> Bits:
    return Bits(*(_number(line, rival, where) for rival in Bits._fields))


def _number(line: _Table, key: str, where: str) -> float:
    found = line.get(key)
    if isinstance(found, bool) or not isinstance(found, int | float) or not isfinite(found):
        message = f"The model file has no number `{key}` at {where}: write one."
        raise Refused(message)
    return float(found)


def _part(table: _Table, name: str, above: str = "") -> _Table:
    found = table.get(name)
    if not isinstance(found, dict):
        message = f"The model file lacks {above or 'the table '}`{name}`: add it."
        raise Refused(message)
    return found


def _rarities(table: _Table, kind: str) -> dict[str, float]:
    """Read the lines of `[rarity.forenames]`: bits, and the folded names that are so rare."""
    lines: Any = table.get(kind) or {}
    try:
        return {name: float(bits) for bits, names in lines.items() for name in names.split()}
    except (AttributeError, TypeError, ValueError) as error:
        message = f'The model file\'s [rarity.{kind}] must have lines such as "5.5" = "mia jack".'
        raise Refused(message) from error


def model_text(model: Model) -> str:
    """Write a model as a file: its lines in the order of `EVIDENCE`, its bits to a tenth."""
    lines = [
        _OPENING,
        f"version = {_quoted(model.version)}",
        f"source = {_quoted(model.source)}",
        "",
        "[thresholds]           # probabilities",
        f"link = {model.link}",
        f"review = {model.review}",
        "",
        "[limits]",
        f"crowd = {model.crowd:<15}# a key that more children share nominates nobody",
        f"namesakes = {model.namesakes:<11}# a full name that more bear nominates nobody",
        f"shared = {model.shared:<14}# a postcode or number that more share tells nothing",
        "",
        "[prior]                # before anything is compared",
        *(f"{rival} = {bits:.1f}" for rival, bits in model.priors._asdict().items()),
    ]
    for evidence, weights in model.weights.items():
        lines += ["", f"[{evidence}]", *_NOTES.get(evidence, ())]
        lines += [_line(level, weight) for level, weight in weights.items()]
    for kind, rarities in (("forenames", model.forenames), ("surnames", model.surnames)):
        lines += ["", f"[rarity.{kind}]", *_rarity_lines(rarities)]
    return "\n".join(lines) + "\n"


_OPENING = """\
# A model: how much each agreement between two reports weighs, in bits (base-2 logarithms of how
# much likelier it is when the two speak of one child than of two), against each of four other
# explanations: brother or sister, twin, a child of a like name, a stranger. A sum starts from
# `prior`, adds a line for each kind of evidence, and what the four come to counts together.
# `same` is how often, of pairs of reports of one child that both tell it, they are at this level.
# What is not known to both weighs 0."""
_NOTES = {
    "forename": ["# exact, first, first_other, family, against strangers: added to the rarity"],
    "surname": ["# exact, part, alike, against strangers: added to the rarity of the name"],
}


def _line(level: str, weight: Weight) -> str:
    bits = ", ".join(f"{rival} = {bits:.1f}" for rival, bits in weight.bits._asdict().items())
    return f"{level:<13} = {{ same = {weight.same:.4f}, {bits} }}"


def _rarity_lines(rarities: Mapping[str, float]) -> Iterator[str]:
    by_bits: dict[float, list[str]] = defaultdict(list)
    for name, bits in rarities.items():
        by_bits[bits].append(name)
    for bits, names in sorted(by_bits.items()):
        yield f"{_quoted(str(bits))} = {_quoted(' '.join(sorted(names)))}"


def _quoted(text: str) -> str:
    # A JSON string of one line is a TOML string too.
    return json.dumps(text, ensure_ascii=False)

"""Who is compared with whom, many at once: the keys of `identity.blocking_keys`, as numbers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from register.linkage.columns.identities import Identities
from register.linkage.columns.many import distinct, many, spread
from register.linkage.columns.people import People
from register.linkage.guessed_births import guessed_keys
from register.linkage.identity import IDENTIFIERS, Names, guesses
from register.linkage.match import Model
from register.reports.coding import Flags, Ints, numbered, side_by_side

_YEARS = 4096
"""More than any year."""
Keys = Iterator[tuple[Ints, Ints, int]]
"""Of each kind: keys, the subjects that bear them, and how many may share one."""


@dataclass(frozen=True, slots=True)
class Nominated:
    """Pairs of subjects, the lesser number first, and how many keys were too crowded."""

    ones: Ints
    others: Ints
    crowded: int


def nominate(people: People, model: Model) -> Nominated:
    """Give every two subjects that share a key which not too many share."""
    count = len(people)

    def meet(keys_of: Callable[[People, Model], Keys]) -> list[tuple[Ints, int]]:
        return [_pairs(*keys, count) for keys in keys_of(people, model)]

    found = [*chain.from_iterable(side_by_side(meet, _KINDS))]
    pairs = distinct(np.concatenate([pairs for pairs, _ in found]))
    return Nominated(
        (pairs // count).astype(np.int32),
        (pairs % count).astype(np.int32),
        sum(crowded for _, crowded in found),
    )


def in_order(people: People, ones: Ints, others: Ints) -> tuple[Ints, Ints]:
    """Put the subject with the lesser key first in each pair."""
    codes = people.columns.coded["organisation"]
    rank = np.argsort(np.argsort(np.array(codes.listed())))[people.organisation]
    turned = rank[ones] > rank[others]
    same = np.flatnonzero(rank[ones] == rank[others])
    texts = people.columns.coded["child_reference"].values
    one, other = (texts.take(pa.array(people.reference[side[same]])) for side in (ones, others))
    turned[same] = pc.greater(one, other).to_numpy(zero_copy_only=False)
    ties = same[pc.equal(one, other).to_numpy(zero_copy_only=False)]
    kind, reference = people.columns.kind, people.columns.coded["reference"]
    rows = [people.naming_rows(side[ties]) for side in (ones, others)]
    one, other = (reference.values.take(pa.array(reference.codes[each])) for each in rows)
    later = pc.greater(one, other).to_numpy(zero_copy_only=False)
    kinds = kind[rows[0]], kind[rows[1]]
    turned[ties] = np.where(kinds[0] == kinds[1], later, kinds[0] > kinds[1])
    return np.where(turned, others, ones), np.where(turned, ones, others)


def silent_values(people: People, model: Model) -> dict[str, Flags]:
    """Tell which numbers and postcodes so many share that they say nothing of one child."""
    postcodes = people.identities.postcode[people.said.values]
    owners = people.sayers
    several = people.said.counts[owners] > 1
    if several.any():
        width = int(postcodes.max(initial=0)) + 1
        twice = distinct(owners[several].astype(np.int64) * width + postcodes[several])
        postcodes = np.concatenate([postcodes[~several], twice % width])
    sizes = {"postcode": np.bincount(postcodes, minlength=len(people.identities.postcodes))}
    for field, numbers in people.numbers.items():
        values = people.columns.coded[field].values
        sizes[field] = np.bincount(numbers.values, minlength=len(values))
    return {field: each > model.shared for field, each in sizes.items()}


def _pairs(keys: Ints, owners: Ints, limit: int, count: int) -> tuple[Ints, int]:
    """Pair the owners under each key that no more than `limit` bear."""
    whole = keys * np.int64(count)
    whole += owners
    whole = distinct(whole)
    key = whole // count
    begins = np.flatnonzero(np.diff(key, prepend=-1))
    sizes = np.diff(np.r_[begins, len(key)])
    full = sizes > limit
    kept = np.repeat(~full & (sizes > 1), sizes)
    key, owner = key[kept], whole[kept] % count
    found, at, step = [np.zeros(0, np.int64)], np.arange(len(key)), 0
    while len(at):
        step += 1
        at = at[at + step < len(key)]
        at = at[key[at] == key[at + step]]
        found.append(owner[at] * count + owner[at + step])
    return np.concatenate(found), int(full.sum())


def _keys_of_words(people: People, model: Model) -> Keys:
    """Give a birthday, or a home, with how a word of the names sounds."""
    who = people.identities
    born, _ = _birthdays(who)
    spoken, speaker = _spoken(who)
    width, postcode = int(spoken.max(initial=0)) + 1, who.postcode.astype(np.int64)
    for place in (born, postcode):
        known = place[speaker] > 0
        keys = (place[speaker] * width + spoken)[known]
        yield _borne(people, keys, speaker[known], model.crowd)


def _keys_of_names(people: People, model: Model) -> Keys:
    """Give whole names, and how they sound with a year of birth."""
    who = people.identities
    born, year = _birthdays(who)
    name, whole = _names(who)
    named = np.flatnonzero((who.forename > 0) & (who.surname > 0))
    yield _borne(people, name[named], named, model.namesakes)
    sounding = np.flatnonzero((whole > 0) & (born > 0))
    keys = whole.astype(np.int64) * _YEARS + year
    yield _borne(people, keys[sounding], sounding, model.crowd)


def _keys_of_homes(people: People, model: Model) -> Keys:
    """Give a home with a birthday."""
    who = people.identities
    born, _ = _birthdays(who)
    both = np.flatnonzero((born > 0) & (who.postcode > 0))
    keys = who.postcode.astype(np.int64) * (int(born.max(initial=0)) + 1) + born
    yield _borne(people, keys[both], both, model.crowd)


def _keys_of_numbers(people: People, model: Model) -> Keys:
    """Give identifiers."""
    for field in IDENTIFIERS:
        numbers = people.numbers[field]
        yield numbers.values, np.repeat(np.arange(len(people)), numbers.counts), model.shared


def _borne(people: People, keys: Ints, identities: Ints, limit: int) -> tuple[Ints, Ints, int]:
    """Give the subjects that bear the keys of identities, which are in order."""
    of_identity = many(identities, keys, len(people.identities.born))
    bearers, given = spread(of_identity, people.said.values)
    return given, people.sayers[bearers], limit


def _keys_of_guesses(people: People, model: Model) -> Keys:
    """Give the keys of the few who were born on 1 January, by the function that tells of one."""
    said = people.said.values
    guessed = np.flatnonzero(people.identities.first_of_year[said])
    bearers, told = people.sayers[guessed].tolist(), people.identities.listed(said[guessed])
    organisations = people.columns.coded["organisation"].listed()
    numbers: dict[tuple[str, ...], int] = {}
    found = [
        (numbers.setdefault(key, len(numbers)), bearer)
        for bearer, identity in zip(bearers, told, strict=True)
        for key in guessed_keys(
            organisations[people.organisation[bearer]],
            guesses([identity]),
            people.missing_on(bearer),
        )
    ]
    keys, bearing = np.array(found, np.int64).reshape(-1, 2).T
    yield keys, bearing, model.crowd


def _birthdays(who: Identities) -> tuple[Ints, Ints]:
    """Number birthdays, the lesser of day and month first, and give their years; 0 for none."""
    ordered = [
        0
        if day is None
        else day.year * 10000 + min(day.day, day.month) * 100 + max(day.day, day.month)
        for day in who.days
    ]
    numbers: dict[int, int] = {0: 0}
    places = np.array([numbers.setdefault(each, len(numbers)) for each in ordered], np.int64)
    years = np.array([each // 10000 for each in ordered])
    return places[who.born], years[who.born]


def _spoken(who: Identities) -> tuple[Ints, Ints]:
    """Give how each word of an identity's names sounds, and the identity, in order of identity."""
    heard = who.book.sounds
    known_as = np.flatnonzero(who.known_as > 0)
    called, names = spread(who.known_as_names, who.known_as[known_as])
    everybody = np.arange(len(who.forename))
    owner = np.concatenate([everybody, everybody, known_as[called]])
    name = np.concatenate([who.forename, who.surname, names])
    bearer, sound = spread(heard, name)
    width = int(sound.max(initial=0)) + 1
    pairs = distinct(owner[bearer].astype(np.int64) * width + sound)
    return pairs % width, pairs // width


def _names(who: Identities) -> tuple[Ints, Ints]:
    """Number whole names by their words, and by how they sound, whatever the order of the words."""
    names = who.book.names
    width = len(names)
    pair, listed = numbered(who.forename.astype(np.int64) * width + who.surname)
    forename, surname = listed // width, listed % width
    single = np.array([len(name) <= 1 for name in names])
    first = [name[0] if name else "" for name in names]
    words = who.book.words
    heard = dict(zip(words.listed, words.sounds, strict=True))
    sounding = [tuple(map(heard.__getitem__, name)) for name in names]
    return (
        _joined(first, _in_turn(names), forename, surname, single, names)[pair],
        _joined(
            [heard[word] for word in first],
            _in_turn(sounding),
            forename,
            surname,
            single,
            sounding,
        )[pair],
    )


def _in_turn(names: list[Names]) -> list[str]:
    """Write the words of each name as one, sorted."""
    return ["".join(name if len(name) < 2 else sorted(name)) for name in names]  # noqa: PLR2004  # one word


def _joined(
    first: list[str],
    last: list[str],
    forename: Ints,
    surname: Ints,
    single: Flags,
    names: list[Names],
) -> Ints:
    """Number the texts that a forename's first word and a surname's words make, sorted."""
    one, other = (pa.array(first).take(pa.array(forename)), pa.array(last).take(pa.array(surname)))
    turned = pc.greater(one, other)
    texts = pc.binary_join_element_wise(
        pc.if_else(turned, other, one), pc.if_else(turned, one, other), ""
    )
    odd = np.flatnonzero(~single[surname])
    written = [
        "".join(sorted((*filter(None, [first[f]]), *names[s])))
        for f, s in zip(forename[odd].tolist(), surname[odd].tolist(), strict=True)
    ]
    mask = np.zeros(len(forename), bool)
    mask[odd] = True
    texts = pc.replace_with_mask(texts, pa.array(mask), pa.array(written, pa.string()))
    coded = pa.concat_arrays([pa.array([""]), texts]).dictionary_encode()
    numbers: Ints = coded.indices.to_numpy()[1:]
    return numbers


_KINDS = (_keys_of_words, _keys_of_names, _keys_of_homes, _keys_of_guesses, _keys_of_numbers)

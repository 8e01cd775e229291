"""Whom to ring: read from a file, known codes only, and here numbers of nobody."""

import re
import tomllib

from register.reports.contacts import Contact, contact_of
from register.reports.organisations import find_organisation
from register.settings import ROOT

OF_DRAMA = re.compile(r"01(?:13|21|61) 496 0\d{3}|020 7946 0\d{3}|01632 960\d{3}")
"""Ranges that Ofcom sets aside for drama."""


def test_every_organisation_with_a_number_is_known() -> None:
    told = tomllib.loads((ROOT / "config" / "contacts.toml").read_text("utf-8"))
    assert not [code for code in told if find_organisation(code) is None]
    numbers = [line[name] for line in told.values() for name in ("duty", "out_of_hours")]
    assert not [number for number in numbers if not OF_DRAMA.fullmatch(number)]


def test_lines_are_given_and_none_are_made_up() -> None:
    assert contact_of("E08000035").duty == "0113 496 0201"
    assert contact_of("E06000035") == Contact("E06000035")

"""Whom to ring at an organisation: read once from `config/contacts.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from register.settings import CONFIG_DIR


@dataclass(frozen=True, slots=True)
class Contact:
    """An organisation's lines: `duty` within `hours`, `out_of_hours` else; blanks are not known."""

    organisation: str
    team: str = ""
    duty: str = ""
    hours: str = ""
    out_of_hours: str = ""


def contact_of(code: str) -> Contact:
    """Give an organisation's lines, all blank where none are known."""
    return _contacts().get(code, Contact(code))


@cache
def _contacts() -> Mapping[str, Contact]:
    file = CONFIG_DIR / "contacts.toml"
    told = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    return {code: Contact(code, **lines) for code, lines in told.items()}

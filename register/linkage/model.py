"""The model in force, read once from `config/model.toml`; and any other model file."""

import tomllib
from functools import cache
from pathlib import Path

from register.errors import Refused
from register.linkage.match import Model
from register.linkage.model_file import model_of
from register.settings import CONFIG_DIR

IN_FORCE = CONFIG_DIR / "model.toml"


@cache
def model_in_force() -> Model:
    """Give the model that judges pairs now."""
    return read_model(IN_FORCE)


def read_model(path: Path) -> Model:
    """Read a model file. Raises Refused, with a sentence, where it is none."""
    try:
        return model_of(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{path.name} can't be read as a model file ({error}): give one in TOML."
        raise Refused(message) from error

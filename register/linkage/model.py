"""The model in force, read once from `config/model.toml`."""

import tomllib
from functools import cache

from register.linkage.match import Model, model_of
from register.settings import CONFIG_DIR


@cache
def model_in_force() -> Model:
    """Give the model that judges pairs now."""
    return model_of(tomllib.loads((CONFIG_DIR / "model.toml").read_text("utf-8")))

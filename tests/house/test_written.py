"""The pages that are generated from the code are what the code would write now."""

import pytest

from docs.write import pages
from register.settings import ROOT


@pytest.mark.parametrize("name", ["fields.md", "permissions.md", "routes.md", "rules.md"])
def test_the_page_is_in_step(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == pages()[name], "run `make pin`"


def test_every_page_is_compared() -> None:
    assert sorted(pages()) == ["fields.md", "permissions.md", "routes.md", "rules.md"]

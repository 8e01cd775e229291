"""Write the pages that are generated from the code: `make pin` runs it, a test compares."""

import json
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import register
from register.access.permissions_page import permissions_page
from register.access.policy import GUARDED
from register.api.document import document_of
from register.api.house import make_api
from register.app import create_app
from register.db import make_engine
from register.linkage.guards_page import guards_page
from register.mismatches.feeds import feeds
from register.mismatches.rules_page import feeds_section, rules_page
from register.mismatches.ruleset import ruleset
from register.reports.fields_page import fields_page
from register.reports.layouts_page import layouts_page
from register.settings import Settings
from register.web.routes_page import routes_page

FOLDER = Path(__file__).parent
ON_DEMAND = "register.linkage.spark"
"""The one module that not every environment can load; it holds no verb."""


def pages() -> dict[str, str]:
    """Each generated page by its name."""
    for module in walk_packages(register.__path__, "register."):
        if module.name != ON_DEMAND:
            import_module(module.name)  # a verb is known to be guarded once its module is loaded
    guarded = {verb: asked for verb, asked in GUARDED.items() if verb.startswith("register.")}
    settings = Settings(secret_key="signs nothing")  # noqa: S106  # no page is served here
    app = create_app(settings, make_engine("sqlite://"))
    document = document_of(make_api(app.extensions["register"]))
    return {
        "fields.md": fields_page(),
        "guards.md": guards_page(),
        "layouts.md": layouts_page(),
        "permissions.md": permissions_page(guarded),
        "openapi.json": json.dumps(document, indent=1, ensure_ascii=False) + "\n",
        "routes.md": routes_page(app),
        "rules.md": rules_page(ruleset()) + feeds_section(feeds()),
    }


def main() -> None:
    """Write each page."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()

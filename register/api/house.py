"""The interface as an application of its own, which `create_app` sets beside the pages."""

from flask import Flask
from flask_smorest import Api
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from register.api.desk import Parts
from register.api.document import document
from register.api.faults import catch_faults, http_problem
from register.api.gate import put_up_gate
from register.api.limits import set_limits
from register.api.lists import lists
from register.api.mismatches import mismatches
from register.api.reports import reports
from register.api.reviews import reviews
from register.api.schemas import ProblemAnswer
from register.api.token import issue_tokens, tokens

PREFIX = "/api/v1"
ROOMS = (tokens, reports, lists, mismatches, reviews)


class _Api(Api):  # type: ignore[misc]  # the library ships no types
    ERROR_SCHEMA = ProblemAnswer

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Answer by the same problem as everywhere; the library would leave out `Allow`."""
        return http_problem(error)


def make_api(parts: Parts) -> Flask:
    """Make the interface from what the application was made of."""
    app = Flask("register", static_folder=None)
    app.extensions["register"] = parts
    app.url_map.merge_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of the provider that Flask has
    app.config.update(
        API_TITLE="The register of missing children",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={"servers": [{"url": PREFIX}]},
    )
    set_limits(app)
    put_up_gate(app)
    issue_tokens(app)
    api = _Api(app)
    for room in ROOMS:
        api.register_blueprint(room)
    app.register_blueprint(document)
    app.extensions["register-document"] = api.spec
    catch_faults(app)
    return app

"""The interface as an application of its own, which `create_app` sets beside the pages."""

from flask import Flask
from flask_smorest import Api
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from register.access.policy import MEANINGS
from register.api.blueprint import SCOPES, refusals
from register.api.check import checks
from register.api.desk import Parts
from register.api.document import document, keep_document
from register.api.faults import catch_faults, http_problem
from register.api.feeds import feeds
from register.api.figures import figures
from register.api.gate import put_up_gate
from register.api.limits import set_limits
from register.api.lists import lists
from register.api.mismatches import mismatches
from register.api.parameters import ReferenceConverter
from register.api.reports import reports
from register.api.reviews import reviews
from register.api.token import issue_tokens, tokens

PREFIX = "/api/v1"
ABOUT = """\
What force and authority systems plug into: send a report and hear in the same answer what the
register made of it; read who is missing, what disagrees and what changed; answer. Repeats are
harmless. Times bear an offset, or are a bare day where only the day is known. Refusals are problems
(RFC 9457) with a JSON pointer to each field at fault."""
ROOMS = (tokens, reports, feeds, lists, mismatches, reviews, checks, figures)


class _Api(Api):  # type: ignore[misc]  # the library ships no types
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_responses(self) -> None:
        for name, refusal in refusals().items():
            self.spec.components.response(name, dict(refusal), lazy=True)

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Answer by the same problem as everywhere; the library would leave out `Allow`."""
        return http_problem(error)


def make_api(parts: Parts) -> Flask:
    """Make the interface from what the application was made of."""
    app = Flask("register", static_folder=None)
    app.extensions["register"] = parts
    app.url_map.merge_slashes = False
    app.url_map.converters["reference"] = ReferenceConverter
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of the provider that Flask has
    app.config.update(
        API_TITLE="The register of missing children",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={"servers": [{"url": PREFIX}], "info": {"description": ABOUT}},
    )
    set_limits(app)
    put_up_gate(app)
    issue_tokens(app)
    api = _Api(app)
    api.spec.components.security_scheme("token", _scheme())
    for room in ROOMS:
        api.register_blueprint(room)
    app.register_blueprint(document)
    keep_document(app, api.spec.to_dict())
    catch_faults(app)
    return app


def _scheme() -> dict[str, object]:
    scopes = {scope.value: MEANINGS[scope] for scope in sorted(set(SCOPES.values()))}
    flow = {"tokenUrl": f"{PREFIX}/token", "scopes": scopes}
    return {"type": "oauth2", "flows": {"clientCredentials": flow}}

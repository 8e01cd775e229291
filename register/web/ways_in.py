"""What every way in shares: from where somebody comes, and what their browser is given to keep."""

from collections.abc import Mapping
from datetime import timedelta

from flask import Response, after_this_request, request, session
from flask_login import login_user

from register.access.factors import Desk, Proof
from register.access.key_files import factor_key
from register.access.security_keys import Site
from register.access.sessions import Visit
from register.access.signing_in import DEVICE_LASTS, Caller, Outcome
from register.web.desk import Visitor, parts

HALF = "half"
"""Under this name the browser's cookie keeps the token of half a sign-in."""
FIELDS = {"key_name": "The name of the key", "app_name": "The name of the app", "code": "The code"}


def caller() -> Caller:
    """Give from where the request comes."""
    return Caller(request.remote_addr or "", request.cookies.get(_device_cookie(), ""))


def factor_desk() -> Desk:
    """Give what checking a factor needs."""
    settings = parts().settings
    return Desk(Site(settings.origin or request.host_url.rstrip("/")), factor_key(settings))


def proof() -> Proof:
    """Give what the form sent as a second step."""
    return Proof(request.form.get("code", "")[:20], request.form.get("answer", ""))


def factor_name() -> str:
    """Give what the form calls a new second step."""
    return request.form.get("key_name") or request.form.get("app_name", "")


def worded(problems: Mapping[str, str]) -> dict[str, str]:
    """Make of each problem a sentence that begins with what it is a problem of."""
    return {
        name: f"{FIELDS.get(name, name.capitalize())} {problem}"
        for name, problem in problems.items()
    }


def enter(outcome: Outcome, visit: Visit) -> None:
    """Let somebody in: the browser keeps a new session, and is known from now on."""
    session.clear()  # nothing that stood in the cookie before counts afterwards
    login_user(Visitor(outcome.token, visit.actor, visit.name, visit.must_change_password))
    keep_device(outcome.device)


def keep_device(token: str) -> None:
    """Give the browser what it is known by."""

    @after_this_request
    def _keep(response: Response) -> Response:
        settings = parts().settings
        response.set_cookie(
            _device_cookie(),
            token,
            max_age=DEVICE_LASTS,
            secure=settings.secure_cookies,
            httponly=True,
            samesite="Strict",
        )
        return response


def wait_sentence(wait: timedelta) -> str:
    """Say for how long somebody must wait."""
    minutes = -(-wait // timedelta(minutes=1))
    return (
        f"There were too many tries. Wait {minutes} minute{'s' if minutes > 1 else ''}, "
        "then try again."
    )


def _device_cookie() -> str:
    return "__Host-register-device" if parts().settings.secure_cookies else "register-device"

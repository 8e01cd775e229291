"""The gate: every address needs sign-in unless it is named here, and no other site may post."""

from urllib.parse import urlsplit

from flask import Flask, redirect, render_template, request, session, url_for
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from werkzeug.exceptions import BadRequest, Forbidden, Unauthorized
from werkzeug.wrappers import Response

from register.access.sessions import find_session, touch_session
from register.web.desk import NOBODY, Nobody, Visitor, parts, visitor
from register.work import begin_work

PUBLIC = frozenset(
    {
        *("static", "sign_in.form", "sign_in.begin"),
        *("second_step.form", "second_step.finish", "second_step.set_up"),
        *("key_first.ask", "key_first.form", "key_first.answer"),
        *("help.words", "help.accessibility"),
    }
)
"""All that can be asked for without being signed in."""
TAKES_LATE = frozenset({"entering.answer", "entering.send"})
"""What was typed is kept though the session has ended, in a browser that opened the draft."""
DRAFTS = "drafts"
"""Where the browser's cookie names the drafts that were opened in it."""
TAKES_FILES = frozenset({"submissions.receive", "lists.list_eight"})
FORM_BYTES = 1_000_000
"""The longest form that a page sends, files apart."""
BY_ITSELF = "by_itself"
"""Said by a list that loads itself again: nobody asked, so it keeps no session alive."""
OURS = frozenset({"same-origin", "none"})
"""What a browser says of requests from pages of ours, and of addresses that somebody typed."""
READS = frozenset({"GET", "HEAD", "OPTIONS"})
BEFORE_ALL_ELSE = frozenset({"account.password_form", "account.change_password", "sign_in.end"})
"""What somebody may do whose password another person chose."""


def put_up_gate(app: Flask) -> None:
    """Close the application to whoever is not signed in, and to requests from other sites."""
    login = LoginManager(app)
    login.anonymous_user = Nobody
    login.session_protection = None  # the session's own row says whether it holds
    login.user_loader(_find_visitor)
    # In this order: what a stranger sends is not read, however long it is.
    app.before_request(_refuse_other_names)
    app.before_request(_limit_length)
    app.before_request(_refuse_other_sites)
    app.before_request(_ask_to_sign_in)
    app.before_request(_refuse_nul)
    CSRFProtect(app)


def safe_next(address: str) -> str:
    """Give an address of our own to go on to after sign-in; the first page for anything else."""
    ours = address.startswith("/") and not address.startswith(("//", "/\\"))
    printable = address.isprintable() and "\\" not in address
    return address if ours and printable else url_for("first.page")


def _find_visitor(token: str) -> Visitor | None:
    here = parts()
    with begin_work(here.engine, NOBODY, clock=here.clock, writes=False) as work:
        visit = find_session(work, token, here.settings)
    if visit is None:
        return None
    if visit.is_touch_due and not request.args.get(BY_ITSELF):
        with begin_work(here.engine, NOBODY, clock=here.clock) as work:
            touch_session(work, token)
    return Visitor(token, visit.actor, visit.name, visit.must_change_password)


def _refuse_other_names() -> None:
    expected = parts().settings.origin
    if expected and request.host != urlsplit(expected).netloc:
        raise BadRequest


def _limit_length() -> None:
    if request.endpoint not in TAKES_FILES:
        request.max_content_length = FORM_BYTES


def _refuse_other_sites() -> None:
    # Beside the form's token: browsers say from where a request was made, and for what (Fetch
    # Metadata). From other sites people may come by a link; nothing of ours is shown within them.
    source = request.headers.get("Sec-Fetch-Site")
    if source in OURS:
        return
    if source is None:
        origin = request.headers.get("Origin")
        if origin is not None and request.method not in READS and not _is_ours(origin):
            raise Forbidden
    elif not _is_link():
        raise Forbidden


def _is_link() -> bool:
    mode, place = (request.headers.get(f"Sec-Fetch-{name}", "") for name in ("Mode", "Dest"))
    return request.method in READS and mode == "navigate" and place == "document"


def _is_ours(origin: str) -> bool:
    expected = parts().settings.origin
    return origin == expected if expected else urlsplit(origin).netloc == request.host


def _refuse_nul() -> None:
    # No browser sends it from a page of ours, and PostgreSQL keeps no text that holds it.
    said = [*request.args.values(), *request.form.values(), *(request.view_args or {}).values()]
    if any("\0" in str(text) for text in said):
        raise BadRequest


def _ask_to_sign_in() -> Response | str | None:
    who = visitor()
    if request.endpoint in PUBLIC:
        return None
    if request.endpoint in TAKES_LATE and (request.view_args or {})["key"] in session.get(
        DRAFTS, []
    ):
        return None
    if isinstance(who, Visitor):
        owes = who.must_change_password and request.endpoint not in BEFORE_ALL_ELSE
        return redirect(url_for("account.password_form")) if owes else None
    if request.path.startswith("/api/") or request.method not in READS:
        raise Unauthorized
    following = request.full_path.rstrip("?")
    if _is_link() and request.headers.get("Sec-Fetch-Site") not in OURS:
        # Whoever comes by a link from elsewhere may be signed in: the browser keeps the cookie to
        # itself until a page of ours asks.
        return render_template("go_on.html", next=safe_next(following))
    return redirect(url_for("sign_in.form", next=None if following == "/" else following))

"""What every answer tells the browser not to do."""

import secrets
from http import HTTPStatus

from flask import Flask, Response, g, request

from register.web.desk import parts

YEAR = 365 * 24 * 3600
_NO_USE = "camera display-capture geolocation hid microphone midi payment serial usb".split()
_FEATURES = ", ".join(
    [
        *(f"{name}=()" for name in _NO_USE),
        *(f"publickey-credentials-{name}=(self)" for name in ("create", "get")),
    ]
)


def add_headers(app: Flask) -> None:
    """Give each request a nonce, and each answer its restrictions."""
    app.after_request(_restrict)
    app.jinja_env.globals["csp_nonce"] = _nonce


def _nonce() -> str:
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _policy(nonce: str) -> str:
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            # No script of ours, or of the Design System's, writes HTML or code from text.
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    )


def _restrict(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = _policy(_nonce())
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Permissions-Policy"] = _FEATURES
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # An error is a page of who asked, wherever it happened.
    if request.endpoint != "static" or response.status_code >= HTTPStatus.BAD_REQUEST:
        headers["Cache-Control"] = "no-store"
    if parts().settings.secure_cookies:
        headers["Strict-Transport-Security"] = f"max-age={2 * YEAR}; includeSubDomains"
    return response

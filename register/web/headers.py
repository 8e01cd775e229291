"""What every answer tells the browser not to do."""

import secrets
from http import HTTPStatus

from flask import Flask, Response, g, request

from register.web.desk import parts

YEAR = 365 * 24 * 3600


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
        ]
    )


def _restrict(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = _policy(_nonce())
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.endpoint != "static" or response.status_code >= HTTPStatus.BAD_REQUEST:
        headers["Cache-Control"] = "no-store"
    if parts().settings.secure_cookies:
        headers["Strict-Transport-Security"] = f"max-age={2 * YEAR}; includeSubDomains"
    return response

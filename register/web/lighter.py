"""Pages are sent compressed: over a telephone in a car a long list comes ten times as soon.

Whoever could have a page made with words of their own, again and again, and watched its length,
could guess what else stands in it. No other site can: the cookie goes to none (`SameSite=Strict`).
"""

import gzip

from flask import Flask, Response, request

LEVEL = 5
SMALLEST = 1_000
"""Characters of a page below which there is nothing to win."""


def make_lighter(app: Flask) -> None:
    """Compress every page for a browser that reads it so."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype != "text/html" or response.is_streamed or request.method == "HEAD":
        return response
    response.vary.add("Accept-Encoding")
    page = response.get_data()
    if request.accept_encodings.quality("gzip") and len(page) >= SMALLEST:
        response.set_data(gzip.compress(page, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response

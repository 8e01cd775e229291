"""What the interface is: the OpenAPI document, and a page made of it."""

from flask import Blueprint, Response, current_app, jsonify

document = Blueprint("document", __name__)


@document.get("/openapi.json")
def whole() -> Response:
    """Give the document."""
    return jsonify(current_app.extensions["register-document"].to_dict())

"""What the interface is: the OpenAPI document, and a page made of it on the server."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, jsonify, render_template, request

document = Blueprint("document", __name__)
METHODS = ("get", "put", "post")
_ROOM = "register-document"


@dataclass(frozen=True, slots=True)
class OnPage:
    """One operation as the page shows it; `sent` and `answered` are examples, blank for none."""

    method: str
    path: str
    told: Mapping[str, Any]
    scope: str
    sent: str
    answered: str
    statuses: tuple[str, ...]


def keep_document(app: Flask, whole: Mapping[str, Any]) -> None:
    """Keep the document that the application serves."""
    app.extensions[_ROOM] = dict(whole)


def document_of(app: Flask) -> dict[str, Any]:
    """Give the document that the application serves."""
    return cast("dict[str, Any]", app.extensions[_ROOM])


@document.get("/openapi.json")
def whole() -> Response:
    """Give the document."""
    return jsonify(document_of(current_app))


@document.get("/")
def page() -> str:
    """Show the document to people."""
    found = document_of(current_app)
    root = request.script_root.removesuffix(found["servers"][0]["url"])
    return render_template(
        "interface.html",
        document=found,
        operations=list(_operations(found)),
        root=f"{root}/",
        static=f"{root}/static",
        here=request.host_url.rstrip("/") + request.script_root,
    )


def _operations(found: Mapping[str, Any]) -> Iterator[OnPage]:
    for path, told in found["paths"].items():
        for method in METHODS:
            if method in told:
                yield _on_page(method, path, told[method])


def _on_page(method: str, path: str, told: Mapping[str, Any]) -> OnPage:
    bodies = told.get("requestBody", {}).get("content", {})
    answers = next(iter(told["responses"].values())).get("content", {})
    return OnPage(
        method.upper(),
        path,
        told,
        " ".join(scope for way in told["security"] for scope in way.get("token", ())),
        _example(bodies),
        _example(answers),
        tuple(sorted(told["responses"])),
    )


def _example(content: Mapping[str, Any]) -> str:
    examples = [each["example"] for each in content.values() if "example" in each]
    return json.dumps(examples[0], indent=2, ensure_ascii=False) if examples else ""

"""The document and its page: there for everybody, whole, with an example of every operation."""

from typing import Any

import pytest
from flask import Flask

from register.api.blueprint import SCOPES
from register.api.gate import PUBLIC
from tests.web.page import Page


@pytest.fixture
def whole(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def operations(whole: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        told["operationId"]: told
        for path in whole["paths"].values()
        for method, told in path.items()
        if method in {"get", "put", "post"}
    }


def test_every_operation_has_its_scope_and_its_examples(whole: dict[str, Any]) -> None:
    assert whole["openapi"] == "3.1.0"
    for name, told in operations(whole).items():
        endpoint = name.replace("_", ".", 1)
        if endpoint not in PUBLIC:
            assert told["security"] == [{"token": [SCOPES[endpoint].value]}]
        contents = [answer.get("content", {}) for answer in told["responses"].values()]
        good = [each for content in contents for each in content.values()]
        assert [each for each in good if "example" in each], name
        for body in told.get("requestBody", {}).get("content", {}).values():
            assert "example" in body, name


def test_no_operation_is_left_out_of_the_document(whole: dict[str, Any]) -> None:
    named = {name.replace("_", ".", 1) for name in operations(whole)}
    assert named == {*SCOPES, "token.give"}


def test_the_page_shows_every_operation_under_the_strict_policy(
    app: Flask, whole: dict[str, Any]
) -> None:
    answer = app.test_client().get("/api/v1/")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    page = Page(answer.text)
    assert (page.inline, len(page.headings)) == ([], 1)
    for name in operations(whole):
        assert f'id="{name}"' in answer.text
    assert "/static/govuk/" in answer.text

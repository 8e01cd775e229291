"""Every operation under drawn requests, also one after another: no fault, nothing undocumented."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from register.api.house import PREFIX
from register.clients import service
from tests.api.conftest import Clock
from tests.api.speaking import Speaker
from tests.registers import DRILL

CHECKED = {
    "not_a_server_error": {"enabled": True},
    "status_code_conformance": {"enabled": True},
    "content_type_conformance": {"enabled": True},
    "response_headers_conformance": {"enabled": True},
    "response_schema_conformance": {"enabled": True},
    "unsupported_method": {"enabled": True},
    "ignored_auth": {"enabled": True},
    # A doubtful value never keeps a report out (contract, 1), and what the schema lets pass may
    # still be refused with a sentence: an organisation of somebody else's, a day that never was.
    "negative_data_rejection": {"enabled": False},
    "positive_data_acceptance": {"enabled": False},
    "missing_required_header": {"enabled": False},
}


def faults_of(app: Flask, token: str, examples: int) -> tuple[list[str], Counter[int]]:
    """Give what all phases find wrong with the interface, a line each, and how it answered."""
    settings = SchemathesisConfig.from_dict(
        {
            "headers": {"Authorization": f"Bearer {token}"},
            "checks": CHECKED,
            "generation": {"max-examples": examples, "deterministic": not DRILL},
            "continue-on-failure": True,
        }
    )
    schema = schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", app, config=settings)
    found: list[str] = []
    phases: set[str] = set()
    answered: Counter[int] = Counter()
    for event in from_schema(schema).execute():
        if isinstance(event, NonFatalError | FatalError):
            found.append(f"{type(event).__name__}: {event}")
        if isinstance(event, ScenarioFinished):
            phases.add(event.phase.value)
            tried = event.recorder.interactions.values()
            answered.update(each.response.status_code for each in tried if each.response)
            found += [
                f"{event.phase.value} {event.label}: {check.failure_info.failure}"
                for checks in event.recorder.checks.values()
                for check in checks
                if check.failure_info
            ]
    assert {"fuzzing", "stateful", "examples", "coverage"} <= {each.lower() for each in phases}
    return found, answered


def test_what_is_drawn_is_answered_as_documented(
    app: Flask, speak: Callable[[str], Speaker], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.step = timedelta(seconds=1)
    # Or it would end on the way, and whatever is asked after that be answered 401, as documented.
    monkeypatch.setattr(service, "TOKEN_LASTS", timedelta(days=365))
    police = speak("police")
    found, answered = faults_of(app, police.token, 1000 if DRILL else 10)
    assert not found, "\n".join(sorted(set(found)))
    assert police.ask("GET", "/changes").status_code == 200, "the token opens to the end"
    assert answered[HTTPStatus.UNAUTHORIZED] * 20 < answered.total()

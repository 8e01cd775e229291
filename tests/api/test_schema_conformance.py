"""Every operation under drawn requests, also one after another: no fault, nothing undocumented."""

from collections.abc import Callable
from datetime import timedelta

import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from register.api.house import PREFIX
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


def faults_of(app: Flask, token: str, examples: int) -> list[str]:
    """Give what all phases find wrong with the interface, a line each."""
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
    for event in from_schema(schema).execute():
        if isinstance(event, NonFatalError | FatalError):
            found.append(f"{type(event).__name__}: {event}")
        if isinstance(event, ScenarioFinished):
            phases.add(event.phase.value)
            found += [
                f"{event.phase.value} {event.label}: {check.failure_info.failure}"
                for checks in event.recorder.checks.values()
                for check in checks
                if check.failure_info
            ]
    assert {"fuzzing", "stateful", "examples", "coverage"} <= {each.lower() for each in phases}
    return found


def test_what_is_drawn_is_answered_as_documented(
    app: Flask, speak: Callable[[str], Speaker], clock: Clock
) -> None:
    clock.step = timedelta(seconds=1)
    found = faults_of(app, speak("police").token, 1000 if DRILL else 10)
    assert not found, "\n".join(sorted(set(found)))

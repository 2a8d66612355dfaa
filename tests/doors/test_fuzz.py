"""Requests made from the OpenAPI document: whatever they hold, the answer is one the document promises."""

import itertools
import os
from collections import Counter

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from practice.wsgi import application
from tests.doors.moves import MOVES
from tests.doors.moving import target
from tests.doors.routes import operations

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "1"))
# The proof of api_fuzz takes every tenth operation when it only shows that it runs: the suite takes all of them.
EVERY = int(os.environ.get("FUZZ_EVERY", "1"))
# The workers share the operations.
PARTS = 2
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Who may do most, who may only read, and who is held to one client; nobody besides.
ACTORS = ("olu", "writer", "bot", "limited_writer", "zoes_bot")
TOKEN = "t" * 32
PLAIN = {"phases": [Phase.explicit, Phase.generate], "database": None, "deadline": None}
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def document(path):
    call_command("spectacular", "--format", "openapi-json", "--file", str(path))
    return path


class Fuzz:
    """Counts what was tried and what was reached; each case is undone."""

    def __init__(self, world):
        self.world, self.cases, self.reached = world, 0, Counter()
        self.known = {o.name: o for o in operations()}
        session = world.callers()["olu"].browser.cookies["sessionid"].value
        self.cookies = {"sessionid": session, "csrftoken": TOKEN}
        self.headers = {
            name: {"Authorization": f"Bearer {key}"} for name, key in world.keys.items()
        }
        self.headers["olu"] = {"X-CSRFToken": TOKEN}

    def send(self, case, actor):
        self.aim(case)
        with transaction.atomic():
            response = case.call(
                headers=self.headers[actor],
                cookies=self.cookies if actor == "olu" else {},
                app=application,
                base_url="http://localhost",
            )
            case.validate_response(response, checks=CHECKS)
            transaction.set_rollback(True)
        self.cases += 1
        self.reached[case.operation.label] += 200 <= response.status_code < 300

    def aim(self, case):
        """Made-up ids and cursors reach nothing: every second case asks for a row that is there, with a body that fits."""
        operation = self.known.get(_name(case))
        if operation is None or self.cases % 2:
            return
        case.query, case.headers = {}, {}
        move = MOVES.get(operation.name)
        for name in case.path_parameters or {}:
            case.path_parameters[name] = target(MOVES, self.world, operation, "orchard")
        if move is not None and operation.method != "DELETE":
            case.body = _plain(move.body(self.world, "orchard"))


def _plain(body):
    """A file as its bytes: the only form of one that a made-up request knows."""
    if not isinstance(body, dict):
        return body
    return {key: part.read() if hasattr(part, "read") else part for key, part in body.items()}


def _name(case) -> str:
    return f"{case.method} {case.operation.path.removeprefix('/api/v1/')}"


@pytest.fixture
def _one_connection():
    """A served request ends with its connection closed; here it is the test's own, as for Django's test client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.long
@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize("part", range(PARTS))
def test_generated_requests_are_answered_as_the_document_promises(world, tmp_path, part):
    schema = schemathesis.openapi.from_path(document(tmp_path / "openapi.json"))
    fuzz, labels = Fuzz(world), []
    for found in itertools.islice(schema.get_all_operations(), part, None, PARTS * EVERY):
        operation = found.ok()
        labels.append(operation.label)
        for actor in ACTORS:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                attempt(fuzz, operation, actor, mode)
    reached = sum(1 for label in labels if fuzz.reached[label])
    print("never reached:", [label for label in labels if not fuzz.reached[label]])
    print(f"{fuzz.cases} cases on {len(labels)} operations, {reached} reached a 2xx")
    assert fuzz.cases >= len(labels)


def attempt(fuzz, operation, actor, mode):
    @seed(20260302)
    @settings(max_examples=EXAMPLES, suppress_health_check=QUIET, **PLAIN)
    @given(case=operation.as_strategy(generation_mode=mode))
    def go(case):
        fuzz.send(case, actor)

    go()

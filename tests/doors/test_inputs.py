"""Whatever is sent: never a fault, and a refusal changes nothing."""

import json
import os
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from drf_spectacular.generators import SchemaGenerator
from rest_framework.serializers import ValidationError

from tests.doors import walk
from tests.doors.moves import MOVES
from tests.doors.moving import Form, target
from tests.doors.nasty import BODIES, NASTY, PARAMETERS
from tests.doors.routes import API, lists, operations

WRITES = [o for o in operations() if o.method != "GET"]
READERS = [o for o in WRITES if o.reader is not None]
PROBLEM = "application/problem+json"
# The long rounds go in parts, so that the workers share them.
PARTS = 4
# What a field refuses by itself reaches no engine: asked once is asked of all (bin/_engines.py says which comes second).
SECOND_ENGINE = os.environ.get("REMIT_SECOND_ENGINE") == "1"


def test_every_write_says_what_it_reads():
    """Or that it reads nothing; otherwise neither the document nor what follows here would know its fields."""
    with_body = [o for o in operations() if o.method in {"POST", "PATCH", "PUT"}]
    assert [o.name for o in with_body if not hasattr(o.handler, "reader")] == []


def test_the_document_has_a_body_wherever_something_is_read_and_nowhere_else():
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    silent = {
        f"POST {path.removeprefix(API)}"
        for path, methods in paths.items()
        if "post" in methods and "requestBody" not in methods["post"]
    }
    assert silent == {o.name for o in WRITES if o.method == "POST" and o.reader is None}


def test_what_reads_nothing_refuses_every_field(world):
    caller, before = world.callers()["olu"], walk.digest()
    for operation in WRITES:
        if operation.method == "POST" and operation.reader is None:
            path = operation.path(rows_for(world, operation)[0])
            answer = caller.post(path, {"nothing": 1})
            told = (answer.status_code, list(answer.json().get("errors", ())))
            assert told == (400, ["nothing"]), operation.name
    assert walk.digest() == before


def tried(caller, method, path, body=None, **headers):
    """The answer; whatever was done is undone, and a refusal must not have done anything."""
    with transaction.atomic():
        answer = caller.call(method, path, body, **headers)
        transaction.set_rollback(answer.status_code < 400)
    return answer


def wrong(answer) -> bool:
    fault = answer.status_code >= 500
    return fault or (answer.status_code >= 400 and answer.headers["Content-Type"] != PROBLEM)


def rows_for(world, operation):
    row = MOVES[operation.name].row
    if not operation.of_one:
        return [""]
    spare = world.spare.get(("orchard", row))
    found = [target(MOVES, world, operation, "orchard")]
    return found + ([str(spare.pk)] if spare is not None else [])


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_no_value_in_any_field_is_a_fault_and_no_refusal_changes_anything(world, part):
    caller, before, faults, probes = world.callers()["olu"], walk.digest(), [], 0
    for operation, id, name, value in values_for(world, READERS[part::PARTS]):
        probes += 1
        body = {} if operation.method == "PATCH" else MOVES[operation.name].body(world, "orchard")
        refused = not isinstance(body, Form) and refuses_by_itself(operation, name, value)
        if refused and SECOND_ENGINE:
            continue
        # The standard library writes numbers that the callers' own JSON refuses to.
        text = text_of(body | {name: value})
        answer = tried(caller, operation.method, operation.path(id), text)
        told = wrong(answer) or (refused and answer.status_code < 400)
        faults += [(operation.name, name, value, answer.status_code)] if told else []
    assert faults == []
    assert walk.digest() == before
    assert probes > 2000 / PARTS


class Reached(Exception):
    """Something asked the database."""


def refuses_by_itself(operation, name, value) -> bool:
    def reached(*_):
        raise Reached

    try:
        with connection.execute_wrapper(reached):
            operation.reader().fields[name].run_validation(value)
    except ValidationError:
        return True
    # What looks a row up, or wants to know who asks, is asked through the door.
    except (Reached, KeyError, AttributeError):
        return False
    return False


def text_of(body):
    """A form's values are texts, whatever they are bent to."""
    if isinstance(body, Form):
        bent = {name: value for name, value in body.items() if value is not None}
        return Form(
            {
                n: v if hasattr(v, "read") else str(v).encode("utf-8", "replace")
                for n, v in bent.items()
            }
        )
    return json.dumps(body).encode()


def values_for(world, operations):
    for operation in operations:
        for id in rows_for(world, operation):
            for name in operation.reader().fields:
                for value in NASTY:
                    yield operation, id, name, value


@pytest.mark.long
def test_no_body_is_a_fault_and_no_refusal_changes_anything(world):
    caller, before, faults = world.callers()["olu"], walk.digest(), []
    for operation in WRITES:
        path = operation.path(rows_for(world, operation)[0])
        for body in BODIES:
            for headers in ({}, {"Idempotency_Key": "once"}):
                answer = tried(caller, operation.method, path, body, **headers)
                told = (operation.name, body[:40], answer.status_code)
                faults += [told] if wrong(answer) else []
    assert faults == []
    assert walk.digest() == before


def test_an_unknown_field_is_named_and_refused(world):
    caller, before = world.callers()["olu"], walk.digest()
    for operation in READERS:
        unknown = {"practice", "nothing", "id", "version", "created_at", "practice_id"}
        unknown -= set(operation.reader().fields)
        body = MOVES[operation.name].body(world, "orchard") | dict.fromkeys(unknown, "x")
        path = operation.path(rows_for(world, operation)[0])
        answer = caller.call(operation.method, path, body)
        assert answer.status_code == 400, operation.name
        assert unknown <= set(answer.json()["errors"]), operation.name
    assert walk.digest() == before


@pytest.mark.long
@pytest.mark.parametrize("part", range(2))
def test_no_parameter_is_a_fault_and_unknown_or_repeated_ones_are_refused(world, part):
    caller, faults = world.callers()["olu"], []
    for operation in lists()[part::2]:
        path = operation.path()
        names = [*operation.view().narrowed_by, "order", "limit", "cursor", "expand"]
        for name in names:
            for value in PARAMETERS:
                answer = caller.get(f"{path}?{name}={quote(value[:1000])}")
                faults += [(path, name, value, answer.status_code)] if wrong(answer) else []
            repeated = caller.get(f"{path}?{name}=1&{name}=1")
            assert (repeated.status_code, repeated.json()["errors"][name]) == (
                400,
                ["Given twice."],
            )
        for name in ("nothing", "format", "offset", "page", "id__in", f"{names[0]}__startswith"):
            refused = caller.get(f"{path}?{name}=1")
            assert (refused.status_code, list(refused.json()["errors"])) == (400, [name])
    assert faults == []


def test_an_id_that_is_none_is_a_missing_row(world):
    caller = world.callers()["olu"]
    for id in ("%00", "..%2F", "%F0%9F%98%80", "1", "null", "x" * 400, "%ff"):
        found = {caller.get(o.path(id)).status_code for o in operations() if o.action == "retrieve"}
        assert found == {404}, id

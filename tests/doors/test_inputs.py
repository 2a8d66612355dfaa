"""Whatever is sent: never a fault, and a refusal changes nothing."""

import json
import re
from urllib.parse import quote

import orjson
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
    """Each alone, where only the verb or the database can say no."""
    caller, before, faults, probes = world.callers()["olu"], walk.digest(), [], 0
    for operation in READERS[part::PARTS]:
        body, fields = body_of(world, operation), operation.reader().fields
        for value in NASTY:
            for name in set(fields) - refusing(fields, value, body):
                # The standard library writes numbers that the callers' own JSON refuses to.
                text = text_of(body | {name: value})
                for id in rows_for(world, operation):
                    probes += 1
                    answer = tried(caller, operation.method, operation.path(id), text)
                    told = (operation.name, name, value, answer.status_code)
                    faults += [told] if wrong(answer) else []
    assert faults == []
    assert walk.digest() == before
    assert probes > 1000 / PARTS


@pytest.mark.long
@pytest.mark.once
def test_what_fields_refuse_by_themselves_is_named_field_by_field(world):
    """All of an operation in one request: one that is not named was not looked at. No engine is reached by it."""
    caller, before, faults, probes = world.callers()["olu"], walk.digest(), [], 0
    for operation in READERS:
        path, fields = operation.path(rows_for(world, operation)[0]), operation.reader().fields
        body = body_of(world, operation)
        for value in NASTY:
            names = refusing(fields, value, body)
            probes += len(names)
            text = text_of(body | dict.fromkeys(names, value))
            answer = tried(caller, operation.method, path, text) if names else None
            named = heads(answer) if names else set()
            faults += [(operation.name, value, names - named)] if names - named else []
    assert faults == []
    assert walk.digest() == before
    assert probes > 2000


def heads(answer) -> set[str]:
    """The fields a refusal names: of a value inside one, the field that it is in."""
    errors = answer.json()["errors"] if answer.status_code == 400 else {}
    return {re.split(r"\W", name)[0] for name in errors}


def body_of(world, operation):
    return {} if operation.method == "PATCH" else MOVES[operation.name].body(world, "orchard")


def refusing(fields, value, body) -> set[str]:
    """The fields that refuse a value before anything is looked up. A form is asked field by field: all in it is text."""
    if isinstance(body, Form):
        return set()
    # A number of thirty digits arrives as a shorter one.
    value = orjson.loads(json.dumps(value))
    return {name for name, field in fields.items() if refuses_by_itself(field, value)}


class Reached(Exception):
    """Something asked the database."""


def refuses_by_itself(field, value) -> bool:
    def reached(*_):
        raise Reached

    try:
        with connection.execute_wrapper(reached):
            field.run_validation(value)
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

"""The event log cannot be rewritten, is written in the verb's transaction, and misses no change."""

import contextlib
import re
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import ConnectionHandler
from django.test.utils import CaptureQueriesContext

from practice import access, clients, contacts, guards
from practice.events import PERSONAL
from practice.models import Client, Contact, Event, Member
from practice.reach import Reach
from practice.refusals import Invalid
from tests import make
from tests.doors import world
from tests.doors.moves import MOVES
from tests.doors.moving import target
from tests.doors.routes import Operation, operations

SQLITE, POSTGRES = connection.vendor == "sqlite", connection.vendor == "postgresql"
WRITE = re.compile(r'^(INSERT INTO|UPDATE|DELETE FROM) "(?!practice_(apikey|replay)")(\w+)"')


@contextlib.contextmanager
def refused() -> Iterator[None]:
    """The database itself says no, and the rest of the test goes on."""
    with pytest.raises(DatabaseError), _to_the_end():
        yield


@contextlib.contextmanager
def _to_the_end() -> Iterator[None]:
    with transaction.atomic():
        yield
        # PostgreSQL compares foreign keys at the end of the transaction; here is the end.
        connection.check_constraints()


def sql(text: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, params)


def raw(value: object) -> object:
    """A UUID as the column holds it."""
    return value.hex if SQLITE and hasattr(value, "hex") else value


@pytest.fixture
def event(cast) -> Event:
    return Event.objects.filter(practice=cast.practice).order_by("id")[0]


def copy_of(event: Event) -> tuple[str, list[object]]:
    names = [column.column for column in Event._meta.concrete_fields]
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM practice_event WHERE id = %s", [raw(event.pk)])
        values = list(cursor.fetchone())
    marks = ", ".join(["%s"] * len(names))
    return f"INTO practice_event ({columns}) VALUES ({marks})", values


def test_an_event_cannot_be_changed_or_deleted_through_the_models(event):
    before = list(Event.objects.order_by("id").values_list())
    with refused():
        Event.objects.filter(pk=event.pk).update(kind="nothing.happened")
    with refused():
        event.kind = "nothing.happened"
        event.save()
    with refused():
        event.delete()
    with refused():
        Event.objects.all().delete()
    assert list(Event.objects.order_by("id").values_list()) == before


def test_an_event_cannot_be_changed_or_deleted_in_sql(event):
    before = list(Event.objects.order_by("id").values_list())
    for statement in (
        "UPDATE practice_event SET kind = 'nothing.happened'",
        "UPDATE practice_event SET kind = kind",
        "DELETE FROM practice_event",
    ):
        with refused():
            sql(statement)
    assert list(Event.objects.order_by("id").values_list()) == before


@pytest.mark.skipif(not POSTGRES, reason="SQLite has no TRUNCATE")
def test_the_log_cannot_be_truncated(event):
    with refused():
        sql("TRUNCATE practice_event CASCADE")
    with refused():
        sql("TRUNCATE practice_practice CASCADE")
    assert Event.objects.filter(pk=event.pk).exists()


@pytest.mark.skipif(not SQLITE, reason="PostgreSQL has no REPLACE")
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_the_log_cannot_be_replaced_with_or_without_recursive_triggers(event, recursive):
    insert, values = copy_of(event)
    values[[c.column for c in Event._meta.concrete_fields].index("kind")] = "nothing.happened"
    sql(f"PRAGMA recursive_triggers={recursive}")
    try:
        for verb in ("INSERT OR REPLACE", "REPLACE"):
            with refused():
                sql(f"{verb} {insert}", *values)
    finally:
        sql("PRAGMA recursive_triggers=ON")
    event.refresh_from_db()
    assert event.kind != "nothing.happened"


@pytest.mark.skipif(not POSTGRES, reason="SQLite's upsert is an UPDATE, which is tested above")
def test_the_log_cannot_be_overwritten_by_an_upsert(event):
    insert, values = copy_of(event)
    with refused():
        sql(f"INSERT {insert} ON CONFLICT (id) DO UPDATE SET kind = 'nothing.happened'", *values)


def rows_of(seeded: world.World, model) -> tuple[object, object]:
    """One of ours and one of the other practice's."""
    ours, theirs = (
        model.objects.filter(practice=practice).first()
        for practice in (seeded.cast.practice, seeded.cast.other_practice)
    )
    assert ours, f"{model.__name__} has no row in tests/doors/world.py"
    assert theirs, f"{model.__name__} has no row in tests/doors/world.py"
    return ours, theirs


def test_no_foreign_key_can_point_into_another_practice(seeded):
    keys = list(guards.tenant_keys())
    assert len(keys) > 15
    for model, key in keys:
        row, _ = rows_of(seeded, model)
        _, target = rows_of(seeded, key.related_model)
        change = f'UPDATE "{model._meta.db_table}" SET "{key.column}" = %s WHERE id = %s'
        with refused():
            sql(change, raw(target.pk), raw(row.pk))


def test_no_row_can_change_practice(seeded):
    for model in guards.tenant_models():
        if model.reach.practice == "practice_id":
            row, theirs = rows_of(seeded, model)
            change = f'UPDATE "{model._meta.db_table}" SET practice_id = %s WHERE id = %s'
            with refused():
                sql(change, raw(theirs.practice_id), raw(row.pk))


def test_the_database_refuses_a_new_row_that_points_into_another_practice(cast):
    row = Contact(practice=cast.practice, client=cast.zoes_client, name="N", created_at=make.NOW)
    row.role = "viewer"
    with refused():
        row.save(force_insert=True)


def test_no_guard_is_missing(db):
    assert guards.missing(connection) == []


def test_where_there_are_no_tables_yet_no_guard_is_missing(db):
    empty = ConnectionHandler(
        {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
    )["default"]
    assert guards.missing(empty) == []
    empty.close()


def test_a_missing_guard_is_noticed(db):
    guards.lift(connection)
    absent = guards.missing(connection)
    guards.install(connection)
    assert absent == [guard.name for guard in guards.guards(connection.vendor)]
    assert guards.missing(connection) == []


def add_and_fail(cast) -> None:
    with transaction.atomic():
        make.client(cast.olu, "Kiln")
        raise ZeroDivisionError


def test_a_change_that_is_rolled_back_leaves_no_event(cast):
    before = Event.objects.count()
    with pytest.raises(ZeroDivisionError):
        add_and_fail(cast)
    with pytest.raises(Invalid):
        make.client(cast.olu, "Kiln", currency="euros")
    assert Event.objects.count() == before


WRITES = [o for o in operations() if o.method != "GET"]


def test_every_write_of_the_api_has_a_valid_call_in_the_table():
    assert sorted(MOVES) == sorted(operation.name for operation in WRITES)


@pytest.mark.parametrize("operation", WRITES, ids=lambda o: o.name)
def test_every_write_of_the_api_writes_its_events_in_one_transaction(seeded, operation):
    before = set(Event.objects.values_list("id", flat=True))
    who = MOVES[operation.name].by
    caller = seeded.callers()[who]
    with CaptureQueriesContext(connection) as statements:
        answer = move(seeded, caller, operation)
    assert answer.status_code < 300, answer.content
    written = Event.objects.exclude(id__in=before).order_by("id")
    assert [event.kind for event in written] == list(MOVES[operation.name].events)
    if not MOVES[operation.name].events:
        # What is signed and kept nowhere, such as a link, is no change.
        assert blocks_that_write(statements.captured_queries) == []
        return
    assert {event.request_id for event in written} == {"request-of-this-test"}
    assert {event.source for event in written} == {"api"}
    assert {event.actor_id for event in written} <= {seeded.people[who].pk, None}
    assert {event.practice_id for event in written} == {seeded.cast.practice.pk}
    assert len(blocks_that_write(statements.captured_queries)) == 1


def move(seeded: world.World, caller, operation: Operation):
    told = MOVES[operation.name]
    path = operation.path(target(MOVES, seeded, operation, "orchard"))
    body = None if operation.method == "DELETE" else told.body(seeded, "orchard")
    return caller.call(operation.method, path, body, X_Request_ID="request-of-this-test")


def blocks_that_write(queries: list[dict[str, str]]) -> list[list[str]]:
    """Statements that change our tables, grouped by the outermost savepoint they stand in (the test is around it)."""
    blocks: list[list[str]] = []
    depth, current = 0, []
    for query in queries:
        text = query["sql"]
        if text.startswith("SAVEPOINT"):
            depth += 1
        elif text.startswith(("RELEASE", "ROLLBACK TO")):
            depth -= text.startswith("RELEASE")
            if depth == 0 and current:
                blocks.append(current)
                current = []
        elif WRITE.match(text):
            current.append(text)
            if depth == 0:
                blocks.append(current)
                current = []
    return blocks


def test_no_personal_value_and_no_secret_stands_in_the_log(seeded):
    callers = seeded.callers()
    for operation in WRITES:
        with transaction.atomic():
            move(seeded, callers[MOVES[operation.name].by], operation)
            transaction.set_rollback(operation.method == "DELETE")
    kinds = {m._meta.model_name: m.reach for m in guards.tenant_models()}
    for event in Event.objects.all():
        reach: Reach = kinds[event.subject_kind]
        for values in filter(None, (event.before, event.after)):
            assert {values.get(name) or PERSONAL for name in reach.personal} == {
                PERSONAL
            } or not reach.personal
            assert not set(values) & (set(reach.secret) | set(reach.fees))


def test_what_people_are_called_is_marked_as_changed_and_not_told(cast):
    hers = make.contact(cast.orchard, "Nora", "viewer", email="nora@orchard.test", title="CFO")
    changed = {"name": "Nora Neu", "email": "neu@orchard.test", "title": "CEO"}
    contacts.change(hers, by=make.actor(cast.olu), at=make.NOW, **changed)
    event = Event.objects.get(kind="contact.changed", subject_id=hers.pk)
    assert event.before == event.after == dict.fromkeys(changed, PERSONAL)


def test_a_change_names_the_fields_with_their_values_before_and_after(cast):
    clients.change(
        cast.orchard, by=make.actor(cast.ada), at=make.NOW, industry="Fruit", country="PT"
    )
    event = Event.objects.get(kind="client.changed")
    assert event.before == {"industry": "", "country": ""}
    assert event.after == {"industry": "Fruit", "country": "PT"}
    assert (event.subject_kind, event.subject_id) == ("client", cast.orchard.pk)
    assert (event.actor_kind, event.actor_id) == ("member", cast.ada.pk)
    assert (event.client_id, event.source) == (cast.orchard.pk, "desk")


def test_a_change_to_what_is_there_already_is_no_event(cast):
    before = Event.objects.count()
    clients.change(cast.orchard, by=make.actor(cast.olu), at=make.NOW, name="Orchard")
    assert Event.objects.count() == before


@pytest.mark.parametrize(("who", "told"), [("olu", True), ("ada", True), ("amy", False)])
def test_fees_in_the_log_are_for_those_who_see_fees(seeded, who, told):
    answer = seeded.callers()[who].get("events/?kind=client.changed&limit=200")
    assert {"commercial" in row for row in answer.json()["results"]} == {told}


def test_the_system_s_own_events_name_nobody(cast):
    event = Event.objects.get(kind="practice.founded", practice=cast.practice)
    assert (event.actor_kind, event.actor_id, event.source) == ("system", None, "job")
    assert access.visible_to(None, Event).count() == 0
    assert Member.objects.filter(pk=event.subject_id).count() == 0
    assert Client.objects.filter(pk=event.subject_id).count() == 0

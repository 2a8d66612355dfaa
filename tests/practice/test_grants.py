"""The role of web and worker on PostgreSQL: it does all the work, and no append-only table is its to rewrite."""

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from deliverables.models import SealedEntry
from practice import guards
from practice.models import Event
from tests.deliverables import logged
from tests.engagements import build

POSTGRES = connection.vendor == "postgresql"
needs_roles = pytest.mark.skipif(not POSTGRES, reason="SQLite knows no roles")
ROLE = "remit_web_of_a_test"

pytestmark = pytest.mark.django_db


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def role(cast):
    """Roles belong to the whole server; this one goes when the test's transaction is undone."""
    sql(f"CREATE ROLE {ROLE}")
    call_command("grant", ROLE, verbosity=0)
    sql(f"SET LOCAL ROLE {ROLE}")
    yield ROLE
    sql("RESET ROLE")


def grown():
    """The tables that only grow."""
    return [m._meta.db_table for m in guards.tenant_models() if getattr(m, "append_only", False)]


@needs_roles
def test_the_role_does_the_work(cast, role):
    engagement = build.engagement(cast)
    logged.charter(cast, engagement)
    before = Event.objects.count()

    decision = logged.decision(engagement, cast.ada)

    assert decision.status == "decided"
    assert SealedEntry.objects.filter(subject_id=decision.pk).count() == 1
    assert Event.objects.count() > before


@needs_roles
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_only_grows_is_not_its_to_rewrite(cast, role, verb):
    """Rights are asked before any trigger fires: it is the role that is refused here, not the guard that refuses."""
    tables = grown()
    assert len(tables) > 5
    for table in tables:
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            sql(verb.format(f'"{table}"'))


@needs_roles
def test_nor_can_it_take_a_guard_off(cast, role):
    (guard, *_) = (g for g in guards.guards("postgresql") if g.table == "practice_event")
    with pytest.raises(ProgrammingError, match="must be owner"), transaction.atomic():
        sql('ALTER TABLE "practice_event" DISABLE TRIGGER ALL')
    with pytest.raises(ProgrammingError, match="must be owner"), transaction.atomic():
        sql(guard.drop)


@needs_roles
def test_a_role_that_is_not_there_or_owns_the_tables_is_refused():
    with pytest.raises(CommandError, match="There is no role nobody_of_a_test"):
        call_command("grant", "nobody_of_a_test")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
    with pytest.raises(CommandError, match="owns the tables"):
        call_command("grant", owner)


@pytest.mark.skipif(POSTGRES, reason="PostgreSQL knows roles, which the others test")
def test_on_sqlite_it_says_that_there_are_no_roles():
    with pytest.raises(CommandError, match="SQLite knows no roles"):
        call_command("grant", ROLE)

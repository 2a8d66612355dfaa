"""The database itself refuses to change what was offered, on both engines."""

import contextlib

import pytest
from django.db import DatabaseError, connection, transaction

from engagements import charters
from engagements.models import Charter, Right, SpendingLimit
from tests import make
from tests.engagements import build
from tests.engagements.test_charters import drafted, offered
from tests.make import NOW


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


@pytest.fixture
def ada(cast):
    return make.actor(cast.ada)


@contextlib.contextmanager
def refused():
    with pytest.raises(DatabaseError), transaction.atomic():
        yield


def sql(text, *params):
    with connection.cursor() as cursor:
        cursor.execute(text, params)


@pytest.mark.parametrize("model", [Right, SpendingLimit])
def test_parts_of_an_offered_charter_cannot_be_changed_added_or_deleted(engagement, ada, model):
    charter = offered(engagement, ada)
    part = model.objects.filter(charter=charter).first()
    table = model._meta.db_table

    with refused():
        sql(f"UPDATE {table} SET version = version + 1")
    with refused():
        sql(f"DELETE FROM {table}")
    with refused():
        type(part).objects.create(
            practice_id=part.practice_id,
            client_id=part.client_id,
            engagement_id=part.engagement_id,
            charter=charter,
            created_at=NOW,
            **(
                {"code": "OR-01", "label": "Late"}
                if model is Right
                else {"hat": "CIO", "per_decision": 1, "per_period": 1}
            ),
        )


def test_a_part_of_an_offered_charter_cannot_be_moved_out_of_it(engagement, ada, cast):
    charter = offered(engagement, ada)
    other = build.engagement(cast, name="Another")
    draft = charters.draft(other, by=ada, at=NOW)
    own = draft.rights.get(code="DR-01")

    with refused():
        Right.objects.filter(charter=charter, code="DR-06").update(charter=draft, code="OR-01")
    with refused():
        Right.objects.filter(pk=own.pk).update(charter=charter, code="OR-01")


def test_what_was_offered_never_becomes_a_draft_again(engagement, ada):
    charter = offered(engagement, ada)

    with refused():
        Charter.objects.filter(pk=charter.pk).update(status="draft")


def test_the_parts_of_a_draft_can_be_changed(engagement, ada):
    charter = drafted(engagement, ada)

    changed = Right.objects.filter(charter=charter, code="DR-06").update(note="Tried.")

    assert changed == 1
    assert Right.objects.filter(charter=charter).exclude(code="DR-06").delete()[0] == 26


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_truncate_is_refused_too(engagement, ada):
    offered(engagement, ada)

    with refused():
        sql("TRUNCATE engagements_right")

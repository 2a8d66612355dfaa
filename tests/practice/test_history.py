"""Rows as they were: what the event log says was changed since is undone, and nothing else."""

import datetime

from assessments import classifying, systems
from assessments.models import System
from practice import access
from practice.history import Past
from tests import make
from tests.assessments import estate
from tests.assessments.test_classification import answers
from tests.make import NOW

WEEK = datetime.timedelta(days=7)


def past(client):
    return Past.of(client, [System], since=NOW - WEEK, by=access.system(client.practice_id))


def moved(cast):
    """Found now, classified and owned a week on, in production a week later."""
    row = estate.system(cast.orchard)
    ada = make.actor(cast.ada)
    classifying.classify(row, answers=answers(["deployer"], {}), by=ada, at=NOW + WEEK)
    row = systems.name_risk_owner(row, contact=cast.priya, by=ada, at=NOW + WEEK)
    row = systems.move(row, to="assessed", by=ada, at=NOW + WEEK)
    return systems.change(row, in_production=True, by=ada, at=NOW + 2 * WEEK)


def seen(row):
    return row.status, row.tier, row.risk_owner_id, row.status_at, row.in_production


def test_a_row_is_told_as_it_was_at_each_moment(cast):
    row = moved(cast)
    then = past(cast.orchard)
    now = System.objects.get()
    first = ("discovered", "", None, NOW, False)
    between = ("assessed", "MINIMAL_RISK", cast.priya.pk, NOW + WEEK, False)
    last = (*between[:4], True)
    found = [seen(then.was(now, NOW + n * WEEK)) for n in (-1, 0, 1, 2, 3)]
    assert found == [first, first, between, last, last]
    assert seen(row) == last


def test_the_row_itself_stays_as_it_is(cast):
    row = moved(cast)
    past(cast.orchard).was(row, NOW)
    assert row.status == "assessed"


def test_a_change_knows_its_moment(cast):
    row = moved(cast)
    then = past(cast.orchard)
    assert then.moved_at(row, "status", NOW + 3 * WEEK) == NOW + WEEK
    assert then.moved_at(row, "status", NOW) is None
    assert then.moved_at(row, "name", NOW + 3 * WEEK) is None


def test_one_statement_reads_it_however_many_rows(cast, django_assert_num_queries):
    moved(cast)
    with django_assert_num_queries(1):
        then = past(cast.orchard)
    rows = list(System.objects.all())
    with django_assert_num_queries(0):
        [then.was(row, NOW).status for row in rows]


def test_another_client_s_changes_are_not_read(cast):
    moved(cast)
    assert past(cast.quarry).changes == {}

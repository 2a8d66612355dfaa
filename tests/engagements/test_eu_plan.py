"""The plan of 30, 60 and 90 days: it opens with EU exposure and a CAIO's hat, whichever comes last, and once."""

import datetime

import pytest

from assessments import known
from engagements import eu_plan, lifecycle, wearing
from engagements.models import Engagement, Wearing
from practice import clockwork
from practice.models import AgendaEntry, Event
from tests import make
from tests.engagements import build
from tests.make import NOW

DAY = datetime.timedelta(days=1)
TODAY = NOW.date()


def learnt(cast, at=NOW, **facts):
    by = make.actor(cast.ada)
    known.learn(cast.orchard, facts=facts, said_on=at.date(), source="talk", by=by, at=at)


def ticked(at=NOW):
    clockwork.tick(at=at, clock=lambda: at)


def milestones():
    """Period and day of the open milestones, where the client is."""
    entries = AgendaEntry.objects.filter(kind="eu_milestone", status="open").order_by("due_at")
    return [(entry.period, entry.due_at.date()) for entry in entries]


def days(first):
    return [(f"day_{n}", first + n * DAY) for n in (30, 60, 90)]


def opened():
    return Event.objects.filter(kind="engagement.eu_plan_opened").count()


def test_exposure_learnt_later_opens_it_at_the_next_tick_from_that_day(cast):
    build.engagement(cast)
    learnt(cast, eu_exposure="yes")
    assert milestones() == []
    ticked()
    assert milestones() == days(TODAY)
    row = Engagement.objects.get()
    assert (row.eu_milestones, row.eu_since_on, opened()) == (True, TODAY, 1)


def test_a_hat_put_on_later_opens_it_from_that_day(cast):
    engagement = build.engagement(cast, hats={"CTO": 50, "CAIO": 50})
    caio = Wearing.objects.get(engagement=engagement, hat="CAIO")
    by = make.actor(cast.ada)
    wearing.take_off(caio, until_on=TODAY, by=by, at=NOW)
    learnt(cast, eu_exposure="yes")
    ticked()
    assert milestones() == []
    since = TODAY + 3 * DAY
    wearing.wear(engagement, hat="CAIO", member=cast.ben, since_on=since, by=by, at=NOW)
    assert milestones() == days(since)


@pytest.mark.parametrize(("hats", "exposed"), [({"CTO": 100}, "yes"), ({"CAIO": 100}, "no")])
def test_without_both_it_stays_closed(cast, hats, exposed):
    build.engagement(cast, hats=hats)
    learnt(cast, eu_exposure=exposed)
    ticked()
    assert (milestones(), opened()) == ([], 0)


def test_it_opens_once_however_often_it_is_learnt_and_ticked(cast):
    build.engagement(cast)
    learnt(cast, eu_exposure="yes")
    ticked()
    learnt(cast, NOW + DAY, eu_exposure="no")
    learnt(cast, NOW + 2 * DAY, eu_exposure="yes")
    for _ in range(2):
        ticked(NOW + 2 * DAY)
    assert (milestones(), opened()) == (days(TODAY), 1)


def test_where_somebody_closed_it_it_stays_closed(cast):
    engagement = build.engagement(cast)
    learnt(cast, eu_exposure="yes")
    ticked()
    lifecycle.change(engagement, eu_milestones=False, by=make.actor(cast.ada), at=NOW)
    assert milestones() == []
    build.replanned(engagement)
    assert (milestones(), opened()) == ([], 1)


def test_another_clients_engagement_is_left_alone(cast):
    build.engagement(cast, client=cast.quarry, lead=cast.olu)
    learnt(cast, eu_exposure="yes")
    ticked()
    assert milestones() == []


def test_what_the_clock_calls_twice_changes_nothing_more(cast):
    build.engagement(cast)
    learnt(cast, eu_exposure="yes")
    ticked()
    before = list(AgendaEntry.objects.order_by("id").values_list("id", "version", "status"))
    eu_plan.follow_fact(cast.orchard.pk, make.actor(cast.olu), NOW)
    after = list(AgendaEntry.objects.order_by("id").values_list("id", "version", "status"))
    assert after == before

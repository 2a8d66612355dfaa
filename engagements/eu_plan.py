"""The plan of 30, 60 and 90 days under the EU AI Act (CAD-06): inventory, classes, operating model. It opens once for an
engagement, when the client is exposed to the EU and a CAIO's hat is worn, whichever comes last."""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from assessments.models import ClientFact
from engagements import dates, stages
from engagements.models import Engagement, Wearing
from practice import access, agenda, rows
from practice.access import Actor
from practice.models import AgendaEntry, Client
from practice.quarters import local_day

KIND, FACT, HAT = "eu_plan_open", "eu_exposure", "CAIO"


def course_changed(engagement: Engagement, *, by: Actor, at: datetime.datetime) -> None:
    """In the transaction of whatever changed the course, with the engagement held: a hat, or the work itself, begins."""
    if engagement.eu_since_on is not None or engagement.status not in stages.RUNNING:
        return
    since = _exposed_since(engagement)
    if since is not None:
        _open(engagement, since, by=by, at=at)


def learnt(client: Client, facts: list[ClientFact], at: datetime.datetime) -> None:
    """In the transaction that learns of the exposure: that plans are opened, at the next tick.

    Not here and now: the verbs of engagements hold the engagement before the client, and this one holds the client.
    """
    for fact in (one for one in facts if one.name == FACT and one.value == "yes"):
        agenda.plan(
            KIND,
            subject_id=client.pk,
            practice_id=client.practice_id,
            client_id=client.pk,
            due_at=at,
            at=at,
            title="Open the plan for the EU AI Act",
            period=fact.pk.hex[-20:],
        )


def follow_fact(client_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """What the clock calls for it. A plan that is open already is left alone."""
    client = access.get(by, Client, client_id)
    about: dict[str, Any] = {"subject_id": client.pk, "practice_id": client.practice_id}
    # Read before: what is learnt meanwhile is followed by an entry of its own.
    open_ones = AgendaEntry.objects.filter(kind=KIND, status=AgendaEntry.Status.OPEN, **about)
    periods = list(open_ones.values_list("period", flat=True))
    running = Engagement.objects.filter(
        practice_id=client.practice_id,
        client=client,
        status__in=stages.RUNNING,
        eu_since_on=None,
    )
    for id in list(running.order_by("id").values_list("pk", flat=True)):
        with transaction.atomic():
            course_changed(access.get(by, Engagement, id, lock=True), by=by, at=at)
    for period in periods:
        agenda.close(KIND, **about, period=period, done=True, at=at)


def _exposed_since(engagement: Engagement) -> datetime.date | None:
    """Since when the client is known to be exposed, where it is."""
    fact = ClientFact.objects.filter(
        practice_id=engagement.practice_id,
        client_id=engagement.client_id,
        name=FACT,
        until_at=None,
    ).first()
    if fact is None or fact.value != "yes":
        return None
    return local_day(fact.created_at, engagement.client.time_zone)


def _open(
    engagement: Engagement, exposed_on: datetime.date, *, by: Actor, at: datetime.datetime
) -> None:
    """Its first day is the last of three: of the work, of the hat, of knowing about the exposure."""
    worn = Wearing.objects.filter(engagement=engagement, hat=HAT, until_on=None).first()
    if worn is None:
        return
    begins = [exposed_on, worn.since_on, *filter(None, [engagement.starts_on])]
    changes = {"eu_milestones": True, "eu_since_on": max(begins)}
    # It follows from what they were allowed to do.
    own = access.on_own_authority(by)
    engagement = rows.change(engagement, changes, by=own, at=at, kind="engagement.eu_plan_opened")
    dates.replan(engagement, by=by, at=at)

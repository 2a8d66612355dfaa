"""What the AI estate itself says of a client: facts counted from its systems and its ledger, with their day and source.

Verbs of the estate call `look` in their transaction: one entry of the clock for each client, so that a thousand rows
taken in at once are counted once. A run of the panel counts at once. What people said is never erased.
"""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from assessments import estate_book, known, spend_report, terms
from assessments.models import ClientFact, FactSource, SpendLine, System, SystemKind
from practice import access, agenda
from practice.access import Actor
from practice.models import AgendaEntry, Client
from practice.quarters import local_day, local_moment

KIND = "estate_facts"
WORKLOADS, SPENDING = "ai_workloads_in_production", "ai_annual_spend"
FACING, CRITICAL = "ai_customer_facing", "ai_customer_critical_path"
NAMES = (WORKLOADS, FACING, CRITICAL, SPENDING)
# What an estate that was only begun says of anything: nothing, rather than no.
NOTHING = (0, "no")
# Midnight is skipped on some days in some zones; this minute is not.
FIRST = datetime.time(3, 0)
SOON, INSTANT = datetime.timedelta(minutes=5), datetime.timedelta(microseconds=1)


def look(client: Client, *, at: datetime.datetime) -> None:
    """Something changed that facts follow from: they are counted anew at the next tick.

    One statement where that is about to happen anyway. A moment at which it happened already would not come again, as
    when many verbs are handed the same one.
    """
    entry = (
        AgendaEntry.objects.select_for_update()
        .filter(practice_id=client.practice_id, kind=KIND, subject_id=client.pk)
        .first()
    )
    if entry is None:
        _plan(client, at, at)
    elif entry.next_at is None or entry.next_at > at + SOON:
        _plan(client, max(at, (entry.changed_at or entry.created_at) + INSTANT), at)


def follow(client_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """What the clock calls. Planned again first: whoever changes the estate meanwhile is asked for anew, not lost.

    Once there is a ledger it is looked at every month, for with each a month more is whole.
    """
    client = access.get(by, Client, client_id)
    following = terms.months_on(local_day(at, client.time_zone).replace(day=1), 1)
    _plan(client, local_moment(following, FIRST, client.time_zone), at)
    put_down(client, by=by, at=at)
    spends = SpendLine.objects.filter(practice_id=client.practice_id, client=client).exists()
    if not spends or client.status == Client.Status.FORMER:
        agenda.close(KIND, subject_id=client.pk, practice_id=client.practice_id, done=True, at=at)


def put_down(client: Client, *, by: Actor, at: datetime.datetime) -> list[ClientFact]:
    """Learn what the estate says now and did not say before. The newest answer is the present one, whoever gave it.

    Somebody's answer stands until the estate says another thing than the last time it spoke.
    """
    own = access.on_own_authority(by)
    with transaction.atomic():
        client = access.get(own, Client, client.pk, lock=True)
        spoke = last_said(client)
        news = {
            name: value
            for name, value in said(client, by=own, at=at).items()
            if value != spoke.get(name) and (name in spoke or value not in NOTHING)
        }
        if not news:
            return []
        day = local_day(at, client.time_zone)
        return known.learn(client, facts=news, said_on=day, source=FactSource.ESTATE, by=own, at=at)


def said(client: Client, *, by: Actor, at: datetime.datetime) -> dict[str, Any]:
    """What the estate says of each fact that it can tell. Two sums over it, however large it is."""
    told = System.objects.filter(
        practice_id=client.practice_id, client=client, in_production=True
    ).aggregate(
        workloads=Count("id", filter=Q(kind=SystemKind.WORKLOAD)),
        facing=Count("id", filter=Q(customer_facing=True)),
        critical=Count("id", filter=Q(critical_path=True)),
    )
    facts: dict[str, Any] = {
        WORKLOADS: told["workloads"],
        FACING: "yes" if told["facing"] else "no",
        CRITICAL: "yes" if told["critical"] else "no",
    }
    spent = _spent_in_a_year(client, by, at)
    return facts if spent is None else {**facts, SPENDING: spent}


def last_said(client: Client) -> dict[str, Any]:
    """What the estate said last of each fact, whatever was answered since."""
    rows = ClientFact.objects.filter(
        practice_id=client.practice_id, client=client, name__in=NAMES, source=FactSource.ESTATE
    )
    return dict(rows.order_by("id").values_list("name", "value"))


def _spent_in_a_year(client: Client, by: Actor, at: datetime.datetime) -> int | None:
    """Whole dollars, as the dictionary wants them: twelve whole months, or three times four of the last three.

    None where the ledger is shorter, or a rate is missing: part of a sum is no fact.
    """
    report = spend_report.of(client, by=by, at=at, currency=estate_book.words().axis.currency)
    spent, forecast = report["spent"], report["forecast"]
    if spent is None or forecast["thin"]:
        return None
    year = spent if spent["whole_year"] else forecast
    return max(round(year["amount"]), 0) if spent["complete"] else None


def _plan(client: Client, due_at: datetime.datetime, at: datetime.datetime) -> None:
    agenda.plan(
        KIND,
        subject_id=client.pk,
        practice_id=client.practice_id,
        client_id=client.pk,
        due_at=due_at,
        at=at,
        title=f"Facts follow the AI estate of {client.name}"[:200],
        time_zone=client.time_zone,
    )

"""Dates that follow what they were computed from: a client's time zone or fiscal year, a practice's own offsets."""

import datetime
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q

from practice import access, agenda
from practice.access import Actor
from practice.models import AgendaEntry, Client
from practice.quarters import local_moment
from practice.registers import Register

KIND = "client_moved"


@dataclass(frozen=True)
class Replanner:
    """How a room plans a client's open entries of these kinds anew; called by the clock, as an effect is."""

    kinds: tuple[str, ...]
    replan: Callable[[UUID, Actor, datetime.datetime], None]


# Contributed by the rooms; every other kind keeps its day, wherever the client is now.
REPLANNERS: Register[Replanner] = Register("re-planners")


def client_changed(client: Client, changed: set[str], at: datetime.datetime) -> None:
    """In the transaction of the client's verb: that its dates move along, at the next tick.

    Not here and now: this transaction holds the client, and verbs of the rooms hold what is theirs before a client.
    """
    if changed & {"time_zone", "fiscal_year_start"}:
        agenda.plan(
            KIND,
            subject_id=client.pk,
            practice_id=client.practice_id,
            client_id=client.pk,
            due_at=at,
            at=at,
            title=f"Dates of {client.name} follow it",
            period=f"v{client.version}",
            time_zone=client.time_zone,
        )


def follow_client(client_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """What the clock calls after it. Done twice it changes nothing more."""
    client = access.get(by, Client, client_id)
    for name in REPLANNERS:
        REPLANNERS[name].replan(client_id, by, at)
    planned = {kind for name in REPLANNERS for kind in REPLANNERS[name].kinds}
    _same_day_there(client, planned, at)
    agenda.close(KIND, subject_id=client.pk, practice_id=client.practice_id, done=True, at=at)


def _same_day_there(client: Client, elsewhere: set[str], at: datetime.datetime) -> None:
    """What was due by the end of a day is due by the end of that day, wherever the client is now."""
    entries = (
        AgendaEntry.objects.filter(
            practice_id=client.practice_id,
            client_id=client.pk,
            status=AgendaEntry.Status.OPEN,
            all_day=True,
        )
        .exclude(kind__in=elsewhere)
        .exclude(time_zone=client.time_zone)
    )
    for entry in entries.order_by("id").select_for_update():
        local = entry.due_at.astimezone(zoneinfo.ZoneInfo(entry.time_zone))
        agenda.plan(
            entry.kind,
            subject_id=entry.subject_id,
            practice_id=entry.practice_id,
            due_at=local_moment(local.date(), local.time(), client.time_zone),
            at=at,
            title=entry.title,
            client_id=entry.client_id,
            owner_id=entry.owner_id,
            period=entry.period,
            time_zone=client.time_zone,
            all_day=True,
            client_sees=entry.client_sees,
        )


def kind_retimed(practice_id: UUID, kind: str, *, at: datetime.datetime) -> None:
    """Open entries wait for their next moment under the rule as it is now; what fell due before stays due."""
    if not connection.in_atomic_block:
        raise RuntimeError("offsets and what follows from them change together, or not at all")
    rule = agenda.rules_here(kind, {practice_id})[practice_id]
    waiting = AgendaEntry.objects.filter(
        Q(next_at=None) | Q(next_at__gt=at),
        practice_id=practice_id,
        kind=kind,
        status=AgendaEntry.Status.OPEN,
    )
    agenda.move_on(waiting, rule, at)

"""When to assess a client anew: every fiscal quarter, and when a new fact moves what a lens says."""

import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from assessments import panel
from assessments.models import Assessment
from practice import access, agenda, mail
from practice.access import Actor
from practice.agenda import Recipient
from practice.models import AgendaEntry, Client, Notice
from practice.notices import Letter
from practice.quarters import Quarter, end_of_day, local_day, quarter_of

QUARTERLY, MOVED = "reassessment", "facts_moved"


def after_assessment(client: Client, *, at: datetime.datetime) -> None:
    """What this run settles is done; the next is due by the end of the client's next fiscal quarter."""
    for kind in (QUARTERLY, MOVED):
        agenda.close(kind, subject_id=client.pk, practice_id=client.practice_id, done=True, at=at)
    following = _quarter(client, at).next(client.fiscal_year_start)
    _plan(client, QUARTERLY, following, end_of_day(following.ends_on, client.time_zone), at)


def replan(client_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """The client's zone or fiscal year is another now: the next assessment is due by the end of the quarter as it is now."""
    client = access.get(by, Client, client_id)
    entries = AgendaEntry.objects.filter(
        practice_id=client.practice_id,
        kind=QUARTERLY,
        subject_id=client.pk,
        status=AgendaEntry.Status.OPEN,
    )
    last = Assessment.objects.filter(practice_id=client.practice_id, client=client).order_by("id")
    if not entries.exists() or (run := last.last()) is None:
        return
    following = _quarter(client, run.created_at).next(client.fiscal_year_start)
    for period in entries.exclude(period=following.name).values_list("period", flat=True):
        agenda.close(
            QUARTERLY,
            subject_id=client.pk,
            practice_id=client.practice_id,
            done=False,
            at=at,
            period=period,
        )
    _plan(client, QUARTERLY, following, end_of_day(following.ends_on, client.time_zone), at)


def after_learning(client: Client, *, facts: dict[str, Any], at: datetime.datetime) -> None:
    """Compare what the lenses would say now with what they said last; raise it once a quarter."""
    last = (
        Assessment.objects.filter(practice_id=client.practice_id, client=client)
        .order_by("id")
        .last()
    )
    if last is not None and moved(last, facts):
        quarter = _quarter(client, at)
        _plan(client, MOVED, quarter, at, at)


def moved(last: Assessment, facts: dict[str, Any]) -> list[str]:
    """The lenses whose outcome is another now."""
    said = {lens["lens"]: lens["outcome"] for lens in last.result["lenses"]}
    now = panel.evaluate(facts)["lenses"]
    return [
        lens["lens"] for lens in now if said.get(lens["lens"], lens["outcome"]) != lens["outcome"]
    ]


def responsible(entries: list[AgendaEntry]) -> dict[UUID, list[Recipient]]:
    clients = Client.objects.filter(
        id__in=[e.subject_id for e in entries], responsible__active=True
    )
    found = {
        id: Recipient(f"member:{member}", address)
        for id, member, address in clients.values_list(
            "id", "responsible_id", "responsible__user__email"
        )
    }
    return {e.id: [found[e.subject_id]] for e in entries if e.subject_id in found}


def due_letter(notice: Notice, at: datetime.datetime) -> Letter | None:
    return _letter(notice, "reassessment_due", "Time to assess {client} anew")


def moved_letter(notice: Notice, at: datetime.datetime) -> Letter | None:
    return _letter(notice, "facts_moved", "What is known of {client} has changed")


def _letter(notice: Notice, template: str, subject: str) -> Letter | None:
    rows = Client.objects.select_related("practice", "responsible__user")
    client = rows.defer("practice__logo").get(pk=notice.subject_id)
    if client.status == Client.Status.FORMER:
        return None
    link = f"{settings.REMIT_URL}/desk/practice/client/{client.pk}/change/"
    context = {"client": client, "link": link}
    return mail.compose(template, subject.format(client=client.name), client.practice, context)


def _plan(
    client: Client, kind: str, quarter: Quarter, due_at: datetime.datetime, at: datetime.datetime
) -> None:
    agenda.plan(
        kind,
        subject_id=client.pk,
        practice_id=client.practice_id,
        client_id=client.pk,
        owner_id=client.responsible_id,
        due_at=due_at,
        at=at,
        title=f"{TITLES[kind]}: {client.name}",
        period=quarter.name,
        time_zone=client.time_zone,
        all_day=kind == QUARTERLY,
    )


def _quarter(client: Client, at: datetime.datetime) -> Quarter:
    return quarter_of(local_day(at, client.time_zone), client.fiscal_year_start)


TITLES = {QUARTERLY: "Assess anew", MOVED: "Facts moved an outcome"}

"""Going through a client's roadmap as a whole, each quarter as long as something on it is live; and what that owes the
agenda."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Min

from assessments import terms
from assessments.models import Initiative, RoadmapReview
from assessments.models.work import LIVE
from practice import access, agenda, keys, mail, rows
from practice.access import Actor
from practice.models import AgendaEntry, Client, Notice
from practice.notices import Letter
from practice.quarters import end_of_day, local_day
from practice.refusals import Invalid, Taken

KIND = "roadmap_review"
# S4-L3: the roadmap is refreshed each quarter.
QUARTER = 3
ONCE = Taken("The roadmap was gone through on this day already.", "reviewed_on")


@dataclass(frozen=True)
class Standing:
    """A roadmap on which something is live."""

    begun_at: datetime.datetime
    """When the first of what is live was put down."""
    last: RoadmapReview | None

    def since(self, zone: str) -> datetime.date:
        """From when the quarter counts: the last review, or the first day of what is live, whichever is later."""
        begun_on = local_day(self.begun_at, zone)
        return max(begun_on, self.last.reviewed_on) if self.last else begun_on

    def due_on(self, zone: str) -> datetime.date:
        return terms.months_on(self.since(zone), QUARTER)


def review(
    client: Client,
    *,
    note: str,
    reviewed_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> RoadmapReview:
    """Say that the roadmap was gone through, and what came of it. The next time is due three months later."""
    access.require(by, "initiative", "change")
    with transaction.atomic():
        client = access.get(by, Client, client.pk, lock=True)
        row = RoadmapReview(
            practice_id=client.practice_id,
            client=client,
            reviewed_on=reviewed_on or local_day(at, client.time_zone),
            reviewer=keys.stands_for(by, client.responsible),
            note=note.strip(),
        )
        _check(row, at)
        # A key that is limited to a client sees no members; the reviewer it stands for is named all the same.
        own = access.on_own_authority(by)
        row = rows.add(row, by=own, at=at, kind="roadmap.reviewed", taken=ONCE)
        _close(client, done=True, at=at)
        follow(client, at)
    return row


def follow(client: Client, at: datetime.datetime) -> None:
    """One review is owed at a time, while something is live. The caller holds the client, so that of two who add and
    drop at once the later one sees what is."""
    standing = standings([client.pk]).get(client.pk)
    if standing is None:
        _close(client, done=False, at=at)
        return
    last = standing.last.reviewed_on if standing.last else "the first day"
    agenda.plan(
        KIND,
        subject_id=client.pk,
        period=f"after {last}",
        practice_id=client.practice_id,
        client_id=client.pk,
        owner_id=client.responsible_id,
        due_at=end_of_day(standing.due_on(client.time_zone), client.time_zone),
        at=at,
        title=f"Go through the roadmap of {client.name}"[:200],
        time_zone=client.time_zone,
        all_day=True,
    )


def standings(client_ids: Iterable[UUID]) -> dict[UUID, Standing]:
    """Of those clients whose roadmap has something live. Two queries."""
    wanted = list(client_ids)
    live = Initiative.objects.filter(client__in=wanted, status__in=LIVE).order_by()
    begun = live.values_list("client_id").annotate(first=Min("created_at"))
    last: dict[UUID, RoadmapReview] = {}
    reviews = RoadmapReview.objects.filter(client__in=wanted).select_related("reviewer__user")
    for row in reviews.order_by("reviewed_on", "id"):
        last[row.client_id] = row
    return {client_id: Standing(first, last.get(client_id)) for client_id, first in begun}


def letter(notice: Notice, at: datetime.datetime) -> Letter | None:
    joined = Client.objects.select_related("practice").defer("practice__logo")
    client = joined.get(pk=notice.subject_id)
    entry = notice.entry
    if entry is None or entry.status != AgendaEntry.Status.OPEN:
        return None
    if client.status == Client.Status.FORMER:
        return None
    day = local_day(entry.due_at, client.time_zone)
    lines = [
        f"The roadmap of {client} was to be gone through by {day.day} {day:%B %Y}.",
        "Is each initiative still wanted, and do its problem, horizon and milestones still hold?",
    ]
    link = f"{settings.REMIT_URL}/desk/practice/client/{client.pk}/outlook/"
    return mail.plain(entry.title, client.practice, lines=lines, action="Open it", link=link)


def _close(client: Client, *, done: bool, at: datetime.datetime) -> None:
    agenda.close(KIND, subject_id=client.pk, practice_id=client.practice_id, done=done, at=at)


def _check(row: RoadmapReview, at: datetime.datetime) -> None:
    terms.check(reviewed_on=row.reviewed_on)
    wrong: dict[str, Any] = {}
    if not row.note:
        wrong["note"] = ["Say what came of it."]
    if row.reviewed_on > local_day(at, row.client.time_zone):
        wrong["reviewed_on"] = ["Not in the future."]
    else:
        later = RoadmapReview.objects.filter(client=row.client, reviewed_on__gt=row.reviewed_on)
        if last := later.order_by("-reviewed_on").first():
            wrong["reviewed_on"] = [f"It was gone through on {last.reviewed_on} already."]
    if wrong:
        raise Invalid(wrong)

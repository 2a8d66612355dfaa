"""Letters about milestones of the roadmap and about risks to look at again; and their dates when a client moves."""

import datetime
from uuid import UUID

from django.conf import settings

from assessments import milestones, risks
from assessments.models import Milestone, Risk, RiskStatus
from practice import mail
from practice.access import Actor
from practice.models import AgendaEntry, Client, Notice
from practice.notices import Letter

KINDS = (milestones.KIND, risks.REVIEW)


def follow_client(client_id: UUID, by: Actor, at: datetime.datetime) -> None:
    milestones.follow_client(client_id, by, at)
    risks.follow_client(client_id, by, at)


def milestone_letter(notice: Notice, at: datetime.datetime) -> Letter | None:
    joined = Milestone.objects.select_related("practice", "client", "initiative")
    milestone = joined.defer("practice__logo").get(pk=notice.subject_id)
    lines = [
        f"{milestone.title}, of {milestone.initiative.title} at {milestone.client}, is planned for "
        f"{_day(milestone.planned_on)}.",
        "Say that it was reached, or put it off and say why.",
    ]
    link = f"{settings.REMIT_URL}/desk/assessments/milestone/{milestone.pk}/change/"
    return _letter(notice, milestone, not milestone.is_open, lines, link)


def review_letter(notice: Notice, at: datetime.datetime) -> Letter | None:
    joined = Risk.objects.select_related("practice", "client")
    risk = joined.defer("practice__logo").get(pk=notice.subject_id)
    lines = [
        f"{risk.title}, at {risk.client}, was to be looked at again by {_day(risk.review_on)}.",
        "Is it still as likely and as bad, and does what is done about it help?",
    ]
    link = f"{settings.REMIT_URL}/desk/assessments/risk/{risk.pk}/change/"
    return _letter(notice, risk, risk.status == RiskStatus.CLOSED, lines, link)


def _letter(
    notice: Notice, row: Milestone | Risk, over: bool, lines: list[str], link: str
) -> Letter | None:
    entry = notice.entry
    if entry is None or entry.status != AgendaEntry.Status.OPEN or over:
        return None
    if row.client.status == Client.Status.FORMER:
        return None
    return mail.plain(entry.title, row.practice, lines=lines, action="Open it", link=link)


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"

"""Looking again at what was decided: the date on the agenda, who is told, and what came of it."""

import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from deliverables.models import Decision, DecisionStatus
from engagements import days
from engagements.models import Engagement
from practice import access, agenda, mail, rows
from practice.access import Actor
from practice.agenda import Recipient
from practice.models import AgendaEntry, Notice
from practice.notices import Letter
from practice.quarters import end_of_day, local_day
from practice.refusals import Conflict, Invalid

KIND, LETTER = "decision_review", "decision_review_due"


class NotReviewable(Conflict):
    code, sentence = "decision_not_reviewable", "Only a decision in force can be looked at again."


def review(
    decision: Decision,
    *,
    note: str,
    review_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Decision:
    """Say what came of looking at it again, and when to look next. What was decided stays as it is."""
    access.require(by, "decision", "change")
    with transaction.atomic():
        engagement = access.get(by, Engagement, decision.engagement_id, lock=True)
        decision = access.get(by, Decision, decision.pk, lock=True)
        if decision.status != DecisionStatus.DECIDED:
            raise NotReviewable
        _check(engagement, note, review_on, at)
        changes = {"reviewed_at": at, "review_note": note.strip(), "review_on": review_on}
        own = access.on_own_authority(by)
        decision = rows.change(
            decision, changes, by=own, at=at, kind="decision.reviewed", expected=expected
        )
        close(decision, at=at, done=True)
        plan(decision, engagement, at)
    return decision


def plan(decision: Decision, engagement: Engagement, at: datetime.datetime) -> None:
    """In the transaction that decides, or sets the next date."""
    if decision.review_on is None or decision.decider_id is None:
        return
    zone = engagement.client.time_zone
    agenda.plan(
        KIND,
        subject_id=decision.pk,
        period=decision.review_on.isoformat(),
        practice_id=decision.practice_id,
        client_id=decision.client_id,
        owner_id=decision.decider_id,
        due_at=end_of_day(decision.review_on, zone),
        at=at,
        title=f"Look again: {decision.question}"[:200],
        time_zone=zone,
        all_day=True,
        client_sees=decision.client_sees,
    )


def close(decision: Decision, *, at: datetime.datetime, done: bool = False) -> None:
    agenda.close(KIND, subject_id=decision.pk, practice_id=decision.practice_id, done=done, at=at)


def deciders(entries: list[AgendaEntry]) -> dict[UUID, list[Recipient]]:
    """Who decided; once they have left, the engagement's lead."""
    decisions = Decision.objects.filter(id__in=[entry.subject_id for entry in entries])
    found = {}
    for row in decisions.select_related("decider__user", "engagement__lead__user"):
        whom = row.decider if row.decider and row.decider.active else row.engagement.lead
        if whom.active:
            found[row.pk] = [Recipient(f"member:{whom.pk}", whom.user.email)]
    return {entry.id: found[entry.subject_id] for entry in entries if entry.subject_id in found}


def due_letter(notice: Notice, at: datetime.datetime) -> Letter | None:
    joined = Decision.objects.select_related("practice", "engagement__client")
    decision = joined.defer("practice__logo").get(pk=notice.subject_id)
    ended = decision.engagement.status == Engagement.Status.ENDED
    if decision.status != DecisionStatus.DECIDED or decision.review_on is None or ended:
        return None
    on = decision.review_on
    lines = [
        f"Decision {decision.number} for {decision.engagement.client} comes up for review on "
        f"{on.day} {on:%B %Y}: {decision.question}",
        "See whether its reasons still hold. If not, put another decision in its place.",
    ]
    link = f"{settings.REMIT_URL}/desk/deliverables/decision/{decision.pk}/change/"
    subject = f"Decision to look at again: {decision.question}"
    return mail.plain(subject, decision.practice, lines=lines, action="Open it", link=link)


def _check(
    engagement: Engagement, note: str, review_on: datetime.date | None, at: datetime.datetime
) -> None:
    days.check(review_on=review_on)
    wrong: dict[str, list[str]] = {}
    if not note.strip():
        wrong["note"] = ["Say what came of it."]
    if review_on is not None and review_on < local_day(at, engagement.client.time_zone):
        wrong["review_on"] = ["Not in the past."]
    if wrong:
        raise Invalid(wrong)

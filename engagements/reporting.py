"""To whom a hat answers at the client: stretches with their history, and the day that is looked at again (C-12)."""

import datetime

from django.db import transaction

from engagements import days
from engagements.models import Engagement, HatShare, ReportingLine
from engagements.wearing import hold
from practice import access, agenda, rows
from practice.access import Actor
from practice.quarters import end_of_day
from practice.refusals import Conflict, Invalid

REVIEW = "reporting_review"


class LineBeforeThen(Conflict):
    code, sentence = "line_before_then", "The present reporting line began later than this."


def answer_to(
    engagement: Engagement,
    *,
    hat: str,
    reports_to: str,
    since_on: datetime.date,
    review_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> ReportingLine:
    """From this day the hat answers to somebody (else). The earlier stretch ends the day this one begins."""
    access.require(by, "reporting_line", "add")
    days.check(since_on=since_on, review_on=review_on)
    if review_on is not None and review_on < since_on:
        raise Invalid({"review_on": ["Not before the line begins."]})
    with transaction.atomic():
        engagement = hold(engagement, by)
        if not HatShare.objects.filter(engagement=engagement, hat=hat).exists():
            raise Invalid({"hat": ["This hat is not part of the engagement."]})
        present = ReportingLine.objects.filter(engagement=engagement, hat=hat, until_on=None)
        for line in present:
            if since_on < line.since_on:
                raise LineBeforeThen
            rows.change(
                line, {"until_on": since_on}, by=by, at=at, kind="reporting_line.stretch_ended"
            )
            agenda.close(
                REVIEW,
                subject_id=engagement.pk,
                practice_id=engagement.practice_id,
                period=_period(line),
                done=True,
                at=at,
            )
        line = ReportingLine(
            practice_id=engagement.practice_id,
            client_id=engagement.client_id,
            engagement=engagement,
            hat=hat,
            reports_to=reports_to.strip(),
            since_on=since_on,
            review_on=review_on,
        )
        rows.add(line, by=by, at=at, kind="reporting_line.recorded")
        _plan_review(line, engagement, at)
    return line


def _plan_review(line: ReportingLine, engagement: Engagement, at: datetime.datetime) -> None:
    if line.review_on is None:
        return
    zone = engagement.client.time_zone
    agenda.plan(
        REVIEW,
        # The engagement's date, one for each stretch of a hat: its lead is told, and its end cancels it.
        subject_id=engagement.pk,
        period=_period(line),
        practice_id=line.practice_id,
        client_id=line.client_id,
        owner_id=engagement.lead_id,
        due_at=end_of_day(line.review_on, zone),
        at=at,
        title=f"Look again at whom the {line.get_hat_display()} answers to",
        time_zone=zone,
        all_day=True,
    )


def _period(line: ReportingLine) -> str:
    return f"{line.hat} {line.since_on}"

"""Looking anew at what is kept, every few months: what came of it, and the day of the next look."""

import datetime
from typing import Any

from assessments import terms
from assessments.models import Risk, Vendor
from practice.quarters import local_day
from practice.refusals import Invalid


def taken(
    row: Vendor | Risk, *, note: str, reviewed_on: datetime.date | None, at: datetime.datetime
) -> dict[str, Any]:
    """The columns of a look: on a day that has come, and none before the look that was taken last."""
    today = local_day(at, row.client.time_zone)
    day = reviewed_on or today
    terms.check(reviewed_on=day)
    wrong: dict[str, list[str]] = {}
    if not note.strip():
        wrong["note"] = ["Say what came of it."]
    if day > today:
        wrong["reviewed_on"] = ["Not in the future."]
    elif row.reviewed_on is not None and day < row.reviewed_on:
        wrong["reviewed_on"] = [f"It was looked at on {row.reviewed_on} already."]
    if wrong:
        raise Invalid(wrong)
    return {
        "reviewed_on": day,
        "review_note": note.strip(),
        "review_on": terms.months_on(day, row.review_months),
    }

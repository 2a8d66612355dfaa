"""Evidence that duties of AI governance are met: keeping it, putting a newer one in its place, and when it expires."""

import datetime
from typing import Any

from django.db import transaction

from assessments import terms
from assessments.models import Evidence
from practice import access, agenda, rows
from practice.access import Actor
from practice.models import Client
from practice.quarters import end_of_day, local_day
from practice.refusals import Conflict, Invalid, Taken

EXPIRY = "evidence_expiry"
TAKEN = Taken("There is evidence with this external id already.", "external_id")


class Withdrawn(Conflict):
    code, sentence = "evidence_withdrawn", "This evidence was withdrawn; put down another one."


def add(client: Client, *, by: Actor, at: datetime.datetime, **details: Any) -> Evidence:
    """Put down what shows that a duty is met: of a system, of an article, or of both."""
    access.require(by, "evidence", "add")
    with transaction.atomic():
        client = access.get(by, Client, client.pk)
        row = Evidence(practice_id=client.practice_id, client=client, **details)
        _check(row)
        row = rows.add(row, by=by, at=at, kind="evidence.added", taken=TAKEN)
        plan(row, at)
    return row


def change(
    row: Evidence, *, by: Actor, at: datetime.datetime, expected: int | None = None, **changes: Any
) -> Evidence:
    """Correct it, or put a newer file with another last day in its place."""
    access.require(by, "evidence", "change")
    with transaction.atomic():
        row = access.get(by, Evidence, row.pk, lock=True)
        if row.withdrawn_on is not None:
            raise Withdrawn
        wanted = rows.wanted(row, changes, by=by)
        _check(wanted)
        was = row.valid_until_on
        row = rows.change(
            row, changes, by=by, at=at, kind="evidence.changed", expected=expected, taken=TAKEN
        )
        if row.valid_until_on != was:
            close(row, done=True, at=at)
        plan(row, at)
    return row


def withdraw(
    row: Evidence, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Evidence:
    """It shows nothing any more. It stays on record."""
    access.require(by, "evidence", "change")
    with transaction.atomic():
        row = access.get(by, Evidence, row.pk, lock=True)
        if row.withdrawn_on is not None:
            raise Withdrawn
        changes = {"withdrawn_on": local_day(at, row.client.time_zone)}
        row = rows.change(row, changes, by=by, at=at, kind="evidence.withdrawn", expected=expected)
        close(row, done=False, at=at)
    return row


def plan(row: Evidence, at: datetime.datetime) -> None:
    """Its last day is owed: by then there is another, or it is withdrawn."""
    if row.valid_until_on is None:
        return
    zone = row.client.time_zone
    agenda.plan(
        EXPIRY,
        subject_id=row.pk,
        period=row.valid_until_on.isoformat(),
        practice_id=row.practice_id,
        client_id=row.client_id,
        owner_id=row.client.responsible_id,
        due_at=end_of_day(row.valid_until_on, zone),
        at=at,
        title=f"Evidence expires: {row.title}"[:200],
        time_zone=zone,
        all_day=True,
    )


def close(row: Evidence, *, done: bool, at: datetime.datetime) -> None:
    agenda.close(EXPIRY, subject_id=row.pk, practice_id=row.practice_id, done=done, at=at)


def _check(row: Evidence) -> None:
    terms.check(valid_until_on=row.valid_until_on)
    wrong: dict[str, list[str]] = {}
    if not row.title.strip():
        wrong["title"] = ["Say what it is."]
    if row.system is None and not row.article.strip():
        wrong["article"] = ["Say of which article it is, or of which system."]
    if row.system is not None and row.system.client_id != row.client_id:
        wrong["system"] = ["There is no such thing here."]
    if row.file is not None and row.file.client_id != row.client_id:
        wrong["file"] = ["There is no such thing here."]
    if wrong:
        raise Invalid(wrong)

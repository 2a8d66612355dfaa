"""What a person may do to an entry by hand: put its reminders off, or say that it is done."""

import datetime

from django.db import transaction

from practice import access, agenda, events, rows
from practice.access import Actor
from practice.agenda_rules import rules
from practice.models import AgendaEntry
from practice.refusals import Conflict, Invalid, Stale

LONGEST = datetime.timedelta(days=366)


class EntryClosed(Conflict):
    code, sentence = "entry_closed", "This is done or no longer holds."


class NotByHand(Conflict):
    code, sentence = "not_by_hand", "This ends with the work it is about, not by hand."


def snooze(
    entry: AgendaEntry,
    *,
    until: datetime.datetime,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> AgendaEntry:
    """No reminder before that moment, and one then. Effects happen, and escalation goes on, as if nothing was said."""
    access.require(by, "agenda", "change")
    if not at < until <= at + LONGEST:
        raise Invalid({"until": ["A moment of the next twelve months."]})
    with transaction.atomic():
        entry = _open(entry, by)
        entry = rows.change(
            entry,
            {"snoozed_until": until},
            by=by,
            at=at,
            kind="agenda.snoozed",
            expected=expected,
        )
        agenda.cancel_letters(entry)
        rule = agenda.rules_here(entry.kind, {entry.practice_id})[entry.practice_id]
        mine = AgendaEntry.objects.filter(pk=entry.pk)
        agenda.move_on(mine, rule, at)
        mine.update(changed_at=at)
        entry.refresh_from_db()
    return entry


def finish(
    entry: AgendaEntry, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> AgendaEntry:
    """Say that it is done, where its kind leaves that to people."""
    access.require(by, "agenda", "change")
    with transaction.atomic():
        entry = _open(entry, by)
        if expected is not None and expected != entry.version:
            raise Stale(version=entry.version)
        if not may_finish(entry):
            raise NotByHand
        before = events.state(entry, {"status"})
        agenda.end(entry, done=True, at=at)
        events.record(
            "agenda.done",
            by=by,
            at=at,
            subject=entry,
            before=before,
            after=events.state(entry, {"status"}),
        )
    return entry


def may_finish(entry: AgendaEntry) -> bool:
    return entry.kind in rules() and rules()[entry.kind].by_hand


def _open(entry: AgendaEntry, by: Actor) -> AgendaEntry:
    entry = access.get(by, AgendaEntry, entry.pk, lock=True)
    if entry.status != AgendaEntry.Status.OPEN:
        raise EntryClosed
    return entry

"""The agenda: every dated thing owed. Verbs plan, move and close entries; the tick turns what fell due into notices."""

import datetime
from dataclasses import fields
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    When,
)

from practice import occurrences, sets
from practice.agenda_rules import Rule, rules
from practice.durations import durations
from practice.models import AgendaEntry, Notice, ReminderTimes
from practice.occurrences import RECIPIENTS, Due, Recipient

__all__ = [
    "RECIPIENTS",
    "Recipient",
    "cancel_letters",
    "close",
    "end",
    "fall_due",
    "move_on",
    "plan",
    "rules_here",
]
log = structlog.get_logger(__name__)
BATCH = 1000
DUE = tuple(field.name for field in fields(Due))
# Of Django's own making: an expression that the statement computes row by row.
Expression = Any


class NotWired(Exception):
    """The kind was declared ahead of the rows it will be about."""


def plan(
    kind: str,
    *,
    subject_id: UUID,
    practice_id: UUID,
    due_at: datetime.datetime,
    at: datetime.datetime,
    title: str,
    client_id: UUID | None = None,
    owner_id: UUID | None = None,
    period: str = "",
    time_zone: str = "UTC",
    all_day: bool = False,
    client_sees: bool | None = None,
) -> AgendaEntry:
    """Make the entry, or move it: the same call, so a verb that runs again changes nothing.

    Whether the client sees it is said by its kind unless the verb knows better.
    """
    _in_transaction()
    declared = rules()[kind]
    if not declared.wired:
        raise NotWired(kind)
    facts: dict[str, Any] = {
        "client_id": client_id,
        "owner_id": owner_id,
        "title": title,
        "due_at": due_at,
        "time_zone": time_zone,
        "all_day": all_day,
        "client_sees": bool(declared.client_label) if client_sees is None else client_sees,
        "status": AgendaEntry.Status.OPEN,
    }

    def first_moment() -> datetime.datetime | None:
        return rules_here(kind, {practice_id})[practice_id].first_moment(due_at, at)

    # As a function: it is asked for only where the entry is new.
    first: dict[str, Any] = {**facts, "created_at": at, "next_at": first_moment}
    entry, made = AgendaEntry.objects.select_for_update().get_or_create(
        practice_id=practice_id, kind=kind, subject_id=subject_id, period=period, defaults=first
    )
    changed = {name for name, fact in facts.items() if getattr(entry, name) != fact}
    if made or not changed:
        return entry
    if "due_at" in changed:
        _cancel_notices(entry)
    if changed & {"due_at", "status"}:
        # Otherwise it stays: what came due during an outage, and no tick has read yet, is not lost.
        entry.next_at, entry.snoozed_until = first_moment(), None
    for name in changed:
        setattr(entry, name, facts[name])
    entry.version, entry.changed_at = entry.version + 1, at
    entry.save()
    return entry


def close(
    kind: str,
    *,
    subject_id: UUID,
    practice_id: UUID,
    done: bool,
    at: datetime.datetime,
    period: str | None = None,
    silently: bool = True,
) -> None:
    """The thing was done, or no longer holds: nothing further is sent because of it.

    `silently=False` is for what happens at the due moment itself: the notices of that moment still go out.
    """
    _in_transaction()
    open_entries = AgendaEntry.objects.select_for_update().filter(
        practice_id=practice_id, kind=kind, subject_id=subject_id, status=AgendaEntry.Status.OPEN
    )
    if period is not None:
        open_entries = open_entries.filter(period=period)
    for entry in open_entries:
        end(entry, done=done, at=at, silently=silently)


def end(entry: AgendaEntry, *, done: bool, at: datetime.datetime, silently: bool = True) -> None:
    """Close one entry that the caller has locked."""
    entry.status = AgendaEntry.Status.DONE if done else AgendaEntry.Status.CANCELLED
    entry.next_at = entry.snoozed_until = None
    entry.version, entry.changed_at = entry.version + 1, at
    entry.save(update_fields=["status", "next_at", "snoozed_until", "version", "changed_at"])
    if silently:
        _cancel_notices(entry)


def fall_due(at: datetime.datetime) -> int:
    """Write the notices of everything that has come due; returns how many entries were read.

    Safe to run twice or side by side: entries are locked while read, and a notice's key is unique.
    """
    read, due = 0, AgendaEntry.objects.filter(next_at__lte=at)
    # Asked first, and in the order of the index: walking it, PostgreSQL also clears away what earlier ticks left there.
    # Gathered as a set, as the kinds are, every entry that was ever due would be looked up at each tick until a vacuum.
    if not due.order_by("next_at", "id").values_list("id")[:1]:
        return 0
    for (kind,) in list(due.order_by("kind").values_list("kind").distinct()):
        try:
            read += _fall_due_of(kind, at)
        except (
            Exception
        ):  # a fault in one kind must not silence the others; the next tick tries again
            log.exception("agenda_kind_failed", kind=kind)
    return read


def _fall_due_of(kind: str, at: datetime.datetime) -> int:
    cancelled = Notice.objects.filter(entry_id=OuterRef("pk"), status=Notice.Status.CANCELLED)
    due = AgendaEntry.objects.filter(kind=kind, next_at__lte=at).order_by("next_at", "id")
    read = 0
    while True:
        with transaction.atomic():
            claimed = due.annotate(has_cancelled=Exists(cancelled)).select_for_update(
                skip_locked=connection.features.has_select_for_update_skip_locked
            )
            batch = [Due(*facts) for facts in claimed.values_list(*DUE)[:BATCH]]
            if batch:
                _materialise(kind, batch, at)
        read += len(batch)
        if len(batch) < BATCH:
            return read


def _materialise(kind: str, batch: list[Due], at: datetime.datetime) -> None:
    here = rules_here(kind, {entry.practice_id for entry in batch})
    written = occurrences.written(here, batch, at)
    # A date that was moved away and back asks again for what was cancelled in between, and never was sent.
    if again := [entry.id for entry in batch if entry.has_cancelled]:
        moments = {said.occurrence for said in written}
        cancelled = Notice.objects.filter(status=Notice.Status.CANCELLED, occurrence__in=moments)
        cancelled.filter(entry_id__in=again).delete()
    occurrences.write(written, at)
    for practice_id, rule in here.items():
        ids = [entry.id for entry in batch if entry.practice_id == practice_id]
        move_on(AgendaEntry.objects.filter(id__in=sets.ids(ids)), rule, at)


def move_on(entries: QuerySet[AgendaEntry], rule: Rule, at: datetime.datetime) -> None:
    """Set the next moment of these entries, whatever they waited for until now: one statement."""
    asleep = Q(snoozed_until__gt=at)
    entries.update(
        next_at=Case(
            When(asleep, then=_after_snooze(rule, at)), default=_next_moment(rule.offsets, at)
        ),
        snoozed_until=Case(When(asleep, then=F("snoozed_until")), default=None),
    )


def _next_moment(offsets: tuple[datetime.timedelta, ...], at: datetime.datetime) -> Expression:
    """The first of an entry's moments after `at`, or none."""
    moments = [When(due_at__gt=at + before, then=_moment(before)) for before in offsets]
    return Case(*moments, default=None, output_field=DateTimeField())


def _after_snooze(rule: Rule, at: datetime.datetime) -> Expression:
    """The end of the snooze, or before it what no snooze puts off."""
    sooner = [
        When(Q(due_at__gt=at + before) & Q(snoozed_until__gt=_moment(before)), then=_moment(before))
        for before in rule.not_snoozed
    ]
    return Case(*sooner, default=F("snoozed_until"), output_field=DateTimeField())


def _moment(before: datetime.timedelta) -> Expression:
    return ExpressionWrapper(F("due_at") - before, output_field=DateTimeField())


def rules_here(kind: str, practices: set[UUID]) -> dict[UUID, Rule]:
    """The kind's rule in each of these practices, with offsets of its own where it has set some."""
    book = rules()[kind]
    here = dict.fromkeys(practices, book)
    if book.movable:
        own = ReminderTimes.objects.filter(kind=kind, practice_id__in=practices)
        for practice_id, before in own.values_list("practice_id", "before"):
            here[practice_id] = book.told_at(durations(before))
    return here


def _cancel_notices(entry: AgendaEntry) -> None:
    # Not those that a drain has taken: it may hold them locked and wait for the row that our verb holds.
    # Letters and effects look for themselves whether they still make sense.
    entry.notices.filter(status=Notice.Status.WAITING).update(status=Notice.Status.CANCELLED)


def cancel_letters(entry: AgendaEntry) -> None:
    """As above, but what takes effect stays."""
    waiting = entry.notices.filter(status=Notice.Status.WAITING)
    waiting.exclude(channel=Notice.Channel.EFFECT).update(status=Notice.Status.CANCELLED)


def _in_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError(
            "the agenda changes in the transaction of the verb that moves the date, or not at all"
        )

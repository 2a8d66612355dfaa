"""A practice's own offsets of the book's reminders: read by the tick, set by the owner."""

import datetime

from django.db import transaction

from practice import access, replanning, rows
from practice.access import Actor
from practice.agenda_rules import Rule, rules
from practice.durations import duration, written
from practice.models import ReminderTimes
from practice.refusals import Invalid, Taken

MOST, LONGEST = 6, datetime.timedelta(days=366)


def set_for(*, kind: str, before: str, by: Actor, at: datetime.datetime) -> ReminderTimes:
    """Replace the book's offsets of a kind; open entries follow."""
    access.require(by, "reminder_times", "add")
    row = ReminderTimes(
        practice_id=access.practice_of(by), kind=_kind(kind), before=_offsets(before)
    )
    taken = Taken("This kind has times of your own already; change those.", "kind")
    with transaction.atomic():
        row = rows.add(row, by=by, at=at, kind="reminder_times.set", taken=taken)
        replanning.kind_retimed(row.practice_id, row.kind, at=at)
    return row


def change(
    row: ReminderTimes,
    *,
    before: str,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> ReminderTimes:
    access.require(by, "reminder_times", "change")
    changes = {"before": _offsets(before)}
    with transaction.atomic():
        row = rows.change(
            row, changes, by=by, at=at, kind="reminder_times.changed", expected=expected
        )
        replanning.kind_retimed(row.practice_id, row.kind, at=at)
    return row


def withdraw(
    row: ReminderTimes, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    """Back to the book's own offsets."""
    access.require(by, "reminder_times", "remove")
    with transaction.atomic():
        rows.remove(row, by=by, at=at, kind="reminder_times.withdrawn", expected=expected)
        replanning.kind_retimed(row.practice_id, row.kind, at=at)


def choices() -> list[tuple[str, str]]:
    """The kinds whose reminders a practice may set, as a form offers them: with the times that hold without it."""
    settable = ((kind, rule) for kind, rule in rules().items() if _settable(rule))
    offered = ((kind, f"{rule.label} ({', '.join(_book(rule))})") for kind, rule in settable)
    return sorted(offered, key=lambda pair: pair[1])


def _book(rule: Rule) -> list[str]:
    ahead = {r.before for r in rule.reminders if (r.to, r.notice) in rule.movable}
    return [written(before) for before in sorted(ahead, reverse=True)]


def _settable(rule: Rule) -> bool:
    return rule.wired and bool(rule.movable)


def _kind(kind: str) -> str:
    if kind not in rules() or not _settable(rules()[kind]):
        raise Invalid({"kind": ["Not a kind of entry with reminders of its own."]})
    return kind


def _offsets(text: str) -> str:
    """In the form the book writes them, the longest first, each once."""
    words = {word.strip() for word in text.split(",") if word.strip()}
    try:
        found = {duration(word): word for word in words}
    except ValueError as wrong:
        raise Invalid({"before": [f"{wrong}."]}) from wrong
    if len(found) > MOST or any(length > LONGEST for length in found):
        raise Invalid({"before": [f"At most {MOST} different times, none above a year."]})
    return ", ".join(found[length] for length in sorted(found, reverse=True))

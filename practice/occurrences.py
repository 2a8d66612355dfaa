"""What a due entry says to whom: the notices of its moments, built in memory. The tick in practice/agenda.py writes them."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from practice import ids, preferences, sets
from practice.agenda_rules import Reminder, Rule
from practice.models import Notice
from practice.preferences import Choice, Digest
from practice.quarters import local_day
from practice.registers import Register

Moment = datetime.datetime
NOW = datetime.timedelta(0)


@dataclass(frozen=True)
class Recipient:
    """Who is told: a stable key (a person is told once per occurrence) and, for mail, the address."""

    key: str
    address: str = ""


@dataclass(slots=True)
class Due:
    """The columns of an agenda entry that a tick needs; a thousand rows of the model would cost it a third more."""

    id: UUID
    practice_id: UUID
    client_id: UUID | None
    kind: str
    subject_id: UUID
    period: str
    owner_id: UUID | None
    title: str
    due_at: Moment
    all_day: bool
    time_zone: str
    next_at: Moment | None
    snoozed_until: Moment | None
    has_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One notice to be written: of which entry, what, to whom, how and when."""

    entry: Due
    channel: str
    kind: str
    occurrence: str
    to: Recipient
    status: str
    due_at: Moment


# Contributed: for entries of one kind, who is to be told of each, in one query. What it is given has the columns
# of an entry (Due) and no rows behind them.
RECIPIENTS: Register[Callable[[list[Any]], dict[UUID, list[Recipient]]]] = Register("recipients")
CLOCKWORK = Recipient("clockwork")
Told = tuple[Due, Reminder, str, Recipient]


def written(here: dict[UUID, Rule], entries: list[Due], at: Moment) -> list[Said]:
    """Every notice of these entries of one kind whose moment lies between their next moment and now."""
    told = [said for rule, due in _by_rule(here, entries) for said in _told(rule, due, at)]
    choices = preferences.of_recipients(person.key for _, _, _, person in told)
    # Several things of one kind that come due for somebody at once are lines of one mail, whatever they chose.
    many = Counter(
        person.key for entry, reminder, _, person in told if _may_wait(here, entry, reminder)
    )
    ways: dict[tuple[str, bool], tuple[str, str, Moment]] = {}
    notices = []
    for entry, reminder, occurrence, person in told:
        may_wait = _may_wait(here, entry, reminder)
        way = (person.key, may_wait)
        if way not in ways:
            ways[way] = _way(choices.get(person.key), may_wait, at, several=many[person.key] > 1)
        channel, status, due_at = ways[way]
        notices.append(Said(entry, channel, reminder.notice, occurrence, person, status, due_at))
    for rule, due in _by_rule(here, entries):
        notices += _effects(rule, due, at)
    return notices


def _may_wait(here: dict[UUID, Rule], entry: Due, reminder: Reminder) -> bool:
    """Who is told because others did not act is told now, whatever they chose for ordinary days."""
    return here[entry.practice_id].digest and reminder.before >= NOW


def _by_rule(here: dict[UUID, Rule], entries: list[Due]) -> list[tuple[Rule, list[Due]]]:
    grouped: dict[Rule, list[Due]] = {}
    for entry in entries:
        grouped.setdefault(here[entry.practice_id], []).append(entry)
    return list(grouped.items())


def _told(rule: Rule, entries: list[Due], at: Moment) -> Iterator[Told]:
    for reminder in rule.said:
        due = [entry for entry in entries if _says(rule, entry, reminder, at)]
        for entry, person in _people(reminder, due):
            yield entry, reminder, _occurrence(entry, reminder.before), person
    woken = [e for e in entries if e.snoozed_until is not None and e.snoozed_until <= at]
    for reminder, due in _woken(rule, woken):
        for entry, person in _people(reminder, due):
            yield entry, reminder, f"snoozed {entry.snoozed_until}", person


def _people(reminder: Reminder, due: list[Due]) -> Iterator[tuple[Due, Recipient]]:
    people = RECIPIENTS[reminder.to](due) if due else {}
    return ((entry, person) for entry in due for person in people.get(entry.id, []))


def _reminds(entry: Due, reminder: Reminder, at: Moment) -> bool:
    """Whether its moment is now, and not one that somebody asked to be spared."""
    moment = entry.due_at - reminder.before
    until = entry.snoozed_until if reminder.before >= NOW else None
    return _is_due(entry, moment, at) and (until is None or moment > until)


def _says(rule: Rule, entry: Due, reminder: Reminder, at: Moment) -> bool:
    """Whether it reminds, and nothing later of its kind tells the same people at this very tick."""
    if not _reminds(entry, reminder, at):
        return False
    later = (r for r in rule.said if r.to == reminder.to and r.before < reminder.before)
    return not (rule.latest and any(_reminds(entry, other, at) for other in later))


def _woken(rule: Rule, entries: list[Due]) -> Iterable[tuple[Reminder, list[Due]]]:
    """At the end of a snooze: the reminders that would be the latest by now, or else the first to come."""
    for reminder in rule.reminders:
        yield reminder, [e for e in entries if reminder.before == _current(rule, e)]


def _current(rule: Rule, entry: Due) -> datetime.timedelta:
    ahead = entry.due_at - (entry.snoozed_until or entry.due_at)
    before = [reminder.before for reminder in rule.reminders]
    return min((b for b in before if b >= ahead), default=max(before))


def _effects(rule: Rule, entries: list[Due], at: Moment) -> Iterator[Said]:
    for effect in rule.effects:
        for entry in entries:
            if _is_due(entry, entry.due_at - effect.before, at):
                yield Said(
                    entry,
                    Notice.Channel.EFFECT,
                    effect.effect,
                    _occurrence(entry, effect.before),
                    CLOCKWORK,
                    Notice.Status.WAITING,
                    at,
                )


def _is_due(entry: Due, moment: Moment, at: Moment) -> bool:
    """Between the entry's next moment (what came earlier is written already) and now."""
    return entry.next_at is not None and entry.next_at <= moment <= at


def _occurrence(entry: Due, before: datetime.timedelta) -> str:
    """Names the moment, so a moved date asks anew while a repeat of the tick does not.

    Of a whole day, the day as the client counts it: a corrected time zone moves its end, not what it is about.
    """
    if entry.all_day:
        return f"{local_day(entry.due_at, entry.time_zone)} {-before.total_seconds():+.0f}s"
    return (entry.due_at - before).isoformat()


def _way(
    choice: Choice | None, may_wait: bool, at: Moment, *, several: bool
) -> tuple[str, str, Moment]:
    """How and when a letter reaches this person."""
    mail, line = Notice.Channel.MAIL, Notice.Channel.DIGEST
    if choice is None:
        return mail, Notice.Status.WAITING, at
    if not may_wait or choice.digest == Digest.IMMEDIATE:
        # Lines that are due at once are given to their mail in this very tick (practice/digests.py).
        together = may_wait and several
        return line if together else mail, Notice.Status.WAITING, choice.after_quiet(at)
    if choice.digest == Digest.NONE:
        return Notice.Channel.INBOX, Notice.Status.WAITING, at
    return line, Notice.Status.WAITING, choice.next_digest(at)


COLUMNS = {
    "id": "uuid",
    "entry": "uuid",
    "channel": "text",
    "kind": "text",
    "occurrence": "text",
    "recipient": "text",
    "address": "text",
    "status": "text",
    "due_at": "timestamptz",
}
FROM_ENTRY = {
    "practice_id": "entry.practice_id",
    "client_id": "entry.client_id",
    "entry_id": "entry.id",
    "subject_id": "entry.subject_id",
}


def _insert(at: Moment) -> tuple[str, list[Any]]:
    """The statement, and its parameters but the last: whatever else a notice has begins as its model says."""
    sources, values = [], []
    for field in Notice._meta.concrete_fields:
        source = FROM_ENTRY.get(field.attname) or f"given.{field.column}"
        if field.attname not in FROM_ENTRY and field.column not in COLUMNS:
            begins = at if field.column == "created_at" else field.get_default()
            # PostgreSQL wants to know of what type it is; SQLite would make a number of a moment.
            postgres = connection.vendor == "postgresql"
            source = f"CAST(%s AS {field.db_type(connection)})" if postgres else "%s"
            values.append(field.get_db_prep_save(begins, connection))
        sources.append((field.column, source))
    columns, selected = (", ".join(part) for part in zip(*sources, strict=True))
    statement = (
        f"INSERT INTO {Notice._meta.db_table} ({columns}) SELECT {selected}"
        f" FROM {sets.table(COLUMNS)} JOIN practice_agendaentry AS entry ON entry.id = given.entry"
        " WHERE true ON CONFLICT DO NOTHING"
    )
    return statement, values


def write(notices: list[Said], at: Moment) -> None:
    """All of them in one statement; what is there already stays as it is."""
    made = zip(notices, ids.many(len(notices)), strict=True)
    form = sets.id_form()
    values = (
        (
            form(id),
            form(said.entry.id),
            said.channel,
            said.kind,
            said.occurrence,
            said.to.key,
            said.to.address,
            said.status,
            sets.moment(said.due_at),
        )
        for said, id in made
    )
    statement, begins = _insert(at)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*begins, sets.rows(COLUMNS, values)])

"""Taking time in from a file: what every row would do, and then all of it or nothing. The same file again changes nothing."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from engagements import booking, time_files, timesheet
from engagements.booking import Calendar
from engagements.models import Engagement, TimeEntry
from engagements.time_files import Fault, Line
from practice import access, events, ids
from practice.access import Actor
from practice.csv_files import RowsWrong
from practice.models import Member
from practice.models.people import Hat
from practice.refusals import Invalid, Refusal

ADD, CHANGE, SAME, SKIP, ERROR = "add", "change", "same", "skip", "error"
ACTIONS = (ADD, CHANGE, SAME, SKIP, ERROR)
HAT_FROM = ("tags", "task", "project")
JOINT, REACTIVE = "joint", "reactive"
TAKEN_FROM_FILE = ("member_id", "worked_on", "minutes", "hat", "billable", "reactive", "note")
BATCH, TOLD = 500, 200


@dataclass
class Row:
    """One row of the file and what it does."""

    line: Line
    action: str
    entry: TimeEntry | None = None
    why: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def late(self) -> bool:
        return self.entry is not None and self.entry.booked_on != self.entry.worked_on


@dataclass(frozen=True)
class Result:
    layout: str
    written: bool
    counts: dict[str, int]
    rows: list[Row]


def take(
    engagement: Engagement,
    *,
    content: bytes | str,
    dates: str,
    hat_from: str = "tags",
    hats: Mapping[str, str] | None = None,
    otherwise: str = "",
    project: str = "",
    member: Member | None = None,
    dry_run: bool = True,
    by: Actor,
    at: datetime.datetime,
) -> Result:
    """Read a file of one of the known layouts into an engagement. A dry run only tells what would happen.

    `hats` says which hat a word of the chosen column means ("joint" for none in particular); codes of hats need no
    saying. `otherwise` is the hat of rows that name none. `project` takes only rows of that project or client.
    `member` is whose time it is where no row's e-mail address or name says so.
    """
    access.require(by, "time", "add")
    access.require(by, "time", "change")
    if hat_from not in HAT_FROM:
        raise Invalid({"hat_from": [f"One of: {', '.join(HAT_FROM)}."]})
    file = time_files.read(content, dates)
    with transaction.atomic():
        engagement = access.get(by, Engagement, engagement.pk, lock=True)
        judge = _Judge(engagement, hat_from, hats or {}, otherwise, project, member, by, at)
        rows = [judge.row(line) for line in file.lines]
        counts = dict.fromkeys(ACTIONS, 0) | Counter(row.action for row in rows)
        if not dry_run:
            if counts[ERROR]:
                raise RowsWrong(rows=[as_json(row) for row in rows if row.action == ERROR][:TOLD])
            _write(rows)
            if counts[ADD] or counts[CHANGE]:
                # One event for the file: its rows are in the table, each named by its external id.
                told = {"layout": file.layout, "sha256": file.sha256, **counts}
                events.record("time.imported", by=by, at=at, subject=engagement, after=told)
    return Result(file.layout, not dry_run, counts, rows)


def _write(rows: list[Row]) -> None:
    entries = {action: [r.entry for r in rows if r.action == action] for action in (ADD, CHANGE)}
    TimeEntry.objects.bulk_create([e for e in entries[ADD] if e], batch_size=BATCH)
    changed = [e for e in entries[CHANGE] if e]
    names = [*TAKEN_FROM_FILE, "booked_on", "version"]
    TimeEntry.objects.bulk_update(changed, [n.removesuffix("_id") for n in names], batch_size=BATCH)


class _Judge:
    """The rules of the timesheet for many rows: everything they ask is read once."""

    def __init__(
        self,
        engagement: Engagement,
        hat_from: str,
        hats: Mapping[str, str],
        otherwise: str,
        project: str,
        member: Member | None,
        by: Actor,
        at: datetime.datetime,
    ) -> None:
        self.engagement, self.by, self.at = engagement, by, at
        self.days: Calendar = booking.calendar(engagement, at=at)
        self.hat_from, self.project = hat_from, project.strip().casefold()
        self.words = _words(hats, timesheet.hats_of(engagement))
        self.otherwise = _otherwise(otherwise, self.words)
        self.workers = timesheet.workers(engagement)
        people = access.visible_to(by, Member).select_related("user")
        self.members = {member.pk: member for member in people}
        self.by_email = {member.user.email.casefold(): member for member in people}
        self.by_name = _only_once(people)
        self.default = timesheet.whose(member, by) if member or by.kind == "member" else None
        there = TimeEntry.objects.filter(
            practice_id=engagement.practice_id, engagement=engagement
        ).exclude(external_id="")
        self.there = {entry.external_id: entry for entry in there}

    def row(self, line: Line) -> Row:
        if self.project and self.project not in (line.project.casefold(), line.client.casefold()):
            return Row(line, SKIP, why="Of another project.")
        if line.minutes == 0 and not line.faults:
            return Row(line, SKIP, why="Shorter than half a minute.")
        faults = list(line.faults)
        hat, reactive = self._hat(line, faults)
        member = self._member(line, faults)
        if line.day is not None:
            self._check_day(line.day, faults)
        if faults or member is None or line.day is None or line.minutes is None:
            return Row(line, ERROR, faults=faults)
        values = {
            "member_id": member.pk,
            "worked_on": line.day,
            "minutes": line.minutes,
            "hat": hat,
            "billable": line.billable,
            "reactive": reactive,
            "note": line.note,
        }
        found = self.there.get(line.external_id)
        return self._new(line, values) if found is None else self._again(line, found, values)

    def _new(self, line: Line, values: dict[str, Any]) -> Row:
        entry = TimeEntry(
            id=ids.new(),
            created_at=self.at,
            practice_id=self.engagement.practice_id,
            client_id=self.engagement.client_id,
            engagement_id=self.engagement.pk,
            booked_on=self.days.booked_on(values["worked_on"]),
            external_id=line.external_id,
            **values,
        )
        return _checked(Row(line, ADD, entry))

    def _again(self, line: Line, entry: TimeEntry, values: dict[str, Any]) -> Row:
        if all(getattr(entry, name) == value for name, value in values.items()):
            return Row(line, SAME, entry)
        try:
            timesheet.own_only(entry.member_id, self.by)
            booking.check_open(entry.line_id, entry.booked_on, self.days)
        except Refusal as no:
            return Row(line, ERROR, faults=[Fault("", no.sentence)])
        if values["worked_on"] != entry.worked_on:
            entry.booked_on = self.days.booked_on(values["worked_on"])
        for name, value in values.items():
            setattr(entry, name, value)
        entry.version += 1
        return _checked(Row(line, CHANGE, entry))

    def _hat(self, line: Line, faults: list[Fault]) -> tuple[str, bool]:
        tags = [tag.casefold() for tag in line.tags]
        said = tags if self.hat_from == "tags" else [getattr(line, self.hat_from).casefold()]
        named = {self.words[word] for word in said if word in self.words}
        if len(named) > 1:
            faults.append(Fault(self.hat_from, f"Names several hats: {', '.join(sorted(named))}."))
        elif not named and self.otherwise is None:
            known = ", ".join(
                [*(Hat(hat).label for hat in sorted({*self.words.values()} - {""})), JOINT]
            )
            faults.append(Fault(self.hat_from, f"Names no hat. Known here: {known}."))
        hat = min(named) if named else self.otherwise or ""
        return hat, REACTIVE in tags

    def _member(self, line: Line, faults: list[Fault]) -> Member | None:
        if line.email:
            found, column = self.by_email.get(line.email.casefold()), "email"
        elif line.person:
            found, column = self.by_name.get(line.person.casefold()), "user"
        else:
            found, column = self.default, "user"
        why = ""
        if found is None:
            why = "No member of the practice by this address or name."
        elif found.pk not in self.workers:
            why = "They neither wear a hat here nor are assigned to the client."
        elif self.by.role == access.ASSOCIATE and found.pk != self.by.id:
            why = timesheet.OWN_ONLY
        if why:
            faults.append(Fault(column, why))
        return None if why else found

    def _check_day(self, day: datetime.date, faults: list[Fault]) -> None:
        try:
            self.days.check(day, "worked_on")
        except Invalid as wrong:
            faults.append(Fault("date", wrong.errors["worked_on"][0]))
        except Refusal as no:
            faults.append(Fault("date", no.sentence))


def _words(hats: Mapping[str, str], worn: Iterable[str]) -> dict[str, str]:
    """Lower-case word → hat; the joint one is the empty one."""
    words = {JOINT: ""}
    for hat in worn:
        words |= {hat.casefold(): hat, str(Hat(hat).label).casefold(): hat}
    for word, hat in hats.items():
        meant = words.get(hat.casefold())
        if meant is None:
            raise Invalid({"hats": [f"{hat!r} is no hat of the engagement."]})
        words[word.strip().casefold()] = meant
    return words


def _otherwise(hat: str, words: Mapping[str, str]) -> str | None:
    """None: a row that names no hat is refused. With one hat alone there is nothing to name."""
    if hat:
        if hat.casefold() not in words:
            raise Invalid({"otherwise": ["This is no hat of the engagement."]})
        return words[hat.casefold()]
    worn = set(words.values()) - {""}
    return worn.pop() if len(worn) == 1 else None


def _only_once(people: Iterable[Member]) -> dict[str, Member]:
    """By name, but for names that two share."""
    names = Counter(member.user.name.casefold() for member in people)
    return {
        member.user.name.casefold(): member
        for member in people
        if names[member.user.name.casefold()] == 1
    }


def _checked(row: Row) -> Row:
    """Lengths and choices of the columns, as a single entry has them checked."""
    relations = {"id", "practice", "client", "engagement", "member", "line"}
    try:
        if row.entry is not None:
            row.entry.clean_fields(exclude=relations)
    except ValidationError as wrong:
        faults = [Fault(name, str(said[0])) for name, said in wrong.message_dict.items()]
        return Row(row.line, ERROR, faults=faults)
    return row


def as_json(row: Row) -> dict[str, Any]:
    """A row as the API tells it."""
    line, entry = row.line, row.entry
    member: UUID | None = entry.member_id if entry else None
    return {
        "line": line.number,
        "action": row.action,
        "why": row.why,
        "errors": [{"column": fault.column, "why": fault.why} for fault in row.faults],
        "worked_on": line.day,
        "minutes": line.minutes,
        "member": member,
        "hat": entry.hat if entry else None,
        "billable": line.billable,
        "reactive": entry.reactive if entry else None,
        "note": line.note,
        "late": row.late,
        "external_id": line.external_id,
    }

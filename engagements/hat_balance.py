"""Hat balance of live engagements: the sums of many in one statement, judged by hat_shares. Shown where terms allow."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from engagements import hat_reading as reading
from engagements import ledger
from engagements.hat_reading import Reader
from engagements.hat_shares import IDLE_DAYS, WINDOW_DAYS, HatBalance, idle_from, measure
from engagements.models import Engagement, Stage, TimeEntry
from practice import access, quarters
from practice.access import Actor
from practice.models import Client
from practice.registers import Register

__all__ = ["COUNTS", "Count", "HatBalance", "measure", "of", "of_many", "rolling", "rolling_many"]

Day = datetime.date
RUNNING = ("active", "paused")
ByHat = Mapping[tuple[UUID, str], int]


@dataclass(frozen=True)
class Count:
    """Something besides time that shows which hat is worn: decisions, deliverables."""

    label: str
    many: Callable[[UUID, Day, Day], ByHat]
    """Of a practice, from a day until before another: the number by (engagement, hat), in one statement."""


COUNTS: Register[Count] = Register("what is counted by hat")


@dataclass(frozen=True)
class Window:
    from_on: Day
    until_on: Day
    """The day after the last."""


def rolling_window(today: Day) -> Window:
    """28 days, today the last of them: what is noted now is seen now."""
    after = today + datetime.timedelta(days=1)
    return Window(after - datetime.timedelta(days=WINDOW_DAYS), after)


def of(engagement: Engagement, from_on: Day, until_on: Day) -> HatBalance:
    """One engagement's, from a day until before another."""
    rows = Engagement.objects.filter(pk=engagement.pk)
    told = of_many(engagement.practice_id, from_on, until_on, among=rows)
    return told.get(engagement.pk) or measure({}, {})


def rolling(engagement: Engagement, *, at: datetime.datetime) -> HatBalance:
    """The last 28 days where the client is."""
    window = rolling_window(today_of(engagement, at))
    return of(engagement, window.from_on, window.until_on)


def rolling_many(
    practice_id: UUID, *, at: datetime.datetime, among: QuerySet[Engagement] | None = None
) -> dict[UUID, HatBalance]:
    """The last 28 days of every engagement, each where its client is: at most three different days in the world."""
    rows = among if among is not None else Engagement.objects.filter(practice_id=practice_id)
    zones = Client.objects.filter(practice_id=practice_id).values_list("id", "time_zone")
    clients: dict[Day, list[UUID]] = defaultdict(list)
    for id, zone in zones:
        clients[quarters.local_day(at, zone)].append(id)
    found: dict[UUID, HatBalance] = {}
    for today, ids in clients.items():
        window = rolling_window(today)
        some = rows if len(clients) == 1 else rows.filter(client_id__in=ids)
        found |= of_many(practice_id, window.from_on, window.until_on, among=some)
    return found


@dataclass(slots=True)
class _Work:
    """One engagement: what was meant, and from when on a hat without time counts as idle."""

    id: UUID
    starts_on: Day | None
    """None where it does not run."""
    hats: dict[str, int]
    idle_since: Day | None = None


def of_many(
    practice_id: UUID, from_on: Day, until_on: Day, *, among: QuerySet[Engagement] | None = None
) -> dict[UUID, HatBalance]:
    """Of all engagements of a practice that have hats, or those `among` them."""
    read = Reader(practice_id, among)
    works, off = _works(read), _pauses(read)
    today = until_on - datetime.timedelta(days=1)
    for work in works.values():
        work.idle_since = _idle_since(work, today, off.get(work.id))
    idle_days = {work.idle_since for work in works.values() if work.idle_since}
    read_from = min([from_on, *idle_days])
    days = {"from_on": from_on, "until_on": until_on, "read_from": read_from}
    # The look further back costs a condition on every entry; it is needed only after a pause.
    summed = read.raw(reading.sums if read_from == from_on else reading.sums_further_back, **days)
    told: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
    for row in summed:
        told[row[0]].append(row)
    late = _worn_since(read, after=read_from)
    raw_days = {day: reading.raw_day(day) for day in (*idle_days, Day.min)}
    counts = _counts(practice_id, from_on, until_on)
    found: dict[UUID, HatBalance] = {}
    for key, work in works.items():
        rows = told[key]
        worked = {hat: minutes or 0 for _, hat, minutes, _ in rows}
        latest = {hat: last for _, hat, _, last in rows}
        idle = _idle(work, work.idle_since, latest, late, raw_days)
        found[work.id] = _told(work, worked, idle, counts)
    return found


def of_windows(engagement: Engagement, windows: list[Window]) -> list[HatBalance]:
    """Several windows of one engagement, its time read once by day."""
    practice_id, id = engagement.practice_id, engagement.pk
    read = Reader(practice_id, Engagement.objects.filter(pk=id))
    work = next(iter(_works(read).values()), None) or _Work(id, None, {})
    off = _pauses(read).get(id)
    one_day = datetime.timedelta(days=1)
    idle_since = [_idle_since(work, window.until_on - one_day, off) for window in windows]
    idle_days = [day for day in idle_since if day]
    read_from = min([*(window.from_on for window in windows), *idle_days])
    late = _worn_since(read, after=read_from)
    as_they_are = {day: day for day in (*idle_days, Day.min)}
    by_day = (
        TimeEntry.objects.filter(
            practice_id=practice_id, engagement_id=id, booked_on__gte=read_from
        )
        .values_list("booked_on", "hat")
        .annotate(sum=Sum("minutes"))
        .order_by("booked_on")
    )
    days = list(by_day)
    found = []
    for window, since in zip(windows, idle_since, strict=True):
        worked: dict[str, int] = defaultdict(int)
        latest: dict[str, Day] = {}
        for day, hat, minutes in days:
            if day < window.until_on:
                latest[hat] = day
                worked[hat] += minutes if day >= window.from_on else 0
        counts = _counts(practice_id, window.from_on, window.until_on)
        idle = _idle(work, since, latest, late, as_they_are)
        found.append(_told(work, worked, idle, counts))
    return found


def _told(
    work: _Work, worked: Mapping[str, int], idle: Sequence[str], counts: Mapping[str, ByHat]
) -> HatBalance:
    balance = measure(work.hats, worked, worked.get("", 0), idle=idle)
    if not counts:
        return balance
    return balance._replace(counts=_counted(counts, work.id, work.hats))


def _idle(
    work: _Work,
    since: Day | None,
    latest: Mapping[str, Any],
    late: Mapping[tuple[UUID, str], Day],
    days: Mapping[Day, Any],
) -> list[str]:
    """Hats without time since a day. `latest` is the last day with time of each; joint time is time of every hat.

    `days`: how these latest days are written.
    """
    if since is None or latest.get("", days[Day.min]) >= days[since]:
        return []
    return [
        hat
        for hat in work.hats
        if latest.get(hat, days[Day.min]) < days[since] and late.get((work.id, hat), since) <= since
    ]


def _counts(practice_id: UUID, from_on: Day, until_on: Day) -> dict[str, ByHat]:
    return {key: COUNTS[key].many(practice_id, from_on, until_on) for key in COUNTS}


def _works(read: Reader) -> dict[Any, _Work]:
    """By the engagement's id as the driver gives it; only what is shown is turned into Python's own."""
    form = read.form(reading.shares)
    found: dict[Any, _Work] = {}
    if form is None:
        return found
    id_of, day_of = form.reader(0), form.reader(4)
    for key, hat, target, status, starts_on in form.raw(practice=read.practice_id):
        work = found.get(key)
        if work is None:
            starts = day_of(starts_on) if status in RUNNING else None
            work = found[key] = _Work(id_of(key), starts, {})
        work.hats[hat] = target
    return found


Pauses = list[tuple[Day, Day | None]]


def _pauses(read: Reader) -> dict[UUID, Pauses]:
    found: dict[UUID, Pauses] = defaultdict(list)
    for id, since, until in read.rows(reading.pauses):
        found[id].append((since, until))
    return found


def _idle_since(work: _Work, today: Day, pauses: Pauses | None) -> Day | None:
    """The first of its last 14 active days; None where it does not run, or not that long."""
    if work.starts_on is None:
        return None
    # Almost no engagement has a pause; the others need no counting of days.
    first: Day | None = today - datetime.timedelta(days=IDLE_DAYS - 1)
    if pauses:
        first = idle_from(today, starts_on=work.starts_on, pauses=pauses)
    return first if first is not None and first >= work.starts_on else None


def _worn_since(read: Reader, *, after: Day) -> dict[tuple[UUID, str], Day]:
    """Hats that nobody wore before a day: one taken on last week cannot have been idle for two."""
    return {(id, hat): first for id, hat, first in read.rows(reading.worn_late, after=after)}


def _counted(
    counts: Mapping[str, ByHat], id: UUID, hats: Mapping[str, int]
) -> dict[str, dict[str, int]]:
    return {key: {hat: many.get((id, hat), 0) for hat in hats} for key, many in counts.items()}


def today_of(engagement: Engagement, at: datetime.datetime) -> Day:
    zone = Client.objects.values_list("time_zone", flat=True).get(pk=engagement.client_id)
    return quarters.local_day(at, zone)


def month_window(month: Day, today: Day) -> Window:
    """A billing period, as far as it has come: the days ahead are nobody's neglect."""
    return Window(month, min(ledger.next_month(month), today + datetime.timedelta(days=1)))


def may_see(by: Actor, engagement: Engagement, *, at: datetime.datetime) -> bool:
    """Members always; a client's people where the terms that hold today say so."""
    rows = Engagement.objects.filter(pk=engagement.pk)
    return access.may(by, "hat_balance", "view") and engagement.pk in _shown_to(by, rows, at)


def seen(by: Actor, *, at: datetime.datetime) -> dict[UUID, HatBalance]:
    """The last 28 days of every engagement whose hat balance this actor may see."""
    if by.practice_id is None or not access.may(by, "hat_balance", "view"):
        return {}
    rows = access.visible_to(by, Engagement)
    among = rows.filter(pk__in=_shown_to(by, rows, at))
    return rolling_many(by.practice_id, at=at, among=among)


def _shown_to(by: Actor, rows: QuerySet[Engagement], at: datetime.datetime) -> set[UUID]:
    if by.role not in access.CONTACTS or by.client_id is None:
        return set(rows.values_list("pk", flat=True))
    # A contact has one client, and with it one day.
    zone = Client.objects.values_list("time_zone", flat=True).get(pk=by.client_id)
    today = quarters.local_day(at, zone)
    stages = Stage.objects.filter(
        Q(until_on=None) | Q(until_on__gt=today),
        engagement__in=rows.values("pk"),
        since_on__lte=today,
        client_sees_hats=True,
    )
    return set(stages.values_list("engagement_id", flat=True))

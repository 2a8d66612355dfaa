"""What of the law applies to a system from when: its dates on the agenda, and planning them anew when the law moves."""

import datetime
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from assessments import law
from assessments.models import Classification, System, SystemStatus
from practice import access, agenda, events
from practice.access import Actor
from practice.models import AgendaEntry
from practice.quarters import end_of_day, local_day

DATE, MOVED = "law_date", "law_moved"
# How long there is to look at a system for which the law moved.
TO_LOOK = datetime.timedelta(days=14)
AT_ONCE = 500
log = structlog.get_logger(__name__)
Status = AgendaEntry.Status


@dataclass(frozen=True)
class When:
    """One row of the law that concerns a system, as people are told of it."""

    key: str
    obligation: str
    state: str
    applies_from: datetime.date | None
    original: datetime.date | None
    """The day as first published, where the row's own is another."""
    when: str
    legal_basis: str
    note: str
    source: str
    checked_on: datetime.date
    confidence: str
    duties: tuple[law.Duty, ...]


def described(row: Classification) -> law.System | None:
    """As the law table asks about it; None where the Act does not reach it."""
    if row.tier not in law.TIERS:
        return None
    words = frozenset(row.words)
    roles = frozenset(law.ROLES)
    return law.System(row.tier, words & roles, words - roles, row.placed_on)


def of(row: Classification, *, on: datetime.date, table: law.Table | None = None) -> list[When]:
    """What applies to a classified system when, by the newest table: in force first, then by day."""
    table, system = table or law.newest(), described(row)
    if system is None:
        return []
    found = [_when(table, one) for one in law.applying(table, system, on=on) if one.duties]
    order = (law.APPLIES, law.LATER, law.ON_CHANGE, law.UNCONFIRMED)
    return sorted(
        found, key=lambda one: (order.index(one.state), one.applies_from or datetime.date.max)
    )


def _when(table: law.Table, one: law.Applying) -> When:
    row = table.rows[one.key]
    moved = row.original_date not in (None, one.applies_from)
    return When(
        key=one.key,
        obligation=row.obligation,
        state=one.state,
        applies_from=one.applies_from,
        original=row.original_date if moved else None,
        when=one.when,
        legal_basis=one.legal_basis,
        note=row.legacy.note if row.legacy and one.state == law.ON_CHANGE else row.note,
        source=row.source,
        checked_on=row.checked_on,
        confidence=row.confidence,
        duties=tuple(table.duties[key] for key in one.duties),
    )


def newest(systems: "QuerySet[System]") -> "QuerySet[Classification]":
    """The newest classification of each of these, in one statement."""
    last = Classification.objects.filter(system=OuterRef("pk")).order_by("-id").values("pk")[:1]
    ids = systems.order_by().annotate(last=Subquery(last)).values("last")
    return Classification.objects.filter(pk__in=ids).select_related("system", "reviewer__user")


def dates(table: law.Table, row: Classification) -> dict[str, str]:
    """When each row that gives the system something to do applies, as told: a day, or that there is none yet."""
    system = described(row)
    if system is None:
        return {}
    rows = law.applying(table, system, on=datetime.date.min)
    return {one.key: one.when for one in rows if one.duties}


def replan(
    system: System, row: Classification | None, table: law.Table, *, at: datetime.datetime
) -> None:
    """Plan the days that lie ahead, and close what no longer holds. In the transaction of a verb that holds the
    system; called again it changes nothing. What has come stays until somebody says that it was seen to."""
    today = local_day(at, system.client.time_zone)
    there = {
        entry.period: entry
        for entry in AgendaEntry.objects.filter(
            practice_id=system.practice_id, kind=DATE, subject_id=system.pk
        )
    }
    retired = system.status == SystemStatus.RETIRED
    owed = (
        {} if row is None or retired else {one.key: one for one in of(row, on=today, table=table)}
    )
    for key, one in owed.items():
        day = one.applies_from
        if day is not None and not _is_over(system, day, there.get(key), today):
            _plan(system, one, day, at)
    for key, entry in there.items():
        if entry.status == Status.OPEN and (key not in owed or owed[key].applies_from is None):
            agenda.close(
                DATE,
                subject_id=system.pk,
                practice_id=system.practice_id,
                period=key,
                done=False,
                at=at,
            )


def follow_life(system: System, *, at: datetime.datetime) -> None:
    """It is retired, or found running again."""
    replan(system, last(system), law.newest(), at=at)


def last(system: System) -> Classification | None:
    return Classification.objects.filter(system=system).order_by("-id").first()


def _is_over(
    system: System, day: datetime.date, was: AgendaEntry | None, today: datetime.date
) -> bool:
    """Seen to by somebody for this day, or past when it was first heard of."""
    moment = end_of_day(day, system.client.time_zone)
    if was is not None and was.status == Status.DONE and was.due_at == moment:
        return True
    return day <= today and (was is None or was.status != Status.OPEN)


def _plan(system: System, one: When, day: datetime.date, at: datetime.datetime) -> None:
    zone = system.client.time_zone
    agenda.plan(
        DATE,
        subject_id=system.pk,
        period=one.key,
        practice_id=system.practice_id,
        client_id=system.client_id,
        owner_id=system.client.responsible_id,
        due_at=end_of_day(day, zone),
        at=at,
        title=f"{system.name}: {one.obligation}"[:200],
        time_zone=zone,
        all_day=True,
    )


def follow_law(at: datetime.datetime) -> int:
    """The tick's: systems whose dates stand by an older table are planned by the newest, a few hundred at a time.

    Each in a transaction of its own that also says by which table it stands now, so a crash loses none and a second
    run finds nothing to do. Only older ones: while two releases run, the older one does not undo the newer one's work.
    """
    table = law.newest()
    behind = System.objects.filter(law_version__lt=table.version).order_by("law_version", "id")
    planned = 0
    for id in list(behind.values_list("pk", flat=True)[:AT_ONCE]):
        try:
            planned += _follow(id, table, access.system(), at)
        except (
            Exception
        ):  # one system must not keep the law from all others; the next tick tries again
            log.exception("law_not_followed", system=str(id))
    return planned


def _follow(id: UUID, table: law.Table, by: Actor, at: datetime.datetime) -> bool:
    with transaction.atomic():
        system = System.objects.select_for_update(of=("self",)).select_related("client").get(pk=id)
        before = system.law_version
        if before is None or before >= table.version:
            return False
        row = last(system)
        # Where it stands is no change that anybody made: neither version nor event of the system.
        System.objects.filter(pk=id).update(law_version=table.version)
        if row is None or system.status == SystemStatus.RETIRED:
            return False
        then, now = dates(law.pinned(table.key, before), row), dates(table, row)
        moved = [key for key in dict.fromkeys([*then, *now]) if then.get(key) != now.get(key)]
        if not moved:
            return False
        replan(system, row, table, at=at)
        _raise(system, table, moved, at)
        events.record(
            "system.law_moved",
            by=access.within(by, system.practice_id),
            at=at,
            subject=system,
            before={"law_version": before, **{key: then.get(key) for key in moved}},
            after={"law_version": table.version, **{key: now.get(key) for key in moved}},
        )
    return True


def _raise(system: System, table: law.Table, moved: list[str], at: datetime.datetime) -> None:
    """One entry per system and version of the table."""
    zone = system.client.time_zone
    what = ", ".join(table.rows[key].legal_basis if key in table.rows else key for key in moved)
    agenda.plan(
        MOVED,
        subject_id=system.pk,
        period=f"v{table.version}",
        practice_id=system.practice_id,
        client_id=system.client_id,
        owner_id=system.client.responsible_id,
        due_at=end_of_day(local_day(at, zone) + TO_LOOK, zone),
        at=at,
        title=f"The law moved for {system.name}: {what}"[:200],
        time_zone=zone,
        all_day=True,
    )

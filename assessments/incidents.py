"""The incident log of a client's AI: putting one down, containing it, closing it with what was learnt, and reading a quarter."""

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from assessments.models import Incident, IncidentStatus, Severity, System
from assessments.systems import of_this_client
from practice import access, rows
from practice.access import Actor
from practice.models import Client
from practice.quarters import Quarter, local_moment
from practice.refusals import Conflict, Invalid, Taken

S = IncidentStatus
STEPS: dict[str, tuple[str, ...]] = {
    S.OPEN: (S.CONTAINED,),
    S.CONTAINED: (S.CLOSED, S.OPEN),
    S.CLOSED: (),
}
TAKEN = Taken("There is an incident with this external id already.", "external_id")
MIDNIGHT, A_DAY = datetime.time(0, 0), datetime.timedelta(days=1)


class IncidentStepRefused(Conflict):
    code = "incident_step_refused"
    sentence = "An incident is contained before it is closed, and what is closed stays as it is."


@dataclass(frozen=True)
class InQuarter:
    """The incidents found in one quarter of a client, the latest first, and those still not closed at its end."""

    quarter: Quarter
    found: tuple[Incident, ...]
    carried: tuple[Incident, ...]

    @property
    def by_severity(self) -> dict[str, int]:
        counted = Counter(one.severity for one in self.found)
        return {severity: counted[severity] for severity in Severity.values}

    @property
    def serious(self) -> tuple[Incident, ...]:
        return tuple(one for one in self.found if one.serious)


def add(system: System, *, by: Actor, at: datetime.datetime, **details: Any) -> Incident:
    """Put down an incident of a system, as found now unless said otherwise."""
    access.require(by, "incident", "add")
    with transaction.atomic():
        system = access.get(by, System, system.pk)
        given = {**details, "found_at": details.get("found_at") or at}
        incident = Incident(
            practice_id=system.practice_id, client=system.client, system=system, **given
        )
        _check(incident, at)
        return rows.add(incident, by=by, at=at, kind="incident.added", taken=TAKEN)


def change(
    incident: Incident,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> Incident:
    """Correct or complete what is known of it, as long as it is not closed."""
    access.require(by, "incident", "change")
    with transaction.atomic():
        incident = access.get(by, Incident, incident.pk, lock=True)
        if incident.status == S.CLOSED:
            raise IncidentStepRefused(present=incident.status, allowed=[])
        wanted = rows.wanted(incident, changes, by=by)
        _check(wanted, at)
        kind = "incident.changed"
        return rows.change(
            incident, changes, by=by, at=at, kind=kind, expected=expected, taken=TAKEN
        )


def contain(
    incident: Incident, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Incident:
    """It does no further harm."""
    access.require(by, "incident", "change")
    with transaction.atomic():
        incident = _held(incident, S.CONTAINED, by)
        changes = {"status": S.CONTAINED, "contained_at": at}
        kind = "incident.contained"
        return rows.change(incident, changes, by=by, at=at, kind=kind, expected=expected)


def reopen(
    incident: Incident, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Incident:
    """It was not contained after all."""
    access.require(by, "incident", "change")
    with transaction.atomic():
        incident = _held(incident, S.OPEN, by)
        changes = {"status": S.OPEN, "contained_at": None}
        return rows.change(
            incident, changes, by=by, at=at, kind="incident.reopened", expected=expected
        )


def close(
    incident: Incident,
    *,
    learned: str,
    ended_at: datetime.datetime | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Incident:
    """It is over, and this was learnt of it. It stays as it is from then on."""
    access.require(by, "incident", "change")
    if not learned.strip():
        raise Invalid({"learned": ["Say what was learnt."]})
    with transaction.atomic():
        incident = _held(incident, S.CLOSED, by)
        wanted = access.get(by, Incident, incident.pk)
        wanted.ended_at = ended_at or incident.ended_at
        if wanted.ended_at is None:
            raise Invalid({"ended_at": ["Say when it ended."]})
        _check(wanted, at)
        changes = {
            "status": S.CLOSED,
            "closed_at": at,
            "ended_at": wanted.ended_at,
            "learned": learned.strip(),
        }
        return rows.change(
            incident, changes, by=by, at=at, kind="incident.closed", expected=expected
        )


def in_quarter(client: Client, quarter: Quarter) -> InQuarter:
    """What a report of that quarter tells, its days being those of the client. Whoever asks may read them."""
    begins = local_moment(quarter.starts_on, MIDNIGHT, client.time_zone)
    ends = local_moment(quarter.ends_on + A_DAY, MIDNIGHT, client.time_zone)
    not_closed = Q(closed_at=None) | Q(closed_at__gte=ends)
    known = list(
        Incident.objects.filter(practice_id=client.practice_id, client=client, found_at__lt=ends)
        .filter(Q(found_at__gte=begins) | not_closed)
        .select_related("system")
        .order_by("-found_at", "-id")
    )
    return InQuarter(
        quarter,
        tuple(one for one in known if one.found_at >= begins),
        tuple(one for one in known if one.closed_at is None or one.closed_at >= ends),
    )


def _held(incident: Incident, to: str, by: Actor) -> Incident:
    incident = access.get(by, Incident, incident.pk, lock=True)
    if to not in STEPS[incident.status]:
        raise IncidentStepRefused(present=incident.status, allowed=list(STEPS[incident.status]))
    return incident


def _check(incident: Incident, at: datetime.datetime) -> None:
    wrong: dict[str, list[str]] = {}
    if not incident.title.strip():
        wrong["title"] = ["Say in a few words what it is."]
    if not incident.what_happened.strip():
        wrong["what_happened"] = ["Say what happened."]
    for name in ("found_at", "started_at", "ended_at"):
        moment = getattr(incident, name)
        if moment is not None and moment > at:
            wrong[name] = ["Not in the future."]
    began, ended = incident.started_at, incident.ended_at
    if began is not None and began > incident.found_at:
        wrong.setdefault("started_at", ["Not after it was found."])
    if began is not None and ended is not None and ended < began:
        wrong.setdefault("ended_at", ["Not before it began."])
    if wrong:
        raise Invalid(wrong)
    of_this_client(incident, system=incident.system)

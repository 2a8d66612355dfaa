"""The risk register of a client: putting a risk down, rating it, looking at it again, accepting and closing it."""

import datetime
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from assessments import looks, systems, terms, work_book
from assessments.models import Risk, RiskStatus
from practice import access, agenda, rows
from practice.access import Actor
from practice.models import Client
from practice.quarters import end_of_day, local_day
from practice.refusals import Conflict, Invalid, Taken
from practice.registers import Register

REVIEW = "risk_review"
# The decision right under which a risk is taken on (domain.md 9.1).
RIGHT = "DR-02"
S = RiskStatus
TAKEN = Taken("There is a risk with this external id already.", "external_id")
# What an acceptance rested on is gone: the risk is looked at again within so many days.
SOON = datetime.timedelta(days=14)
# Contributed by the decision log, under the code of the right: how a decision in force of that right at this client
# reads, or None where there is no such decision for this actor, held until the transaction ends so that nobody gives
# it up meanwhile; and those that a page offers, the newest first.
Find = Callable[[Actor, UUID, UUID], str | None]
ACCEPTANCES: Register[Find] = Register("decisions under which a risk is accepted")
OFFERED: Register[Callable[[Actor, UUID], list[tuple[UUID, str]]]] = Register(
    "decisions to choose from under which a risk is accepted"
)


class RiskNotDecided(Conflict):
    code = "risk_not_decided"
    sentence = (
        "To accept a risk takes a decision in force under DR-02 at this client: have it decided, "
        "and name it here."
    )


class RiskClosed(Conflict):
    code, sentence = "risk_closed", "This risk is closed: open it again first."


class RiskOpen(Conflict):
    code, sentence = "risk_open", "This risk is open."


@dataclass(frozen=True)
class RiskLine:
    id: UUID
    title: str
    status: str
    treatment: str
    likelihood: int
    impact: int
    band: str
    has_owner: bool
    review_on: datetime.date
    overdue: bool


@dataclass(frozen=True)
class Posture:
    """Where the client stands with its risks."""

    on: datetime.date
    open: int
    accepted: int
    closed: int
    by_band: dict[str, int]
    """Open and accepted ones, by key of the band, all bands named."""
    without_owner: int
    overdue: int
    risks: tuple[RiskLine, ...]
    """Open and accepted ones, the heaviest first."""


def add(client: Client, *, by: Actor, at: datetime.datetime, **details: Any) -> Risk:
    """Put down a risk, and how likely and how bad it is. It is looked at again after its months."""
    access.require(by, "risk", "add")
    with transaction.atomic():
        client = access.get(by, Client, client.pk)
        risk = Risk(practice_id=client.practice_id, client=client, status_at=at, **details)
        _check(risk)
        risk.review_on = terms.months_on(local_day(at, client.time_zone), risk.review_months)
        rows.add(risk, by=by, at=at, kind="risk.added", taken=TAKEN)
        plan(risk, at)
    return risk


def change(
    risk: Risk, *, by: Actor, at: datetime.datetime, expected: int | None = None, **changes: Any
) -> Risk:
    """Correct or rate a risk anew. One that was accepted is open again once it weighs more than was accepted."""
    access.require(by, "risk", "change")
    with transaction.atomic():
        risk = access.get(by, Risk, risk.pk, lock=True)
        if risk.status == S.CLOSED:
            raise RiskClosed
        wanted = rows.wanted(risk, changes, by=by)
        _check(wanted)
        kind = "risk.changed"
        if risk.status == S.ACCEPTED:
            if not wanted.has_owner:
                raise systems.RiskOwnerMissing(
                    "This risk is accepted: name another person instead."
                )
            if wanted.weight > risk.weight:
                kind, changes = "risk.acceptance_ended", {**changes, **_as(S.OPEN, at)}
        if wanted.review_months != risk.review_months:
            since = risk.reviewed_on or local_day(risk.created_at, risk.client.time_zone)
            changes["review_on"] = terms.months_on(since, wanted.review_months)
        risk = rows.change(risk, changes, by=by, at=at, kind=kind, expected=expected, taken=TAKEN)
        plan(risk, at)
    return risk


def review(
    risk: Risk,
    *,
    note: str,
    reviewed_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Risk:
    """Say what came of looking at it again. The next look is due after its months."""
    access.require(by, "risk", "change")
    with transaction.atomic():
        risk = _going(risk, by)
        changes = looks.taken(risk, note=note, reviewed_on=reviewed_on, at=at)
        risk = rows.change(risk, changes, by=by, at=at, kind="risk.reviewed", expected=expected)
        _close_entry(risk, at=at, done=True)
        plan(risk, at)
    return risk


def accept(
    risk: Risk, *, decision: UUID, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Risk:
    """Take a risk on as it is rated now, by a decision in force under DR-02. Somebody must answer for it."""
    access.require(by, "risk", "accept")
    with transaction.atomic():
        # The decision before the risk, in the order in which one that is superseded takes its acceptances with it.
        there = RIGHT in ACCEPTANCES and ACCEPTANCES[RIGHT](by, risk.client_id, decision)
        risk = _going(risk, by)
        if not risk.has_owner:
            raise systems.RiskOwnerMissing("Name the one person who answers for this risk first.")
        if not there:
            raise RiskNotDecided
        changes = {**_as(S.ACCEPTED, at), "accepted_decision_id": decision, "accepted_at": at}
        return rows.change(risk, changes, by=by, at=at, kind="risk.accepted", expected=expected)


def end_acceptances(
    decision: UUID, *, client_id: UUID, by: Actor, at: datetime.datetime
) -> list[Risk]:
    """The decision is in force no longer: what was accepted by it is open again, and soon to be looked at. Called by
    the decision log in its transaction."""
    access.require(by, "risk", "accept")
    there = access.visible_to(by, Risk).filter(
        client_id=client_id, status=S.ACCEPTED, accepted_decision_id=decision
    )
    with transaction.atomic():
        return [_end_acceptance(risk, by, at) for risk in there.order_by("id")]


def _end_acceptance(risk: Risk, by: Actor, at: datetime.datetime) -> Risk:
    risk = access.get(by, Risk, risk.pk, lock=True)
    soon = local_day(at, risk.client.time_zone) + SOON
    changes = {**_as(S.OPEN, at), "review_on": min(risk.review_on, soon)}
    risk = rows.change(risk, changes, by=by, at=at, kind="risk.acceptance_ended")
    plan(risk, at)
    return risk


def close(
    risk: Risk, *, reason: str, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Risk:
    """Say that a risk is gone, and why."""
    access.require(by, "risk", "change")
    if not reason.strip():
        raise Invalid({"reason": ["Say why."]})
    with transaction.atomic():
        risk = _going(risk, by)
        changes = {**_as(S.CLOSED, at), "closed_reason": reason.strip()}
        risk = rows.change(risk, changes, by=by, at=at, kind="risk.closed", expected=expected)
        plan(risk, at)
    return risk


def reopen(risk: Risk, *, by: Actor, at: datetime.datetime, expected: int | None = None) -> Risk:
    """It is there again, or is accepted no longer."""
    access.require(by, "risk", "change")
    with transaction.atomic():
        risk = access.get(by, Risk, risk.pk, lock=True)
        if risk.status == S.OPEN:
            raise RiskOpen
        today = local_day(at, risk.client.time_zone)
        changes = _as(S.OPEN, at)
        if risk.status == S.CLOSED:
            changes["review_on"] = max(risk.review_on, terms.months_on(today, risk.review_months))
        risk = rows.change(risk, changes, by=by, at=at, kind="risk.reopened", expected=expected)
        plan(risk, at)
    return risk


def posture(client: Client, at: datetime.datetime) -> Posture:
    """The register as it is recorded now; what is overdue is so at that moment. One query."""
    book, today = work_book.risks(), local_day(at, client.time_zone)
    there = list(Risk.objects.filter(client=client, created_at__lte=at).order_by("title", "id"))
    going = [row for row in there if row.status != S.CLOSED]
    counts, bands = Counter(row.status for row in there), Counter(map(_band, going))
    return Posture(
        on=today,
        open=counts[S.OPEN],
        accepted=counts[S.ACCEPTED],
        closed=counts[S.CLOSED],
        by_band={band.key: bands[band.key] for band in book.bands},
        without_owner=sum(not row.has_owner for row in going),
        overdue=sum(row.review_on < today for row in going),
        risks=tuple(
            RiskLine(
                id=row.pk,
                title=row.title,
                status=row.status,
                treatment=row.treatment,
                likelihood=row.likelihood,
                impact=row.impact,
                band=_band(row),
                has_owner=row.has_owner,
                review_on=row.review_on,
                overdue=row.review_on < today,
            )
            for row in sorted(going, key=lambda row: -row.weight)
        ),
    )


def plan(risk: Risk, at: datetime.datetime) -> None:
    """One look is owed at a time, as long as the risk is there: the next one is another period."""
    if risk.status == S.CLOSED:
        _close_entry(risk, at=at, done=False)
        return
    zone = risk.client.time_zone
    agenda.plan(
        REVIEW,
        subject_id=risk.pk,
        period=f"after {risk.reviewed_on or 'the first day'}",
        practice_id=risk.practice_id,
        client_id=risk.client_id,
        owner_id=risk.client.responsible_id,
        due_at=end_of_day(risk.review_on, zone),
        at=at,
        title=f"Look again at the risk: {risk.title}"[:200],
        time_zone=zone,
        all_day=True,
    )


def follow_client(client_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """The client is in another zone now: the same days there."""
    there = access.visible_to(by, Risk).filter(client_id=client_id).exclude(status=S.CLOSED)
    for risk in there.select_related("client").order_by("id"):
        plan(risk, at)


def _close_entry(risk: Risk, *, at: datetime.datetime, done: bool) -> None:
    agenda.close(REVIEW, subject_id=risk.pk, practice_id=risk.practice_id, done=done, at=at)


def _as(status: str, at: datetime.datetime) -> dict[str, Any]:
    """What goes with a status: nothing of the one before stays."""
    return {
        "status": status,
        "status_at": at,
        "accepted_decision_id": None,
        "accepted_at": None,
        "closed_reason": "",
    }


def _band(risk: Risk) -> str:
    return work_book.risks().band(risk.weight).key


def _going(risk: Risk, by: Actor) -> Risk:
    risk = access.get(by, Risk, risk.pk, lock=True)
    if risk.status == S.CLOSED:
        raise RiskClosed
    return risk


def _check(risk: Risk) -> None:
    wrong: dict[str, list[str]] = {}
    if not risk.title.strip():
        wrong["title"] = ["Say what could happen."]
    if risk.owner is not None and risk.owner_name:
        wrong["owner_name"] = ["A contact or a name, not both."]
    for name in ("likelihood", "impact"):
        if not 1 <= getattr(risk, name) <= 5:
            wrong[name] = ["From 1 to 5."]
    if not 1 <= risk.review_months <= 12:
        wrong["review_months"] = ["From 1 to 12 months."]
    if wrong:
        raise Invalid(wrong)
    systems.of_this_client(risk, owner=risk.owner, system=risk.system)

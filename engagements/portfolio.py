"""The portfolio: every engagement one sees in one list, and what is promised against what people can promise."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from engagements import balances, capacity, hat_balance
from engagements.hat_shares import NO_DATA, HatBalance
from engagements.ledger import Month
from engagements.models import Burst, Engagement, Finding, HatShare, Move, Stage, Wearing
from engagements.models.course import MoveStatus
from engagements.models.engagement import EngagementStatus
from practice import access
from practice.access import Actor
from practice.agenda_rules import of_the_clock
from practice.models import AgendaEntry, Member
from practice.quarters import local_day

SHOWN = (EngagementStatus.ACTIVE, EngagementStatus.PAUSED, EngagementStatus.PROPOSED)
# One look, not a report: whoever has more works with the lists behind it.
MOST = 500
DATES = 3
AHEAD = datetime.timedelta(days=366)
UNSEEN = HatBalance(NO_DATA, (), (), 0, 0, {})


@dataclass(frozen=True)
class Row:
    engagement: Engagement
    stage: Stage | None
    offer: Move | None
    """The step that waits for an answer, or for its day."""
    days_given: Decimal | None
    """This month's allowance with what was brought in; None where there is none to count in days."""
    days_left: Decimal | None
    balance: HatBalance
    findings: tuple[Finding, ...]
    dates: tuple[AgendaEntry, ...]
    """The next, earliest first."""
    promised: Decimal | None
    """Days a month by the present terms, in a burst with what comes on top; None where they cannot be counted."""
    worn: dict[str, Member]

    @property
    def point(self) -> str:
        return self.stage.point if self.stage else self.offer.to_point if self.offer else ""

    @property
    def phase(self) -> str:
        return self.stage.phase if self.stage else ""


@dataclass(frozen=True)
class Load:
    """One consultant: promised by what is under way, what proposals would add, and the days stated as possible."""

    member: Member
    promised: Decimal
    proposed: Decimal
    possible: Decimal | None
    """None: not stated."""

    @property
    def over(self) -> Decimal:
        return (
            max(self.promised - self.possible, Decimal(0))
            if self.possible is not None
            else Decimal(0)
        )


@dataclass(frozen=True)
class Portfolio:
    rows: tuple[Row, ...]
    loads: tuple[Load, ...]
    unworn: Decimal
    """Days promised under hats that nobody wears."""
    truncated: bool


def rows(by: Actor, *, at: datetime.datetime) -> list[Row]:
    return list(of(by, at=at).rows)


def of(by: Actor, *, at: datetime.datetime) -> Portfolio:
    """All that the actor sees; a consultant's days are those promised at clients that the actor sees."""
    access.require(by, "portfolio", "view")
    visible = access.visible_to(by, Engagement).filter(status__in=SHOWN)
    found = list(
        visible.select_related("client", "lead__user").order_by("client__name", "name", "id")[
            : MOST + 1
        ]
    )
    kept = found[:MOST]
    facts = _Facts(by, Engagement.objects.filter(pk__in=[row.pk for row in kept]), kept, at)
    made = tuple(facts.row(engagement) for engagement in kept)
    loads, unworn = facts.loads(made)
    return Portfolio(made, loads, unworn, len(found) > MOST)


class _Facts:
    """What is read for all rows at once: one statement a fact, however many engagements there are."""

    def __init__(
        self, by: Actor, among: QuerySet[Engagement], rows: list[Engagement], at: datetime.datetime
    ) -> None:
        self.by, self.at = by, at
        ids, clients = [row.pk for row in rows], {row.client_id for row in rows}
        self.days = {row.pk: local_day(at, row.client.time_zone) for row in rows}
        earliest = at.date() - datetime.timedelta(days=1)
        latest = at.date() + datetime.timedelta(days=1)
        present = Q(until_on=None) | Q(until_on__gt=earliest)
        self.stages = _grouped(
            Stage.objects.filter(present, engagement__in=ids).order_by("since_on")
        )
        self.shares = _grouped(HatShare.objects.filter(engagement__in=ids).order_by("hat"))
        wearings = Wearing.objects.filter(present, engagement__in=ids).order_by("since_on")
        self.wearings = _grouped(wearings.select_related("member__user"))
        pending = Move.objects.filter(status__in=[MoveStatus.PROPOSED, MoveStatus.AGREED])
        self.offers = _grouped(pending.filter(engagement__in=ids).order_by("id"))
        running = Burst.objects.filter(since_on__lte=latest, until_on__gt=earliest)
        self.bursts = _grouped(running.filter(engagement__in=ids))
        open_ = access.visible_to(by, Finding).filter(cleared_at=None, engagement__in=ids)
        self.findings = _grouped(open_.order_by("code", "id"))
        ahead = (
            access.visible_to(by, AgendaEntry)
            .filter(client__in=clients, status=AgendaEntry.Status.OPEN, due_at__lt=at + AHEAD)
            .exclude(kind__in=of_the_clock())
        )
        self.dates: dict[UUID, list[AgendaEntry]] = defaultdict(list)
        for entry in ahead.order_by("due_at", "id"):
            self.dates[entry.client_id or UUID(int=0)].append(entry)
        self.months = balances.of_many(among, at=at)
        practices = {row.practice_id for row in rows}
        self.balances: dict[UUID, HatBalance] = {}
        for practice in practices:  # an actor belongs to one
            self.balances |= hat_balance.rolling_many(practice, at=at, among=among)

    def row(self, engagement: Engagement) -> Row:
        day = self.days[engagement.pk]
        stage = _present(self.stages[engagement.pk], day)
        months = balances.present(self.months.get(engagement.pk, ()))
        given, left = _in_days(months, stage)
        worn = {row.hat: row.member for row in self.wearings[engagement.pk] if _holds(row, day)}
        offer = next(iter(self.offers[engagement.pk]), None)
        days = self._promised(engagement, stage or offer)
        return Row(
            engagement,
            stage,
            offer,
            given,
            left,
            self.balances.get(engagement.pk, UNSEEN),
            tuple(self.findings[engagement.pk]),
            tuple(self._dates(engagement)),
            None if days is None else capacity.tenth(days),
            worn,
        )

    def _dates(self, engagement: Engagement) -> list[AgendaEntry]:
        """The client's, but for those of the client's other engagements."""
        others = self.days.keys() - {engagement.pk}
        mine = (e for e in self.dates[engagement.client_id] if e.subject_id not in others)
        return list(islice(mine, DATES))

    def loads(self, made: Iterable[Row]) -> tuple[tuple[Load, ...], Decimal]:
        by_status: dict[str, list[capacity.Promise]] = defaultdict(list)
        people: dict[UUID, Member] = {}
        for row in made:
            people |= {member.pk: member for member in row.worn.values()}
            days = self._promised(row.engagement, row.stage or row.offer) or Fraction()
            targets = {share.hat: share.target for share in self.shares[row.engagement.pk]}
            worn = {hat: member.pk for hat, member in row.worn.items()}
            by_status[row.engagement.status].append(capacity.Promise(days, targets, worn))
        promised, unworn = capacity.promised(by_status[EngagementStatus.ACTIVE])
        proposed, _ = capacity.promised(by_status[EngagementStatus.PROPOSED])
        possible = capacity.stated(self.by, self.at.date())
        also = access.visible_to(self.by, Member).filter(pk__in=possible, active=True)
        people |= {row.pk: row for row in also.select_related("user")}
        nothing = Decimal("0.0")
        told = [
            Load(
                people[id],
                promised.get(id, nothing),
                proposed.get(id, nothing),
                possible.get(id),
            )
            for id in people
        ]
        return tuple(sorted(told, key=lambda load: (str(load.member), load.member.pk))), unworn

    def _promised(self, engagement: Engagement, stage: Stage | Move | None) -> Fraction | None:
        if stage is None:
            return Fraction()
        day, base = self.days[engagement.pk], capacity.days_of(stage)
        extra = sum(
            (
                Fraction(burst.extra)
                for burst in self.bursts[engagement.pk]
                if burst.since_on <= day < burst.until_on
            ),
            Fraction(),
        )
        if base is None or not extra or not stage.allowance:
            return base
        return base * (1 + extra / Fraction(stage.allowance))


def _in_days(months: list[Month], stage: Stage | None) -> tuple[Decimal | None, Decimal | None]:
    """Of the account in minutes; an allowance of money is not told in days."""
    month = next((month for month in months if month.unit == "minutes"), None)
    if month is None or stage is None or stage.allowance_unit in ("none", "money"):
        return None, None
    given = Fraction(month.allowance + month.rolled_in) / stage.day_minutes
    left = Fraction(month.left - month.over) / stage.day_minutes
    return capacity.tenth(given), capacity.tenth(left)


def _present(stages: list[Stage], day: datetime.date) -> Stage | None:
    """The stage of today, or the first that is still to come."""
    return next((stage for stage in stages if _holds(stage, day)), stages[0] if stages else None)


def _holds(row: Any, day: datetime.date) -> bool:
    return row.since_on <= day and (row.until_on is None or row.until_on > day)


def _grouped(rows: QuerySet[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.engagement_id].append(row)
    return found

"""Who decides under a hat while its holder is away: named by the practice, accepted by the sponsor."""

import datetime
from decimal import Decimal
from typing import Unpack

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from engagements import acceptance, asking, charters
from engagements.acceptance import Elsewhere
from engagements.models import Charter, Deputy, Engagement, SpendingLimit, Wearing
from engagements.wearing import bring_in, during, hold
from practice import access, rows
from practice.access import Actor
from practice.models import Member
from practice.quarters import end_of_day
from practice.refusals import Conflict, Invalid


class StoodInAlready(Conflict):
    code, sentence = "stood_in_already", "Somebody stands in for this hat on some of these days."


class DeputySettled(Conflict):
    code, sentence = "deputy_settled", "This deputy was accepted, declined or withdrawn already."


class DeputyWithdrawn(Conflict):
    code, sentence = "deputy_withdrawn", "This deputy was withdrawn already."


def name(
    wearing: Wearing,
    *,
    member: Member,
    since_on: datetime.date,
    until_on: datetime.date,
    limit_per_decision: Decimal | None = None,
    reason: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Deputy:
    """Propose a deputy for a stretch of days; it holds once the sponsor has accepted."""
    access.require(by, "deputy", "add")
    with transaction.atomic():
        engagement = hold(wearing.engagement, by)
        wearing = access.get(by, Wearing, wearing.pk)
        _check(wearing, member, since_on, until_on)
        _check_limit(engagement, wearing.hat, limit_per_decision)
        others = wearing.deputies.filter(
            withdrawn_at=None, declined_at=None, since_on__lt=until_on, until_on__gt=since_on
        )
        if others.exists():
            raise StoodInAlready
        bring_in(engagement, member, wearing.hat, reason=reason, by=by, at=at)
        deputy = Deputy(
            practice_id=engagement.practice_id,
            client_id=engagement.client_id,
            engagement=engagement,
            wearing=wearing,
            member=member,
            since_on=since_on,
            until_on=until_on,
            limit_per_decision=limit_per_decision,
        )
        deputy = rows.add(deputy, by=by, at=at, kind="deputy.named")
        asking.ask("deputy", deputy, at=at)
        return deputy


def accept(
    deputy: Deputy, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Deputy:
    """The sponsor agrees that this person decides in the holder's place."""
    access.require(by, "deputy", "accept")
    with transaction.atomic():
        deputy = _open(deputy, by)
        given = acceptance.given(by=by, at=at)
        return rows.change(deputy, given, by=by, at=at, kind="deputy.accepted", expected=expected)


def accept_on_behalf(
    deputy: Deputy,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **said: Unpack[Elsewhere],
) -> Deputy:
    """Put down that the sponsor agreed elsewhere, and what shows it."""
    access.require(by, "deputy", "change")
    with transaction.atomic():
        deputy = _open(deputy, by)
        given = acceptance.on_behalf(client_id=deputy.client_id, by=by, at=at, **said)
        return rows.change(deputy, given, by=by, at=at, kind="deputy.accepted", expected=expected)


def decline(
    deputy: Deputy,
    *,
    reason: str,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Deputy:
    """The sponsor says no to this person, or these days, and why. The days are free for another."""
    access.require(by, "deputy", "accept")
    if not reason.strip():
        raise Invalid({"reason": ["Say what should be different."]})
    with transaction.atomic():
        deputy = _open(deputy, by)
        changes = {"declined_at": at, "answered_reason": reason.strip()}
        deputy = rows.change(
            deputy, changes, by=by, at=at, kind="deputy.declined", expected=expected
        )
        asking.tell_no("deputy", deputy, at=at)
        return deputy


def withdraw(
    deputy: Deputy, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Deputy:
    """They stand in no longer, from now on. What they decided until now stands."""
    access.require(by, "deputy", "change")
    with transaction.atomic():
        access.get(by, Engagement, deputy.engagement_id, lock=True)
        deputy = access.get(by, Deputy, deputy.pk, lock=True)
        if deputy.withdrawn_at is not None:
            raise DeputyWithdrawn
        if deputy.declined_at is not None:
            raise DeputySettled
        changes = {"withdrawn_at": at}
        return rows.change(
            deputy, changes, by=by, at=at, kind="deputy.withdrawn", expected=expected
        )


def standing_in(engagement: Engagement, hat: str, day: datetime.date) -> Deputy | None:
    """Who may decide under the hat on that day in the holder's place; for a past day, who might then."""
    over = end_of_day(day, engagement.client.time_zone)
    return (
        Deputy.objects.filter(
            during(day),
            Q(withdrawn_at=None) | Q(withdrawn_at__gt=over),
            engagement=engagement,
            wearing__hat=hat,
            wearing__in=Wearing.objects.filter(during(day), engagement=engagement),
            accepted_at__lte=over,
        )
        .order_by("id")
        .last()
    )


def limit_of(deputy: Deputy) -> Decimal | None:
    """What they may spend by one decision: never more than the holder may now, whatever was agreed before."""
    held = charters.limit_in_force(deputy.engagement, deputy.wearing.hat)
    limits = [deputy.limit_per_decision, held.per_decision if held else None]
    return min((limit for limit in limits if limit is not None), default=None)


def with_currency(rows: QuerySet[Deputy]) -> QuerySet[Deputy]:
    """`limit_currency` on each: the one of the holder's limit, else the client's."""
    held = SpendingLimit.objects.filter(
        charter__engagement=OuterRef("engagement"),
        charter__status=Charter.Status.ACCEPTED,
        hat=OuterRef("wearing__hat"),
    )
    return rows.annotate(
        limit_currency=Coalesce(Subquery(held.values("currency")[:1]), "client__currency")
    )


def _open(deputy: Deputy, by: Actor) -> Deputy:
    access.get(by, Engagement, deputy.engagement_id, lock=True)
    deputy = access.get(by, Deputy, deputy.pk, lock=True)
    if any((deputy.accepted_at, deputy.declined_at, deputy.withdrawn_at)):
        raise DeputySettled
    return deputy


def _check(
    wearing: Wearing, member: Member, since_on: datetime.date, until_on: datetime.date
) -> None:
    wrong: dict[str, list[str]] = {}
    if member.pk == wearing.member_id:
        wrong["member"] = ["Nobody stands in for themselves."]
    if until_on <= since_on:
        wrong["until_on"] = ["After the first day."]
    if since_on < wearing.since_on or (wearing.until_on and until_on > wearing.until_on):
        wrong["since_on"] = ["Only while the holder wears the hat."]
    if wrong:
        raise Invalid(wrong)


def _check_limit(engagement: Engagement, hat: str, limit: Decimal | None) -> None:
    held = charters.limit_in_force(engagement, hat)
    if limit is None:
        return
    if limit < 0:
        raise Invalid({"limit_per_decision": ["Not below zero."]})
    if held is not None and limit > held.per_decision:
        most = f"{held.per_decision:,.2f} {held.currency}"
        raise Invalid({"limit_per_decision": [f"Not above the holder's own, {most}."]})

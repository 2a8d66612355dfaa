"""Plain factory functions for engagements: an engagement of any state, and a stage of it."""

import datetime
from decimal import Decimal
from typing import Any

from assessments import metrics
from assessments.models import Assessment, Choice
from engagements import charter_rights, charters, dates
from engagements.models import Charter, Engagement, HatShare, Period, Stage, Wearing
from practice import access, clockwork, rows
from practice.models import Client, Member
from tests import make
from tests.cast import Cast
from tests.make import NOW

TERMS: dict[str, Any] = {
    "fee_model": "fixed_monthly",
    "fee_amount": "20000.00",
    "hour_rate": "250.00",
    "currency": "EUR",
    "allowance": "4.00",
    "allowance_unit": "days",
}
RETAINERS = ("RETAINER", "RETAINER_HIGH")


def engagement(
    cast: Cast,
    *,
    client: Client | None = None,
    lead: Member | None = None,
    hats: dict[str, int] | None = None,
    starts_on: datetime.date = datetime.date(2026, 1, 1),
    status: str = "active",
    point: str | None = "RETAINER",
    terms: dict[str, Any] | None = None,
    name: str = "Two hats",
    at: datetime.datetime = NOW,
    **details: Any,
) -> Engagement:
    """Ada's engagement at Orchard, both hats on her, a retainer since 1 January 2026 of four days a month."""
    client, lead = client or cast.orchard, lead or cast.ada
    by = access.system(client.practice_id)
    row = Engagement(
        practice_id=client.practice_id,
        client=client,
        name=name,
        lead=lead,
        starts_on=starts_on,
        status=status,
        **details,
    )
    rows.add(row, by=by, at=at, kind="engagement.opened")
    own = {"practice_id": row.practice_id, "client_id": row.client_id, "engagement": row}
    for hat, target in (hats or {"CTO": 50, "CAIO": 50}).items():
        rows.add(HatShare(**own, hat=hat, target=target), by=by, at=at, kind="hat.added")
        worn = Wearing(**own, hat=hat, member=lead, since_on=starts_on, depth_evidence="Shipped.")
        rows.add(worn, by=by, at=at, kind="wearing.begun")
    if point and status not in ("draft", "proposed"):
        stage(row, point=point, since_on=starts_on, at=at, **(terms or {}))
    return row


def replanned(engagement: Engagement, at: datetime.datetime = NOW) -> None:
    """Its dates and its plan brought in line, as every verb of its course does."""
    row = Engagement.objects.get(pk=engagement.pk)
    dates.replan(row, by=access.system(row.practice_id), at=at)


def stage(
    engagement: Engagement,
    *,
    point: str = "RETAINER",
    phase: str | None = None,
    since_on: datetime.date,
    until_on: datetime.date | None = None,
    at: datetime.datetime = NOW,
    **terms: Any,
) -> Stage:
    """One stretch, written as it is: neither a move nor anything that follows from one."""
    row = Stage(
        practice_id=engagement.practice_id,
        client_id=engagement.client_id,
        engagement=engagement,
        point=point,
        phase=("first_90_days" if point in RETAINERS else "") if phase is None else phase,
        since_on=since_on,
        until_on=until_on,
        **{**TERMS, **terms},
    )
    return rows.add(row, by=access.system(row.practice_id), at=at, kind="stage.begun")


def charter(cast: Cast, engagement: Engagement, *, at: datetime.datetime = NOW) -> Charter:
    """The catalogue with a limit for every hat, accepted by Priya."""
    by = make.actor(cast.ada)
    row = charters.draft(engagement, by=by, at=at)
    limit = {"per_decision": Decimal(5000), "per_period": Decimal(20000), "currency": "EUR"}
    for hat in charters.hats_of(engagement):
        charter_rights.set_limit(row, hat=hat, period="quarter", by=by, at=at, **limit)
    row = charters.offer(row, by=by, at=at)
    return charters.accept(row, sha256=row.sha256, by=make.actor(cast.priya), at=at)


def assessment(
    client: Client,
    *,
    point: str = "RETAINER",
    bridge: str | None = None,
    at: datetime.datetime = NOW,
) -> Assessment:
    """A run of the panel whose fourth lens says this point; nothing else of it is filled."""
    fourth = {"lens": "S4", "point": point, "bridge": bridge, "reasons": ["S4-D7"]}
    row = Assessment(
        practice_id=client.practice_id,
        client=client,
        source="talk",
        facts={"employees": 100},
        lenses={"S4": {"version": 1}},
        result={"spectrum_point": point, "lenses": [fourth], "conflicts": []},
        next_seat="COMBINED",
        end_shape="ONE_PERSON_TWO_HATS",
    )
    return rows.add(row, by=access.system(client.practice_id), at=at, kind="assessment.made")


def choice(cast: Cast, *, hats: list[str], point: str, at: datetime.datetime = NOW) -> Choice:
    run = assessment(cast.orchard, at=at)
    row = Choice(
        practice_id=run.practice_id,
        client=cast.orchard,
        assessment=run,
        next_seat="COMBINED",
        end_shape="ONE_PERSON_TWO_HATS",
        point=point,
        hats=hats,
        reason="As talked through.",
    )
    return rows.add(row, by=access.system(run.practice_id), at=at, kind="assessment.chosen")


def tick(at: datetime.datetime) -> None:
    """The clock strikes: what fell due becomes notices, and they are done."""
    clockwork.tick(at=at, clock=lambda: at)


def closed_month(engagement: Engagement, starts_on: datetime.date) -> Period:
    """A month that was closed, as far as the course asks for it."""
    return Period.objects.create(
        practice_id=engagement.practice_id,
        client_id=engagement.client_id,
        engagement=engagement,
        starts_on=starts_on,
        unit="minutes",
        locked_at=NOW,
        created_at=NOW,
        **dict.fromkeys(("allowance", "rolled_in", "used", "left", "over", "billed", "expired"), 0),
    )


def measured(*clients: Client, on: datetime.date = datetime.date(2026, 3, 1)) -> None:
    """A figure of AI was reported: so that the radar tells of what a test is about alone (FM-10)."""
    for client in clients:
        said: dict[str, Any] = {"by": access.system(client.practice_id), "at": NOW}
        use = {"name": "Use", "kind": "adoption", "definition": "Share", "unit": "percent"}
        metric = metrics.add(client, **use, **said)
        metrics.note(metric, value=Decimal(40), source="Survey", measured_on=on, **said)

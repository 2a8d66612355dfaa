"""What is billed of a client, and the practice's own rate card and capacities."""

import datetime
from typing import Any

from engagements import billing
from engagements.models import BillingBatch, BillingLine, Capacity, Engagement, Rate, Stage
from practice import access, rows
from practice.models import Member
from tests import make

JANUARY, APRIL, MAY, JUNE = (datetime.date(2026, month, 1) for month in (1, 4, 5, 6))


def rows_at(site: Any, main: Engagement, stage: Stage) -> None:
    exported = _batch(site, main, stage, 1, APRIL, MAY)
    exported = billing.export(exported, by=site.by, at=make.NOW)
    site.spare["batch exported"] = exported
    batch = _batch(site, main, stage, 2, MAY, JUNE)
    site.keep(batch, BillingLine.objects.get(batch=batch))


def _batch(
    site: Any,
    main: Engagement,
    stage: Stage,
    number: int,
    from_on: datetime.date,
    until_on: datetime.date,
) -> BillingBatch:
    """Its content has its marks before it is frozen. Numbers are the practice's."""
    before = BillingBatch.objects.filter(practice_id=site.client.practice_id).count()
    days = {"from_on": from_on, "until_on": until_on, "currency": "EUR"}
    batch = BillingBatch(
        practice_id=site.client.practice_id,
        client=site.client,
        number=before + 1,
        total=site.sum("billingbatch", "total"),
        **days,
    )
    rows.add(batch, by=site.by, at=make.NOW, kind="billing.batch_created")
    site.add(
        BillingLine,
        main,
        "billing.line_added",
        batch=batch,
        key=f"fee:{stage.pk}:{from_on:%Y-%m}",
        kind="fee",
        what=site.mark("billingline", "what"),
        quantity="1",
        unit="month",
        unit_price=site.sum("billingline", "unit_price"),
        amount=site.sum("billingline", "amount"),
        **days,
    )
    return batch


def rows_of_house(owner: Member) -> list[Any]:
    """The rate card and what a member can promise: the practice's, of no client."""
    by, at = access.system(owner.practice_id), make.NOW
    own = {"practice_id": owner.practice_id, "since_on": JANUARY}
    found = []
    for point, member in (("RETAINER", owner), ("ADVISORY", owner)):
        rate = Rate(point=point, per="month", low="1", high="90000", currency="EUR", **own)
        found.append(rows.add(rate, by=by, at=at, kind="rate.stated"))
        days = Capacity(member=member, days_per_month="10", **own)
        own |= {"since_on": APRIL}
        found.append(rows.add(days, by=by, at=at, kind="capacity.stated"))
    return found

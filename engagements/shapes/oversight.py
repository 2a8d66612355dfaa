"""What the API tells of oversight: findings, rates, capacities, batches; and the forms of what is computed."""

from typing import Any

from rest_framework import serializers

from assessments.shapes import Flag, Text, Words, form, many
from engagements.models import BillingBatch, BillingLine, Capacity, Finding, Phase, Point, Rate
from engagements.models.engagement import EngagementStatus
from engagements.portfolio import MOST, Load, Portfolio, Row
from practice.rest.filters import Filter
from practice.rest.shapes import Shape
from practice.shapes import CLIENT, MEMBER, ROW

FINDING = Shape(
    "Finding",
    Finding,
    *ROW,
    "client",
    "engagement",
    "code",
    "about",
    "sentence",
    "evidence",
    "raised_at",
    "seen_at",
    "cleared_at",
    "acknowledged_at",
    "acknowledged_by",
    "acknowledged_reason",
    client_name="client__name",
    engagement_name="engagement__name",
    expands={"client": CLIENT},
)
OPEN = {
    "open": Filter("cleared_at__isnull", serializers.BooleanField(help_text="Only what is so now."))
}
RATE = Shape("Rate", Rate, *ROW, "point", "per", "low", "high", "currency", "since_on")
CAPACITY = Shape(
    "Capacity",
    Capacity,
    *ROW,
    "member",
    "days_per_month",
    "since_on",
    member_name="member__user__name",
    expands={"member": MEMBER},
)
BATCH = Shape(
    "BillingBatch",
    BillingBatch,
    *ROW,
    "client",
    "number",
    "from_on",
    "until_on",
    "currency",
    "total",
    "po_number",
    "status",
    "exported_at",
    "sha256",
    "external_number",
    "external_on",
    client_name="client__name",
    expands={"client": CLIENT},
)
LINE = Shape(
    "BillingLine",
    BillingLine,
    *ROW,
    "batch",
    "client",
    "engagement",
    "position",
    "key",
    "kind",
    "what",
    "hat",
    "from_on",
    "until_on",
    "quantity",
    "unit",
    "unit_price",
    "amount",
    "currency",
    "tax_code",
    "po_number",
    engagement_name="engagement__name",
    expands={"batch": BATCH},
)

Id, Days = serializers.UUIDField, serializers.DecimalField
FAILURE = form(
    "FailureMode",
    code=Text(),
    name=Text(),
    idea=Text(),
    source=Text(),
    shows=Text(),
    next=Text(),
    needs=Words(child=Text()),
    checked=Flag(help_text="Whether it is watched yet."),
)
FAILURES = many("FailureModes", FAILURE)
BAND = form(
    "PublishedBand",
    label=Text(allow_blank=True),
    low=serializers.IntegerField(),
    high=serializers.IntegerField(allow_null=True),
)
PUBLISHED = form(
    "PublishedPrice",
    code=Text(),
    what=Text(),
    bands=BAND(many=True),
    words=Text(allow_blank=True),
    open_upwards=Flag(),
    unit=Text(),
    per=Text(allow_blank=True),
    segment=Text(),
    source=Text(),
    bias=Text(allow_blank=True, help_text="Whose view it is."),
    note=Text(allow_blank=True),
)
CARD = form(
    "RateCard",
    points=form(
        "RateCardPoint",
        point=serializers.ChoiceField(choices=Point.choices),
        label=Text(),
        source=Text(),
        own=RATE.serializer(many=True),
        published=PUBLISHED(many=True),
    )(many=True),
    others=PUBLISHED(many=True),
)
MONTH_DAYS: dict[str, Any] = {"max_digits": 8, "decimal_places": 1}
PORTFOLIO = form(
    "Portfolio",
    results=form(
        "PortfolioRow",
        engagement=Id(),
        name=Text(),
        client=Id(),
        client_name=Text(),
        status=serializers.ChoiceField(choices=EngagementStatus.choices),
        point=serializers.ChoiceField(choices=Point.choices, allow_blank=True),
        phase=serializers.ChoiceField(choices=Phase.choices, allow_blank=True),
        days_given=Days(
            **MONTH_DAYS, allow_null=True, help_text="This month, brought in included."
        ),
        days_left=Days(**MONTH_DAYS, allow_null=True, help_text="Below zero: over."),
        promised_days=Days(**MONTH_DAYS, allow_null=True, help_text="A month."),
        balance=Text(help_text="Of the last 28 days."),
        losing=Text(allow_blank=True),
        findings=form(
            "PortfolioFinding", id=Id(), code=Text(), sentence=Text(), acknowledged=Flag()
        )(many=True),
        dates=form(
            "PortfolioDate", id=Id(), kind=Text(), title=Text(), due_at=serializers.DateTimeField()
        )(many=True),
    )(many=True),
    members=form(
        "PortfolioMember",
        member=Id(),
        name=Text(),
        promised_days=Days(**MONTH_DAYS),
        proposed_days=Days(**MONTH_DAYS),
        possible_days=Days(**MONTH_DAYS, allow_null=True, help_text="Null: not stated."),
    )(many=True),
    unworn_days=Days(**MONTH_DAYS, help_text="Promised under hats that nobody wears."),
    truncated=Flag(help_text=f"Whether there are more than {MOST} engagements."),
)


def portfolio(found: Portfolio) -> dict[str, Any]:
    return {
        "results": [_row(row) for row in found.rows],
        "members": [_load(load) for load in found.loads],
        "unworn_days": found.unworn,
        "truncated": found.truncated,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "engagement": row.engagement.pk,
        "name": row.engagement.name,
        "client": row.engagement.client_id,
        "client_name": row.engagement.client.name,
        "status": row.engagement.status,
        "point": row.point,
        "phase": row.phase,
        "days_given": row.days_given,
        "days_left": row.days_left,
        "promised_days": row.promised,
        "balance": row.balance.status,
        "losing": row.balance.losing,
        "findings": [
            {
                "id": one.pk,
                "code": one.code,
                "sentence": one.sentence,
                "acknowledged": one.acknowledged_at is not None,
            }
            for one in row.findings
        ],
        "dates": [
            {"id": e.pk, "kind": e.kind, "title": e.title, "due_at": e.due_at} for e in row.dates
        ],
    }


def _load(load: Load) -> dict[str, Any]:
    return {
        "member": load.member.pk,
        "name": str(load.member),
        "promised_days": load.promised,
        "proposed_days": load.proposed,
        "possible_days": load.possible,
    }

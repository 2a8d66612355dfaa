"""What the API tells of time, expenses, closed months, balances and hat balance."""

from typing import Any

from rest_framework import serializers

from engagements import time_import
from engagements.hat_shares import STATUSES, HatBalance
from engagements.ledger import Month
from engagements.models import Expense, Period, PeriodUnit, TimeEntry
from practice.rest.shapes import Shape
from practice.shapes import CLIENT, MEMBER, ROW

OF = ("client", "engagement")

TIME_ENTRY = Shape(
    "TimeEntry",
    TimeEntry,
    *ROW,
    *OF,
    "member",
    "worked_on",
    "booked_on",
    "minutes",
    "hat",
    "billable",
    "reactive",
    "note",
    "link_kind",
    "link_id",
    "external_id",
    "line",
    member_name="member__user__name",
    engagement_name="engagement__name",
    expands={"client": CLIENT, "member": MEMBER},
)

EXPENSE = Shape(
    "Expense",
    Expense,
    *ROW,
    *OF,
    "member",
    "spent_on",
    "booked_on",
    "amount",
    "currency",
    "what",
    "billable",
    "against_allowance",
    "receipt",
    "line",
    member_name="member__user__name",
    engagement_name="engagement__name",
    expands={"client": CLIENT, "member": MEMBER},
)

PERIOD = Shape(
    "Period",
    Period,
    *ROW,
    *OF,
    "starts_on",
    "unit",
    "currency",
    "allowance",
    "rolled_in",
    "used",
    "left",
    "over",
    "expired",
    "billed",
    "carried",
    "client_sees",
    "locked_at",
    expands={"client": CLIENT},
)

Text, Flag, Whole = serializers.CharField, serializers.BooleanField, serializers.IntegerField
Day = serializers.DateField


def Amount() -> serializers.DecimalField:
    return serializers.DecimalField(14, 2)


def form(name: str, /, **fields: Any) -> type[serializers.Serializer]:
    return type(name, (serializers.Serializer,), fields)


SLICE = form("CarriedSlice", from_on=Day(), until_on=Day(), amount=Amount())
BALANCE = form(
    "Balance",
    starts_on=Day(),
    unit=serializers.ChoiceField(choices=PeriodUnit.choices),
    currency=Text(allow_blank=True),
    allowance=Amount(),
    rolled_in=Amount(),
    used=Amount(),
    left=Amount(),
    over=Amount(),
    expired=Amount(),
    billed=Amount(),
    carried=SLICE(many=True),
    owed=Amount(),
    locked=Flag(),
)
BALANCES = form("Balances", engagement=serializers.UUIDField(), results=BALANCE(many=True))

HAT_TIME = form(
    "HatTime",
    hat=Text(),
    target=Whole(),
    minutes=Whole(help_text="Noted under this hat; its part of joint time is in the share."),
    share=serializers.DecimalField(4, 1, help_text="Per cent of all the time."),
    idle=Flag(help_text="No time for 14 active days."),
    counts=serializers.DictField(child=Whole()),
)
HAT_BALANCE = form(
    "HatBalance",
    window=Text(help_text="rolling, or the first day of a month."),
    from_on=Day(),
    until_on=Day(help_text="The day after the last."),
    status=serializers.ChoiceField(choices=[(one, one) for one in STATUSES]),
    losing=serializers.ListField(child=Text()),
    sentence=Text(),
    minutes=Whole(),
    joint_minutes=Whole(),
    hats=HAT_TIME(many=True),
)
HAT_BALANCES = form(
    "HatBalances", engagement=serializers.UUIDField(), results=HAT_BALANCE(many=True)
)

ROW_FAULT = form("ImportFault", column=Text(allow_blank=True), why=Text())
IMPORT_ROW = form(
    "ImportRow",
    line=Whole(),
    action=serializers.ChoiceField(choices=[(one, one) for one in time_import.ACTIONS]),
    why=Text(allow_blank=True),
    errors=ROW_FAULT(many=True),
    worked_on=Day(allow_null=True),
    minutes=Whole(allow_null=True),
    member=serializers.UUIDField(allow_null=True),
    hat=Text(allow_null=True, allow_blank=True),
    billable=Flag(),
    reactive=Flag(allow_null=True),
    note=Text(allow_blank=True),
    late=Flag(),
    external_id=Text(),
)
IMPORT = form(
    "TimeImport",
    layout=Text(),
    written=Flag(),
    counts=serializers.DictField(child=Whole()),
    rows=IMPORT_ROW(many=True),
)


def balance(month: Month) -> dict[str, Any]:
    return {
        "starts_on": month.starts_on,
        "unit": month.unit,
        "currency": month.currency,
        "allowance": str(month.allowance),
        "rolled_in": str(month.rolled_in),
        "used": str(month.used),
        "left": str(month.left),
        "over": str(month.over),
        "expired": str(month.expired),
        "billed": str(month.billed),
        "carried": [
            {"from_on": part.from_on, "until_on": part.until_on, "amount": str(part.amount)}
            for part in month.carried.slices
        ],
        "owed": str(month.carried.owed),
        "locked": month.locked,
    }


def hat_balance(window: str, from_on: Any, until_on: Any, told: HatBalance) -> dict[str, Any]:
    return {
        "window": window,
        "from_on": from_on,
        "until_on": until_on,
        "status": told.status,
        "losing": list(told.losers),
        "sentence": told.sentence,
        "minutes": told.minutes,
        "joint_minutes": told.joint,
        "hats": [
            {
                "hat": one.hat,
                "target": one.target,
                "minutes": one.minutes,
                "share": f"{one.share:.1f}",
                "idle": one.idle,
                "counts": {key: by_hat.get(one.hat, 0) for key, by_hat in told.counts.items()},
            }
            for one in told.hats
        ],
    }

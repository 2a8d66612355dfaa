"""The form of the computed answer about what AI costs a client."""

from rest_framework import serializers

from assessments.models import Lever
from assessments.shapes import form

Text, Flag, Whole = serializers.CharField, serializers.BooleanField, serializers.IntegerField
Day = serializers.DateField


def Money(**more: object) -> serializers.DecimalField:
    return serializers.DecimalField(16, 2, **more)  # type: ignore[arg-type]


SUM = form("SumOfCurrency", currency=Text(), amount=Money())
TOLD = {
    "amount": Money(help_text="Without what no recorded rate covers."),
    "complete": Flag(help_text="Whether everything could be converted."),
    "left_out": SUM(many=True, help_text="What could not, in its own currency."),
}
TOTAL = form("SpendTotal", **TOLD)
MONTH = form("SpendMonth", month_on=Day(), **TOLD)
NAMED = form(
    "SpendOfOne",
    id=serializers.UUIDField(allow_null=True),
    name=Text(allow_blank=True),
    **TOLD,
)
SPENT = form(
    "SpentInAYear", from_on=Day(), last_on=Day(), months=Whole(), whole_year=Flag(), **TOLD
)
FORECAST = form(
    "SpendForecast",
    months=Whole(help_text="How many it is made of."),
    thin=Flag(help_text="Of fewer than three."),
    method=Text(),
    **TOLD,
)
MARK = form(
    "SpendMark",
    amount=Whole(),
    sources=serializers.ListField(child=Text()),
    says=Text(),
    spent=Flag(help_text="Reached by what was spent."),
    forecast=Flag(help_text="Reached by the forecast."),
)
AXIS = form(
    "SpendAxis",
    currency=Text(),
    spent=Money(allow_null=True),
    forecast=Money(allow_null=True),
    complete=Flag(),
    marks=MARK(many=True),
)
STEPS = {"identified": TOTAL(), "agreed": TOTAL(), "realised": TOTAL()}
LEVER = form(
    "SavingsByLever", lever=serializers.ChoiceField(choices=Lever.choices), says=Text(), **STEPS
)
BAND = form("BenchmarkBand", low=Whole(), high=Whole(), source=Text(), says=Text())
SAVINGS = form(
    "SavingsReport",
    levers=LEVER(many=True),
    share=serializers.DecimalField(
        8, 1, allow_null=True, help_text="Identified, per cent of a year's spending."
    ),
    share_of=serializers.ChoiceField(choices=["spent", "forecast"], allow_blank=True),
    band=BAND(),
    **STEPS,
)
REPORT = form(
    "SpendReport",
    client=serializers.UUIDField(),
    currency=Text(),
    today=Day(),
    months=MONTH(many=True),
    vendors=NAMED(many=True),
    systems=NAMED(many=True),
    currencies=SUM(many=True),
    spent=SPENT(allow_null=True),
    forecast=FORECAST(allow_null=True),
    axis=AXIS(),
    contracted=TOTAL(),
    savings=SAVINGS(),
)

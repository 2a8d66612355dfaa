"""The ledger of AI spending, rates between currencies, and findings of what can be saved, over REST."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from assessments import savings, spend, spend_report
from assessments.api.register import Register
from assessments.models import ExchangeRate, Saving, SpendLine
from assessments.shapes import estate as shapes
from assessments.shapes.spend import REPORT
from practice import access
from practice.models import Client
from practice.models.base import currency_code
from practice.refusals import Invalid
from practice.rest.inputs import Input, Plain
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import Resource, acts, adds, changes, removes
from practice.rest.schema import Problem

LINE = ("month_on", "system", "vendor", "amount", "currency", "note", "external_id")


class SpendLines(Register):
    """What AI cost, by month, system and vendor. Below zero: a credit."""

    model, shape, file_kind = SpendLine, shapes.SPEND_LINE, "spend"
    filters = ("client", "system", "vendor", "currency", "month_on", "external_id")
    ordering = ("id", "month_on")
    create = adds(spend.note, Input.of(SpendLine, "client", *LINE, name="NewSpendLine"))
    partial_update = changes(spend.change, Input.of(SpendLine, *LINE))
    destroy = removes(spend.remove)


RATE = ("currency", "into", "rate", "since_on", "source")


class ExchangeRates(Resource):
    """What one unit of a currency is worth in another, from a day on."""

    model, shape = ExchangeRate, shapes.EXCHANGE_RATE
    filters = ("client", "currency", "into", "since_on")
    ordering = ("id", "since_on")
    create = adds(spend.record_rate, Input.of(ExchangeRate, "client", *RATE, name="NewRateOfMoney"))
    partial_update = changes(spend.correct_rate, Input.of(ExchangeRate, *RATE))


SAVING = (
    "title",
    "lever",
    "system",
    "vendor",
    "note",
    "currency",
    "identified_amount",
    "external_id",
)
FOUND = {"identified_on": serializers.DateField(required=False, help_text="Without it today.")}


def _amount() -> serializers.DecimalField:
    return serializers.DecimalField(14, 2, min_value=0, help_text="In a year.")


class AgreeSavingInput(Plain):
    amount = _amount()
    agreed_on = serializers.DateField(required=False, help_text="Without it today.")


class RealiseSavingInput(Plain):
    amount = _amount()
    realised_on = serializers.DateField(required=False, help_text="Without it today.")


class DropSavingInput(Plain):
    reason = serializers.CharField(max_length=4000)


class Savings(Resource):
    """What could be spent less in a year, by three levers: found, agreed, realised."""

    model, shape = Saving, shapes.SAVING
    filters = ("client", "lever", "status", "system", "vendor", "currency", "external_id")
    ordering = ("id", "identified_on")
    create = adds(savings.identify, Input.of(Saving, "client", *SAVING, name="NewSaving", **FOUND))
    partial_update = changes(savings.change, Input.of(Saving, *SAVING, **FOUND))
    agree = acts(savings.agree, AgreeSavingInput, matches=True)
    realise = acts(savings.realise, RealiseSavingInput, matches=True)
    drop = acts(savings.drop, DropSavingInput, matches=True)


class SpendReport(ViewSet):
    """What AI costs the client that ?client= names: sums, forecast, the axis, and what could be saved."""

    @extend_schema(
        operation_id="spend_report",
        parameters=[
            OpenApiParameter("client", OpenApiTypes.UUID, required=True),
            OpenApiParameter("currency", OpenApiTypes.STR, description="Without it the client's."),
        ],
        responses={"200": REPORT, ("default", MEDIA_TYPE): Problem},
    )
    def list(self, request: Any) -> Response:
        access.require(request.auth, "spend", "see_fees")
        params = request.query_params
        wrong = {name: ["There is no such parameter here."] for name in params.keys() - ASKED}
        wrong |= {name: ["Given twice."] for name in ASKED if len(params.getlist(name)) > 1}
        if "client" not in params:
            wrong["client"] = ["Say of which client."]
        if wrong:
            raise Invalid(wrong)
        client = access.get(request.auth, Client, params["client"])
        currency = _currency(params.get("currency"))
        told = spend_report.of(client, currency=currency, by=request.auth, at=timezone.now())
        return Response(told)


def _currency(text: str | None) -> str:
    if text is None:
        return ""
    try:
        currency_code(text)
    except ValidationError as wrong:
        raise Invalid({"currency": list(wrong.messages)}) from wrong
    return text


ASKED = {"client", "currency"}
RESOURCES: dict[str, type[Any]] = {
    "spend-lines": SpendLines,
    "exchange-rates": ExchangeRates,
    "savings": Savings,
    "spend-report": SpendReport,
}

"""REST: the radar's findings, the portfolio, rate card and capacity, billing batches and their lines."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from engagements import billing, billing_files, capacity, portfolio, radar, rates
from engagements.models import BillingBatch, BillingLine, Capacity, Finding, Rate
from engagements.shapes import oversight as shapes
from engagements.watched import failures
from practice import access
from practice.models import Client, Member, Practice
from practice.rest.inputs import Input, Plain, Scoped
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import Resource, acts, adds, discards
from practice.rest.schema import Problem, answers_with_file


def documented(answer: Any) -> Any:
    return extend_schema(responses={"200": answer, ("default", MEDIA_TYPE): Problem})


class AcknowledgeInput(Plain):
    reason = serializers.CharField(max_length=2000)


class Findings(Resource):
    """What the radar found: raised once, cleared when gone. Those without an end are so now."""

    model, shape = Finding, shapes.FINDING
    filters = ("client", "engagement", "code", "raised_at")
    own_filters = shapes.OPEN
    ordering = ("id", "raised_at")
    acknowledge = acts(radar.acknowledge, AcknowledgeInput, matches=True)
    unacknowledge = acts(radar.unacknowledge, matches=True)

    @documented(shapes.FAILURES)
    @action(detail=False, methods=["get"], url_path="watched")
    def watched(self, request: Any) -> Response:
        """All the failure modes that are known, and which of them are watched."""
        access.require(self.actor, "finding", "view")
        self._params(set())
        told = [{"code": code, **asdict(failure)} for code, failure in failures().items()]
        return Response({"results": told})


class Portfolio(ViewSet):
    """Every engagement one sees, active, paused or proposed, in one answer."""

    @documented(shapes.PORTFOLIO)
    def list(self, request: Any) -> Response:
        found = portfolio.of(request.auth, at=timezone.now())
        return Response(shapes.portfolio(found))


class Rates(Resource):
    """The practice's own rate card: each line from a day on, until the next for the same."""

    model, shape = Rate, shapes.RATE
    filters = ("point", "per", "currency")
    create = adds(
        rates.state, Input.of(Rate, "point", "per", "low", "high", "currency", "since_on")
    )

    @documented(shapes.CARD)
    @action(detail=False, methods=["get"], url_path="card")
    def card(self, request: Any) -> Response:
        """What the practice asks today, beside what is published, by point of the spectrum."""
        self._params(set())
        access.require(self.actor, "rate", "view")
        home = access.get(self.actor, Practice, access.practice_of(self.actor))
        points = rates.card(home, by=self.actor, at=timezone.now())
        names = [column.name for column in shapes.RATE.columns]
        told = [
            {**one, "own": [{name: getattr(row, name) for name in names} for row in one["own"]]}
            for one in points
        ]
        return Response({"points": told, "others": rates.named_nowhere()})


class Capacities(Resource):
    """Days a month that a member can promise: each from a day on, until the next."""

    model, shape = Capacity, shapes.CAPACITY
    filters = ("member",)
    create = adds(
        capacity.state,
        Input.of(Capacity, "days_per_month", "since_on", member=Scoped(Member)),
    )


class BillingBatchInput(Plain):
    client = Scoped(Client)
    from_on = serializers.DateField(help_text="The first of a month.")
    until_on = serializers.DateField(help_text="The first of the month after the last one in it.")
    currency = serializers.RegexField(r"\A[A-Z]{3}\Z", required=False)
    tax_code = serializers.CharField(max_length=40, required=False)


class InvoiceInput(Plain):
    external_number = serializers.CharField(max_length=80)
    external_on = serializers.DateField()


class Batches(Resource):
    """Billable lines of a client in whole months: open, exported for good, settled."""

    model, shape = BillingBatch, shapes.BATCH
    filters = ("client", "status", "from_on")
    ordering = ("id", "number")
    create = adds(billing.open_batch, BillingBatchInput)
    export = acts(billing.export, matches=True)
    settle = acts(billing.settle, InvoiceInput, matches=True)
    discard = discards(billing.discard)

    @answers_with_file("text/csv")
    @action(detail=True, methods=["get"])
    def csv(self, request: Any, id: str) -> HttpResponse:
        """The exported batch, a line a row; the same to the byte every time."""
        return self._told(id, "csv")

    @answers_with_file("application/json")
    @action(detail=True, methods=["get"])
    def json(self, request: Any, id: str) -> HttpResponse:
        """The exported batch; the same to the byte every time, and what its SHA-256 is of."""
        return self._told(id, "json")

    def _told(self, id: str, kind: str) -> HttpResponse:
        self._params(set())
        batch = self.find(id)
        return billing_files.answer(batch, billing.content_of(batch, by=self.actor), kind)


class Lines(Resource):
    """The lines of the batches, in the order in which they are exported."""

    model, shape = BillingLine, shapes.LINE
    filters = ("batch", "client", "engagement", "kind")
    ordering = ("id", "position")


RESOURCES: dict[str, Any] = {
    "radar-findings": Findings,
    "portfolio": Portfolio,
    "rates": Rates,
    "capacities": Capacities,
    "billing-batches": Batches,
    "billing-lines": Lines,
}

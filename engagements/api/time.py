"""Time entries with import, expenses, closed months, balances and hat balance over REST."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from engagements import (
    balances,
    expenses,
    hat_balance,
    ledger,
    periods,
    time_files,
    time_import,
    timesheet,
)
from engagements.models import Engagement, Expense, Period, TimeEntry
from engagements.shapes import time as shapes
from practice import access
from practice.models import Member
from practice.refusals import Invalid
from practice.rest import replay
from practice.rest.inputs import Input, Plain, Scoped
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import Resource, adds, changes, removes, takes
from practice.rest.schema import Problem

MONTHS_TOLD = 6


class ImportInput(Plain):
    engagement = Scoped(Engagement)
    content = serializers.CharField(
        max_length=time_files.LARGEST, trim_whitespace=False, help_text="The CSV file, whole."
    )
    dates = serializers.ChoiceField(choices=list(time_files.DATES.items()))
    hat_from = serializers.ChoiceField(choices=time_import.HAT_FROM, default="tags")
    hats = serializers.DictField(
        child=serializers.CharField(max_length=8),
        required=False,
        help_text="What words of that column mean: a hat of the engagement, or joint.",
    )
    otherwise = serializers.CharField(
        max_length=8,
        required=False,
        allow_blank=True,
        help_text="The hat of rows that name none, or joint; without it they are errors.",
    )
    project = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="Only rows of this project or client of the file.",
    )
    member = Scoped(Member, required=False, help_text="Whose time it is where no row says so.")
    dry_run = serializers.BooleanField(default=True)


TIMES = ("worked_on", "minutes", "hat", "billable", "reactive", "note", "link_kind", "link_id")
OPTIONAL_MEMBER = {
    "member": Scoped(Member, required=False, help_text="Without it the one who acts.")
}


class TimeEntries(Resource):
    """Time by hat. A day of a closed month counts in the earliest open one: `booked_on`."""

    model, shape = TimeEntry, shapes.TIME_ENTRY
    filters = (
        "client",
        "engagement",
        "member",
        "hat",
        "billable",
        "reactive",
        "worked_on",
        "booked_on",
        "external_id",
    )
    ordering = ("id", "worked_on", "booked_on")
    create = adds(
        timesheet.note,
        Input.of(
            TimeEntry, "engagement", *TIMES, "external_id", name="NewTimeEntry", **OPTIONAL_MEMBER
        ),
    )
    partial_update = changes(timesheet.change, Input.of(TimeEntry, *TIMES))
    destroy = removes(timesheet.remove)

    @extend_schema(responses={"200": shapes.IMPORT, ("default", MEDIA_TYPE): Problem})
    @action(detail=False, methods=["post"], url_path="import")
    @takes(ImportInput)
    def take(self, request: Any) -> Any:
        """Take in a file of Toggl Track, Clockify or Harvest; a dry run tells what each row would do."""

        def work() -> Response:
            given = self.read(ImportInput)
            result = time_import.take(by=self.actor, at=timezone.now(), **given)
            return Response(
                {
                    "layout": result.layout,
                    "written": result.written,
                    "counts": result.counts,
                    "rows": [time_import.as_json(row) for row in result.rows],
                }
            )

        return replay.once(request, work)


SPENT = ("spent_on", "amount", "currency", "what", "billable", "against_allowance", "receipt")


class Expenses(Resource):
    """What was spent for a client, with its receipt."""

    model, shape = Expense, shapes.EXPENSE
    filters = ("client", "engagement", "member", "billable", "spent_on", "booked_on")
    ordering = ("id", "spent_on", "booked_on")
    create = adds(
        expenses.note,
        Input.of(Expense, "engagement", *SPENT, name="NewExpense", **OPTIONAL_MEMBER),
    )
    partial_update = changes(expenses.change, Input.of(Expense, *SPENT))
    destroy = removes(expenses.remove)


class LockInput(Plain):
    engagement = Scoped(Engagement)
    month = serializers.DateField(help_text="Its first day.")


class UnlockInput(Plain):
    reason = serializers.CharField(max_length=2000)


class Periods(Resource):
    """Months that were closed, one row for each account (minutes, money) that moved in it."""

    model, shape = Period, shapes.PERIOD
    filters = ("client", "engagement", "unit", "starts_on")
    ordering = ("id", "starts_on")
    create = adds(periods.lock, LockInput)

    @extend_schema(responses={"204": None, ("default", MEDIA_TYPE): Problem})
    @action(detail=True, methods=["post"])
    @takes(UnlockInput)
    def unlock(self, request: Any, id: str) -> Any:
        """Open the month closed last again, unless something of it was billed."""

        def work() -> Response:
            reason = self.read(UnlockInput)["reason"]
            periods.unlock(self.find(id), reason=reason, by=self.actor, at=timezone.now())
            return Response(status=status.HTTP_204_NO_CONTENT)

        return replay.once(request, work)


OF_ENGAGEMENT = [OpenApiParameter("engagement", OpenApiTypes.UUID, required=True)]


class OfOne(ViewSet):
    """Computed answers about the one engagement that ?engagement= names."""

    def engagement(self, request: Any) -> Engagement:
        given = request.query_params.dict()
        wrong = {
            name: ["There is no such parameter here."] for name in given.keys() - {"engagement"}
        }
        if "engagement" not in given:
            wrong["engagement"] = ["Say of which engagement."]
        if wrong:
            raise Invalid(wrong)
        return access.get(request.auth, Engagement, given["engagement"])


class Balances(OfOne):
    """The allowance month by month: what was given, brought in, used, left and over."""

    @extend_schema(
        operation_id="balances_list",
        parameters=OF_ENGAGEMENT,
        responses={"200": shapes.BALANCES, ("default", MEDIA_TYPE): Problem},
    )
    def list(self, request: Any) -> Response:
        access.require(request.auth, "period", "view")
        engagement = self.engagement(request)
        months = balances.seen(request.auth, balances.of(engagement, at=timezone.now()))
        told = [shapes.balance(month) for month in months]
        return Response({"engagement": engagement.pk, "results": told})


class HatBalances(OfOne):
    """Target and actual share of each hat: the last 28 days, then the months, the newest first."""

    @extend_schema(
        operation_id="hat_balances_list",
        parameters=OF_ENGAGEMENT,
        responses={"200": shapes.HAT_BALANCES, ("default", MEDIA_TYPE): Problem},
    )
    def list(self, request: Any) -> Response:
        access.require(request.auth, "hat_balance", "view")
        engagement, at = self.engagement(request), timezone.now()
        told = []
        if hat_balance.may_see(request.auth, engagement, at=at):
            today = hat_balance.today_of(engagement, at)
            window = hat_balance.rolling_window(today)
            windows = [("rolling", window), *_months(engagement, today)]
            measured = hat_balance.of_windows(engagement, [one for _, one in windows])
            told = [
                shapes.hat_balance(name, window.from_on, window.until_on, balance)
                for (name, window), balance in zip(windows, measured, strict=True)
            ]
        return Response({"engagement": engagement.pk, "results": told})


def _months(engagement: Engagement, today: Any) -> list[tuple[str, Any]]:
    if engagement.starts_on is None or engagement.starts_on > today:
        return []
    last = min(today, engagement.ended_on or today)
    months = ledger.calendar_months(engagement.starts_on, last)[::-1][:MONTHS_TOLD]
    return [(month.isoformat(), hat_balance.month_window(month, today)) for month in months]


RESOURCES: dict[str, type[Any]] = {
    "time-entries": TimeEntries,
    "expenses": Expenses,
    "periods": Periods,
    "balances": Balances,
    "hat-balances": HatBalances,
}

"""Hats from an engagement's page: shares, who wears which, who stands in, and to whom a hat answers."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from engagements import deputies, lifecycle, reporting, wearing
from engagements.desk.dialogs import Dialog, page
from engagements.desk.forms import (
    SHARE,
    DeputyForm,
    HatsForm,
    LineForm,
    OnBehalfForm,
    WearForm,
)
from engagements.desk.hats import DeputyAdmin, WearingAdmin
from engagements.models import Deputy, Engagement, HatShare, Wearing
from practice.desk.site import desk
from practice.quarters import local_day

Status = Engagement.Status


def _goes_on(row: Engagement) -> bool:
    return row.status != Status.ENDED


def _first_day(request: HttpRequest, row: Engagement) -> dict[str, Any]:
    """A new stretch begins today, or with the engagement."""
    today = local_day(timezone.now(), row.client.time_zone)
    return {
        "since_on": max(today, row.starts_on or today),
        "hat": request.GET.get("hat", ""),
        "member": request.here.place.pk,  # type: ignore[attr-defined]
    }


def _shares(request: HttpRequest, row: Engagement) -> dict[str, Any]:
    shares = HatShare.objects.filter(engagement=row).values_list("hat", "target")
    return {f"{SHARE}{hat}": target for hat, target in shares}


def _line(request: HttpRequest, row: Engagement) -> dict[str, Any]:
    first = _first_day(request, row)
    review: datetime.date = first["since_on"] + datetime.timedelta(days=180)
    return {**first, "review_on": review, "reports_to": "CEO"}


HATS = Dialog(
    lifecycle.change,
    "Which hats belong to “{0}”, and what share of the work each should get. Together they make 100.",
    "The hats are set.",
    "Save",
    HatsForm,
    initial=_shares,
)
WEAR = Dialog(
    wearing.wear,
    "Who wears a hat from a day on. Whoever wore it before takes it off that day; who is not assigned to "
    "{0.client} yet is assigned with it.",
    "Recorded.",
    "Save",
    WearForm,
    initial=_first_day,
)
LINE = Dialog(
    reporting.answer_to,
    "To whom a hat answers at {0.client}, from a day on. The earlier line ends that day and stays on record.",
    "The reporting line is recorded.",
    "Save",
    LineForm,
    initial=_line,
)
PAGES = (
    page("hats", "Hats and shares", HATS, "engagement", when=_goes_on, offered=False),
    page("wear", "Who wears a hat", WEAR, "wearing", action="add", when=_goes_on, offered=False),
    page(
        "reporting",
        "Reporting line",
        LINE,
        "reporting_line",
        action="add",
        when=_goes_on,
        offered=False,
    ),
)

NAME = Dialog(
    deputies.name,
    "Who decides under the hat while {0.member} is away. It holds once the sponsor has accepted.",
    "The deputy is named and waits for the sponsor.",
    "Name the deputy",
    DeputyForm,
    after=lambda row, result: desk.page_of(result),
)


def _worn(row: Wearing) -> bool:
    return row.until_on is None


WearingAdmin.pages = (
    *WearingAdmin.pages,
    page("deputy", "Name a deputy", NAME, "deputy", action="add", when=_worn),
)
ON_BEHALF = Dialog(
    deputies.accept_on_behalf,
    "The sponsor agreed elsewhere that {0.member} stands in. Say how, and keep what shows it.",
    "The acceptance is recorded.",
    "Record the acceptance",
    OnBehalfForm,
)


def _waits(row: Deputy) -> bool:
    return row.status == Deputy.NAMED


DeputyAdmin.pages = (
    *DeputyAdmin.pages,
    page("on-behalf", "Accepted elsewhere", ON_BEHALF, "deputy", when=_waits),
)

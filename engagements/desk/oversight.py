"""Oversight at the desk: the portfolio, the radar, the rate card, and who can promise how many days."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.admin import register
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from engagements import capacity, oversight_pictures, portfolio, radar, rates, spectrum
from engagements.models import Capacity, Finding, Rate
from engagements.watched import failures
from practice import access
from practice.desk import show
from practice.desk.site import desk
from practice.sites import Act, ScopedAdmin

BALANCE = {
    "balanced": ("Balanced", "success"),
    "drifting": ("Drifting", "warning"),
    "one_hat_wins": ("One hat wins", "danger"),
    "no_data": ("No time yet", ""),
}
STATUS = {"active": "success", "paused": "warning", "proposed": "info"}
MOST = 200


def _link(row: Any) -> str:
    """Where its page is, for what has one."""
    return desk.page_of(row) if desk.is_registered(type(row)) else ""


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(
        request, f"engagements/desk/{template}.html", {**desk.each_context(request), **context}
    )


@require_safe
def portfolio_page(request: HttpRequest) -> HttpResponse:
    actor, now = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    found = portfolio.of(actor, at=now)
    points = spectrum.points()
    context = {
        "title": "Portfolio",
        "rows": [
            {
                "of": row,
                "link": _link(row.engagement),
                "tone": STATUS[row.engagement.status],
                "point": points[row.point].label if row.point else "",
                "phase": row.stage.get_phase_display() if row.stage and row.phase else "",
                "balance": BALANCE[row.balance.status],
                "picture": oversight_pictures.balance(row.balance),
                "findings": [
                    (one, failures()[one.code].name, desk.page_of(one)) for one in row.findings
                ],
                "dates": [(entry, entry.due_at < now, desk.page_of(entry)) for entry in row.dates],
            }
            for row in found.rows
        ],
        "loads": [
            (one, oversight_pictures.load(one.promised, one.proposed, one.possible))
            for one in found.loads
        ],
        "unworn": found.unworn,
        "truncated": found.truncated,
        "whole": actor.role in access.WHOLE_PRACTICE,
        "capacities": desk.link(Capacity),
        "radar": desk.link("radar"),
    }
    return _page(request, "portfolio", context)


@require_safe
def radar_page(request: HttpRequest) -> HttpResponse:
    """What is so now, by engagement; and all that is looked for, so that silence is not taken for safety."""
    actor = request.here.actor  # type: ignore[attr-defined]
    open_ = access.visible_to(actor, Finding).filter(cleared_at=None)
    rows = open_.select_related("engagement__client", "acknowledged_by__user").order_by(
        "client__name", "engagement__name", "engagement_id", "acknowledged_at", "code", "id"
    )[: MOST + 1]
    groups: dict[UUID, dict[str, Any]] = {}
    for row in rows[:MOST]:
        group = groups.setdefault(
            row.engagement_id, {"of": row.engagement, "link": _link(row.engagement), "found": []}
        )
        group["found"].append(_found(row, actor))
    context = {
        "title": "Radar",
        "groups": list(groups.values()),
        "more": len(rows) > MOST,
        "history": f"{desk.link(Finding)}?when=all",
        "failures": failures(),
        "watched": sum(failure.checked for failure in failures().values()),
    }
    return _page(request, "radar", context)


def _found(row: Finding, actor: Any) -> dict[str, Any]:
    may = access.may(actor, "finding", "change")
    return {
        "row": row,
        "failure": failures()[row.code],
        "figures": [part for part in row.evidence if part["kind"] == "figure"],
        "shown": [part for part in row.evidence if part["kind"] != "figure"],
        "link": desk.page_of(row),
        "acknowledge": f"{desk.page_of(row).removesuffix('change/')}acknowledge/"
        if may and row.acknowledged_at is None
        else "",
    }


@require_safe
def card_page(request: HttpRequest) -> HttpResponse:
    here = request.here  # type: ignore[attr-defined]
    points = rates.card(here.practice, by=here.actor, at=timezone.now())
    context = {
        "title": "Rate card",
        "points": [
            {**one, "own": [(row, rates.figures(row.low, row.high)) for row in one["own"]]}
            | {"published": [_told(price) for price in one["published"]]}
            for one in points
        ],
        "others": [_told(price) for price in rates.named_nowhere()],
        "may_add": access.may(here.actor, "rate", "add"),
        "lines": desk.link(Rate),
    }
    return _page(request, "rate_card", context)


def _told(price: dict[str, Any]) -> dict[str, Any]:
    sign, tail = ("$", "") if price["unit"] == "USD" else ("", " %")
    figures = [
        f"{band['label']} {rates.figures(band['low'], band['high'], sign)}{tail}".strip()
        for band in price["bands"]
    ]
    more = " and more" if price["open_upwards"] else ""
    return {**price, "words": ("; ".join(figures) or price["words"]) + more}


class AcknowledgeForm(forms.Form):
    reason = forms.CharField(
        max_length=2000,
        widget=UnfoldAdminTextareaWidget,
        label="Reason",
        help_text="What you do about it, or why it is no fault here.",
    )


@register(Finding, site=desk)
class FindingAdmin(ScopedAdmin):
    intro = "Everything the radar ever found: raised once, cleared when it was gone."
    empty = "The radar has found nothing. It looks at every engagement under way once a day."
    list_display = ("named", "sentence", "engagement", "client", "stands", "raised_at")
    list_filter = (
        show.narrowed("when", "So now", "Now and before", cleared_at=None),
        "client",
        "engagement",
        "code",
    )
    list_select_related = ("client", "engagement")
    ordering = ("-raised_at", "-id")
    readonly_fields = ("what", "shown", "next", "state")
    fieldsets = (
        (
            None,
            {"fields": ["what", "sentence", "shown", "next", "engagement", "client", "state"]},
        ),
        ("Course", {"fields": ["raised_at", "seen_at", "cleared_at"]}),
        (
            "Acknowledged",
            {"fields": ["acknowledged_reason", "acknowledged_by", "acknowledged_at"]},
        ),
    )
    acts = (
        Act(
            "acknowledge",
            "Acknowledge",
            radar.acknowledge,
            explain="“{0.sentence}” stays on the radar until it is gone, marked with your reason.",
            done="Acknowledged.",
            when=lambda row: row.cleared_at is None and row.acknowledged_at is None,
            form=AcknowledgeForm,
            icon="done",
        ),
        Act(
            "unacknowledge",
            "Take back",
            radar.unacknowledge,
            explain="“{0.sentence}” is open again, as if nobody had said anything.",
            done="It is open again.",
            when=lambda row: row.cleared_at is None and row.acknowledged_at is not None,
            icon="undo",
        ),
    )

    @display(description="State", label={"new": "danger", "taken": "warning", "gone": "default"})
    def stands(self, row: Finding) -> tuple[str, str]:
        if row.cleared_at:
            return "gone", "Gone"
        return ("taken", "Acknowledged") if row.acknowledged_at else ("new", "Open")

    @display(description="State")
    def state(self, row: Finding) -> str:
        return self.stands(row)[1]

    @display(description="Failure", ordering="code")
    def named(self, row: Finding) -> str:
        return f"{failures()[row.code].name} ({row.code.replace('-', '‑')})"

    @display(description="Failure mode")
    def what(self, row: Finding) -> str:
        failure = failures()[row.code]
        return f"{row.code} {failure.name} ({failure.source}). {failure.idea}"

    @display(description="Evidence")
    def shown(self, row: Finding) -> str:
        told = [
            f"{part['id']}: {part['text']}" if part["kind"] == "figure" else part["text"]
            for part in row.evidence
        ]
        return "; ".join(told)

    @display(description="What to do next")
    def next(self, row: Finding) -> str:
        return failures()[row.code].next


@register(Rate, site=desk)
class RateAdmin(ScopedAdmin):
    intro = "Every line of your rate card, from the day on which it began."
    empty = "No line yet. State what you ask for a day, a month or a project."
    list_display = ("point", "per", "low", "high", "currency", "since_on")
    list_filter = ("point", "per", "currency")
    ordering = ("point", "per", "-since_on", "-id")
    add_verb = staticmethod(rates.state)
    add_fields = ("point", "per", "low", "high", "currency", "since_on")
    fieldsets = ((None, {"fields": list(add_fields)}),)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        home = {"currency": request.here.practice.currency}  # type: ignore[attr-defined]
        return {**home, **super().get_changeform_initial_data(request)}


@register(Capacity, site=desk)
class CapacityAdmin(ScopedAdmin):
    intro = "How many days a month each member can promise, from which day on. A new line ends the one before."
    empty = "Not stated for anybody yet. The portfolio then shows what is promised, and no limit."
    list_display = ("member", "days_per_month", "since_on")
    list_filter = ("member",)
    list_select_related = ("member__user",)
    ordering = ("member__user__name", "-since_on", "-id")
    add_verb = staticmethod(capacity.state)
    add_fields = ("member", "days_per_month", "since_on")
    fieldsets = ((None, {"fields": list(add_fields)}),)


desk.views += [
    ("portfolio/", "portfolio", portfolio_page, "portfolio"),
    ("radar/", "radar", radar_page, "finding"),
    ("rate-card/", "rate-card", card_page, "rate"),
]
# What a consultant looks at first, right after the home page.
desk.menu[0][1].append(("Portfolio", "monitoring", "portfolio"))

"""One engagement's balance and hat balance at the desk, as pictures and figures; and closing its months."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from engagements import balances, hat_balance, ledger, periods, pictures
from engagements.models import Engagement, Period
from practice import access, quarters
from practice.desk.site import desk
from practice.models import Client
from practice.refusals import Refusal
from practice.sites.behind import behind

SHOWN = 12


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, id: str) -> HttpResponse:
    engagement = behind(request, Engagement, id)
    if request.method == "POST":
        _act(request, engagement)
        return HttpResponseRedirect(request.path)
    context = {
        **desk.each_context(request),
        "title": "Balance",
        "engagement": engagement,
        "back": desk.page_of(engagement),
        **shown(request, engagement),
        **_closing(request, engagement),
    }
    return TemplateResponse(request, "engagements/desk/balance.html", context)


def shown(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """What the pictures need; other pages of the desk embed the same."""
    actor, at = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    months = balances.seen(actor, balances.of(engagement, at=at))[-SHOWN:]
    found: dict[str, Any] = {
        "months": months,
        "bars": pictures.balance(months),
        "rows": [_row(month) for month in reversed(months)],
    }
    if hat_balance.may_see(actor, engagement, at=at):
        measured = hat_balance.rolling(engagement, at=at)
        found |= {"hats": measured, "hat_bars": pictures.hats(measured)}
    return found


def _row(month: ledger.Month) -> dict[str, Any]:
    names = ("allowance", "rolled_in", "used", "left", "over", "expired")
    figures = {name: _figure(month, getattr(month, name)) for name in names}
    return {"month": month.starts_on, "locked": month.locked, **figures}


def _figure(month: ledger.Month, value: Decimal) -> str:
    return pictures.amount(month, value) if value else "–"


def _closing(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    actor = request.here.actor  # type: ignore[attr-defined]
    zone = Client.objects.values_list("time_zone", flat=True).get(pk=engagement.client_id)
    following, last = periods.earliest_open(engagement), periods.last_closed(engagement)
    over = following and ledger.next_month(following) <= quarters.local_day(timezone.now(), zone)
    return {
        "close": following if over and access.may(actor, "period", "add") else None,
        "again": last if access.may(actor, "period", "remove") else None,
    }


def _act(request: HttpRequest, engagement: Engagement) -> None:
    actor, at = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    try:
        if request.POST.get("act") == "close":
            month = forms.DateField().clean(request.POST.get("month"))
            periods.lock(engagement, month=month, by=actor, at=at)
            messages.success(request, f"{month:%B %Y} is closed.")
        elif request.POST.get("act") == "again":
            last = periods.last_closed(engagement)
            rows = access.visible_to(actor, Period).filter(engagement=engagement, starts_on=last)
            row = rows.first()
            if row is not None and last is not None:
                reason = request.POST.get("reason", "")[:2000]
                periods.unlock(row, reason=reason, by=actor, at=at)
                messages.success(request, f"{last:%B %Y} is open again.")
    except forms.ValidationError:
        messages.error(request, "This is no month.")
    except Refusal as no:
        errors = getattr(no, "errors", None) or {"": [no.sentence]}
        messages.error(request, " ".join(s for said in errors.values() for s in said))


desk.views.append(("time/balance/<uuid:id>/", "time-balance", page, "period"))

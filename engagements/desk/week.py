"""The week of time at the desk: days across, hats down, and one line to add a whole week. Works without a script."""

import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from engagements import pictures, timesheet, week
from engagements.models import Engagement
from practice import access, quarters
from practice.desk.site import desk
from practice.refusals import Refusal

Form = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, monday: str = "") -> HttpResponse:
    here = request.here  # type: ignore[attr-defined]
    today = quarters.local_day(timezone.now(), here.time_zone)
    first = week.monday_of(_day(monday) if monday else today)
    form = _form(request)
    if request.method == "POST" and _add(request, first, form):
        return HttpResponseRedirect(_link(first, today))
    works = week.of(here.actor, first)
    days = week.days_of(first)
    context = {
        **desk.each_context(request),
        "title": "Time",
        "days": [{"on": day, "today": day == today, "ahead": day > today} for day in days],
        "works": [_shown(work) for work in works],
        "totals": [_told(sum(_minutes(work, n) for work in works)) for n in range(7)],
        "total": pictures.length(sum(work.minutes for work in works)),
        "previous": _link(first - datetime.timedelta(days=7), today),
        "next": _link(first + datetime.timedelta(days=7), today),
        "this_week": "" if first == week.monday_of(today) else _link(today, today),
        "may_add": access.may(here.actor, "time", "add"),
        "form": form,
        "choices": [
            (row.key, f"{work.engagement}: {row.hat or 'joint'}")
            for work in works
            for row in work.rows
        ],
        "fields": [
            {"name": f"d{n}", "on": day, "value": form["lengths"][n], "wrong": n in form["wrong"]}
            for n, day in enumerate(days)
        ],
        "list": reverse("desk:engagements_timeentry_changelist"),
        "take": reverse("desk:time-file"),
    }
    return TemplateResponse(request, "engagements/desk/week.html", context)


def _form(request: HttpRequest) -> Form:
    post = request.POST
    return {
        "for": post.get("for", request.GET.get("for", "")),
        "lengths": [post.get(f"d{n}", "")[:8] for n in range(7)],
        "note": post.get("note", "")[:400],
        "reactive": "reactive" in post,
        "billable": "billable" in post or request.method != "POST",
        "faults": [],
        "wrong": set(),
    }


def _add(request: HttpRequest, first: datetime.date, form: Form) -> bool:
    """All that was typed, or nothing: then the form says what is wrong."""
    wanted = []
    for n, text in enumerate(form["lengths"]):
        minutes = week.length(text) if text.strip() else None
        if minutes:
            wanted.append((n, minutes))
        elif text.strip():
            form["wrong"].add(n)
    if form["wrong"]:
        form["faults"].append("Write a length as 1:30, 1.5 or 45m.")
    elif not wanted:
        form["faults"].append("Say how long, under at least one day.")
    if form["faults"]:
        return False
    here = request.here  # type: ignore[attr-defined]
    id, hat = week.parts(form["for"])
    try:
        with transaction.atomic():
            engagement = access.get(here.actor, Engagement, id)
            for n, minutes in wanted:
                form["at"] = n
                timesheet.note(
                    engagement,
                    worked_on=first + datetime.timedelta(days=n),
                    minutes=minutes,
                    hat=hat,
                    note=form["note"],
                    reactive=form["reactive"],
                    billable=form["billable"],
                    by=here.actor,
                    at=timezone.now(),
                )
    except Refusal as no:
        _refused(form, no, first)
        return False
    total = pictures.length(sum(minutes for _, minutes in wanted))
    messages.success(request, f"{total} noted for {engagement}, {hat or 'joint'}.")
    return True


def _refused(form: Form, no: Refusal, first: datetime.date) -> None:
    if no.status == 404:
        form["faults"].append("Choose what the time was for.")
        return
    errors = getattr(no, "errors", None) or {"": [no.sentence]}
    day = f"{first + datetime.timedelta(days=form['at']):%A}: " if "at" in form else ""
    form["faults"] += [f"{day}{said}" for sentences in errors.values() for said in sentences]
    form["wrong"].add(form.get("at", 0))


def _shown(work: week.Work) -> dict[str, Any]:
    total = work.minutes
    return {
        "engagement": work.engagement,
        "balance": reverse("desk:time-balance", args=[work.engagement.pk]),
        "rows": [
            {
                "name": row.hat or "Joint",
                "target": row.target,
                "days": [
                    [(desk.page_of(entry), pictures.length(entry.minutes), entry) for entry in day]
                    for day in row.days
                ],
                "total": _told(row.minutes),
                "share": round(100 * row.minutes / total) if total and row.minutes else None,
            }
            for row in work.rows
        ],
        "total": pictures.length(total),
    }


def _minutes(work: week.Work, day: int) -> int:
    return sum(entry.minutes for row in work.rows for entry in row.days[day])


def _told(minutes: int) -> str:
    return pictures.length(minutes) if minutes else ""


def _link(day: datetime.date, today: datetime.date) -> str:
    first = week.monday_of(day)
    if first == week.monday_of(today):
        return reverse("desk:time-week")
    return reverse("desk:time-week-of", args=[first.isoformat()])


def _day(text: str) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError as wrong:
        raise Http404 from wrong
    if not 1990 <= day.year <= 2200:
        raise Http404
    return day


desk.views += [
    ("time/", "time-week", page, "time"),
    ("time/week/<str:monday>/", "time-week-of", page, "time"),
]

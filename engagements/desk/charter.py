"""Charters at the desk: each version as a matrix to read, and the draft as one page to work on."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import register
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminSelectWidget,
)

from engagements import (
    charter_page,
    charter_rights,
    charter_views,
    charters,
    discarding,
    rights,
)
from engagements.desk.dialogs import Dialog, page
from engagements.desk.forms import OnBehalfForm
from engagements.models import Charter
from engagements.models.charter import LimitPeriod
from practice.desk import show
from practice.desk.site import desk
from practice.refusals import Refusal
from practice.sites import Act, RowPage, ScopedAdmin, VerbForm

Status = Charter.Status
STATUS = {
    Status.DRAFT: "info",
    Status.OFFERED: "warning",
    Status.ACCEPTED: "success",
    Status.DECLINED: "danger",
    Status.WITHDRAWN: "default",
    Status.SUPERSEDED: "default",
    Status.ENDED: "default",
}
SAYS = [("", "–"), ("D", "Decides"), ("A", "Must agree"), ("I", "Input")]
AMOUNTS = ("per_decision", "per_period")
# A page that would cost nothing to send a thousand boxes with.
LONGEST = 400


class DraftForm(VerbForm):
    origin = forms.ChoiceField(
        choices=[
            (charters.LATEST, "The latest version, or the catalogue if there is none"),
            (charters.IN_FORCE, "The version in force"),
            (charters.CATALOGUE, "The catalogue of 27 rights, as it fits the hats"),
        ],
        label="Begin from",
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        help_texts = {"note": "What this version is about; the client reads it."}


class ElsewhereForm(OnBehalfForm):
    """Pinned to what was on the page, as the sponsor's own answer is."""

    sha256 = forms.CharField(widget=forms.HiddenInput)


DISCARD = Dialog(
    discarding.charter,
    "{0} is thrown away with its rights and limits. It was never offered; the record of what happened stays.",
    "The draft is gone.",
    "Discard the draft",
    after=lambda row, result: desk.page_of(row.engagement if result is None else row),
    danger=True,
)
ELSEWHERE = Dialog(
    charters.accept_on_behalf,
    "The sponsor accepted {0} outside the portal. It is in force at once; your name stands beside theirs.",
    "{0} is in force.",
    "Record the acceptance",
    ElsewhereForm,
    initial=lambda request, row: {"sha256": row.sha256},
)
OFFER = Dialog(
    charters.offer,
    "{0} goes to the sponsor as it stands. It cannot be changed afterwards, only taken back.",
    "{0} is before the sponsor.",
    "Offer to the sponsor",
)


def _is_draft(row: Charter) -> bool:
    return row.status == Status.DRAFT


def _is_offered(row: Charter) -> bool:
    return row.status == Status.OFFERED


def edit(admin: Any, request: HttpRequest, row: Charter) -> HttpResponse:
    """The draft as one page: a choice for each hat and right, the limits below."""
    if row.status != Status.DRAFT:
        messages.info(request, charters.NotADraft.sentence)
        return HttpResponseRedirect(desk.page_of(row))
    wrong: list[str] = []
    if request.method == "POST":
        try:
            _save(request, row)
        except Refusal as refusal:
            wrong = _sentences(refusal)
        else:
            messages.success(request, "The draft is saved.")
            leads_to = "edit/" if "stay" in request.POST else ""
            page = desk.page_of(row)
            return HttpResponseRedirect(page.replace("change/", leads_to) if leads_to else page)
    context = {
        **desk.each_context(request),
        **_boxes(row, request.POST if wrong else {}),
        "title": f"Edit charter {row.number}",
        "opts": admin.opts,
        "original": row,
        "wrong": wrong,
        "back": desk.page_of(row),
    }
    return TemplateResponse(request, "engagements/desk/charter_edit.html", context)


def _save(request: HttpRequest, row: Charter) -> None:
    said = charters.said(row)
    columns = charter_views.columns(charters.hats_of(row.engagement), charter_views.used_in(said))
    given = request.POST
    says = {
        one["code"]: {
            **{c.key: given.get(f"{one['code']}:{c.key}", one[c.key])[:1] for c in columns},
            "note": given.get(f"{one['code']}:note", one["note"])[:LONGEST],
            "second_person": f"{one['code']}:second" in given,
        }
        for one in said
    }
    charter_rights.revise(
        row,
        says=says,
        limits=_limits(row, given),
        note=given.get("note", row.note),
        seen=given.get("seen", ""),
        new_right=given.get("new_right", ""),
        drop=given.getlist("drop"),
        by=request.here.actor,  # type: ignore[attr-defined]
        at=timezone.now(),
    )


def _limits(row: Charter, given: Any) -> dict[str, dict[str, Any]]:
    found = {}
    for hat in charters.hats_of(row.engagement):
        typed = {
            name: given.get(f"limit:{hat}:{name}", "").strip() for name in charters.LIMITED[1:]
        }
        if not any(typed[name] for name in AMOUNTS):
            continue
        amounts = {name: _amount(hat, typed[name]) for name in AMOUNTS}
        found[hat] = {**typed, **amounts, "currency": typed["currency"].upper()}
    return found


class NoAmount(Refusal):
    status, code = 400, "no_amount"


def _amount(hat: str, typed: str) -> Decimal:
    """As people type it: 5000, 5 000 or 5000.50."""
    try:
        amount = Decimal(typed.replace(" ", "").replace("\u00a0", ""))
    except InvalidOperation as wrong:
        raise NoAmount(f"{hat}: “{typed}” is not an amount; write it like 5000.00.") from wrong
    if not amount.is_finite():
        raise NoAmount(f"{hat}: “{typed}” is not an amount; write it like 5000.00.")
    return amount


def _boxes(row: Charter, typed: Any) -> dict[str, Any]:
    said = charters.said(row)
    hats = charters.hats_of(row.engagement)
    columns = charter_views.columns(hats, charter_views.used_in(said))
    there = charter_page.limits_of(row)

    def box(name: str, value: Any) -> dict[str, Any]:
        return {"name": name, "value": typed.get(name, value)}

    return {
        "charter": row,
        "seen": typed.get("seen") or charters.digest(charters.content(row)),
        "note": typed.get("note", row.note),
        "new_right": typed.get("new_right", ""),
        "says": SAYS,
        "periods": LimitPeriod.choices,
        "columns": columns,
        "rows": [
            {
                "code": one["code"],
                "label": one["label"],
                "own": one["code"].startswith(charter_rights.OWN),
                "needed": one["code"] in rights.needed(),
                "sentence": charter_views.sentence(charter_views.row(one), columns),
                "cells": [
                    {"label": c.label, **box(f"{one['code']}:{c.key}", one[c.key])} for c in columns
                ],
                "note": box(f"{one['code']}:note", one["note"]),
                "second": {
                    "name": f"{one['code']}:second",
                    "on": f"{one['code']}:second" in typed if typed else one["second_person"],
                },
            }
            for one in said
        ],
        "limits": [
            {
                "hat": hat,
                "label": hat.replace("_", " "),
                **{
                    name: box(
                        f"limit:{hat}:{name}", getattr(there.get(hat), name, _unset(row, name))
                    )
                    for name in charters.LIMITED[1:]
                },
            }
            for hat in hats
        ],
    }


def _unset(row: Charter, name: str) -> str:
    usual = {"currency": row.client.currency, "period": LimitPeriod.QUARTER.value}
    return usual.get(name, "")


def _sentences(refusal: Refusal) -> list[str]:
    errors: dict[str, list[str]] = getattr(refusal, "errors", None) or {}
    lacking = [one["what"] for one in refusal.facts.get("missing", [])]
    return [s for sentences in errors.values() for s in sentences] or lacking or [refusal.sentence]


@register(Charter, site=desk)
class CharterAdmin(ScopedAdmin):
    intro = (
        "Who decides what, hat by hat, and up to which amount. A version that was offered never "
        "changes; the next one begins from it and needs the sponsor's yes."
    )
    empty = "No charter yet. Draft one from the catalogue of 27 decision rights."
    form = DraftForm
    list_display = ("__str__", "engagement", "client", "stands", "offered_at", "accepted_at")
    list_filter = ("status", "client", "engagement")
    list_select_related = ("engagement", "client")
    search_fields = ("engagement__name", "client__name")
    ordering = ("-id",)
    add_verb = staticmethod(charters.draft)
    add_fields = ("engagement", "origin", "note")
    pages = (
        RowPage(
            "edit", "Edit the draft", edit, "charter", action="change", first=True, when=_is_draft
        ),
        page("offer", "Offer to the sponsor", OFFER, "charter", when=_is_draft),
        page("discard", "Discard the draft", DISCARD, "charter", when=_is_draft),
        page("elsewhere", "Accepted elsewhere", ELSEWHERE, "charter", when=_is_offered),
    )
    acts = (
        Act(
            "withdraw",
            "Take back",
            charters.withdraw_offer,
            explain="{0} is withdrawn. The next draft begins from it.",
            done="{0} is withdrawn.",
            when=lambda row: row.status in (Status.DRAFT, Status.OFFERED),
            icon="undo",
            danger=True,
        ),
    )
    stands = show.status(STATUS)

    def _add_only(self) -> set[str]:
        return set()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [(None, {"fields": list(self.add_fields) if obj is None else ["note"]})]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: Any = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """A version is read as a matrix; it is worked on elsewhere, and only while it is a draft."""
        row = self.get_object(request, object_id) if object_id is not None else None
        if row is None or request.method not in ("GET", "HEAD"):
            return super().changeform_view(request, object_id, form_url, extra_context)
        context = {
            **desk.each_context(request),
            **self._around(request, row),
            **charter_page.facts(row, view=request.GET.get("view", "")),
            "title": f"{row}: {row.engagement}",
            "engagement_link": desk.page_of(row.engagement),
            "opts": self.opts,
            "original": row,
            "missing": charters.missing(row) if row.status == Status.DRAFT else [],
        }
        return TemplateResponse(request, "engagements/desk/charter.html", context)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return HttpResponseRedirect(self._link("edit", obj.pk))

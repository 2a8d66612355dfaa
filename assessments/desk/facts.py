"""What is known of a client, with its history. New answers come from the runner, a link or the API."""

from typing import Any

from django.contrib.admin import register
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from unfold.decorators import display

from assessments import questionnaire
from assessments.models import ClientFact, FactSource
from practice import access
from practice.desk import show
from practice.desk.site import desk
from practice.sites import ScopedAdmin

LONGEST = 50


def value(row: ClientFact) -> str:
    return questionnaire.spoken(row.name, row.value)


def with_other(rows: QuerySet[ClientFact]) -> QuerySet[ClientFact]:
    """Beside each answer what the other side said last: people beside the AI estate, the estate beside people."""
    of_it = ClientFact.objects.filter(
        practice=OuterRef("practice"), client=OuterRef("client"), name=OuterRef("name")
    ).order_by("-id")
    estate = of_it.filter(source=FactSource.ESTATE)
    people = of_it.exclude(source=FactSource.ESTATE)
    return rows.annotate(
        estate_value=Subquery(estate.values("value")[:1]),
        estate_on=Subquery(estate.values("said_on")[:1]),
        people_value=Subquery(people.values("value")[:1]),
        people_on=Subquery(people.values("said_on")[:1]),
        people_by=Subquery(people.values("said_by")[:1]),
    )


def otherwise(row: Any) -> str:
    """What the other side said, where that is another thing."""
    if row.source == FactSource.ESTATE:
        who, said, on = row.people_by or "Said", row.people_value, row.people_on
    else:
        who, said, on = "AI estate", row.estate_value, row.estate_on
    if said is None or said == row.value:
        return ""
    return f"{who}: {questionnaire.spoken(row.name, said)}, {on}"


@register(ClientFact, site=desk)
class ClientFactAdmin(ScopedAdmin):
    intro = (
        "What is known of each client: who said so, when and how. A new answer never erases an old "
        "one. New answers are put down where a client is assessed; some are counted from the AI estate."
    )
    empty = "Nothing is known yet. Open a client and assess it: each answer you keep is a fact."
    list_display = (
        "what",
        "answer",
        "otherwise",
        "client",
        "said_by",
        "said_on",
        "source",
        "until",
    )
    list_filter = (
        show.narrowed("when", "Present", "Present and past", until_at=None),
        "client",
        "source",
    )
    list_select_related = ("client",)
    search_fields = ("name", "said_by")
    ordering = ("client__name", "name", "-id")
    readonly_fields = ("what", "answer", "otherwise", "until")
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "what",
                    "answer",
                    "otherwise",
                    "client",
                    "said_by",
                    "said_on",
                    "source",
                    "until",
                ]
            },
        ),
    )

    @display(description="Fact", ordering="name")
    def what(self, row: ClientFact) -> str:
        return questionnaire.label(row.name)

    @display(description="Answer")
    def answer(self, row: ClientFact) -> str:
        return value(row)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClientFact]:
        return with_other(super().get_queryset(request))

    @display(description="Said otherwise")
    def otherwise(self, row: ClientFact) -> str:
        return otherwise(row)

    @display(description="Held until", ordering="until_at")
    def until(self, row: ClientFact) -> Any:
        return row.until_at or "Now"

    def _around(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        around = super()._around(request, row)
        if row is not None:
            around["sections"] = [self._history(request, row)]
        return around

    def _history(self, request: HttpRequest, row: ClientFact) -> dict[str, Any]:
        actor = request.here.actor  # type: ignore[attr-defined]
        past = access.visible_to(actor, ClientFact).filter(client_id=row.client_id, name=row.name)
        headings = ["Answer", "Said by", "On", "Source", "Until"]
        return {
            "title": f"{questionnaire.label(row.name)}: every answer so far",
            "wide": True,
            "headings": headings,
            "rows": [
                {
                    "link": desk.page_of(one),
                    "cells": list(
                        zip(
                            headings,
                            (
                                value(one),
                                one.said_by,
                                one.said_on,
                                one.get_source_display(),
                                one.until_at or "Now",
                            ),
                            strict=True,
                        )
                    ),
                }
                for one in past.order_by("-id")[:LONGEST]
            ],
        }

"""Written reads at the desk: the page and the PDF. Issued from an assessment, never changed."""

from typing import Any

from django.contrib.admin import register
from django.http import HttpRequest, HttpResponse
from unfold.decorators import display

from assessments import downloads
from assessments.models import Assessment, Read
from practice.desk.site import desk
from practice.sites import RowPage, ScopedAdmin


def pdf(admin: Any, request: HttpRequest, row: Read) -> HttpResponse:
    return downloads.pdf(row)


@register(Read, site=desk)
class ReadAdmin(ScopedAdmin):
    intro = "What clients were told in writing. A read is frozen on the day it is issued."
    empty = "No read yet. Record a recommendation on an assessment, then issue its read."
    list_display = ("__str__", "client", "issued", "advice")
    list_filter = ("client",)
    list_select_related = ("client",)
    read_with = "assessments/desk/read.html"
    ordering = ("-id",)
    pages = (RowPage("pdf", "Download as PDF", pdf, "read", first=True),)

    @display(description="Issued", ordering="id")
    def issued(self, row: Read) -> str:
        return row.content["issued_on"]

    @display(description="Advice")
    def advice(self, row: Read) -> str:
        return row.content["recommendation"]["next_seat"]

    def read_facts(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {
            "title": f"Read of {row.content['client']}",
            "d": row.content,
            "assessment": desk.page_of(Assessment(pk=row.assessment_id)),
        }

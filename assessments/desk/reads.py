"""Written reads at the desk: the page and the PDF. Issued from an assessment, never changed."""

from typing import Any

from django.contrib.admin import register
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
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
    ordering = ("-id",)
    pages = (RowPage("pdf", "Download as PDF", pdf, "read", first=True),)

    @display(description="Issued", ordering="id")
    def issued(self, row: Read) -> str:
        return row.content["issued_on"]

    @display(description="Advice")
    def advice(self, row: Read) -> str:
        return row.content["recommendation"]["next_seat"]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: Any = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The row's page is the read itself."""
        row = self.get_object(request, object_id) if object_id is not None else None
        if row is None or request.method not in ("GET", "HEAD"):
            return super().changeform_view(request, object_id, form_url, extra_context)
        context = {
            **desk.each_context(request),
            **self._around(request, row),
            "title": f"Read of {row.content['client']}",
            "opts": self.opts,
            "original": row,
            "d": row.content,
            "assessment": desk.page_of(Assessment(pk=row.assessment_id)),
        }
        return TemplateResponse(request, "assessments/desk/read.html", context)

"""Evidence of AI governance at the desk, and the checklist of what vendors of models are asked for."""

from typing import Any

from django import forms
from django.contrib.admin import register
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from assessments import evidence, gpai
from assessments.models import Asked, Evidence, VendorEvidence
from practice import files
from practice.desk import show
from practice.desk.site import desk
from practice.sites import Act, ScopedAdmin, VerbForm

PROOF = "What shows it, kept with the client's files."


class UploadForm(VerbForm):
    upload = forms.FileField(
        required=False, label="New file", widget=UnfoldAdminFileFieldWidget, help_text=PROOF
    )

    class Meta:
        labels = {
            "valid_until_on": "Valid until",
            "status_on": "Since",
            "external_id": "Id elsewhere",
        }


class WithUpload(ScopedAdmin):
    """A new file and the row that points at it, or neither."""

    form = UploadForm

    def client_of(self, form: Any) -> Any:
        raise NotImplementedError

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        groups = super().get_fieldsets(request, obj)
        if obj is None or self.changeable(request, obj):
            return groups
        return [
            (title, {**options, "fields": [n for n in options["fields"] if n != "upload"]})
            for title, options in groups
        ]

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        upload = form.cleaned_data.pop("upload", None)
        with transaction.atomic():
            if upload is not None:
                form.cleaned_data["file"] = files.keep(
                    self.client_of(form),
                    name=upload.name,
                    content=upload.read(),
                    commercial=False,
                    by=request.here.actor,  # type: ignore[attr-defined]
                    at=timezone.now(),
                )
                form.changed_data.append("file")
            return super().save_form(request, form, change)


SHOWN = (
    "title",
    "system",
    "article",
    "valid_until_on",
    "file",
    "upload",
    "note",
    "external_id",
)


@register(Evidence, site=desk)
class EvidenceAdmin(WithUpload):
    intro = "What shows that duties of AI governance are met, by system and article. What expires is on the agenda."
    empty = "Nothing yet. Begin with what shows Article 4: how people learn to work with AI."
    list_display = ("title", "client", "system", "article", "valid_until_on")
    list_filter = (
        show.narrowed("when", "Standing", "Standing and withdrawn", withdrawn_on=None),
        "client",
        "system",
    )
    list_select_related = ("client", "system")
    search_fields = ("title", "article")
    ordering = ("valid_until_on", "title", "id")
    add_verb = staticmethod(evidence.add)
    change_verb = staticmethod(evidence.change)
    add_fields = ("client", *SHOWN)
    change_fields = SHOWN
    readonly_fields = ("withdrawn_on",)
    fieldsets = ((None, {"fields": ["client", *SHOWN, "withdrawn_on"]}),)
    acts = (
        Act(
            "withdraw",
            "Withdraw",
            evidence.withdraw,
            explain="{0} shows nothing any more. It stays on record.",
            done="Withdrawn.",
            when=lambda row: row.withdrawn_on is None,
            icon="block",
            danger=True,
        ),
    )

    def client_of(self, form: Any) -> Any:
        return form.cleaned_data.get("client") or form.instance.client


class ItemForm(UploadForm):
    class Meta(UploadForm.Meta):
        pass

    item = forms.ChoiceField(
        choices=lambda: [(key, gpai.label(key)) for key in gpai.checklist().items],
        widget=UnfoldAdminSelectWidget,
    )


ITEM = ("status", "status_on", "link", "file", "upload", "note")
STATUS = {
    Asked.MISSING: "warning",
    Asked.ASKED: "info",
    Asked.RECEIVED: "success",
    Asked.REFUSED: "danger",
    Asked.NOT_NEEDED: "default",
}


@register(VendorEvidence, site=desk)
class VendorEvidenceAdmin(WithUpload):
    intro = "What vendors of general-purpose models were asked for. These are the vendor's duties, not the client's: confirm with counsel. Orientation, not legal advice."
    empty = "Nothing asked for yet. Begin with the vendor whose model your client builds on."
    form = ItemForm
    list_display = ("what", "vendor", "client", "stands", "status_on")
    list_filter = ("client", "vendor", "status")
    list_select_related = ("client", "vendor")
    ordering = ("vendor__name", "item", "id")
    add_verb = staticmethod(gpai.add)
    change_verb = staticmethod(gpai.change)
    add_fields = ("vendor", "item", *ITEM)
    change_fields = ITEM
    readonly_fields = ("what",)
    fieldsets = ((None, {"fields": ["vendor", "item", *ITEM]}),)
    stands = show.status(STATUS)

    def client_of(self, form: Any) -> Any:
        return (form.cleaned_data.get("vendor") or form.instance.vendor).client

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        today = timezone.localdate()
        return {"status_on": today, **super().get_changeform_initial_data(request)}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        groups = super().get_fieldsets(request, obj)
        if obj is None:
            return groups
        return [
            (title, {**told, "fields": ["what" if n == "item" else n for n in told["fields"]]})
            for title, told in groups
        ]

    @display(description="What", ordering="item")
    def what(self, row: VendorEvidence) -> str:
        return gpai.label(row.item)

"""A practice's own lenses at the desk: taken in as text or as a file, or refused with every fault at once."""

from typing import Any

from django import forms
from django.contrib.admin import register
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextareaWidget

from assessments import own_lenses
from assessments.authored import MOST_BYTES, PREFIX
from assessments.models import PracticeLens
from practice.desk.site import desk
from practice.sites import RowPage, ScopedAdmin, VerbForm


class LensForm(VerbForm):
    # Not stripped: the faults name lines.
    text = forms.CharField(
        required=False,
        strip=False,
        label="The file's text",
        widget=UnfoldAdminTextareaWidget(
            attrs={"rows": 24, "class": "as-toml", "spellcheck": "false", "autocomplete": "off"}
        ),
        help_text=f"A lens in TOML. The published ones are written alike: each shows its file on its page in the library. "
        f"The key begins with {PREFIX}. Whatever is wrong is told at once, with its line.",
    )
    file = forms.FileField(
        required=False,
        label="Or the file itself",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".toml"}),
        help_text=f"TOML in UTF-8, at most {MOST_BYTES // 1000} kB. Its text is shown above if something is wrong.",
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        typed, file = given.get("text", ""), given.pop("file", None)
        if file and typed.strip():
            self.add_error("file", "The text or a file, not both.")
        elif file:
            given["text"] = self._read(file)
        elif not typed.strip() and "text" not in self.errors:
            self.add_error("text", "Paste the lens here or choose its file.")
        # Browsers send line ends in two characters; the lines are the author's, that is not.
        given["text"] = given.get("text", "").replace("\r\n", "\n")
        return given

    def _read(self, file: Any) -> str:
        try:
            # From its beginning: the form is read anew once the verb has refused.
            file.seek(0)
            text = str(file.read(MOST_BYTES + 1), "utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", "This is no text in UTF-8.")
            return ""
        # A browser cannot fill a file in anew: what was read goes on as text, to be put right there.
        self.data = self.data.copy()
        self.data["text"] = text
        return text


@register(PracticeLens, site=desk)
class PracticeLensAdmin(ScopedAdmin):
    intro = (
        "Lenses that this practice wrote itself. They are read with the same care as the published ones, "
        "stand beside the panel in every assessment, and never vote. A version stays as it is; "
        "a change is a file with the next version."
    )
    empty = "None yet. Write your own way to decide as a lens file, and take it in here."
    form = LensForm
    list_display = ("key", "lens_version", "name", "created_at")
    search_fields = ("key", "name")
    ordering = ("key", "-lens_version")
    add_verb = staticmethod(own_lenses.upload)
    add_fields = ("text", "file")
    readonly_fields = ("as_written",)
    fieldsets = ((None, {"fields": ["key", "lens_version", "name", "created_at", "as_written"]}),)
    pages = (
        RowPage(
            "lens",
            "Look at it and fill it in",
            lambda admin, request, row: HttpResponseRedirect(reverse("desk:lens", args=[row.key])),
            "lens",
            first=True,
        ),
    )

    class Media:
        css = {"all": ["assessments/desk.css"]}

    @display(description="The file")
    def as_written(self, row: PracticeLens) -> str:
        return format_html('<pre class="as-toml">{}</pre>', row.text)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if obj is None:
            return [(None, {"fields": list(self.add_fields)})]
        return super().get_fieldsets(request, obj)

    def given(self, form: Any) -> dict[str, Any]:
        return {"text": form.cleaned_data["text"]}

"""The honest admin classes of this house, and eight stock ways in which one like them leaks."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline

from practice import access
from practice.sites import ScopedAdmin, Site
from tests.doors.planted import verbs
from tests.doors.planted.models import Note, Topic


class HonestNotes(ScopedAdmin):
    list_display = ("title", "client")
    list_filter = ("client",)
    list_select_related = ("client",)
    search_fields = ("title",)
    ordering = ("title", "id")
    add_verb = staticmethod(verbs.add)
    add_fields = ("client", "topic", "title", "slug")
    change_fields = ()
    fieldsets = ((None, {"fields": ["client", "topic", "title", "slug"]}),)


class HonestTopics(ScopedAdmin):
    list_display = ("title", "client")
    ordering = ("title", "id")
    change_fields = ()
    fieldsets = ((None, {"fields": ["title"]}),)


class Hurried(ModelAdmin):
    """Rows are scoped, because everybody remembers get_queryset; the rest is stock."""

    list_display = ("title",)
    fields = ("title",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return access.visible_to(request.here.actor, self.model)  # type: ignore[attr-defined]

    def _may(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.may(request.here.actor, "client", "add")  # type: ignore[attr-defined]

    has_view_permission = has_change_permission = has_add_permission = _may

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actor = request.here.actor  # type: ignore[attr-defined]
        obj.practice_id = actor.practice_id
        obj.created_at = obj.created_at or timezone.now()
        super().save_model(request, obj, form, change)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None: ...

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None: ...


class ListFilter(Hurried):
    list_filter = ("topic",)


class ListFilterThrough(Hurried):
    list_filter = ("topic__client",)


class AddSelect(Hurried):
    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("title", "topic") if obj is None else ("title",)


class ChangeSelect(Hurried):
    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("title",) if obj is None else ("title", "topic")


class NoteInline(TabularInline):
    model = Note
    fk_name = "topic"
    fields = ("title", "client")
    extra = 1

    def _may(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_view_permission = has_change_permission = has_add_permission = _may


class InlineSelect(Hurried):
    """On topics."""

    inlines = (NoteInline,)


class AddIntoForeignClient(Hurried):
    """The choices are drawn from one's own, and what comes back is not compared with them."""

    fields = ("title", "slug", "client")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        shown = access.visible_to(request.here.actor, db_field.related_model)  # type: ignore[attr-defined]
        field.widget.choices = [(row.pk, str(row)) for row in shown]
        return field


class RawIdLabel(Hurried):
    fields = ("title", "topic")
    raw_id_fields = ("topic",)


@admin.action(description="Export everything")
def export(modeladmin: Any, request: HttpRequest, queryset: Any) -> HttpResponse:
    """Writes out the table, not the rows that were ticked."""
    rows = modeladmin.model.objects.values_list("title", flat=True)
    return HttpResponse("\n".join(rows), content_type="text/csv")


class BulkExport(Hurried):
    actions = (export,)


LEAKS: dict[str, dict[Any, Any]] = {
    "admin list_filter on a foreign key": {Note: ListFilter},
    "admin list_filter through a relation": {Note: ListFilterThrough},
    "select in an add form": {Note: AddSelect},
    "select in a change form": {Note: ChangeSelect},
    "select in an inline": {Topic: InlineSelect},
    "adding into a foreign client": {Note: AddIntoForeignClient},
    "raw_id label": {Note: RawIdLabel},
    "export or bulk action": {Note: BulkExport},
}
HONEST = {Note: HonestNotes, Topic: HonestTopics}


def site(admins: dict[Any, Any]) -> Site:
    made = Site("planted", kind="member", title="Planted")
    for model, kind in admins.items():
        made.register(model, kind)
    return made

"""The one base of every admin class: rows from `visible_to`, permission from the access table, writing through verbs."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import flatten_fieldsets, quote
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from unfold.admin import ModelAdmin

from practice import access
from practice.models.base import ZoneField
from practice.reach import Reach
from practice.refusals import NotFound, Refusal, Stale
from practice.sites import acts, filters, pages
from practice.sites.acts import Act
from practice.sites.forms import DayInput, VerbForm, zone_field
from practice.sites.pages import RowPage
from practice.sites.sections import Section

Verb = Callable[..., Any]
ONE_WAY_TO_SAVE = {"show_save_and_continue": False, "show_save_and_add_another": False}


class ScopedAdmin(ModelAdmin):
    """Says what is listed, what is asked and which verb does it. Without a verb there is nothing to do but look."""

    add_verb: Verb | None = None
    change_verb: Verb | None = None
    remove_verb: Verb | None = None
    add_action = "add"
    add_fields: tuple[str, ...] = ()
    change_fields: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()
    pages: tuple[RowPage, ...] = ()
    sections: tuple[Section, ...] = ()
    intro = ""
    """One sentence above the list: what these rows are."""
    empty = "Nothing here yet."
    read_with = ""
    """The template of a page of its own on which one row is read; what is done with it are verbs with pages of
    theirs. `read_facts` says what it tells."""

    form = VerbForm
    formfield_overrides = {models.DateField: {"widget": DayInput}}
    actions = None
    # Rows of another kind are sections of the page (practice/sites/sections.py), changed on their own page.
    inlines = ()
    list_per_page = 50
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    view_on_site = False
    change_list_template = "desk/list.html"
    list_before_template = "desk/intro.html"
    change_form_template = "desk/row.html"
    delete_confirmation_template = "desk/remove.html"
    list_filter_submit = False

    def __init__(self, model: type[models.Model], admin_site: Any) -> None:
        super().__init__(model, admin_site)
        if self.inlines or self.actions or self.list_editable or self.raw_id_fields:
            raise ImproperlyConfigured(
                f"{type(self).__name__}: inlines, bulk actions, list editing and raw ids write or show rows "
                "past the verbs; use sections and acts"
            )

    # Whose rows, and what may be done.

    @property
    def reach(self) -> Reach:
        return self.model.reach

    def _may(self, request: HttpRequest, action: str) -> bool:
        return access.may(request.here.actor, self.reach.resource, action)  # type: ignore[attr-defined]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = access.visible_to(request.here.actor, self.model)  # type: ignore[attr-defined]
        if self.list_select_related:
            rows = rows.select_related(*self.list_select_related)
        return rows.order_by(*self.get_ordering(request))

    def changeable(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The fields this actor may change."""
        if self.change_verb is None or not self._may(request, "change"):
            return ()
        return tuple(name for name in self.change_fields if name not in self.hidden(request, obj))

    def hidden(self, request: HttpRequest, obj: Any = None) -> frozenset[str]:
        """Of one row what it hides; of a list also what only some of its rows hide."""
        actor = request.here.actor  # type: ignore[attr-defined]
        if obj is not None:
            return access.hidden_of(actor, obj)
        when = access.hidden_when(actor, self.model)
        return access.hidden_fields(actor, self.model) | set(when.fields if when else ())

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "view")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.add_verb is not None and self._may(request, self.add_action)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.changeable(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.remove_verb is not None and self._may(request, "remove")

    # What is shown.

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        hidden = self.hidden(request)
        return [name for name in super().get_list_display(request) if name not in hidden]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        hidden = self.hidden(request)
        return [name for name in self.search_fields if name.lstrip("^=@") not in hidden]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        hidden = self.hidden(request)
        return [filters.scoped(self.model, name) for name in self.list_filter if name not in hidden]

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Only what a declared filter reads: any other lookup would let values be guessed letter by letter."""
        hidden = self.hidden(request) if request is not None else frozenset()
        declared = [name for name in self.list_filter if name not in hidden]
        return any(lookup in filters.lookups(self.model, name) for name in declared)

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        hidden = self.hidden(request, obj)
        groups = []
        for title, options in self.fieldsets or ((None, {"fields": self._all_fields(obj)}),):
            kept = [name for name in options["fields"] if name not in hidden]
            if obj is None:
                kept = [name for name in kept if name in self.add_fields]
            else:
                kept = [name for name in kept if name not in self._add_only()]
            if kept:
                groups.append((title, {**options, "fields": kept}))
        return groups

    def _add_only(self) -> set[str]:
        """What is asked once and is no column: a reason, a picture."""
        columns = {field.name for field in self.model._meta.get_fields()}
        asked = set(self.add_fields) - set(self.change_fields)
        return {name for name in asked if name not in columns and not hasattr(self, name)}

    def _all_fields(self, obj: Any) -> list[str]:
        return list(
            self.add_fields
            if obj is None
            else dict.fromkeys([*self.change_fields, *self.readonly_fields])
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        return [name for name in shown if name not in self.changeable(request, obj)]

    # What a form offers.

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = self.offered(request, db_field.related_model)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    formfield_for_manytomany = formfield_for_foreignkey

    def offered(self, request: HttpRequest, model: Any) -> models.QuerySet[Any]:
        rows = filters.offered(request, model, self.admin_site)
        is_new = "object_id" not in request.resolver_match.kwargs  # type: ignore[union-attr]
        # People who left can be kept where they are named, not named anew.
        return rows.filter(active=True) if is_new and _has_active(model) else rows

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and hasattr(field.widget, "can_add_related"):
            # The wrapper opens pop-ups and tells which related rows may be changed.
            field.widget = field.widget.widget
        return zone_field(field) if isinstance(db_field, ZoneField) and field else field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        given = super().get_changeform_initial_data(request)
        return {name: value for name, value in given.items() if name in self.add_fields}

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kw: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kw)
        form.refusal = getattr(request, "refusal", None)
        # Fields a form class declares itself are left in by Django whatever the fieldsets say.
        asked = self.changeable(request, obj) if obj is not None else self.add_fields
        kept = set(asked) - self.hidden(request, obj)
        form.base_fields = {n: field for n, field in form.base_fields.items() if n in kept}
        return form

    # What happens.

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: Any = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        row = None
        if object_id is not None:
            row = self.get_object(request, object_id)
            if row is None:
                raise Http404
            if self.read_with and request.method in ("GET", "HEAD"):
                return self._read(request, row)
        context = {**(extra_context or {}), **self._around(request, row), **ONE_WAY_TO_SAVE}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except NotFound as gone:
            raise Http404 from gone
        except Refusal as refusal:
            # The transaction is gone with it. The same form again, which now says why.
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, context)

    def read_facts(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {}

    def _read(self, request: HttpRequest, row: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            **self._around(request, row),
            "opts": self.opts,
            "original": row,
            **self.read_facts(request, row),
        }
        return TemplateResponse(request, self.read_with, context)

    def _around(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        if row is None:
            return {}
        actor, site = request.here.actor, self.admin_site  # type: ignore[attr-defined]
        return {
            "seen_version": request.POST.get("seen_version") or getattr(row, "version", ""),
            "sections": [
                shown for part in self.sections if (shown := part.shown(request, row, site))
            ],
            "pages": [
                {"page": page, "link": self._link(page.name, row.pk)}
                for page in self.pages
                if page.offered and page.allowed(actor) and page.when(row)
            ],
            "acts": [
                {"act": act, "link": self._act_link(act, row)}
                for act in self.acts
                if act.allowed(actor, self.model) and act.when(row)
            ],
        }

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """Where the verb is called; what it returns is the row of the answer."""
        by, at = request.here.actor, timezone.now()  # type: ignore[attr-defined]
        if not change:
            return self.added(request, self.add_verb(by=by, at=at, **self.given(form)))  # type: ignore[misc]
        changes = form.chosen(changed_only=True)
        expected = _seen(request)
        return self.do_change(form.instance, by=by, at=at, expected=expected, **changes)

    def given(self, form: Any) -> dict[str, Any]:
        """What the form says, as the verb's arguments."""
        return form.chosen(changed_only=False)

    def do_change(self, row: Any, **how: Any) -> Any:
        return self.change_verb(row, **how)  # type: ignore[misc]

    def added(self, request: HttpRequest, result: Any) -> Any:
        return result

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The verb wrote already."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The verb wrote already."""

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.remove_verb(obj, by=request.here.actor, at=timezone.now())  # type: ignore[misc, attr-defined]

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except NotFound as gone:
            raise Http404 from gone
        except Refusal as refusal:
            self.message_user(request, refusal.sentence, "ERROR")
            return HttpResponseRedirect(self._link("change", quote(object_id)))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """A verb removes one row; the stock answer walks every table that points at it, others' rows included."""
        return [str(row) for row in objs], {self.opts.verbose_name: len(objs)}, set(), []

    def after_act(self, request: HttpRequest, act: Act, row: Any, result: Any) -> HttpResponse:
        return HttpResponseRedirect(self.admin_site.page_of(row))  # type: ignore[attr-defined]

    # No second history beside the event log.

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None: ...

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None: ...

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None: ...

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        raise Http404

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> Any:
        # Foreign and missing are the same; the stock message names the id.
        raise Http404

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return HttpResponseRedirect(self.admin_site.page_of(obj))  # type: ignore[attr-defined]

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return HttpResponseRedirect(self.admin_site.page_of(obj))  # type: ignore[attr-defined]

    # Addresses.

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<path:object_id>/{act.name}/",
                self.admin_site.admin_view(self._act_view(act)),
                name=self._name(act.name),
            )
            for act in self.acts
        ]
        own += [
            path(
                f"<path:object_id>/{page.name}/",
                self.admin_site.admin_view(self._page_view(page)),
                name=self._name(page.name),
            )
            for page in self.pages
        ]
        return own + super().get_urls()

    def _page_view(self, page: RowPage) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            return pages.run(self, page, request, object_id)

        return view

    def _act_view(self, act: Act) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            return acts.run(self, act, request, object_id)

        return view

    def _name(self, what: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"

    def _link(self, what: str, *args: Any) -> str:
        return reverse(f"{self.admin_site.name}:{self._name(what)}", args=args)

    def _act_link(self, act: Act, row: Any) -> str:
        return self._link(act.name, row.pk)


def _has_active(model: Any) -> bool:
    return any(field.name == "active" for field in model._meta.concrete_fields)


def _seen(request: HttpRequest) -> int:
    """The version the person had before them; without it nobody can tell what they overwrite."""
    try:
        return int(request.POST.get("seen_version", ""))
    except ValueError as wrong:
        raise Stale from wrong

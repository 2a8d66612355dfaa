"""The honest resource, and nine ways in which one like it leaks."""

from typing import Any

from django.db.models import Q
from django.utils.html import format_html_join
from rest_framework import serializers
from rest_framework.relations import PrimaryKeyRelatedField
from rest_framework.renderers import BrowsableAPIRenderer

from practice.models import Client
from practice.rest.filters import Filter, search
from practice.rest.inputs import Input, Plain, Scoped
from practice.rest.render import Json
from practice.rest.resource import Resource, adds
from practice.rest.shapes import Shape
from tests.doors.planted import verbs
from tests.doors.planted.models import Note, Topic

TOPIC = Shape("Topic", Topic, "id", "title")
NOTE = Shape("Note", Note, "id", "version", "created_at", "client", "title")
SLUG = {"slug": serializers.CharField(max_length=80)}


def _input(client: serializers.Field, topic: serializers.Field) -> Any:
    return Input.of(Note, "title", client=client, topic=topic, **SLUG)


def anyone(model: type[Any], **how: Any) -> PrimaryKeyRelatedField:
    """What DRF makes of a foreign key when nobody thinks of tenants."""
    return PrimaryKeyRelatedField(queryset=model.objects.all(), **how)


class Notes(Resource):
    """Honest."""

    model, shape = Note, NOTE
    filters = ("client", "topic")
    own_filters = {"q": search("title")}
    create = adds(verbs.add, _input(Scoped(Client), Scoped(Topic, required=False)))


class Browsable(BrowsableAPIRenderer):
    """The stock page with its form; this project's actor is no user, so the form is drawn without one."""

    def get_rendered_html_form(self, data: Any, view: Any, method: str, request: Any) -> Any:
        if method != "POST":
            return None
        return self.render_form_for_serializer(view.form())

    def get_raw_data_form(self, data: Any, view: Any, method: str, request: Any) -> Any:
        return None


class BrowsableSelect(Notes):
    renderer_classes = [Json, Browsable]

    def form(self) -> serializers.Serializer:
        made = type("NoteForm", (Plain,), {"topic": anyone(Topic)})
        return made()


class ForeignClientKey(Notes):
    create = adds(verbs.add, _input(anyone(Client), Scoped(Topic, required=False)))


class ForeignPracticeKey(Notes):
    create = adds(verbs.add, _input(Scoped(Client), anyone(Topic, required=False)))


class NestedRead(Notes):
    shape = Shape(
        "Note", Note, "id", "version", "created_at", "client", "title", topic_title="topic__title"
    )


class ChainedLookup(Notes):
    def _params(self, known: set[str]) -> dict[str, str]:
        return self.request.query_params.dict()

    def _narrowed(self, params: dict[str, str]) -> Any:
        paths = {name: value for name, value in params.items() if name not in {"limit", "order"}}
        try:
            return self.rows().filter(**paths)
        except (TypeError, ValueError, LookupError):
            return self.rows()


class _Existing(Filter):
    """django-filter's ModelChoiceFilter in short: an unknown id is an error, a known one is not."""

    def q(self, text: str) -> Q:
        return Q(**{self.lookup: self.kind.run_validation(text)})


class FilterByExistence(Notes):
    filters = ("client",)
    own_filters = {"topic": _Existing("topic", anyone(Topic))}


class UniqueMessage(Notes):
    create = adds(
        verbs.add_where_slugs_are_everybody_s,
        _input(Scoped(Client), Scoped(Topic, required=False)),
    )


class BrowsableFilters(Browsable):
    def get_filter_form(self, data: Any, view: Any, request: Any) -> str:
        """As django-filter draws its choices."""
        return format_html_join(
            "", "<option>{}</option>", ((t.title,) for t in Topic.objects.all())
        )


class HtmlFilterChoices(Notes):
    renderer_classes = [Json, BrowsableFilters]

    def form(self) -> serializers.Serializer:
        return Plain()


LEAKS = {
    "browsable form select": BrowsableSelect,
    "foreign key to a foreign client": ForeignClientKey,
    "foreign key to a foreign practice": ForeignPracticeKey,
    "nested read of it": NestedRead,
    "chained filter lookup": ChainedLookup,
    "filter answering 200 or 400 by existence": FilterByExistence,
    "unique-constraint message": UniqueMessage,
    "HTML filter choices": HtmlFilterChoices,
}

"""Reading what a caller sends: types, lengths and choices from the model, relations only to rows the caller can see."""

from typing import Any

from django.db import models
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from practice import access

UNKNOWN = "There is no such field here."


class Scoped(serializers.PrimaryKeyRelatedField):
    """A relation whose choices are the rows that exist for the caller; another's id and a made-up one answer alike."""

    default_error_messages = {
        "does_not_exist": "There is no such thing here.",
        "incorrect_type": "An id is expected here.",
    }

    def __init__(self, model: type[models.Model] | None = None, **kwargs: Any) -> None:
        if model is not None:
            kwargs["queryset"] = model._default_manager.none()
        self.model = model
        super().__init__(pk_field=serializers.UUIDField(), **kwargs)

    def get_queryset(self) -> Any:
        model = self.model or super().get_queryset().model
        return access.visible_to(self.context.get("actor"), model)


class Input(serializers.ModelSerializer):
    """Input only: validates and hands its values to a verb. Reading is a Shape's work."""

    serializer_related_field = Scoped

    class Meta:
        model: type[models.Model]
        fields: tuple[str, ...]

    def get_validators(self) -> list[Any]:
        # DRF would ask the whole table whether a value is taken, and tell. The verb's constraint speaks instead.
        return []

    def build_standard_field(self, field_name: str, model_field: models.Field) -> Any:
        kind, options = super().build_standard_field(field_name, model_field)
        options["validators"] = [
            v for v in options.get("validators", []) if not isinstance(v, UniqueValidator)
        ] or None
        return kind, {name: value for name, value in options.items() if value is not None}

    def build_relational_field(self, field_name: str, relation_info: Any) -> Any:
        kind, options = super().build_relational_field(field_name, relation_info)
        options.pop("view_name", None)
        options.pop("validators", None)
        return kind, options

    def to_internal_value(self, data: Any) -> Any:
        refuse_unknown(self, data)
        return super().to_internal_value(data)

    @classmethod
    def of(
        cls, model: type[models.Model], *fields: str, name: str = "", **own: serializers.Field
    ) -> type["Input"]:
        """`Input.of(Client, "name", "status")`; keyword fields are declared by hand."""
        meta = type("Meta", (), {"model": model, "fields": (*fields, *own)})
        return type(name or f"{model.__name__}Input", (cls,), {"Meta": meta, **own})


class Plain(serializers.Serializer):
    """Input of a verb that is not shaped like a row."""

    def to_internal_value(self, data: Any) -> Any:
        refuse_unknown(self, data)
        return super().to_internal_value(data)


def refuse_unknown(reader: serializers.Serializer, data: Any) -> None:
    unknown = sorted(set(data) - set(reader.fields)) if isinstance(data, dict) else []
    if unknown:
        raise serializers.ValidationError({name: [UNKNOWN] for name in unknown})

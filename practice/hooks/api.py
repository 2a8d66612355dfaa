"""Webhooks and their deliveries over REST; for owners."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from practice import access
from practice.hooks import subscriptions
from practice.models import Delivery, DeliveryAttempt, Webhook
from practice.rest.filters import Filter
from practice.rest.inputs import Input, Plain
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import Resource, acts, adds, changes, removes
from practice.rest.schema import Problem
from practice.rest.shapes import Shape
from practice.shapes import CLIENT, ROW

WEBHOOK = Shape(
    "Webhook",
    Webhook,
    *ROW,
    "name",
    "url",
    "client",
    "kinds",
    "status",
    "disabled_by",
    "disabled_at",
    "earlier_until",
    "failing_since",
    "succeeded_at",
    expands={"client": CLIENT},
)
DELIVERY = Shape(
    "Delivery",
    Delivery,
    *ROW,
    "client",
    "status",
    "due_at",
    "attempts",
    "done_at",
    "fault",
    webhook="subject_id",
    event="occurrence",
)
ATTEMPT = Shape(
    "DeliveryAttempt", DeliveryAttempt, "id", "number", "at", "answered", "fault", "took_ms"
)


class NewSecret(serializers.Serializer):
    """The only time the secret is shown."""

    secret = serializers.CharField(
        allow_null=True, help_text="The signing secret, whsec_…; null when a repeat is answered."
    )


NEW_WEBHOOK = type("NewWebhook", (WEBHOOK.serializer, NewSecret), {})


def _input(name: str) -> type[Input]:
    return Input.of(
        Webhook,
        "name",
        "url",
        "client",
        name=name,
        kinds=serializers.ListField(
            child=serializers.CharField(max_length=60),
            max_length=subscriptions.MOST_KINDS,
            required=False,
            help_text="Kinds of events, such as client.changed or client.*; none: all of them.",
        ),
    )


class Webhooks(Resource):
    """Addresses that are told of events. Their secrets are shown once, when they are made or replaced."""

    model, shape = Webhook, WEBHOOK
    filters = ("status", "client")
    create = adds(subscriptions.add, _input("WebhookInput"), answer=NEW_WEBHOOK)
    partial_update = changes(subscriptions.change, _input("WebhookChange"))
    destroy = removes(subscriptions.remove)
    rotate = acts(
        subscriptions.rotate,
        type(
            "RotateWebhookInput",
            (Plain,),
            {"grace_hours": serializers.IntegerField(min_value=0, max_value=168, required=False)},
        ),
        answer=NEW_WEBHOOK,
    )
    disable = acts(subscriptions.disable, matches=True)
    enable = acts(subscriptions.enable, matches=True)


class HexField(serializers.UUIDField):
    """An id with or without dashes, as the outbox writes it."""

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data).hex


ATTEMPTS = type(
    "AttemptsOfDelivery", (serializers.Serializer,), {"results": ATTEMPT.serializer(many=True)}
)


class Deliveries(Resource):
    """One event for one webhook. `event` is the event's id without dashes."""

    model, shape = Delivery, DELIVERY
    filters = ("status", "client", "due_at")
    own_filters = {
        "webhook": Filter("subject_id", serializers.UUIDField()),
        "event": Filter("occurrence", HexField()),
    }
    replay = acts(subscriptions.replay)

    @extend_schema(responses={"200": ATTEMPTS, ("default", MEDIA_TYPE): Problem})
    @action(detail=True, methods=["get"], url_path="attempts")
    def attempts(self, request: Any, id: str) -> Response:
        """Every call that was made for it, and what came back."""
        self._params(set())
        rows = access.visible_to(self.actor, DeliveryAttempt).filter(notice_id=self.find(id).pk)
        return Response({"results": ATTEMPT.rows(rows.order_by("id")[:100], self.actor)})


RESOURCES = {"webhooks": Webhooks, "deliveries": Deliveries}
